"""RSS 2.0: `feed.xml` of the publication and of every topic, the newest fifty stories each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from email.utils import format_datetime

from lxml import etree

from .. import text
from ..types import Edition, File, Publication, Story
from . import _stories

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"


def render(edition: Edition) -> Iterator[File]:
    """One file a feed. Source: RSS 2.0.11 and the RSS Advisory Board's Best Practices Profile."""
    for feed in _stories.feeds(edition):
        yield File(path=f"{feed.folder}feed.xml", data=_document(edition.publication, feed))


def _document(publication: Publication, feed: _stories.Feed) -> bytes:
    rss = etree.Element("rss", {"version": "2.0"}, nsmap={"atom": ATOM, "dc": DC})
    channel = etree.SubElement(rss, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", _stories.absolute(publication, feed.page))
    _add(channel, "description", feed.description)
    _add(channel, "language", _stories.language(publication.locale))
    if feed.stories:
        _add(channel, "lastBuildDate", format_datetime(feed.updated.astimezone(UTC)))
    here = _stories.absolute(publication, f"{feed.folder}feed.xml")
    etree.SubElement(channel, f"{{{ATOM}}}link", {"rel": "self", "type": "application/rss+xml", "href": here})
    for story in feed.stories:
        _item(channel, publication, story)
    return bytes(etree.tostring(rss, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _item(channel: etree._Element, publication: Publication, story: Story) -> None:
    """guid is the story's page, which never moves; the original is the item's source."""
    item, lead = etree.SubElement(channel, "item"), story.lead
    page = _stories.absolute(publication, _stories.story_page(story))
    _add(item, "title", text.clean(lead.title))
    _add(item, "link", page)
    _add(item, "guid", page, isPermaLink="true")
    _add(item, "pubDate", format_datetime(lead.published.astimezone(UTC)))
    for author in lead.authors:
        _add(item, f"{{{DC}}}creator", text.clean(author))  # RSS's own author is an e-mail address
    for topic in lead.topics:
        _add(item, "category", text.clean(topic))
    _add(item, "description", _stories.content(publication, story))
    _add(item, "source", _stories.provider_name(lead), url=_stories.address(publication, story, lead))


def _add(parent: etree._Element, tag: str, content: str, **attributes: str) -> None:
    etree.SubElement(parent, tag, attributes).text = content
