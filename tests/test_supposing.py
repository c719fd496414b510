"""`publish --what-if`: what other settings would move is said, is true, and costs nothing that is stored."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from broadsheet import config
from broadsheet.cli import run
from broadsheet.errors import UsageError
from broadsheet.ordering import FRONT
from broadsheet.run import opened, update
from broadsheet.run.printing import edition_of, facts_of
from broadsheet.run.supposing import Case, Shift, compare, suppose
from broadsheet.types import Decision, Edition, File, Reason, Story

from . import web as small_web
from .build import NOW, article, publication, story

FOLDER = {
    "broadsheet.toml": b'title = "Ferries"\nurl = "https://ferries.test/"\n[stories]\ndays = 3\n[quality]\nfocus = 1\n',
    "topics/00-a.yaml": b"_id: a\nname: Ferries & co\nkeywords: [ferry]\nnotes: ours\n",
    "topics/01-b.yaml": b"_id: b\nname: Yards\nparent: Ferries & co\nkeywords: [yard]\n",
}


@pytest.fixture
def folder(tmp_path) -> Path:
    """A publication of five stories, printed once."""
    made = small_web.publication(tmp_path / "p")
    update(made, NOW, offline=small_web.saved(tmp_path / "saved"))
    return made


def over(tmp_path: Path, toml: str) -> Path:
    file = tmp_path / "try.toml"
    file.write_text(toml)
    return file


def page(folder: Path) -> Edition:
    with opened(folder) as (publication, store):
        return edition_of(publication, facts_of(store, NOW), NOW)


def stored(folder: Path) -> tuple[str, ...]:
    """All that the store holds, as SQL."""
    with sqlite3.connect(folder / ".broadsheet" / "store.db") as db:
        return tuple(db.iterdump())


def printed_files(folder: Path) -> dict[str, str]:
    files = [p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("store.db-")]
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


# --- what is laid over -----------------------------------------------------------------------------------------------


def parsed(toml: str):
    return config.parse(FOLDER, File(path="try.toml", data=toml.encode()))


def test_tables_are_laid_over_key_by_key_and_values_in_full():
    found = parsed('[stories]\nhalf_life_hours = 6.0\n[topics."Ferries & co"]\nkeywords = ["hovercraft"]')

    assert (3, 6.0, {"focus": 1.0}) == (found.story_days, found.half_life_hours, found.quality_factors)
    assert [("hovercraft",), ("yard",)] == [topic.keywords for topic in found.topics]
    assert config.parse(FOLDER).fingerprint != found.fingerprint


def test_an_empty_file_is_the_publication_as_it_is():
    assert config.parse(FOLDER) == parsed("")


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("publishat = 3", "unknown field `publishat`"),
        ("[stories]\nhours = 3", "unknown field `hours` - at `$.stories`"),
        ('publish_at = "high"', "Expected `int`"),
        ('profile = "modern"', "profile modern is unknown"),
        ("publish_at =", "broken TOML"),
        ("[topics.Ferry]\nkeywords = []", "topic Ferry does not exist"),
        ("[topics.Yards]\nkeyword = []", "no key keyword: try.toml: did you mean keywords?"),
        ("[topics.Yards]\nkeywords = 3", "keywords is not a list of phrases"),
        ("topics = 3", "topics are not tables"),
    ],
)
def test_what_no_publication_file_could_say_is_refused_with_the_name_of_the_file(toml, words):
    with pytest.raises(UsageError) as refused:
        parsed(toml)

    assert words in str(refused.value) and "try.toml" in str(refused.value)


# --- what it moves ---------------------------------------------------------------------------------------------------


def test_it_says_what_then_happens(folder, tmp_path):
    """The file's settings put into the publication's own and a cycle with nothing new: exactly the stories, places and
    heats that were foretold."""
    before = page(folder)
    gate = sorted(story.heat for story in before.stories)[2] + 1
    toml = f"publish_at = {gate}\n[heat]\nlead_quality = 1.0\nvoices = 2.0\n[quality]\nfocus = 1.0\nsubstance = 1.5\n"

    told = suppose(folder, over(tmp_path, toml), NOW)
    (folder / "broadsheet.toml").write_text(f'title = "Ferries"\nurl = "https://ferries.test/"\n{toml}')
    update(folder, NOW, offline=tmp_path / "saved")
    after = page(folder)

    was, now = ({story.id: (n, story) for n, story in enumerate(e.stories, 1)} for e in (before, after))
    assert (len(before.stories), len(after.stories)) == (told.stories_before, told.stories_after)
    assert now.keys() - was.keys() == {turn.story for turn in told.printed}
    assert was.keys() - now.keys() == {turn.story for turn in told.unprinted} != set()
    assert {
        key: places
        for key in was.keys() | now.keys()
        if len(set(places := tuple(page[key][0] if key in page else None for page in (was, now)))) == 2
    } == {move.story: (move.place_before, move.place_after) for move in told.moved}
    heats = {turn.story: turn.heat_before for turn in told.unprinted}
    assert {key: was[key][1].heat for key in heats} == heats
    assert told.judged == len(after.records)


def test_every_share_of_a_heat_that_changes_is_told(folder, tmp_path):
    """The old heat and the shares that changed lead to the new one."""
    told = suppose(folder, over(tmp_path, "publish_at = 1000\n[heat]\nlead_quality = 0.5\nvoices = 1\n"), NOW)

    assert 5 == len(told.unprinted)
    for turn in told.unprinted:
        heat = [shift for shift in turn.shifts if shift.of == "heat"]
        assert ("publish_at 40 -> 1000",) == turn.why
        assert turn.heat_after == turn.heat_before + sum(shift.after - shift.before for shift in heat)
        assert {"lead_quality"} <= {shift.factor for shift in heat} <= {"lead_quality", "depth", "speed"}


def test_a_quality_that_changes_is_told_by_its_factors(folder, tmp_path):
    factors = "".join(f"{name} = 1\n" for name in ("focus", "substance", "headline", "byline", "provider"))

    told = suppose(folder, over(tmp_path, f"publish_at = 200\n[quality]\n{factors}"), NOW)

    assert Shift(of="quality", factor="image", before=12, after=0) in told.unprinted[0].shifts
    assert len(page(folder).records) == told.requalified == told.judged


def case(*stories: Story, **settings) -> Case:
    """A case in which stories stand on the page in the order given."""
    articles = {article.url: article for story in stories for article in story.articles}
    printed = [story.id for story in stories if story.published]
    places = {key: place for place, key in enumerate(printed, 1)}
    return Case(publication(**settings), {story.id: story for story in stories}, places, articles)


def test_a_story_led_by_another_article_is_told_with_both():
    one, two = article(1, quality=70), article(2, quality=60)
    before = case(story(one, two, published=True, heat=70))
    after = case(story(msgspec.structs.replace(two, quality=80), one, published=True, heat=80))

    (lead,) = compare(before, after, NOW).leads

    assert (one.url, two.url, 70, 80) == (lead.before, lead.after, lead.quality_before, lead.quality_after)


def test_a_story_that_only_others_overtake_has_no_share_of_its_own():
    calm, rising = story(article(1), id="calm", published=True, heat=80), story(article(2), id="r", published=True)
    warm = msgspec.structs.replace(rising, heat=90, reasons=(Reason(factor="voices", value="", points=90),))

    moved = compare(case(calm, rising), case(warm, calm), NOW).moved

    assert [("r", 2, 1), ("calm", 1, 2)] == [(move.story, move.place_before, move.place_after) for move in moved]
    assert [(Shift(of="heat", factor="voices", before=0, after=90),), ()] == [move.shifts for move in moved]


def test_what_is_not_on_the_front_page_does_not_move():
    """A story beyond the places of the front page changes its place there in silence."""
    many = [story(article(n), id=f"s{n:02}", published=True) for n in range(1, FRONT + 3)]
    swapped = [*many[:FRONT], many[FRONT + 1], many[FRONT]]

    assert () == compare(case(*many), case(*swapped), NOW).moved


def test_nothing_moves_where_nothing_differs(folder, tmp_path):
    told = suppose(folder, over(tmp_path, ""), NOW)

    assert (5, 5, 0) == (told.stories_before, told.stories_after, told.judged)
    assert ((), (), (), ()) == (told.printed, told.unprinted, told.moved, told.leads)


def test_settings_that_were_changed_before_are_no_news_of_the_file(folder, tmp_path):
    """Where the publication file itself was changed since the last cycle, an empty file still moves nothing."""
    toml = folder / "broadsheet.toml"
    toml.write_text(toml.read_text() + "\n[quality]\nfocus = 1.0\n")

    told = suppose(folder, over(tmp_path, ""), NOW)

    assert told.stories_before == told.stories_after
    assert ((), (), ()) == (told.printed, told.unprinted, told.moved)


def test_what_cannot_move_anything_is_named(folder, tmp_path):
    told = suppose(folder, over(tmp_path, 'title = "Boats"\n[stories]\ndays = 2\n'), NOW)

    assert ("story_days", "title") == told.without_effect


def test_topics_of_the_file_take_in_and_drop(folder, tmp_path):
    """With another keyword the old articles are off-topic; with one more, those come in that were off-topic."""
    none = suppose(folder, over(tmp_path, '[topics.Ferries]\nkeywords = ["submarine"]'), NOW)
    (folder / "topics" / "00-ferries.yaml").write_text("_id: ferries\nname: Ferries\nkeywords: [submarine]\n")
    all_of_them = suppose(folder, over(tmp_path, '[topics.Ferries]\nkeywords = ["ferry", "ferries"]'), NOW)

    assert (5, 0, 5) == (none.stories_before, none.stories_after, len(none.unprinted))
    assert {("no article of it has a topic now",)} == {turn.why for turn in none.unprinted}
    assert (0, 5) == (all_of_them.stories_before, all_of_them.stories_after)


def test_only_what_was_known_then_counts(folder, tmp_path):
    """Articles that were first seen later, and acts of later, change nothing of what is said of a moment before."""
    file = over(tmp_path, "publish_at = 75\n")
    then = suppose(folder, file, NOW)
    update(folder, NOW + timedelta(days=1), offline=small_web.saved(tmp_path / "two", 2))
    with opened(folder) as (_, store):
        (first, *_) = store.articles()
        store.put_decisions([Decision(kind="kill", target=first.url, by="ines", at=NOW + timedelta(hours=1))])

    assert then == suppose(folder, file, NOW)
    assert then != suppose(folder, file, NOW + timedelta(days=1))


def test_nothing_is_written_and_nothing_stored(folder, tmp_path, capsys):
    """Not a byte of any file changes, and not a row of the store."""
    file = over(tmp_path, "publish_at = 75\n[quality]\nfocus = 2\n")
    before = printed_files(folder), stored(folder)

    assert 0 == run(["publish", "-C", str(folder), "--what-if", str(file), "--as-of", NOW.isoformat(), "--json"])
    first = capsys.readouterr().out
    assert 0 == run(["publish", "-C", str(folder), "--what-if", str(file), "--as-of", NOW.isoformat(), "--json"])

    assert before == (printed_files(folder), stored(folder))
    assert first == capsys.readouterr().out
    assert {"storiesBefore", "storiesAfter", "printed", "unprinted", "moved", "leads"} <= set(json.loads(first))


def test_it_reads_as_an_editor_would_ask(folder, tmp_path, capsys):
    """Heats, titles, the share that changed, and the counts at the end."""
    gate = max(story.heat for story in page(folder).stories) + 1
    file = over(tmp_path, f"publish_at = {gate}\n")
    capsys.readouterr()

    assert 0 == run(["publish", "-C", str(folder), "--what-if", str(file), "--as-of", NOW.isoformat()])
    shown = capsys.readouterr().out

    assert "Would no longer be printed" in shown and f"publish_at 40 -> {gate}" in shown
    assert "5 stories are printed, 0 would be: 0 come, 5 go." in shown
    assert shown.endswith("Nothing was written.\n")


def test_a_file_that_is_not_there_is_one_line(folder, capsys):
    capsys.readouterr()

    assert 2 == run(["publish", "-C", str(folder), "--what-if", "nowhere.toml"])
    assert "nowhere.toml" in capsys.readouterr().err
