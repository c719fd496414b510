"""Sealed text: opens where it was sealed and nowhere else, is sealed once, and can be erased."""

from __future__ import annotations

import base64
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import seal
from broadsheet.cli import run
from broadsheet.errors import SealError, UsageError
from broadsheet.run import quiet, sealing
from broadsheet.run.publication import opened
from broadsheet.seal import Content, Place
from broadsheet.types import Membership, Placed, Rights

from .build import NOW, article

HERE = Place(publication="https://ferries.example/", record="2026-03-02-one.md")
SECRET, OWN, NONCE = b"s" * 32, b"o" * 32, b"n" * 12
TEXT = "The ferry Hallan leaves at noon from the eastern quay, and nobody knows yet whether it will come back. " * 20
WORDS = 8  # that follow each other: nobody writes so many alike by chance


def sealed(text: str = TEXT, place: Place = HERE) -> str:
    return seal.seal(seal.content(article(1, text=text)), place, SECRET, OWN, NONCE)


def unsealed(value: str, place: Place = HERE, own: bytes = OWN) -> str:
    return seal.unseal(value, place, {seal.key_id(SECRET): SECRET}, own).text


# --- the value -------------------------------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["Cs"])), st.tuples(st.text(st.characters(exclude_categories=["Cs"]))))
def test_what_is_sealed_opens_as_it_was(text, authors):
    what = seal.content(article(1, text=text, authors=authors))
    value = seal.seal(what, HERE, SECRET, OWN, NONCE)
    assert what == seal.unseal(value, HERE, {seal.key_id(SECRET): SECRET}, OWN)


def test_the_form_is_that_of_the_format():
    """`bs1`, the key's id, the nonce, ciphertext and tag, base64url without padding; in buckets of 256 bytes."""
    version, key, nonce, closed = sealed().split(".")
    assert ("bs1", seal.key_id(SECRET)) == (version, key)
    assert NONCE == base64.urlsafe_b64decode(nonce)
    assert 16 == len(base64.urlsafe_b64decode(closed + "=" * (-len(closed) % 4))) % 256
    assert "=" not in closed and seal.is_sealed(sealed())


def test_two_short_texts_are_equally_long():
    """How long a text is shows no closer than its bucket."""
    assert len(sealed("One.")) == len(sealed("One line, and a little more."))


@pytest.mark.parametrize("place", [
    Place(publication="https://ferries.example/", record="2026-03-02-two.md"),
    Place(publication="https://other.example/", record=HERE.record),
    Place(publication=HERE.publication, record=HERE.record, field="excerpt"),
])  # fmt: skip
def test_it_does_not_open_in_another_place(place):
    with pytest.raises(SealError, match="does not open"):
        unsealed(sealed(), place)


def test_a_changed_value_does_not_open():
    """Not one bit of nonce, ciphertext or tag."""
    value = sealed()
    start = value.index(".", 4) + 1
    for at in (start, start + 8, len(value) // 2, len(value) - 3):
        other = "A" if value[at] != "A" else "B"
        if value[at] != ".":
            with pytest.raises(SealError, match="does not open"):
                unsealed(value[:at] + other + value[at + 1 :])


def test_another_spelling_of_the_same_bytes_does_not_open():
    """The last character has bits that mean nothing: a value with others of them was changed by somebody."""
    values = (seal.seal(seal.content(article(1, text="x" * n)), HERE, SECRET, OWN, NONCE) for n in range(0, 2000, 200))
    value = next(one for one in values if one[-1] in "AQgwEIMUYcko048s")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twisted = value[:-1] + alphabet[alphabet.index(value[-1]) + 1]
    with pytest.raises(SealError, match="does not open"):
        unsealed(twisted)


def test_without_the_key_of_its_article_it_does_not_open():
    for own in (b"x" * 32, b""):
        with pytest.raises(SealError, match="does not open"):
            unsealed(sealed(), own=own)


def test_a_key_that_is_not_there_is_named():
    with pytest.raises(SealError, match=f"no key {seal.key_id(SECRET)}: 2026-03-02-one.md: put it back"):
        seal.unseal(sealed(), HERE, {}, OWN)


@pytest.mark.parametrize("value", ["", "bs1", "bs2.00000000.AAAA.BBBB", "aGVsbG8=;aXYtaXYtaXYtaXYtaQ==", "bs1.0.0.0"])
def test_what_is_not_ours_is_never_claimed_to_be_read(value):
    """The predecessor's values above all."""
    assert not seal.is_sealed(value)
    with pytest.raises(SealError, match="not sealed by Broadsheet"):
        unsealed(value)


def test_a_bomb_is_not_unpacked(monkeypatch):
    """A value that would fill the memory is refused, even of one who has the keys."""
    value = seal.seal(Content(text="a" * 3_000_000, hash=""), HERE, SECRET, OWN, NONCE)
    monkeypatch.setattr(seal, "MOST", 1_000_000)
    with pytest.raises(SealError, match="more than"):
        unsealed(value)


# --- a publication ---------------------------------------------------------------------------------------------------

TOML = 'title = "Ferry Times"\nurl = "https://ferries.example/"\npublish_at = 50\n[seal]\ntext = {}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A publication of three articles with a text; the publisher of the third does not let it be kept."""
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "00-ferries.yaml").write_text("_id: ferries\nname: Ferries\nkeywords: [ferry]\n")
    (tmp_path / "broadsheet.toml").write_text(TOML.format("true"))
    with opened(tmp_path) as (publication, store):
        store.put_articles((held(n, publication.fingerprint) for n in (1, 2, 3)), [])
        store.put_curation([], [place(n) for n in (1, 2, 3)])
    return tmp_path


