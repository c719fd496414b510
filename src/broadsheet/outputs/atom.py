"""Atom: `atom.xml` of the publication and of every topic, each with archives that lead back to its first story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

from lxml import etree

from .. import text
from ..types import Edition, File, Publication, Sheet, Withdrawn
from . import _archives, _sheets, _stories

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
WITHDRAWN = {"canceled": "This story was withdrawn.", "withheld": "This story is withheld."}


def render(edition: Edition) -> Iterator[File | Sheet]:
    """A head and its archives a feed. Sources: RFC 4287 (Atom), RFC 5005 (archives), RFC 6721 (what was withdrawn).

    An archive names the one before it and the head, not the one after it: that comes later, and to name it would change
    a document that readers need not ask for again.
    """
    for chain in _archives.chains(edition):
        folder, last = chain.head.folder, len(chain.parts)
        yield File(path=f"{folder}atom.xml", data=_head(edition, chain, _archive_path(folder, chain.older(last))))
        for number, part in enumerate(chain.parts):
            path, older = _archive_path(folder, part.name), _archive_path(folder, chain.older(number))
            make = partial(_archive, edition, chain.head, part, older)
            yield _sheets.sheet(edition, path, (older, _archives.shows(edition, part)), make)


def _archive_path(folder: str, name: str) -> str:
    return f"{folder}atom/{name}.xml" if name else ""


def _head(edition: Edition, chain: _archives.Chain, older: str) -> bytes:
    publication, feed = edition.publication, chain.head
    root = _feed(publication, feed, f"{feed.folder}atom.xml", feed.updated, older)
    for hub in publication.feeds.hubs:
        _add(root, "link", rel="hub", href=hub)
    for withdrawn in chain.withdrawn:
        _deleted(root, publication, withdrawn)
    return _document(root, publication, (_stories.item(edition, story) for story in feed.stories))


def _archive(edition: Edition, feed: _stories.Feed, part: _archives.Part, older: str) -> bytes:
    root = _feed(edition.publication, feed, _archive_path(feed.folder, part.name), part.updated, older)
    current = _stories.absolute(edition.publication, f"{feed.folder}atom.xml")
    _add(root, "link", rel="current", type="application/atom+xml", href=current)
    etree.SubElement(root, f"{{{HISTORY}}}archive")
    return _document(root, edition.publication, (_archives.item(edition, entry) for entry in part.shown))


def _feed(publication: Publication, feed: _stories.Feed, path: str, updated: datetime, older: str) -> etree._Element:
    """A document of a feed, without its entries: all documents of one feed have one id. older: path, may be empty."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "fh": HISTORY, "at": TOMBSTONES, "media": MEDIA})  # type: ignore[dict-item]
    if _stories.is_language(language := _stories.language(publication.locale)):
        root.set(XML_LANG, language)
    _add(root, "id", _stories.absolute(publication, f"{feed.folder}atom.xml"))
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.description)
    _add(root, "updated", _stories.rfc3339(updated))
    _add(_add(root, "author"), "name", text.clean(publication.title))
    _add(root, "link", rel="self", type="application/atom+xml", href=_stories.absolute(publication, path))
    _add(root, "link", rel="alternate", type="text/html", href=_stories.absolute(publication, feed.page))
    if older:
        href = _stories.absolute(publication, older)
        _add(root, "link", rel="prev-archive", type="application/atom+xml", href=href)
    return root


def _document(root: etree._Element, publication: Publication, items: Iterable[_stories.Item]) -> bytes:
    for item in items:
        _entry(root, publication, item)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _entry(root: etree._Element, publication: Publication, item: _stories.Item) -> None:
    """id is the story's page, which never moves; the original is `rel=via`."""
    entry = _add(root, "entry")
    if item.language:
        entry.set(XML_LANG, item.language)
    _add(entry, "id", item.page)
    _add(entry, "title", item.title, type="text")
    _add(entry, "link", rel="alternate", type="text/html", href=item.page)
    _add(entry, "link", rel="via", title=item.provider, href=item.original)
    _add(entry, "published", _stories.rfc3339(item.published))
    _add(entry, "updated", _stories.rfc3339(item.updated))
    for name in item.authors or (item.provider,):
        _add(_add(entry, "author"), "name", name)
    for topic in item.topics:
        _add(entry, "category", term=topic)
    _add(entry, "summary", item.summary, type="text")
    _add(entry, "content", item.content, type="html")
    if item.picture is not None:
        picture = _stories.picture(publication, item.picture)
        etree.SubElement(entry, f"{{{MEDIA}}}content", {**picture, "medium": "image"})


def _deleted(root: etree._Element, publication: Publication, withdrawn: Withdrawn) -> None:
    """Tells readers to take the entry away. It does not say what the story was about."""
    page = _stories.absolute(publication, _stories.page_of(withdrawn.name))
    when = {"ref": page, "when": _stories.rfc3339(withdrawn.at)}
    entry = etree.SubElement(root, f"{{{TOMBSTONES}}}deleted-entry", when)
    etree.SubElement(entry, f"{{{TOMBSTONES}}}comment").text = WITHDRAWN[withdrawn.state]


def _add(parent: etree._Element, tag: str, content: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{tag}", attributes)
    element.text = content
    return element
