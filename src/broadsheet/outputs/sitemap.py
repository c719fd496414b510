"""Sitemaps: `sitemap.xml` lists every page of the site, or the files that do when there are more than fit into one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from ..types import Edition, File
from . import _stories

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST = 50_000  # addresses in one file, by the protocol; at our lengths far below its 50 MB

Listed = tuple[str, datetime]  # absolute URL, newest fact shown there


def render(edition: Edition) -> Iterator[File]:
    """`sitemap.xml`; beyond MOST pages that is an index of `sitemap-1.xml` and so on. Source: sitemaps.org protocol.

    No news sitemap: that is for publishers of original articles, and these pages point to the articles of others.
    """
    listed = list(pages(edition))
    if len(listed) <= MOST:
        yield File(path="sitemap.xml", data=_document("urlset", "url", listed))
        return
    index: list[Listed] = []
    for number, start in enumerate(range(0, len(listed), MOST), start=1):
        part, path = listed[start : start + MOST], f"sitemap-{number}.xml"
        index.append((_stories.absolute(edition.publication, path), max(moment for _, moment in part)))
        yield File(path=path, data=_document("urlset", "url", part))
    yield File(path="sitemap.xml", data=_document("sitemapindex", "sitemap", index))


def pages(edition: Edition) -> Iterator[Listed]:
    """The front page, the topics, then the stories, newest first."""
    publication = edition.publication
    yield _stories.absolute(publication, ""), edition.updated
    topical = _stories.by_topic(edition)
    for topic in publication.topics:
        if stories := topical[topic.name]:
            yield _stories.absolute(publication, _stories.topic_page(topic)), _stories.changed(stories)
    for story in _stories.newest_first(edition.stories):
        page = _stories.absolute(publication, _stories.story_page(story))
        yield page, _stories.changed([story])


def _document(root_tag: str, item_tag: str, listed: list[Listed]) -> bytes:
    root = etree.Element(f"{{{NAMESPACE}}}{root_tag}", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    for url, moment in listed:
        item = etree.SubElement(root, f"{{{NAMESPACE}}}{item_tag}")
        etree.SubElement(item, f"{{{NAMESPACE}}}loc").text = url
        if moment != _stories.NEVER:
            etree.SubElement(item, f"{{{NAMESPACE}}}lastmod").text = _stories.rfc3339(moment)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))
