"""Atom: `atom.xml` of the publication and of every topic, the newest fifty stories each."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from .. import text
from ..types import Edition, File, Publication, Story
from . import _stories

ATOM = "http://www.w3.org/2005/Atom"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def render(edition: Edition) -> Iterator[File]:
    """One file a feed. Source: RFC 4287."""
    for feed in _stories.feeds(edition):
        yield File(path=f"{feed.folder}atom.xml", data=_document(edition.publication, feed))


def _document(publication: Publication, feed: _stories.Feed) -> bytes:
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]
    root.set(XML_LANG, _stories.language(publication.locale))
    here = _stories.absolute(publication, f"{feed.folder}atom.xml")
    _add(root, "id", here)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.description)
    _add(root, "updated", _stories.rfc3339(feed.updated))
    _add(_add(root, "author"), "name", text.clean(publication.title))
    _add(root, "link", rel="self", type="application/atom+xml", href=here)
    _add(root, "link", rel="alternate", type="text/html", href=_stories.absolute(publication, feed.page))
    for story in feed.stories:
        _entry(root, publication, story)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _entry(root: etree._Element, publication: Publication, story: Story) -> None:
    """id is the story's page, which never moves; the original is `rel=via`."""
    lead, entry = story.lead, _add(root, "entry")
    page = _stories.absolute(publication, _stories.story_page(story))
    if _stories.is_language(lead.language):
        entry.set(XML_LANG, lead.language)
    _add(entry, "id", page)
    _add(entry, "title", text.clean(lead.title), type="text")
    _add(entry, "link", rel="alternate", type="text/html", href=page)
    _add(entry, "link", rel="via", title=_stories.provider_name(lead), href=_stories.address(publication, story, lead))
    _add(entry, "published", _stories.rfc3339(lead.published))
    _add(entry, "updated", _stories.rfc3339(_stories.changed([story])))
    for name in lead.authors or (_stories.provider_name(lead),):
        _add(_add(entry, "author"), "name", text.clean(name))
    for topic in lead.topics:
        _add(entry, "category", term=text.clean(topic))
    _add(entry, "summary", _stories.summary(lead), type="text")
    _add(entry, "content", _stories.content(publication, story), type="html")


def _add(parent: etree._Element, tag: str, content: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{tag}", attributes)
    element.text = content
    return element
