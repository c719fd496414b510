"""RSS 2.0: `feed.xml` of the publication and of every topic, the newest fifty stories each.

All older ones are in the archives of the Atom and JSON feeds, under the same ids.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from email.utils import format_datetime

from lxml import etree

from ..types import Edition, File
from . import _stories

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"


def render(edition: Edition) -> Iterator[File]:
    """One file a feed. Source: RSS 2.0.11, the RSS Advisory Board's Best Practices Profile, and Media RSS 1.5.1."""
    for feed in _stories.feeds(edition):
        yield File(path=f"{feed.folder}feed.xml", data=_document(edition, feed))


def _document(edition: Edition, feed: _stories.Feed) -> bytes:
    publication = edition.publication
    rss = etree.Element("rss", {"version": "2.0"}, nsmap={"atom": ATOM, "dc": DC, "media": MEDIA})
    channel = etree.SubElement(rss, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", _stories.absolute(publication, feed.page))
    _add(channel, "description", feed.description)
    if _stories.is_language(language := _stories.language(publication.locale)):
        _add(channel, "language", language)
    if feed.stories:
        _add(channel, "lastBuildDate", format_datetime(feed.updated.astimezone(UTC)))
    here = _stories.absolute(publication, f"{feed.folder}feed.xml")
    etree.SubElement(channel, f"{{{ATOM}}}link", {"rel": "self", "type": "application/rss+xml", "href": here})
    for hub in publication.feeds.hubs:
        etree.SubElement(channel, f"{{{ATOM}}}link", {"rel": "hub", "href": hub})
    for story in feed.stories:
        _item(channel, edition, _stories.item(edition, story))
    return bytes(etree.tostring(rss, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _item(channel: etree._Element, edition: Edition, item: _stories.Item) -> None:
    """guid is the story's page, which never moves; the original is the item's source."""
    element = etree.SubElement(channel, "item")
    _add(element, "title", item.title)
    _add(element, "link", item.page)
    _add(element, "guid", item.page, isPermaLink="true")
    _add(element, "pubDate", format_datetime(item.published.astimezone(UTC)))
    for author in item.authors:
        _add(element, f"{{{DC}}}creator", author)  # RSS's own author is an e-mail address
    for topic in item.topics:
        _add(element, "category", topic)
    _add(element, "description", item.content)
    if item.picture is not None:
        picture = _stories.picture(edition.publication, item.picture)
        etree.SubElement(element, f"{{{MEDIA}}}content", {**picture, "medium": "image"})
    _add(element, "source", item.provider, url=item.original)


def _add(parent: etree._Element, tag: str, content: str, **attributes: str) -> None:
    etree.SubElement(parent, tag, attributes).text = content
