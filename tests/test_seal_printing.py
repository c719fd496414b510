"""Sealed text in a real publication, through all outputs: opened, carried, moved, reserved, erased; and said nowhere."""

from __future__ import annotations

import json
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from broadsheet import plugins, record
from broadsheet.cli import run
from broadsheet.run import opened, update
from broadsheet.run.printing import print_edition
from broadsheet.run.publication import quiet
from broadsheet.text import plain

from . import web as small_web
from .build import NOW

HOUR = timedelta(hours=1)
OURS = re.compile(r"bs1\.[0-9a-f]{8}\.")


@pytest.fixture(scope="module")
def printed(tmp_path_factory) -> Path:
    """Nine articles of five events, sealed and printed at NOW."""
    folder = small_web.publication(tmp_path_factory.mktemp("web") / "p")
    with (folder / "broadsheet.toml").open("a") as settings:
        settings.write(f"\noutputs = {json.dumps(plugins.names('outputs'))}\n[seal]\ntext = true\n")
    update(folder, NOW, offline=small_web.saved(tmp_path_factory.mktemp("saved")))
    return folder


@pytest.fixture
def folder(printed, tmp_path) -> Path:
    return Path(shutil.copytree(printed, tmp_path / "p"))


def publish(folder: Path, hour: int = 1) -> set[str]:
    """Names of the files that were written or removed."""
    with opened(folder) as (publication, store):
        done = print_edition(folder, publication, store, NOW + hour * HOUR, progress=quiet, commit=False).files
    return {*done.written, *done.removed}


def records(folder: Path) -> dict[str, str | None]:
    """Name of each record -> what is sealed in it."""
    return {f.name: record.parse(f.read_bytes())[0].secured for f in sorted((folder / "site" / "_news").glob("*.md"))}


def texts(folder: Path) -> dict[str, str]:
    """Name of each record -> the text that the store has."""
    with opened(folder, lock=False) as (_, store):
        held = {article.url: article.text for article in store.articles(text=True)}
        return {place.name: held[place.url] for place in store.placed() if place.name}


def urls(folder: Path) -> dict[str, str]:
    with opened(folder, lock=False) as (_, store):
        return {place.name: place.url for place in store.placed() if place.name}


def keys(folder: Path) -> list[Path]:
    return sorted((folder / ".broadsheet" / "keys").glob("*"))


def call(capsys, folder: Path, *args: str, code: int = 0):
    """One call of the command line; returns its JSON, or what it says where it fails."""
    capsys.readouterr()
    assert code == run([*args, "-C", str(folder), "--json"])
    said = capsys.readouterr()
    return said.err or json.loads(said.out)


def opens(capsys, folder: Path, key: str) -> str:
    """The text that is sealed there."""
    (found,) = call(capsys, folder, "seal", "open", key)
    return found["text"]


def later_web(folder: Path) -> Path:
    """The web with two articles more."""
    return small_web.with_more(small_web.saved(folder), small_web.WRECK)


# --- what is printed -------------------------------------------------------------------------------------------------


def test_every_text_is_sealed_and_opens_to_what_the_store_has(folder, capsys):
    """By URL, by the record's name, and from the record's file."""
    held = texts(folder)
    assert len(held) == 9 and all(held.values())
    for name, value in records(folder).items():
        assert OURS.match(value)
        for key in (urls(folder)[name], name, str(folder / "site" / "_news" / name)):
            (found,) = call(capsys, folder, "seal", "open", key)
            assert (held[name], name) == (found["text"], found["record"])


def test_records_with_sealed_text_keep_the_rules_of_the_format(folder, capsys):
    files = [str(file) for file in (folder / "site" / "_news").glob("*.md")]
    assert 0 == run(["record", "check", *files])


def test_no_text_beyond_the_excerpt_is_anywhere_but_in_the_store(folder):
    """No eight words in a row of any text stand in any file but the store's, unless a title or an excerpt has them."""
    with opened(folder, lock=False) as (_, store):
        articles = store.articles(text=True)
    said = " ".join(f"{a.title} {a.excerpt}" for a in articles)
    windows = {
        " ".join(words[at : at + 8])
        for words in (plain(article.text).split() for article in articles)
        for at in range(len(words) - 7)
    }
    hidden = {window for window in windows if window not in said}
    assert len(hidden) > 200
    looked_at = 0
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.name.startswith("store.db"):
            told = " ".join(file.read_bytes().decode(errors="replace").split())
            assert not [window for window in hidden if window in told], file
            looked_at += 1
    assert looked_at > 30
    store_file = (folder / ".broadsheet" / "store.db").read_bytes().decode(errors="replace")
    assert any(window in store_file for window in hidden)  # the windows are such as would be found


def test_what_did_not_change_is_not_sealed_again(folder):
    """Hours later, and with another key that seals from now on, not one file changes."""
    assert not any(path.startswith("_news/") for path in publish(folder))
    run(["seal", "keys", "--new", "-C", str(folder)])
    assert not any(path.startswith("_news/") for path in publish(folder, 2))


