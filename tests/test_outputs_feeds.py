"""Feeds: what clients read out of them, and the usual mistakes, none of which they make."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import fastfeedparser
import feedparser
import msgspec
import pytest
from lxml import etree

from broadsheet.outputs import _stories, atom, jsonfeed, rss, sitemap
from broadsheet.types import Edition, Feeds, Image, Picture

from . import coast, feed_mistakes
from .build import NOW, article, story


def files(output, edition: Edition) -> dict[str, bytes]:
    return {one.path: one.data for one in output.render(edition)}


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


def test_moments_are_printed_in_utc():
    """A moment held in another zone is printed as the same moment in UTC."""
    assert "2026-03-02T12:00:00Z" == _stories.rfc3339(NOW.astimezone(timezone(timedelta(hours=5, minutes=30))))


# --- the usual mistakes ----------------------------------------------------------------------------------------------

HOSTILE = (
    "a ]]> b",
    "<script>alert(1)</script>",
    "&amp; & &#0; <",
    "bell\x07 null\x00 sep\u2028 end",
    "\ufffe \u202e reversed",
    "q\"'",
)
PICTURE = Picture(
    url="https://harbour.example/p.jpg",
    state="kept",
    kind="jpeg",
    width=1200,
    height=630,
    hash="ab" * 16,
    fetched_at=NOW,
)


def dressed(edition: Edition) -> Edition:
    """With all that a feed can have: hubs, a kept picture, hostile titles, languages that are none."""
    image = Image(url=PICTURE.url, width=1200, height=630, is_cached=True)
    stories = [
        story(
            article(
                n, title=title, excerpt=title, images=(image,), authors=(title,), language=("en", "xx-", "")[n % 3]
            ),
            id=f"h{n}",
            name=f"2026-03-02-h-{n}",
        )
        for n, title in enumerate(HOSTILE, start=1)
    ]
    publication = coast.publication(feeds=Feeds(hubs=("https://hub.example/",)))
    return msgspec.structs.replace(
        edition, publication=publication, stories=(*edition.stories, *stories), pictures={PICTURE.url: PICTURE}
    )


CHECKS = ((rss, feed_mistakes.of_rss), (atom, feed_mistakes.of_atom), (jsonfeed, feed_mistakes.of_json))


@pytest.mark.parametrize(("output", "mistakes"), CHECKS)
def test_no_feed_makes_any_of_the_mistakes(output, mistakes, edition):
    """With and without stories, with hubs and pictures. A headline that is about markup keeps it, as plain text."""
    plain = tuple(one for one in edition.stories if not set("<&") & set(one.lead.title))
    for made in (msgspec.structs.replace(edition, stories=plain), coast.edition(0)):
        for path, data in files(output, made).items():
            assert set() == mistakes(data, f"https://coast.example/{path}"), path
    for path, data in files(output, dressed(edition)).items():
        assert mistakes(data, f"https://coast.example/{path}") <= {"markup in a plain title"}, path


RSS_MISTAKES = (
    ("date is not RFC 822 with a numeric zone", r"<pubDate>[^<]*<", "<pubDate>2026-03-02T10:25:00Z<"),
    ("date is not RFC 822 with a numeric zone", r" \+0000<", " UTC<"),
    ("wrong weekday", r"<pubDate>Mon", "<pubDate>Tue"),
    ("no guid", r"<guid.*?</guid>", ""),
    ("guid is no URL", r"(<guid[^>]*>)[^<]*", r"\1story-1"),
    ("guid twice", r"(<guid[^>]*>)[^<]*", r"\1https://coast.example/"),
    ("relative link", r"(<item>\s*<title>[^<]*</title>\s*<link>)[^<]*", r"\1/story/1/"),
    ("relative reference in content", r"&lt;p&gt;", r"&lt;img src='a.png'&gt;"),
    ("script in content", r"&lt;p&gt;", r"&lt;script&gt;&lt;/script&gt;"),
    ("author is no e-mail address", r"</item>", "<author>Ida Holm</author></item>"),
    ("markup in a plain title", r"(<item>\s*<title>)", r"\1&lt;b&gt;"),
    ("language", r"<language>[^<]*", "<language>english"),
    ("not one self", r"<atom:link[^>]*>", ""),
    ("self is another address", r'href="[^"]*feed.xml"', 'href="https://coast.example/feed"'),
    ("no channel description", r"<description>.*?</description>", ""),
    ("enclosure without url, length or type", r"</item>", "<enclosure url='https://a.example/1.mp3'/></item>"),
    ("source without url", r"<source url=\"[^\"]*\"", "<source"),
    ("not well-formed", r"</item>", "<itunes:author>a</itunes:author></item>"),
    ("not well-formed", r"</title>", "\x07</title>"),
    ("not well-formed", r"</title>", " & </title>"),
    ("image does not match channel", r"<item>", "<image><title>x</title><link>y</link></image><item>"),
    ("media without url, size or medium", r' width="640"', ""),
)
ATOM_MISTAKES = (
    ("no feed updated", r"<updated>[^<]*</updated>", ""),
    ("no entry updated", r"(<entry.*?)<updated>[^<]*</updated>", r"\1"),
    ("no entry id", r"(<entry[^>]*>\s*)<id>[^<]*</id>", r"\1"),
    ("no author", r"<author>.*?</author>", ""),
    ("date without zone", r"Z</updated>", "</updated>"),
    ("relative id", r"(<entry[^>]*>\s*<id>)[^<]*", r"\1story/1"),
    ("two equal alternates", r'(<link rel="alternate"[^>]*>)', r"\1\1"),
    (
        "no summary",
        r'<summary.*?</summary>(.*?)<content type="html">.*?</content>',
        r'\1<content src="https://a.example/"/>',
    ),
    ("id twice", r"(<entry[^>]*>\s*<id>)[^<]*", r"\1https://coast.example/"),
    ("not one self", r'<link rel="self"[^>]*>', ""),
    ("self is another address", r'(rel="self"[^>]*)atom.xml', r"\1atom"),
    ("markup in a plain title", r"(<entry[^>]*>\s*<id>[^<]*</id>\s*<title[^>]*>)", r"\1&lt;b&gt;"),
    ("unknown relation", r'rel="via"', 'rel="prev"'),
    ("unknown relation", r'rel="hub"', 'rel="websub"'),
    ("archive without current", r"<title>", "<fh:archive/><title>"),
    ("language", r'xml:lang="en"', 'xml:lang="english_"'),
)
JSON_MISTAKES = (
    ("version", "version/1.1", "version/1"),
    ("no title", r'"title": "[^"]*",', ""),
    ("id is no string", r'"id": "[^"]*"', '"id": 1'),
    ("id twice", r'"id": "[^"]*"', '"id": "a"'),
    ("no content", "content_html", "content"),
    ("author, not authors", r'"authors": \[.*?\n   \]', '"author": "a"'),
    ("date without zone", r'(_published": "[^"]*)Z', r"\1"),
    ("relative link", r'"url": "https://coast.example/story', '"url": "/story'),
    ("next_url is feed_url", r'"feed_url": ("[^"]*")', r'"feed_url": \1, "next_url": \1'),
    ("feed_url is another address", r'feed.json"', 'feed"'),
    ("dot in the name of an extension", "_broadsheet", "_broad.sheet"),
    ("hub without type or url", r'"type": "WebSub",', ""),
    ("language", r'"language": "en"', '"language": "english"'),
    ("not JSON", r"\}\s*\Z", ""),
)


@pytest.mark.parametrize(
    ("output", "mistakes", "name", "pattern", "instead"),
    [
        (output, mistakes, *row)
        for (output, mistakes), rows in zip(CHECKS, (RSS_MISTAKES, ATOM_MISTAKES, JSON_MISTAKES), strict=True)
        for row in rows
    ],
)
def test_each_mistake_would_be_found(output, mistakes, name, pattern, instead, edition):
    """The rules above see a feed of ours that is spoilt in this one way."""
    path, data = next(iter(files(output, dressed(edition)).items()))
    spoilt, count = re.subn(pattern, instead, data.decode(), flags=re.DOTALL)
    assert count
    assert name in mistakes(spoilt.encode(), f"https://coast.example/{path}")


def test_a_feed_names_every_hub():
    """So that readers can subscribe; without hubs nothing is said of them."""
    hubs = ("https://hub.example/", "https://other.example/hub?x=1&y=2")
    made = coast.edition(2, publication=coast.publication(feeds=Feeds(hubs=hubs)))
    for output, name in ((rss, "feed.xml"), (atom, "atom.xml")):
        for folder in ("", "topic/ferries/"):
            links = etree.fromstring(files(output, made)[f"{folder}{name}"]).iter("{http://www.w3.org/2005/Atom}link")
            assert list(hubs) == [link.get("href") for link in links if link.get("rel") == "hub"]
    told = msgspec.json.decode(files(jsonfeed, made)["feed.json"])["hubs"]
    assert [{"type": "WebSub", "url": hub} for hub in hubs] == told
    assert b"hub" not in files(rss, coast.edition(2))["feed.xml"]


def test_a_kept_picture_goes_with_its_story(edition):
    """As media of its own size in RSS and Atom, as image in JSON Feed; a picture that is not kept here is not named."""
    made = dressed(edition)
    url = f"https://coast.example/images/ab/{'ab' * 16}-640.jpg"
    told = {"url": url, "type": "image/jpeg", "width": "640", "height": "336", "medium": "image"}
    for output, name in ((rss, "feed.xml"), (atom, "atom.xml")):
        media = list(etree.fromstring(files(output, made)[name]).iter("{http://search.yahoo.com/mrss/}content"))
        assert [told] * len(HOSTILE) == [dict(one.attrib) for one in media]
    items = msgspec.json.decode(files(jsonfeed, made)["feed.json"])["items"]
    assert [url] * len(HOSTILE) == [item["image"] for item in items if "image" in item]
    assert b"images/" not in files(rss, msgspec.structs.replace(made, pictures={}))["feed.xml"]


def test_a_locale_that_is_no_language_is_not_claimed():
    made = coast.edition(1, publication=coast.publication(locale="english (uk)"))
    assert etree.fromstring(files(rss, made)["feed.xml"]).find("channel/language") is None
    assert "language" not in msgspec.json.decode(files(jsonfeed, made)["feed.json"])
