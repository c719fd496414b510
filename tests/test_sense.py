"""Grouping English by what the words mean, too: what it adds, and what it leaves alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest

from broadsheet import cluster
from broadsheet.cli import run
from broadsheet.cluster import Member, _sense, dense, final, stream
from broadsheet.cluster._sense import Sense, Sensed, pack, unpack
from broadsheet.errors import UsageError
from broadsheet.run import opened, update
from broadsheet.text import tokens

from . import web as small_web
from .build import NOW
from .test_cluster import BANK, FERRY, OTHERS, member, mixed

# One event, and no word in common.
APART = ["Powerful earthquake shakes Peruvian coast", "Strong tremor hits shoreline of Peru"]


def placed(members: list[Member], **changes: object) -> list[str]:
    return [one.story for one in stream(members, 14, **changes)]


def test_two_headlines_of_one_event_without_a_common_word_are_one_story():
    """With dense vectors they are, without not; what tells of something else stays apart."""
    assert not set(tokens(APART[0])) & set(tokens(APART[1]))
    members = [member(n, title) for n, title in enumerate([*OTHERS, *APART])]

    with_dense, without = placed(members, dense=True), placed(members)

    assert with_dense[-1] == with_dense[-2]
    assert without[-1] != without[-2]
    assert len({*with_dense}) == len(members) - 1


def test_other_languages_are_untouched_to_the_byte():
    """Whether English is about or not."""
    german = [
        member(n, title, language="de", text="Die Fähre lief vor der Küste auf Grund.")
        for n, title in enumerate(["Fähre läuft auf Grund", "Alle Menschen der Fähre gerettet", "Zins steigt", *FERRY])
    ]
    mixture = [*german, *(msgspec.structs.replace(one, url=f"{one.url}/en") for one in mixed())]
    urls = {one.url for one in german}

    for members in (german, mixture):
        found = [
            msgspec.json.encode([one for one in final(members, 14, dense=on) if one.url in urls])
            for on in (False, True)
        ]
        assert found[0] == found[1]


def test_all_at_once_is_one_by_one():
    """Vectors that are made for all articles at once give the arithmetic that each gives by itself."""
    arrived = list(stream(iter(mixed()), 14, dense=True))
    later = final(mixed(), 14, dense=True)

    assert [msgspec.structs.replace(one, story="") for one in later] == [
        msgspec.structs.replace(one, story="") for one in arrived
    ]


@pytest.mark.parametrize("kept", [True, False])
def test_a_later_cycle_decides_as_if_all_had_come_at_once(kept):
    """With what was kept of the vectors, and with vectors that are made again."""
    members = mixed()
    if kept:
        members = [
            msgspec.structs.replace(one, sense=sense)
            for one, sense in zip(members, cluster.senses(members), strict=True)
        ]
    first, second = members[:8], members[8:]
    whole = cluster.place([], members, 14, dense=True, at=NOW)
    before = cluster.place([], first, 14, dense=True, at=NOW)
    stories = {one.url: one.story for one in before.memberships}
    live = [msgspec.structs.replace(one, story=stories[one.url]) for one in first]
    after = cluster.place(live, second, 14, dense=True, vocabularies=before.vocabularies, at=NOW)

    expected = {one.url: one.story for one in whole.memberships}
    assert expected == stories | {one.url: one.story for one in after.memberships}


def test_nothing_that_was_kept_is_made_again(monkeypatch):
    """Not of a placed article, and not of a new one that brings it along."""
    members = mixed()
    senses = cluster.senses(members)
    known = [msgspec.structs.replace(one, sense=sense) for one, sense in zip(members, senses, strict=True)]
    live = [msgspec.structs.replace(one, story="a") for one in known[:4]]
    made: list[str] = []
    vectors = dense.vectors
    monkeypatch.setattr(dense, "vectors", lambda texts: vectors(made.extend(held := list(texts)) or held))

    cluster.place(live, known[4:], 14, dense=True, at=NOW)

    assert [] == made


def test_the_parts_add_up_and_one_of_them_is_sense():
    joined = [one for one in stream(mixed(), 14, dense=True) if one.nearest]

    assert joined
    for one in joined:
        names = [part.name for part in one.parts]
        assert abs(sum(part.value for part in one.parts) - one.similarity) < 1e-9
        assert len(names) == len({*names})
        assert "sense" in names


def test_an_event_of_two_stories_says_what_sense_gave():
    """The parts of a merger add up, too."""
    live = [member(n, title, story=f"s{n}") for n, title in enumerate(FERRY[:2])]
    new = [member(n, title) for n, title in enumerate([*FERRY[2:], *FERRY[:2]], start=10)]

    events = cluster.place(live, new, 14, dense=True, at=NOW).regroupings

    assert events
    for event in events:
        assert abs(sum(part.value for part in event.parts) - event.similarity) < 1e-9
        assert "sense" in [part.name for part in event.parts]


# --- vectors of stories ----------------------------------------------------------------------------------------------


def articles(titles: list[str]) -> list[Sensed]:
    return [Sensed(row, 0.5) for row in dense.vectors(titles)]


def test_a_vector_is_kept_exactly():
    members = mixed()

    kept = pack(members)

    assert {512} == {len(one) for one in kept}
    assert dense.vectors([f"{one.title} " for one in members]).tolist() == [unpack(one).tolist() for one in kept]


def test_the_order_of_the_members_leaves_no_trace():
    """Sums, their unit vectors and cosines are the same to the last bit."""
    one, other = Sense(), Sense()
    held = articles([*FERRY, *BANK, *OTHERS])
    for article in held:
        one.add(0, article)
    for article in reversed(held):
        other.add(0, article)

    assert one.row(0).tobytes() == other.row(0).tobytes()
    assert one.meant[0].length == other.meant[0].length


def test_taking_in_a_story_is_adding_its_members():
    merged, added = Sense(), Sense()
    for n, article in enumerate(articles(FERRY)):
        merged.add(n % 2, article)
        added.add(0, article)
    merged.absorb(0, 1)

    assert added.row(0).tobytes() == merged.row(0).tobytes()
    assert [0] == merged.near(articles(FERRY[:1])[0].row) == added.near(articles(FERRY[:1])[0].row)


def test_what_changed_last_is_found(monkeypatch):
    """Of more stories than rows those that changed last; what is not found has its vector all the same."""
    monkeypatch.setattr(_sense, "ROWS", 2)
    sense = Sense()
    held = articles([FERRY[0], BANK[0], OTHERS[0]])
    for slot, article in enumerate(held):
        sense.add(slot, article)

    assert [] == sense.near(held[0].row)
    assert [1] == sense.near(held[1].row)
    assert held[0].row.tolist() == pytest.approx(sense.row(0).tolist(), abs=1e-3)
    sense.forget(1)
    sense.add(3, held[0])
    assert [3] == sense.near(held[0].row)
    assert [2] == sense.near(held[2].row)


def test_near_is_the_largest_cosines_and_of_equal_ones_the_earlier():
    sense = Sense()
    held = articles([*FERRY, *FERRY, *BANK])
    for slot, article in enumerate(held):
        sense.add(slot, article)
    cosines = np.array([one.row for one in held]) @ held[0].row

    expected = sorted(range(len(held)), key=lambda slot: (-cosines[slot], slot))
    assert expected[:4] == sense.near(held[0].row)
    assert expected[1:5] == sense.near(held[0].row, but=0)


# --- in a publication and on the command line ------------------------------------------------------------------------


def test_the_command_groups_by_meaning_where_it_can_or_is_told_to(tmp_path, capsys, monkeypatch):
    """Unless it is told not to; what is not installed is left out where nobody asks for it."""
    file = tmp_path / "in.jsonl"
    file.write_text(
        "\n".join(
            json.dumps({"id": n, "title": title, "language": "en", "publishedDateTime": "2026-03-02T10:00:00Z"})
            for n, title in enumerate(APART)
        )
    )
    counted = []
    for options in (["--no-dense"], ["--dense"], ["--dense", "--final"], []):
        assert 0 == run(["cluster", str(file), *options])
        counted.append(len({json.loads(line)["story"] for line in capsys.readouterr().out.splitlines()}))
    monkeypatch.setattr(dense, "find_spec", lambda _: None)
    assert 0 == run(["cluster", str(file)])

    assert [2, 1, 1, 1] == counted
    assert 2 == len({json.loads(line)["story"] for line in capsys.readouterr().out.splitlines()})


@pytest.fixture(scope="module")
def publication(tmp_path_factory) -> tuple[Path, Path]:
    folder = small_web.publication(tmp_path_factory.mktemp("web") / "p")
    return folder, small_web.saved(tmp_path_factory.mktemp("saved"))


def asked_for(folder: Path, copy: Path) -> Path:
    shutil.copytree(folder, copy)
    with (copy / "broadsheet.toml").open("a") as file:
        file.write("\n[stories]\ndense = true\n")
    return copy


def test_a_publication_keeps_the_vectors_of_its_english_articles(publication, tmp_path):
    """Of those that were placed before it was asked for, too, once the next cycle places something."""
    folder, saved = publication
    copy = asked_for(folder, tmp_path / "p")

    update(copy, NOW, offline=saved)

    with opened(copy) as (settings, store):
        kept = store.features(NOW - timedelta(days=60))
        assert settings.story_dense
        assert store.places()
    assert kept
    assert {True} == {len(msgspec.msgpack.decode(one)[3]) == 512 for one in kept.values()}


def test_a_publication_that_asks_for_what_is_not_installed_is_told_at_once(publication, tmp_path, monkeypatch):
    """Before anything is fetched."""
    folder, _ = publication
    copy = asked_for(folder, tmp_path / "p")
    dense._read.cache_clear()
    monkeypatch.setitem(sys.modules, "tokenizers", None)

    with pytest.raises(UsageError) as caught:
        update(copy, NOW, offline=tmp_path / "nowhere")

    assert str(caught.value).endswith("extra dense: pip install 'broadsheet[dense]'")


def test_without_the_extra_grouping_needs_no_numpy():
    program = (
        "import sys; sys.modules['numpy'] = None\n"
        "from datetime import UTC, datetime\n"
        "from broadsheet import cluster\n"
        "one = cluster.Member(url='a', title='A ferry', published=datetime(2026, 3, 2, tzinfo=UTC), language='en')\n"
        "print(len(list(cluster.stream([one], 14))))\n"
    )

    assert "1\n" == subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout
