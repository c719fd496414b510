"""Feeds and sitemaps: what real clients read out of them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import fastfeedparser
import feedparser
import msgspec
import pytest
from lxml import etree

from broadsheet.outputs import _stories, atom, jsonfeed, rss, sitemap
from broadsheet.types import Edition

from . import coast
from .build import NOW, article, story

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def files(output, edition: Edition) -> dict[str, bytes]:
    return {file.path: file.data for file in output.render(edition)}


def hostile(title: str) -> Edition:
    return coast.edition(stories=(story(article(1, title=title, excerpt=title)),))


@pytest.fixture(scope="module")
def edition() -> Edition:
    return coast.edition()


def test_three_formats_carry_the_same_ids_titles_and_dates(edition):
    """RSS, Atom and JSON Feed name the same stories in the same order."""
    by_rss = feedparser.parse(files(rss, edition)["feed.xml"])
    by_atom = feedparser.parse(files(atom, edition)["atom.xml"])
    items = msgspec.json.decode(files(jsonfeed, edition)["feed.json"])["items"]

    told = [(item["id"], item["date_published"][:19]) for item in items]
    assert 42 == len(told)
    for parsed in (by_rss, by_atom):
        assert not parsed.bozo
        assert told == [(e.id, datetime(*e.published_parsed[:6]).isoformat()) for e in parsed.entries]
    titles = etree.fromstring(files(atom, edition)["atom.xml"]).findall("{*}entry/{*}title")
    assert [item["title"] for item in items] == [title.text for title in titles]


def test_a_second_client_reads_the_same(edition):
    """fastfeedparser finds the ids, plain titles and moments that the edition holds, in RSS and in Atom."""
    newest = _stories.newest_first(edition.stories)
    ids = [f"https://coast.example/story/{s.name}/" for s in newest]
    moments = [s.lead.published for s in newest]
    for feed in (files(rss, edition)["feed.xml"], files(atom, edition)["atom.xml"]):
        parsed = fastfeedparser.parse(feed)
        assert ids == [entry.id for entry in parsed.entries]
        assert moments == [datetime.fromisoformat(entry.published) for entry in parsed.entries]
        plain = [
            (s.lead.title, e.title) for s, e in zip(newest, parsed.entries, strict=True) if "<" not in s.lead.title
        ]
        assert all(title == read for title, read in plain)


def test_rss_keeps_the_letter_of_the_format(edition):
    """Dates are RFC 822 with a numeric zone, the guid is the permalink, authors are dc:creator, self is exact."""
    channel = etree.fromstring(files(rss, edition)["feed.xml"]).find("channel")
    item = channel.find("item")
    assert "Mon, 02 Mar 2026 10:25:00 +0000" == item.findtext("pubDate")
    assert ("true", item.findtext("link")) == (item.find("guid").get("isPermaLink"), item.findtext("guid"))
    assert ["Ida Holm", "Per Lund"] == [e.text for e in item.findall("{http://purl.org/dc/elements/1.1/}creator")]
    assert item.find("author") is None
    assert ("Harbour Post", "https://harbour.example/2026/03/1-0") == (
        item.findtext("source"),
        item.find("source").get("url"),
    )
    assert ["Coast", "Ferries", "Electric ferries"] == [e.text for e in item.findall("category")]
    own = channel.find("{http://www.w3.org/2005/Atom}link")
    assert ("self", "https://coast.example/feed.xml") == (own.get("rel"), own.get("href"))
    assert NOW - timedelta(minutes=7) == parsedate_to_datetime(channel.findtext("lastBuildDate"))
    assert all([channel.findtext("title"), channel.findtext("description"), channel.findtext("language") == "en-US"])


def test_atom_has_what_rfc_4287_asks_of_every_entry(edition):
    """Every entry has id, title, a zoned updated, an author, a summary and one alternate."""
    root = etree.fromstring(files(atom, edition)["atom.xml"])
    for entry in root.findall("{*}entry"):
        assert datetime.fromisoformat(entry.findtext("{*}updated")).tzinfo is not None
        assert entry.findtext("{*}author/{*}name")
        assert entry.find("{*}summary") is not None
        assert [entry.findtext("{*}id")] == [e.get("href") for e in entry.findall("{*}link[@rel='alternate']")]
    assert "https://coast.example/atom.xml" == root.find("{*}link[@rel='self']").get("href")


def test_json_feed_sends_readers_to_the_original(edition):
    """external_url is the original; a video that is embedded on our page has none; no value is empty."""
    items = {item["id"]: item for item in msgspec.json.decode(files(jsonfeed, edition)["feed.json"])["items"]}
    assert (
        "https://harbour.example/2026/03/1-0"
        == items["https://coast.example/story/2026-03-01-story-1/"]["external_url"]
    )
    assert "external_url" not in items["https://coast.example/story/2026-03-01-story-42/"]
    assert all(value for item in items.values() for value in item.values())


@pytest.mark.parametrize(
    "title",
    [
        "a ]]> b",
        "<script>alert(1)</script>",
        "&amp; & &#0; <",
        "bell\x07 null\x00 sep\u2028 end",
        "\ufffe ‮ reversed",
        "q\"'",
    ],
)
def test_hostile_titles_leave_feeds_well_formed(title):
    """Whatever a title holds, all three formats parse strictly and no markup of it reaches content."""
    edition = hostile(title)
    clean = _stories.text.clean(title)
    root = etree.fromstring(files(rss, edition)["feed.xml"])
    assert clean == root.findtext(".//item/title")
    assert clean == etree.fromstring(files(atom, edition)["atom.xml"]).findtext(".//{*}entry/{*}title")
    item = msgspec.json.decode(files(jsonfeed, edition)["feed.json"])["items"][0]
    assert clean == item["title"]
    assert "<script" not in item["content_html"]
    assert item["content_html"] == root.findtext(".//item/description")


def test_a_feed_holds_the_newest_fifty_by_lead():
    """Of sixty stories the fifty with the newest leads are carried, newest first, whatever their rank."""
    stories = tuple(story(article(n), id=str(n), name=f"s-{n}") for n in range(60, 0, -1))
    ids = [entry.id for entry in feedparser.parse(files(rss, coast.edition(stories=stories))["feed.xml"]).entries]
    assert [f"https://coast.example/story/s-{n}/" for n in range(1, 51)] == ids


def test_topics_have_feeds_of_their_own(edition):
    """Every topic has all three, with the stories whose lead has it; one without stories is valid and empty."""
    found = files(rss, edition) | files(atom, edition) | files(jsonfeed, edition)
    assert 3 * (1 + len(coast.TOPICS)) == len(found)
    fog = feedparser.parse(found["topic/tides/feed.xml"])
    assert {"Tides & weather"} == {tag.term for entry in fog.entries for tag in entry.tags} - {"Coast"}
    empty = files(atom, coast.edition(0))["topic/tides/atom.xml"]
    assert "1970-01-01T00:00:00Z" == etree.fromstring(empty).findtext("{*}updated")


def test_a_later_clock_alone_changes_no_byte(edition):
    """The moment of printing is in none of the files."""
    later = coast.edition(now=NOW + timedelta(hours=9))
    for output in (rss, atom, jsonfeed, sitemap):
        assert files(output, edition) == files(output, later)


def test_a_new_story_leaves_the_feeds_of_other_topics_alone():
    """Adding a story of one topic changes the feeds of that topic and of those above it, no others."""
    before, after = files(rss, coast.edition(20)), files(rss, coast.edition(21))
    assert {"feed.xml", *(f"topic/{t}/feed.xml" for t in ("coast", "ferries", "electric-ferries"))} == {
        path for path in after if before[path] != after[path]
    }


def test_sitemap_lists_every_page_with_its_newest_fact(edition):
    """Every address is absolute and once; lastmod is the newest fact of that page, in UTC."""
    listed = etree.fromstring(files(sitemap, edition)["sitemap.xml"]).findall(f"{SITEMAP}url")
    told = {url.findtext(f"{SITEMAP}loc"): url.findtext(f"{SITEMAP}lastmod") for url in listed}
    assert (1 + len(coast.TOPICS) + 42, len(listed)) == (len(told), len(told))
    assert "2026-03-02T11:53:00Z" == told["https://coast.example/"]
    newest = min(max(a.published for a in coast.story(1).articles), NOW)
    assert newest.isoformat().replace("+00:00", "Z") == told["https://coast.example/story/2026-03-01-story-1/"]


def test_many_pages_become_an_index_of_sitemaps(monkeypatch):
    """Beyond the protocol's limit sitemap.xml is an index; its parts hold every page once, none over the limit."""
    monkeypatch.setattr(sitemap, "MOST", 10)
    found = files(sitemap, coast.edition())
    index = etree.fromstring(found.pop("sitemap.xml"))
    assert f"{SITEMAP}sitemapindex" == index.tag
    parts = [loc.text.removeprefix("https://coast.example/") for loc in index.iter(f"{SITEMAP}loc")]
    assert parts == list(found)
    sizes = [len(etree.fromstring(found[part])) for part in parts]
    assert (10, 1 + len(coast.TOPICS) + 42) == (max(sizes), sum(sizes))


def test_moments_are_printed_in_utc():
    """A moment held in another zone is printed as the same moment in UTC."""
    assert "2026-03-02T12:00:00Z" == _stories.rfc3339(NOW.astimezone(timezone(timedelta(hours=5, minutes=30))))
