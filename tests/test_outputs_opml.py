"""outputs.opml: the list of sources for other readers."""

from __future__ import annotations

import feedparser
import listparser
import pytest
from lxml import etree

from broadsheet.config import parse_opml
from broadsheet.outputs import opml
from broadsheet.types import FetchLimits, Source

from . import coast


def printed(*sources: Source, **settings) -> bytes:
    (file,) = opml.render(coast.edition(0, publication=coast.publication(sources=sources, **settings)))
    assert "sources.opml" == file.path
    return file.data


FILED = (
    Source(url="https://quay.example/feed.xml", title="The Quay", topics=("Ports", "Ferries")),
    Source(url="https://beacon.example/atom", title="Beacon & Buoy <b>", language="en"),
    Source(url="https://marlin.example/feed.json", kind="jsonfeed", title="Marlin", topics=("Ferries",)),
    Source(url="https://estuary.example/feed.xml", title="Estuary", topics=("Ferries",)),
)


def test_sources_stand_once_in_folders_of_their_topics():
    """Folders in the order of the topic tree, sources by title, those of no topic after them; a folder has text alone."""
    body = etree.fromstring(printed(*FILED)).find("body")
    told = [(one.get("text"), [child.get("text") for child in one]) for one in body]
    assert [("Ferries", ["Estuary", "Marlin"]), ("Ports", ["The Quay"]), ("Beacon & Buoy <b>", [])] == told
    assert [{"text": "Ferries"}, {"text": "Ports"}] == [dict(one.attrib) for one in body if len(one)]


def test_an_outline_has_what_opml_2_asks_of_a_subscription():
    """Type, text, title and xmlUrl; all topics are its categories."""
    root = etree.fromstring(printed(*FILED))
    assert ("2.0", "Sources of The Coastal Ledger") == (root.get("version"), root.findtext("head/title"))
    quay = root.find(".//outline[@title='The Quay']")
    assert {
        "type": "rss",
        "text": "The Quay",
        "title": "The Quay",
        "xmlUrl": "https://quay.example/feed.xml",
        "category": "/Ports,/Ferries",
    } == dict(quay.attrib)


@pytest.mark.parametrize(
    "source",
    [
        Source(url="https://quay.example/feed?token=abc", title="Quay"),
        Source(url="https://ed:secret@quay.example/feed", title="Quay"),
        Source(url="https://intranet.example/feed", title="Quay"),
        Source(url="https://a.staff.example/feed", title="Quay"),
        Source(url="https://quay.example/sitemap.xml", kind="sitemap", title="Quay"),
        Source(url="https://quay.example/news/", kind="page", title="Quay"),
    ],
)
def test_what_is_private_or_no_feed_is_left_out(source):
    """Addresses with a query or a password, hosts of `fetch.private`, pages and sitemaps. The file stays valid."""
    limits = FetchLimits(private=("intranet.example", "*.staff.example"))
    data = printed(source, FILED[0], fetch=limits)
    assert ["https://quay.example/feed.xml"] == [
        one.get("xmlUrl") for one in etree.fromstring(data).iter() if one.get("xmlUrl")
    ]
    assert b"Quay<" not in printed(source, fetch=limits)
    assert not [word for word in (b"token", b"secret", b"intranet", b"staff") if word in data]


def test_another_reader_takes_the_list():
    """listparser finds every feed with its title and folder; so do we, if somebody adds the file."""
    data = printed(*FILED)
    read = listparser.parse(data)
    assert not read.bozo
    assert {(s.url, s.title) for s in FILED} == {(feed.url, feed.title) for feed in read.feeds}
    folders = {feed.title: feed.categories[0][0] for feed in read.feeds if feed.categories}
    assert {"Estuary": "Ferries", "Marlin": "Ferries", "The Quay": "Ports"} == folders
    assert {s.url for s in FILED} == {source.url for source in parse_opml(data)}


def test_no_sources_make_a_valid_empty_list():
    root = etree.fromstring(printed())
    assert 0 == len(root.find("body"))
    assert feedparser.parse(printed()).entries == []