def held(n: int, fingerprint: str, **changes):
    facts = {"text": f"Number {n}. {TEXT}", "topics": ("Ferries",), "quality": 80, "excerpt": "Two boats an hour.",
             "scored_with": fingerprint, "rights": Rights(text=n != 3)}  # fmt: skip
    return article(n, **facts | changes)


def place(n: int) -> Placed:
    url = held(n, "").url
    return Placed(url=url, name=f"2026-03-02-{n}.md", membership=Membership(url=url, story=f"s{n}"))


def publish(folder: Path) -> None:
    assert 0 == run(["publish", "-C", str(folder), "--as-of", NOW.isoformat()])


def secured(folder: Path, n: int) -> str:
    front = (folder / "site" / "_news" / f"2026-03-02-{n}.md").read_text().split("---\n")[1]
    return yaml.safe_load(front).get("secured", "")


def test_off_by_default(folder):
    (folder / "broadsheet.toml").write_text(TOML.split("[")[0])
    publish(folder)
    assert "" == secured(folder, 1)
    assert not (folder / ".broadsheet" / "keys").exists()


def test_records_carry_the_text_where_its_publisher_lets_it_be_kept(folder, capsys):
    """It opens by the record's name; the key lies where nobody else reads it."""
    publish(folder)
    assert [True, True, False] == [seal.is_sealed(secured(folder, n)) for n in (1, 2, 3)]

    capsys.readouterr()
    assert 0 == run(["seal", "open", "-C", str(folder), "2026-03-02-1.md", "--json"])
    (told,) = json.loads(capsys.readouterr().out)
    assert (f"Number 1. {TEXT}", "2026-03-02-1.md") == (told["text"], told["record"])
    (key,) = (folder / ".broadsheet" / "keys").iterdir()
    assert (0o600, 0o700) == (stat.S_IMODE(key.stat().st_mode), stat.S_IMODE(key.parent.stat().st_mode))


def test_nothing_is_sealed_again_without_a_change(folder):
    """The value stays to the byte; a new text gives a new one, of that record alone."""
    publish(folder)
    before = [secured(folder, n) for n in (1, 2)]
    publish(folder)
    assert before == [secured(folder, n) for n in (1, 2)]
    with opened(folder) as (publication, store):
        store.put_articles([held(1, publication.fingerprint, text="Another text altogether.")], [])
    publish(folder)
    assert [False, True] == [was == secured(folder, n) for was, n in zip(before, (1, 2), strict=True)]


def test_no_output_has_the_text(folder):
    """No eight words of it that follow each other, nowhere in the site, nor beside the store."""
    publish(folder)
    words = TEXT.split()
    runs = [" ".join(words[at : at + WORDS]).encode() for at in range(20)]
    files = [f for f in folder.rglob("*") if f.is_file() and f.name not in ("store.db", "store.db-wal")]
    assert len(files) > 20
    for file in files:
        data = file.read_bytes()
        assert [] == [run for run in runs if run in data], file


def test_a_killed_article_has_no_sealed_text_any_more(folder):
    publish(folder)
    assert 0 == run(["review", "kill", "2026-03-02-1.md", "-C", str(folder), "--now", NOW.isoformat(), "--publish"])
    assert "" == secured(folder, 1)
    assert seal.is_sealed(secured(folder, 2))