def test_a_text_that_changed_is_sealed_again_and_no_other(folder, capsys):
    before = records(folder)
    name = min(before)
    with opened(folder) as (_, store):
        (article,) = store.articles(urls=[urls(folder)[name]], text=True)
        store.put_articles([replace(article, text=f"{article.text}\n\nA line more.")], [])
    assert f"_news/{name}" in publish(folder)
    after = records(folder)
    assert [name] == [one for one in after if after[one] != before[one]]
    assert opens(capsys, folder, name).endswith("A line more.")


def test_authors_that_changed_are_sealed_anew(folder, capsys):
    name = min(records(folder))
    with opened(folder) as (_, store):
        (article,) = store.articles(urls=[urls(folder)[name]], text=True)
        store.put_articles([replace(article, authors=("Runa Thorsen",))], [])
    publish(folder)
    (found,) = call(capsys, folder, "seal", "open", str(folder / "site" / "_news" / name))
    assert ["Runa Thorsen"] == found["authors"]


def test_a_text_that_its_publisher_reserves_is_sealed_no_more(folder, capsys):
    """It leaves the record, and what lies in the history of the record opens no more."""
    name = min(records(folder))
    old = (folder / "site" / "_news" / name).read_bytes()
    with opened(folder) as (_, store):
        (article,) = store.articles(urls=[urls(folder)[name]])
        store.put_articles([replace(article, rights=replace(article.rights, text=False))], [])
    publish(folder)
    assert [name] == [one for one, value in records(folder).items() if value is None]
    (folder / name).write_bytes(old)
    assert "its key was erased" in call(capsys, folder, "seal", "open", str(folder / name), code=3)


def test_a_value_in_another_record_does_not_open(folder, capsys):
    """Copied from one record's file into another's, it is refused."""
    one, other = sorted(records(folder))[:2]
    files = [folder / "site" / "_news" / name for name in (one, other)]
    values = [records(folder)[name] for name in (one, other)]
    files[0].write_text(files[0].read_text().replace(values[0], values[1]))
    assert "does not open" in call(capsys, folder, "seal", "open", str(files[0]), code=3)


def test_a_site_that_moves_opens_its_own(folder, capsys):
    """With another address nothing is sealed again, and everything opens."""
    settings = folder / "broadsheet.toml"
    settings.write_text(settings.read_text().replace("https://ferries.test/", "https://boats.test/"))
    before = records(folder)
    publish(folder)
    assert before == records(folder)
    assert texts(folder)[min(before)] == opens(capsys, folder, min(before))


def test_a_killed_article_has_no_sealed_text_until_that_is_taken_back(folder, capsys):
    before = records(folder)
    name = min(before)
    call(capsys, folder, "review", "kill", urls(folder)[name], "--now", (NOW + HOUR).isoformat(), "--publish")
    assert records(folder)[name] is None
    call(capsys, folder, "review", "undo", urls(folder)[name], "--now", (NOW + 2 * HOUR).isoformat(), "--publish")
    assert before[name] == records(folder)[name]


# --- imported values -------------------------------------------------------------------------------------------------


def test_a_sealed_value_of_others_is_carried_through(folder, capsys, tmp_path):
    """Also when its record is made anew because text came to it; and it is never claimed to be read."""
    made = record.parse((folder / "site" / "_news" / min(records(folder))).read_bytes())[0]
    legacy = replace(
        made, secured="c2VhbGVk;aXY=", original_url="http://p9.example/9", web_url="http://p9.example/9", related=()
    )
    file = tmp_path / "2026-03-01-an-old-one.md"
    file.write_bytes(record.dump(legacy))
    call(capsys, folder, "import", str(file), "--now", (NOW + HOUR).isoformat())
    with opened(folder) as (_, store):
        (article,) = store.articles(urls=["http://p9.example/9"])
        store.put_articles([replace(article, text="Its text, read since.")], [])
    call(capsys, folder, "review", "publish", "http://p9.example/9", "--now", (NOW + 2 * HOUR).isoformat(), "--publish")
    assert "c2VhbGVk;aXY=" == records(folder)[file.name]
    there = str(folder / "site" / "_news" / file.name)
    assert "not sealed by Broadsheet" in call(capsys, folder, "seal", "open", there, code=3)


# --- keys ------------------------------------------------------------------------------------------------------------


def test_with_the_key_back_what_waited_is_sealed(folder, tmp_path):
    away = keys(folder)[0].rename(tmp_path / keys(folder)[0].name)
    update(folder, NOW + 24 * HOUR, offline=later_web(tmp_path / "saved"))
    shutil.move(away, folder / ".broadsheet" / "keys")
    publish(folder, 25)
    assert all(OURS.match(value) for value in records(folder).values())


