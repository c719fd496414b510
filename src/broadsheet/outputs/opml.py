"""OPML 2.0: `sources.opml`, the feeds that the publication reads, for readers that want to read them, too."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from .. import text
from ..types import Edition, File, Source
from . import _stories

FEEDS = ("feed", "jsonfeed")  # kinds of sources that a feed reader can subscribe to


def render(edition: Edition) -> Iterator[File]:
    """One file: a folder for each topic that sources are filed under, in the order of the topic tree, the others below.

    Each source stands once, under the first of its topics; its `category` has all of them. What may be private is left
    out, see _stories.shown_address. Source: OPML 2.0; `rss` is the type of every kind of feed.
    """
    publication = edition.publication
    filed: dict[str, list[Source]] = {name: [] for name in (*(topic.name for topic in publication.topics), "")}
    for source in sorted(publication.sources, key=lambda source: (text.clean(source.title).casefold(), source.url)):
        if source.kind in FEEDS and _stories.shown_address(publication, source):
            filed[next((name for name in source.topics if name in filed), "")].append(source)
    root = etree.Element("opml", {"version": "2.0"})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = f"Sources of {text.clean(publication.title)}"
    body = etree.SubElement(root, "body")
    for name, sources in filed.items():
        # A folder has `text` alone: with a title it would pass for something that can be read.
        folder = etree.SubElement(body, "outline", {"text": text.clean(name)}) if name and sources else body
        for source in sources:
            etree.SubElement(folder, "outline", _outline(source))
    yield File(
        path="sources.opml", data=etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    )


def _outline(source: Source) -> dict[str, str]:
    title = text.clean(source.title) or source.url
    told = {"type": "rss", "text": title, "title": title, "xmlUrl": source.url}
    if source.topics:
        told["category"] = ",".join(f"/{text.clean(name).translate(_PLAIN)}" for name in source.topics)
    return told | ({"language": source.language} if _stories.is_language(source.language) else {})


_PLAIN = str.maketrans(",/", "  ")  # what parts categories, and the levels of one
