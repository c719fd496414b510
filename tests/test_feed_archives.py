"""Feeds from their head to their first story, over four months of printing, killing, merging and re-tagging."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

import msgspec
import pytest
from lxml import etree

from broadsheet import edition as editions
from broadsheet.outputs import _archives, atom, jsonfeed
from broadsheet.types import Decision, Edition, Placed, Publication, Story, Topic

from .build import article, provider, story

START = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS = 120
SITE = "https://tides.example/"
TOPICS = (
    Topic(id="sea", name="Sea", keywords=("sea",)),
    Topic(id="ferries", name="Ferries", parent="Sea", keywords=("ferry",)),
    Topic(id="ports", name="Ports", parent="Sea", keywords=("port",)),
)
PUBLICATION = Publication(title="Tide Tables", url=SITE, topics=TOPICS, outputs=("atom", "jsonfeed"))
ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}"


class Day(NamedTuple):
    """One edition. touched: pages of what was withdrawn or merged since the one before, or came back."""

    edition: Edition
    touched: frozenset[str]


def written(n: int, day: datetime) -> Story:
    """Story number n, first seen on `day`; three in four have a topic of their own."""
    own = (("Ferries",), ("Ports",), ("Ferries", "Ports"), ())[n % 4]
    name = f"{day:%Y-%m-%d}-wave-{n}"
    url = f"https://p{n % 9}.example/{n}"
    facts = {"published": day - timedelta(minutes=n % 600), "first_seen": day, "topics": ("Sea", *own)}
    lead = article(n, url=url, web_url=url, title=f"Wave {n}", provider=provider(f"p{n % 9}.example"), **facts)
    return story(lead, id=f"w{n}", name=name, published=True, heat=80)


def built(stories: list[Story], now: datetime, before: Edition | None, killed: dict[str, datetime], **more) -> Edition:
    placed = {a.url: Placed(url=a.url, name=f"{s.name}.md") for s in stories for a in s.articles}
    acts = {url: Decision(kind="kill", target=url, by="ed", at=at) for url, at in killed.items()}
    printings = before.printings if before is not None else ()
    shown = [msgspec.structs.replace(s, published=s.lead.url not in killed) for s in stories]
    return editions.build(more.pop("publication", PUBLICATION), shown, placed, {}, acts, now, before=printings, **more)


@cache
def months() -> tuple[Day, ...]:
    """A busy first edition of 250 stories, then up to nine a day; kills, mergers and second thoughts among old ones."""
    stories = [written(n, START) for n in range(250)]
    killed: dict[str, datetime] = {}
    into: dict[str, str] = {}
    found = [Day(built(stories, START, None, killed), frozenset())]
    for number in range(1, DAYS):
        now, touched, size = START + number * DAY, set[str](), len(stories) + len(into)
        stories += [written(size + n, now) for n in range(number * 7 % 10)]
        if number % 5 == 0:  # an editor kills one from long ago, and later lets it stand again
            victim = stories[number * 37 % len(stories)]
            killed[victim.lead.url] = now
            touched.add(victim.name)
        if number % 35 == 0:
            back = next(iter(killed))
            del killed[back]
            touched |= {s.name for s in stories if s.lead.url == back}
        if number % 7 == 0:
            gone = stories.pop(number * 53 % (len(stories) - 20))
            into[gone.id] = stories[-1].id
            touched.add(gone.name)
        found.append(Day(built(stories, now, found[-1].edition, killed, into=into), frozenset(touched)))
    return tuple(found)


def printed(output, edition: Edition) -> dict[str, bytes]:
    return {one.path: one.data for one in output.render(edition)}


def path(url: str) -> str:
    assert url.startswith(SITE)
    return url.removeprefix(SITE)


def atom_pages(files: dict[str, bytes], folder: str = "") -> Iterator[tuple[str, etree._Element]]:
    """Path and document from the head on, by prev-archive."""
    at: str | None = f"{folder}atom.xml"
    while at is not None:
        document = etree.fromstring(files[at])
        yield at, document
        older = document.find(f"{ATOM}link[@rel='prev-archive']")
        at = None if older is None else path(older.get("href"))


def by_atom(files: dict[str, bytes], folder: str = "") -> list[str]:
    """Ids of all entries, from the head to the first archive."""
    return [e.text for _, document in atom_pages(files, folder) for e in document.iterfind(f"{ATOM}entry/{ATOM}id")]


def by_json(files: dict[str, bytes], folder: str = "") -> list[str]:
    """Ids of all items, from the head on by next_url."""
    found, at, seen = [], f"{folder}feed.json", set[str]()
    while at:
        assert at not in seen
        seen.add(at)
        page = msgspec.json.decode(files[at])
        found += [item["id"] for item in page["items"]]
        at = path(page["next_url"]) if "next_url" in page else ""
    return found


def pages_of(stories) -> list[str]:
    return sorted(f"{SITE}story/{one.name}/" for one in stories)


@pytest.fixture(scope="module")
def last() -> Edition:
    return months()[-1].edition


@pytest.mark.parametrize(("output", "walk"), [(atom, by_atom), (jsonfeed, by_json)])
def test_a_walk_gives_every_printed_story_once(output, walk):
    """At every eighth edition of four months, with hundreds of stories: all that are printed, each once, nothing else."""
    assert len(months()[-1].edition.stories) > 650
    for day in months()[::8]:
        assert pages_of(day.edition.stories) == sorted(walk(printed(output, day.edition)))


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
def test_a_walk_of_a_topic_gives_every_story_that_has_it_once(topic, last):
    with_it = [one for one in last.stories if topic.name in one.lead.topics]
    folder = f"topic/{topic.id}/"
    assert pages_of(with_it) == sorted(by_atom(printed(atom, last), folder))
    assert pages_of(with_it) == sorted(by_json(printed(jsonfeed, last), folder))


def test_no_document_names_what_is_not_printed(last):
    """No entry, link or word of what was killed, held back or merged is anywhere but in a tombstone."""
    here = {one.name for one in last.stories}
    gone = [one.name for one in last.printings if one.name not in here]
    assert len(gone) > 30
    for files in (printed(atom, last), printed(jsonfeed, last)):
        for data in files.values():
            document = etree.fromstring(data) if data.startswith(b"<") else None
            for tombstone in document.iterfind(f"{TOMBSTONE}deleted-entry") if document is not None else ():
                document.remove(tombstone)
            told = (etree.tostring(document) if document is not None else data).decode()
            assert not [name for name in gone if f"/{name}/" in told]


@pytest.mark.parametrize("output", [atom, jsonfeed])
def test_a_closed_part_keeps_its_bytes(output):
    """From edition to edition no archive changes or vanishes, unless what it shows was withdrawn or came back."""
    before: dict[str, bytes] = {}
    kept = 0
    for number in range(0, DAYS, 3):
        day, between = months()[number], months()[max(number - 2, 0) : number + 1]
        touched = frozenset[str]().union(*(one.touched for one in between))
        after = printed(output, day.edition)
        heads = {at for at in after if at.endswith(("atom.xml", "feed.json"))}
        for at, data in before.items():
            if after.get(at) != data:
                assert any(f"/{name}/".encode() in data + after[at] for name in touched), at
            kept += after.get(at) == data
        before = {at: data for at, data in after.items() if at not in heads}
    assert kept > 400


def test_parts_are_of_one_month_and_end_at_a_hundred(last):
    """Their names say the month; a part is full, or the last one of its month."""
    months_of = {one.name: f"{one.at:%Y/%m}" for one in last.printings}
    done = _archives.closed(last.printings)
    for name, part in done:
        assert {name[:7]} == {months_of[one.name] for one in part}
    sizes = Counter[str]()
    for name, part in done:
        assert sizes[name[:7]] % 100 == 0
        sizes[name[:7]] += len(part)
    assert ["2026/03", "2026/03-2", "2026/03-3"] == [name for name, _ in done[:3]]
    assert [100, 100, 57] == [len(part) for _, part in done[:3]]


def test_a_head_has_fifty_to_a_hundred_and_fifty():
    """Of what was ever printed; what was withdrawn since is missing in it."""
    sizes = []
    for day in months():
        in_parts = sum(len(part) for _, part in _archives.closed(day.edition.printings))
        sizes.append(len(day.edition.printings) - in_parts)
    assert (True, True) == (min(sizes) >= 50, max(sizes) <= 149)


def test_a_part_that_nothing_follows_stays_open():
    """One that is full, or whose month is over, is closed by the fiftieth newer story."""
    ever = built([written(n, START) for n in range(100)], START, None, {})
    for more, closed in ((49, []), (50, ["2026/03"])):
        later = built([written(n, START + 9 * DAY) for n in range(100, 100 + more)], START + 9 * DAY, ever, {})
        assert closed == [name for name, _ in _archives.closed(later.printings)]


def test_an_archive_says_what_it_is(last):
    """All documents of a feed have its id; an archive names itself, the head and the one before, not the one after."""
    files = printed(atom, last)
    (_, head), *archives = atom_pages(files)
    assert len(archives) > 5
    assert head.find("{http://purl.org/syndication/history/1.0}archive") is None
    for at, document in archives:
        links = {link.get("rel"): link.get("href") for link in document.iterfind(f"{ATOM}link")}
        assert {"self": f"{SITE}{at}", "current": f"{SITE}atom.xml", "alternate": SITE} == {
            rel: href for rel, href in links.items() if rel != "prev-archive"
        }
        assert head.findtext(f"{ATOM}id") == document.findtext(f"{ATOM}id")
        assert document.find("{http://purl.org/syndication/history/1.0}archive") is not None
    assert {at for at, _ in archives} == {at for at in files if at.startswith("atom/")}


def test_an_archive_shows_a_story_as_it_was_first_printed():
    """A headline that changes later changes at the head alone."""
    first = built([written(n, START) for n in range(200)], START, None, {})
    changed = [
        msgspec.structs.replace(s, articles=(msgspec.structs.replace(s.lead, title=f"Other {s.id}"),))
        for s in (written(n, START) for n in range(200))
    ]
    later = built(changed, START + DAY, first, {})

    titles = {
        at: [t.text for t in d.iterfind(f"{ATOM}entry/{ATOM}title")] for at, d in atom_pages(printed(atom, later))
    }

    assert {True} == {title.startswith("Wave") for title in titles["atom/2026/03.xml"]}
    assert {True} == {title.startswith("Other") for title in titles["atom.xml"]}


def test_a_border_stays_where_the_article_that_led_is_killed():
    """A story that goes on without it keeps its place among those that were printed at the same moment."""
    stories = [written(n, START) for n in range(250)]
    first = built(stories, START, None, {})
    middle = next(s for s in stories if s.name == _archives.closed(first.printings)[0][1][50].name)
    heir = msgspec.structs.replace(middle.lead, url=f"{middle.lead.url}/heir", title="Heir", published=START + DAY)
    stories[stories.index(middle)] = msgspec.structs.replace(middle, articles=(heir,))
    placed = {a.url: Placed(url=a.url, name=f"{s.name}.md") for s in stories for a in s.articles}
    acts = {middle.lead.url: Decision(kind="kill", target=middle.lead.url, by="ed", at=START)}
    later = editions.build(PUBLICATION, stories, placed, {}, acts, START + DAY, before=first.printings)

    before, after = (_archives.closed(e.printings) for e in (first, later))

    assert [[one.name for one in part] for _, part in before] == [[one.name for one in part] for _, part in after]
    assert "Heir" in printed(atom, later)["atom/2026/03.xml"].decode()
    assert middle.lead.title not in {
        t.text for _, d in atom_pages(printed(atom, later)) for t in d.iterfind(f"{ATOM}entry/{ATOM}title")
    }


def test_a_story_that_comes_to_a_topic_late_stands_at_its_head():
    """Its parts that readers have seen stay as they are, and it is in none of them."""
    stories = [written(n, START) for n in range(600)]
    first = built(stories, START, None, {})
    old = next(n for n, s in enumerate(stories) if s.lead.topics == ("Sea",))
    lead = msgspec.structs.replace(stories[old].lead, topics=("Sea", "Ports"))
    stories[old] = msgspec.structs.replace(stories[old], articles=(lead,))
    later = built(stories, START + DAY, first, {})
    before, after = printed(atom, first), printed(atom, later)

    head = [e.text for e in etree.fromstring(after["topic/ports/atom.xml"]).iterfind(f"{ATOM}entry/{ATOM}id")]

    assert f"{SITE}story/{stories[old].name}/" in head
    assert {at for at in before if "/atom/" in at} == {
        at for at in after if before.get(at) == after[at] and "/atom/" in at
    }
    assert pages_of(s for s in later.stories if "Ports" in s.lead.topics) == sorted(by_atom(after, "topic/ports/"))


def test_a_story_that_leaves_a_topic_stays_in_its_archive_alone():
    """At the head it is no longer; in a closed part it stands as it was first printed."""
    stories = [written(n, START) for n in range(600)]
    first = built(stories, START, None, {})
    closed = {
        one.story for _, part in _archives.closed(p for p in first.printings if "Ports" in p.topics) for one in part
    }
    plain = [msgspec.structs.replace(s, articles=(msgspec.structs.replace(s.lead, topics=("Sea",)),)) for s in stories]
    later = built(plain, START + DAY, first, {})
    walked = by_atom(printed(atom, later), "topic/ports/")
    assert pages_of(s for s in stories if s.id in closed) == sorted(walked)


def test_a_renamed_topic_does_not_put_everything_at_its_head():
    """Its stories are all latecomers then: the head keeps its bound, parts of their own have the rest, and each is once."""
    stories = [written(n, START) for n in range(730)]
    first = built(stories, START, None, {})
    renamed = [
        msgspec.structs.replace(s, articles=(msgspec.structs.replace(s.lead, topics=("Ocean", *s.lead.topics[1:])),))
        for s in stories
    ]
    publication = msgspec.structs.replace(PUBLICATION, topics=(Topic(id="sea", name="Ocean"), *TOPICS[1:]))
    later = built(renamed, START + DAY, first, {}, publication=publication)
    files = printed(atom, later)

    sizes = {at: len(d.findall(f"{ATOM}entry")) for at, d in atom_pages(files, "topic/sea/")}

    assert 130 == sizes["topic/sea/atom.xml"]
    assert {f"topic/sea/atom/late{n}.xml" for n in ("", "-2", "-3", "-4", "-5", "-6")} == sizes.keys() - {
        "topic/sea/atom.xml"
    }
    assert pages_of(later.stories) == sorted(by_atom(files, "topic/sea/"))


def test_what_was_withdrawn_lately_has_a_tombstone_without_a_title():
    """Atom tells readers to take it away, in the head of each feed that had it, for thirty days."""
    stories = [written(n, START) for n in range(8)]
    first = built(stories, START, None, {})
    killed = {stories[1].lead.url: START + DAY}
    then = built([*stories, written(8, START + DAY)], START + DAY, first, killed)
    files = printed(atom, then)
    ref = f"{SITE}story/{stories[1].name}/"

    (tombstone,) = etree.fromstring(files["atom.xml"]).iterfind(f"{TOMBSTONE}deleted-entry")

    assert {"ref": ref, "when": "2026-03-31T09:00:00Z"} == dict(tombstone.attrib)
    assert "This story was withdrawn." == tombstone.findtext(f"{TOMBSTONE}comment")
    assert (b"deleted-entry" in files["topic/ports/atom.xml"], b"deleted-entry" in files["topic/ferries/atom.xml"]) == (
        True,
        False,
    )
    assert ref.encode() not in b"".join(printed(jsonfeed, then).values())
    much_later = built([*stories, written(9, START + 40 * DAY)], START + 40 * DAY, then, killed)
    assert b"deleted-entry" not in printed(atom, much_later)["atom.xml"]


def test_a_json_feed_is_known_by_one_address(last):
    """`feed_url` of every page is that of the head, and no `next_url` is that or comes twice."""
    pages = {
        at: msgspec.json.decode(data) for at, data in printed(jsonfeed, last).items() if not at.startswith("topic/")
    }
    assert {f"{SITE}feed.json"} == {page["feed_url"] for page in pages.values()}
    nexts = [page["next_url"] for page in pages.values() if "next_url" in page]
    assert sorted(set(nexts)) == sorted(nexts) == sorted(f"{SITE}{at}" for at in pages if at != "feed.json")