@pytest.mark.parametrize("harm", ["chmod", "damage", "swap"])
def test_a_key_file_that_is_not_as_it_should_be_is_refused(folder, capsys, harm):
    """Readable by others, cut off, or under another key's name: the command says which, and printing goes on."""
    (key,) = keys(folder)
    if harm == "chmod":
        key.chmod(0o644)
    elif harm == "damage":
        key.write_bytes(key.read_bytes()[:-9] + b"\n")
    else:
        key.rename(key.with_name("0001-00000000.key"))
    said = call(capsys, folder, "seal", "keys", code=2)
    assert ("chmod 600" if harm == "chmod" else "not the key that its name says") in said
    before = records(folder)
    publish(folder)
    assert before == records(folder)


def test_a_key_that_was_lost_does_not_keep_a_new_one_from_sealing(folder, capsys, tmp_path):
    """The first of two is away: the third has a number of its own, and is the one that seals."""
    first = keys(folder)[0]
    call(capsys, folder, "seal", "keys", "--new")
    first.rename(tmp_path / first.name)
    for number in (3, 4):
        lines = call(capsys, folder, "seal", "keys", "--new")
        assert f"{number:04}-{lines[-2]['key']}.key" == keys(folder)[-1].name
        assert [False] * (number - 2) + [True, False] == [line["seals"] for line in lines]
        assert (9, True) == (lines[-1]["texts"], lines[-1]["missing"])


def test_no_key_is_ever_shown(folder, capsys):
    secret = keys(folder)[0].read_text().strip()
    capsys.readouterr()
    run(["seal", "keys", "-C", str(folder)])
    run(["seal", "keys", "--new", "--json", "-C", str(folder)])
    run(["doctor", "-C", str(folder)])
    told = capsys.readouterr()
    assert secret not in told.out + told.err


def test_a_record_of_before_opens_as_long_as_its_key_is_kept(folder, capsys):
    """All is sealed with the newest key; the file that was printed before still opens."""
    name = min(records(folder))
    old = (folder / "site" / "_news" / name).read_bytes()
    call(capsys, folder, "seal", "keys", "--new")
    call(capsys, folder, "seal", "rotate")
    publish(folder)
    assert old != (folder / "site" / "_news" / name).read_bytes()
    (folder / name).write_bytes(old)
    for key in (name, str(folder / name)):
        assert texts(folder)[name] == opens(capsys, folder, key)


def test_what_cannot_be_opened_stays_as_it_is_when_keys_change(folder, capsys, tmp_path):
    """With the only key away its values are listed as failures, and kept."""
    keys(folder)[0].rename(tmp_path / "away.key")
    call(capsys, folder, "seal", "keys", "--new")
    before = records(folder)
    assert 9 == len(call(capsys, folder, "seal", "rotate", code=3)["failures"])
    publish(folder)
    assert before == records(folder)


# --- erasing ---------------------------------------------------------------------------------------------------------


def test_what_was_erased_opens_no_more(folder, capsys):
    """Neither from the store nor from a copy of its record; its text is gone from the store, and others' are not."""
    name = min(records(folder))
    old = (folder / "site" / "_news" / name).read_bytes()
    assert {"erased": 1, "urls": [urls(folder)[name]]} == call(capsys, folder, "seal", "erase", urls(folder)[name])
    (folder / name).write_bytes(old)
    for key in (name, str(folder / name)):
        assert "its key was erased" in call(capsys, folder, "seal", "open", key, code=3)
    assert [name] == [one for one, text in texts(folder).items() if not text]
    publish(folder)
    assert [name] == [one for one, value in records(folder).items() if value is None]


def test_erased_text_does_not_come_back(folder, capsys):
    """Read again, it is gone with the next edition, and is never sealed again; also when sealing was turned off."""
    name = min(records(folder))
    url = urls(folder)[name]
    with opened(folder, lock=False) as (_, store):
        (article,) = store.articles(urls=[url], text=True)
    call(capsys, folder, "seal", "erase", name)
    for settings in ("text = true", "text = false"):
        file = folder / "broadsheet.toml"
        file.write_text(file.read_text().replace("text = true", settings))
        with opened(folder) as (_, store):
            store.put_articles([article], [])
        publish(folder)
        assert ("", None) == (texts(folder)[name], records(folder)[name])


def test_what_is_not_known_cannot_be_erased(folder, capsys):
    """One wrong name among several, and nothing is."""
    name = min(records(folder))
    assert "never seen" in call(capsys, folder, "seal", "erase", name, "http://p0.example/none", code=2)
    assert texts(folder)[name] == opens(capsys, folder, name)


def test_killing_keeps_the_text_unless_it_is_to_be_erased(folder, capsys):
    one, other = sorted(records(folder))[:2]
    for name, *erase in ((one,), (other, "--erase")):
        call(capsys, folder, "review", "kill", urls(folder)[name], *erase, "--now", (NOW + HOUR).isoformat())
    assert (True, False) == (bool(texts(folder)[one]), bool(texts(folder)[other]))
