"""Feeds that are broken beyond XML, read by feedparser.

It gets bytes in a stream only: a str, or bytes that it could take for an address or a file name, never reaches it.
"""

from __future__ import annotations

import io
from typing import Any

import feedparser

from ..errors import ParseError
from ..types import Listing, Page, Source
from . import _xml
from ._claims import LOOKED_AT, Medium, Said, address, entry, kind_of, newest

MAX_TAGS = 60_000  # each takes it 20 us to 60 us
MAX_ATTRIBUTES = 1_000  # of one tag: its time grows with the square of their number


def listing_of_broken(data: bytes, page: Page, source: Source, *, required: bool) -> Listing:
    """feedparser's reading of a feed that is no XML; none where it fails and `required` is false. Raises ParseError."""
    refusal = ""
    if data.count(b"<") > MAX_TAGS:
        refusal = f"a broken feed of more than {MAX_TAGS} tags"
    elif any(tag[0].count(b"=") > MAX_ATTRIBUTES for tag in _xml.TAG.finditer(data)):
        refusal = f"a tag with more than {MAX_ATTRIBUTES} attributes"
    if refusal:
        if required:
            raise ParseError(refusal, page.final_url)
        return Listing()
    try:
        # Its sanitiser and its rewriting of links in markup are quadratic, and we keep plain text only.
        parsed = feedparser.parse(
            io.BytesIO(data),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
        feed = parsed.get("feed", {})
        base = address(str(dict.get(feed, "link", "")), page.final_url) or page.final_url
        language = str(dict.get(feed, "language", ""))
        said = [_loosely_said(item, base, language) for item in parsed.get("entries", [])[:LOOKED_AT]]
        items, cut = newest(said, _date, page.fetched_at)
        return Listing(entries=tuple(entry(item, source, page.fetched_at) for item in items), cut=cut)
    except Exception as exc:  # what its parsers raise: ValueError, UnicodeError, AssertionError, RecursionError
        if required:
            raise ParseError(f"broken feed ({type(exc).__name__})", page.final_url) from exc
        return Listing()


def _date(said: Said) -> str:
    return said.published or said.updated


def _loosely_said(item: dict[str, Any], base: str, language: str) -> Said:
    def value(key: str) -> str:
        found = dict.get(item, key)  # the dict's own: feedparser's answers with another key's value
        return found if isinstance(found, str) else ""

    def several(key: str) -> list[dict[str, Any]]:
        found = dict.get(item, key)
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    media = [
        (m, m.get("url", ""), kind_of(m.get("type", ""), m.get("url", ""), m.get("medium", "")))
        for m in several("media_content")
    ]
    media += [(m, m.get("url", ""), "image") for m in several("media_thumbnail")]
    media += [
        (m, m.get("href", ""), kind_of(m.get("type", ""), m.get("href", "")))
        for m in several("links")
        if m.get("rel") == "enclosure"
    ]
    guid = value("id")
    return Said(
        links=tuple(
            filter(None, (value("feedburner_origlink"), value("link"), guid if guid.startswith("http") else ""))
        ),
        base=base,
        id=guid,
        title_html=value("title"),
        summary_html=value("summary"),
        content_html=next((str(c.get("value", "")) for c in several("content")), ""),
        authors=tuple(str(a.get("name", "")) for a in several("authors")) or (value("author"),),
        published=value("published") or value("created"),
        updated=value("updated"),
        language=language,
        media=tuple(
            Medium(url=u, kind=k, width=str(m.get("width", "")), height=str(m.get("height", "")))
            for m, u, k in media
            if u and k
        ),
        categories=tuple(str(t.get("label") or t.get("term") or "") for t in several("tags")),
        is_video=bool(value("yt_videoid")),
    )