def test_what_is_erased_opens_nowhere(folder, capsys):
    """Neither here nor a copy that somebody kept, with all keys of the publication; it is never sealed again."""
    publish(folder)
    copy = secured(folder, 1)
    assert 0 == run(["seal", "erase", "-C", str(folder), "2026-03-02-1.md"])
    publish(folder)

    assert "" == secured(folder, 1)
    assert 3 == run(["seal", "open", "-C", str(folder), "2026-03-02-1.md"])
    assert "its key was erased" in capsys.readouterr().err
    with opened(folder) as (publication, store):
        keys = sealing.ring(folder).keys
        (row,) = store.seals.find([held(1, "").url])
        assert ("", "") == (row.key, row.value)
        with pytest.raises(SealError):
            seal.unseal(copy, Place(publication=publication.url, record="2026-03-02-1.md"), keys, row.key.encode())
        assert "" == store.articles(urls=[held(1, "").url], text=True)[0].text


def test_a_new_key_seals_and_old_ones_open(folder, capsys):
    """Until everything is sealed with the new one; then the old one opens nothing any more."""
    publish(folder)
    old = seal.sealed_with(secured(folder, 1))
    assert 0 == run(["seal", "keys", "-C", str(folder), "--new"])
    publish(folder)
    assert old == seal.sealed_with(secured(folder, 1))

    assert 0 == run(["seal", "rotate", "-C", str(folder)])
    publish(folder)
    capsys.readouterr()
    assert 0 == run(["seal", "keys", "-C", str(folder), "--json"])
    counts = {line["key"]: (line["texts"], line["seals"]) for line in json.loads(capsys.readouterr().out)}
    assert {old: (0, False), seal.sealed_with(secured(folder, 1)): (2, True)} == counts
    assert 0 == run(["seal", "open", "-C", str(folder), "2026-03-02-2.md"])


def test_without_the_keys_everything_else_works(folder, capsys):
    """What is sealed is carried through; nothing more is sealed, no key is drawn, and the doctor says why."""
    publish(folder)
    before = secured(folder, 1)
    (key,) = (folder / ".broadsheet" / "keys").iterdir()
    key.unlink()
    publish(folder)
    assert before == secured(folder, 1)

    with opened(folder) as (publication, store):
        store.put_articles([held(2, publication.fingerprint, text="New.")], [])
    publish(folder)
    assert before == secured(folder, 1)
    capsys.readouterr()
    run(["doctor", "-C", str(folder), "--json"])
    (told,) = [check for check in json.loads(capsys.readouterr().out) if check["name"] == "keys"]
    assert (False, f"missing: {seal.sealed_with(before)}") == (told["ok"], told["found"])
    assert [] == list((folder / ".broadsheet" / "keys").iterdir())


def test_a_file_that_is_not_the_key_that_its_name_says_is_refused(folder):
    publish(folder)
    (key,) = (folder / ".broadsheet" / "keys").iterdir()
    key.write_text("ab" * 32)
    with pytest.raises(UsageError, match="not the key that its name says"):
        sealing.ring(folder)


KILLED = """
import sys, time
from pathlib import Path
from broadsheet.run import sealing
from broadsheet.run.publication import opened
sealing.AT_ONCE = 1
folder = Path(sys.argv[1])
def show(what, done, total):
    if done:
        print(done, flush=True)
        time.sleep(60)
with opened(folder) as (publication, store):
    sealing.rotate(folder, store, progress=show)
"""


def test_a_rotation_that_is_killed_goes_on(folder):
    """Some have the new key, some the old, and all open; the next call seals the rest alone."""
    publish(folder)
    sealing.new_key(folder)
    started = subprocess.Popen([sys.executable, "-c", KILLED, str(folder)], stdout=subprocess.PIPE, text=True)
    assert "1\n" == started.stdout.readline()
    os.kill(started.pid, signal.SIGKILL)
    started.wait()

    with opened(folder) as (publication, store):
        assert {1} == set(sealing.used(store, sealing.ring(folder)).values())
        found, failures = sealing.open_texts(folder, publication, store, ["2026-03-02-1.md", "2026-03-02-2.md"])
        assert (2, ()) == (len(found), failures)
        done = sealing.rotate(folder, store, progress=quiet)
        assert (1, 1) == (done.sealed, done.already)


def test_the_store_keeps_seals_on_every_engine(folder):
    """Due are texts that are not sealed as they are now; what was erased never is."""
    with opened(folder) as (_, store):
        urls = [held(n, "").url for n in (1, 2, 3)]
        assert urls == list(store.seals.due())
        store.seals.put([msgspec.structs.replace(row(store, url), url=url) for url in urls[:2]])
        assert urls[2:] == list(store.seals.due())
        assert 1 == store.seals.erase(urls[:1])
        store.seals.put([row(store, urls[0])])
        assert urls[1:2] == list(store.seals.values())


def row(store, url: str):
    from broadsheet.store.seals import Sealed

    (held_article,) = store.articles(urls=[url], text=True)
    hash_of = store.seals.due().get(url, "")
    return Sealed(url=url, key="a2V5", value=f"value of {held_article.url}", text_hash=hash_of)
