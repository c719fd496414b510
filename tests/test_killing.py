"""A story that an editor kills is gone from everything with one edition, and its pictures with it; the log keeps the act."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet import plugins
from broadsheet.cli import run
from broadsheet.run import keeping, opened
from broadsheet.run.printing import facts_of, stories_of
from broadsheet.types import Picture

from .build import NOW, article
from .test_pictures import BOAT, QUAY, coast, lit

__all__ = ["coast", "lit"]  # fixtures

HOUR = timedelta(hours=1)


def told_of_gone(path: str) -> bool:
    """May this file say that a page is no more? Lists for servers, tombstones of feeds, canceled items of ninjs; by the
    address of the page alone."""
    return path.startswith("gone.") or "atom" in path or "ninjs" in path


@pytest.fixture
def everywhere(lit):
    """Five stories, printed by every output there is, each with a picture of its own."""
    settings = lit.folder / "broadsheet.toml"
    outputs = f"outputs = {json.dumps(plugins.names('outputs'))}\n"
    settings.write_text(settings.read_text().replace("publish_at", f"{outputs}publish_at", 1))
    lit.update()
    return lit


def decide(folder: Path, capsys, *args: str, hour: int = 1):
    capsys.readouterr()
    told = ["--now", (NOW + hour * HOUR).isoformat(), "--json", "-C", str(folder)]
    by = [] if args[0] == "list" else ["--by", "ana"]
    assert 0 == run(["review", *args, *told, *by])
    return json.loads(capsys.readouterr().out)


def largest(folder: Path):
    """The printed story of most articles."""
    with opened(folder, lock=False) as (publication, store):
        stories = stories_of(publication, facts_of(store, NOW), NOW)
    return max((story for story in stories if story.published), key=lambda story: len(story.articles))


def words_of(folder: Path, urls: list[str]) -> set[str]:
    """What names these articles: titles, excerpts, addresses, pictures, authors, names of records."""
    with opened(folder, lock=False) as (_, store):
        names = {place.url: place.name.removesuffix(".md") for place in store.placed()}
        held = store.articles(urls=urls)
    found = {word for a in held for word in (a.url, a.title, a.excerpt, names[a.url], *a.authors)}
    return found | {image.url for a in held for image in a.images}


def tree(folder: Path) -> dict[str, bytes]:
    """What is printed: path -> bytes."""
    site = folder / "site"
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def naming(folder: Path, words: set[str], *, records: bool = False) -> dict[str, set[str]]:
    """Path of each printed file -> which of the words it says; of all but records, or of records alone."""
    found = {}
    for path, data in tree(folder).items():
        if path.startswith("_news/") == records:
            told = f"{path}\n{data.decode(errors='replace')}"
            if said := {word for word in words if word in told}:
                found[path] = said
    return found


def test_a_killed_story_is_named_nowhere(everywhere, capsys):
    """One edition later no file but its own records says a word of it; where a page is told to be gone stands its name."""
    folder = everywhere.folder
    story = largest(folder)
    words = words_of(folder, [a.url for a in story.articles])
    assert len(story.articles) > 1
    before = naming(folder, words)
    assert {"index.html", "feed.xml", "atom.xml", "feed.json", "sitemap.xml", "api/news/index.json"} <= before.keys()

    done = decide(folder, capsys, "kill", story.id, "--publish")
    assert done["written"] > 0
    left = naming(folder, words)
    for path, said in left.items():
        assert told_of_gone(path) and {story.name} == said, f"{path} says {said}"
    assert "gone.txt" in left


def test_the_records_of_a_killed_story_say_so_and_no_other_does(everywhere, capsys):
    """`removed: true`, not published; and it is related to nothing."""
    folder = everywhere.folder
    story = largest(folder)
    urls = [a.url for a in story.articles]
    decide(folder, capsys, "kill", story.id, "--publish")
    found = everywhere.records()
    assert {(True, False)} == {(found[url].removed, found[url].published) for url in urls}
    assert {False} == {one.removed for url, one in found.items() if url not in urls}
    assert not [r for url, one in found.items() if url not in urls for r in one.related if r.web_url in urls]


def test_a_killed_article_leaves_the_story_that_goes_on(everywhere, capsys):
    """The lead alone is killed: nothing but its record has its title, address, author or picture any more."""
    folder = everywhere.folder
    story = largest(folder)
    with opened(folder, lock=False) as (_, store):
        own = {place.url: place.name for place in store.placed()}[story.lead.url]
    others = words_of(folder, [a.url for a in story.articles[1:]])
    words = words_of(folder, [story.lead.url]) - others - {story.name}  # the page of a story keeps its address for ever
    decide(folder, capsys, "kill", story.lead.url, "--publish")
    assert {} == naming(folder, words)
    assert {f"_news/{own}"} == naming(folder, words - {own.removesuffix(".md")}, records=True).keys()


def test_what_is_taken_back_is_printed_as_it_was(coast, capsys):
    """The front page, feeds, lists and records that a kill changed have their bytes again."""
    coast.hang()
    coast.update()
    folder = coast.folder
    before = tree(folder)
    story = largest(folder)
    decide(folder, capsys, "kill", story.id, "--publish")
    changed = {path for path, data in before.items() if tree(folder).get(path) != data}
    assert {"index.html", "feed.xml", "feed.json", "sitemap.xml", "api/news/index.json"} <= changed
    decide(folder, capsys, "undo", story.id, "--publish", hour=2)
    after = tree(folder)
    assert before == {path: after.get(path) for path in before}


# --- pictures --------------------------------------------------------------------------------------------------------


def hanging(coast, url: str, body: bytes) -> None:
    """Give the page at `url` a picture that no other page has."""
    coast.web.bodies[coast.image_of(url)] = body


def test_pictures_of_killed_articles_go_and_others_stay(lit, capsys):
    """From the site and from what is kept; once the act is taken back they are had again."""
    page = lit.pages[0]
    hanging(lit, page, BOAT)
    lit.update()
    image = lit.image_of(page)
    own = lit.facts()[image].hash
    kept = {name for name in lit.printed() if name.startswith(own)}
    assert len(kept) == 4 and len(lit.printed()) > 4
    others = [url for url in lit.pages if url != page and lit.image_of(url) == image]
    for url in (page, *others):
        decide(lit.folder, capsys, "kill", url)
    decide(lit.folder, capsys, "publish", lit.pages[-1], "--publish")

    assert lit.printed() and not kept & set(lit.printed())
    there = keeping.held(lit.folder)
    assert there and not [name for name in there if name.startswith(own)]
    assert ("sized", 1280, 720) == (lit.facts()[image].state, lit.facts()[image].width, lit.facts()[image].height)

    for url in (page, *others):
        decide(lit.folder, capsys, "undo", url, hour=2)
    lit.update(NOW + 3 * HOUR)
    assert kept <= set(lit.printed())


def test_a_picture_that_a_living_article_shows_stays(lit, capsys):
    """All addresses have the same bytes: with one article gone the files stay, its own address is forgotten."""
    lit.update()
    before = lit.printed()
    one = lit.pages[0]
    decide(lit.folder, capsys, "kill", one, "--publish")
    assert before == lit.printed()
    assert set(before) <= keeping.held(lit.folder)


def test_a_picture_at_an_address_that_two_articles_show_stays_with_the_other(lit, capsys):
    """It is known as kept, and nobody is asked for it again."""
    one, other = (url for url in lit.pages if url.endswith(("/2-0", "/2-1")))
    shared = lit.image_of(other)
    lit.change(one, lambda said: said["image"].update(url=shared))
    lit.hang()
    lit.update()
    decide(lit.folder, capsys, "kill", one, "--publish")
    assert "kept" == lit.facts()[shared].state
    lit.update(NOW + 24 * HOUR)
    assert [] == lit.asked


def test_forgetting_is_gone_on_with_when_it_was_killed(lit, capsys):
    """Files went and the store was not told: the next edition prints, and neither finds nor misses them."""
    lit.hang(QUAY)
    lit.update()
    for url in lit.pages:
        decide(lit.folder, capsys, "kill", url)
    for file in (lit.folder / ".broadsheet" / "pictures").rglob("*.webp"):
        file.unlink()
    decide(lit.folder, capsys, "kill", lit.pages[0], "--publish", hour=2)
    assert frozenset() == keeping.held(lit.folder)
    assert [] == lit.printed()


def test_without_a_killed_article_nothing_is_looked_at(tmp_path):
    """An edition without an act costs no look at pictures."""

    class Deaf:
        def pictures(self) -> tuple[Picture, ...]:
            raise AssertionError("asked")

    keeping.forget_killed(tmp_path, Deaf(), [article(1)], {}, NOW)  # type: ignore[arg-type]


# --- the log ---------------------------------------------------------------------------------------------------------


def test_the_log_keeps_every_act(everywhere, capsys):
    """Newest first: who, when, what and why, also what was taken back; and it is printed nowhere."""
    folder = everywhere.folder
    url = largest(folder).lead.url
    decide(folder, capsys, "kill", url, "--note", "a wish of the publisher")
    decide(folder, capsys, "undo", url, hour=2)
    decide(folder, capsys, "hold", url, "--note", "wait for the court", "--publish", hour=3)
    capsys.readouterr()
    run(["review", "log", "--json", "-C", str(folder)])
    found = json.loads(capsys.readouterr().out)
    assert [("hold", True), ("undo", True), ("kill", False)] == [(act["kind"], act["stands"]) for act in found]
    assert ["ana"] * 3 + [url] * 3 == [act["by"] for act in found] + [act["target"] for act in found]
    assert "a wish of the publisher" == found[2]["note"]
    assert {} == naming(folder, {"a wish of the publisher", "wait for the court", "ana on"})
    run(["review", "log", "--limit", "1", "-C", str(folder)])
    assert "ana  hold  " in (told := capsys.readouterr().out) and "and 2 more" in told


def test_the_list_says_it_in_the_words_of_ninjs(everywhere, capsys):
    """Printed is usable, held back or below the gate is withheld, killed is canceled."""
    folder = everywhere.folder
    first, second, *_ = dict.fromkeys(everywhere.pages)
    decide(folder, capsys, "kill", first)
    decide(folder, capsys, "hold", second)
    listed = decide(folder, capsys, "list", "--limit", "0")
    pairs = {(line["state"], line["pubStatus"]) for line in listed}
    assert {("printed", "usable"), ("killed", "canceled"), ("held-back", "withheld")} <= pairs
