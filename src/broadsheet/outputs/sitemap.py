"""Sitemaps: `sitemap.xml` lists every page that the outputs print, or the files that do where one has no room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.sax.saxutils import escape

from .. import plugins
from ..types import Edition, File
from . import _stories

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST = 50_000  # addresses in one file, and
MOST_BYTES = 50 * 1024 * 1024  # of one file before it is compressed, by the protocol

Listed = tuple[str, datetime]  # absolute URL, newest fact shown there


def render(edition: Edition) -> Iterator[File]:
    """`sitemap.xml`; where its limits are passed that is an index of `sitemap-1.xml` and so on. No pages: no file.

    No news sitemap: that is for publishers of original articles, and these pages point to the articles of others.
    Source: sitemaps.org protocol, version 0.9; schemas/sitemap.xsd and schemas/sitemap-index.xsd have its rules.
    """
    parts = list(_parts(pages(edition)))
    if len(parts) == 1:
        yield File(path="sitemap.xml", data=_document("urlset", "url", parts[0]))
    elif parts:
        index: list[Listed] = []
        for number, part in enumerate(parts, start=1):
            path = f"sitemap-{number}.xml"
            index.append((_stories.absolute(edition.publication, path), max(moment for _, moment in part)))
            yield File(path=path, data=_document("urlset", "url", part))
        yield File(path="sitemap.xml", data=_document("sitemapindex", "sitemap", index))


def pages(edition: Edition) -> Iterator[Listed]:
    """Every page that an output of the publication says it prints, each once; see outputs/__init__.py, `addresses`."""
    listed = set()
    for name in edition.publication.outputs:
        addresses = getattr(plugins.find("outputs", name), "addresses", None)
        for path, moment in addresses(edition) if addresses is not None else ():
            if path not in listed:
                listed.add(path)
                yield _stories.absolute(edition.publication, path), moment


def _parts(listed: Iterable[Listed]) -> Iterator[list[Listed]]:
    """As many as one file may have, again and again."""
    part: list[Listed] = []
    around = size = len(_document("urlset", "url", []))
    for one in listed:
        more = len(_line("url", one))
        if part and (len(part) == MOST or size + more > MOST_BYTES):
            yield part
            part, size = [], around
        part.append(one)
        size += more
    if part:
        yield part


def _document(root: str, item: str, listed: Iterable[Listed]) -> bytes:
    lines = b"".join(_line(item, one) for one in listed)
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<{root} xmlns="{NAMESPACE}">\n'.encode()
        + lines
        + f"</{root}>\n".encode()
    )


def _line(item: str, listed: Listed) -> bytes:
    """One address. Without a fact it has no `lastmod`: to make one up would let readers trust none of them."""
    url, moment = listed
    changed = f"<lastmod>{_stories.rfc3339(moment)}</lastmod>" if moment != _stories.NEVER else ""
    return f"<{item}><loc>{escape(url)}</loc>{changed}</{item}>\n".encode()
