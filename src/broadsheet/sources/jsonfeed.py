"""JSON Feed 1.0 and 1.1, tolerant of values of the wrong type (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from .. import urls
from ..errors import ParseError
from ..types import Listing, Page, Source
from . import _hub, _xml
from ._claims import MARKUP, Medium, Said, address, entry, kind_of, newest

_VERSION = re.compile(rb"jsonfeed\.org/version|\"items\"\s*:\s*\[")
_LOW = rb"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HALF = re.compile(  # a surrogate without the other half (RFC 8259, section 8.2)
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!" + _LOW + rb")|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})" + _LOW
)


def recognises(page: Page) -> bool:
    """An object that names its version or its items within the first 4 KB."""
    head = _xml.head(page).lstrip()
    return head.startswith(b"{") and bool(
        _VERSION.search(head.replace(b"\\/", b"/")) or "feed+json" in page.content_type.lower()
    )


def listing(page: Page, source: Source) -> Listing:
    """Every item of the feed in its order, of more than 2,000 the newest; one without a usable link has url "".

    Raises ParseError when it is no JSON Feed or cannot be read.
    """
    feed = _decoded(page)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise ParseError("not a JSON Feed: it has no list of items", page.final_url)
    own = page.final_url if urls.is_http(page.final_url) else ""
    base = own or address(_text(feed, "home_page_url"))
    listed, cut = newest(items, _date, page.fetched_at)
    links = [("hub", _text(hub, "url")) for hub in _several(feed, "hubs")] + [("self", _text(feed, "feed_url"))]
    hub, topic = _hub.of_links(links, base)
    entries = tuple(entry(_said(item, feed, base), source, page.fetched_at) for item in listed)
    return Listing(entries=entries, cut=cut, hub=hub, topic=topic)


def _date(item: Any) -> str:
    return (_text(item, "date_published") or _text(item, "date_modified")) if isinstance(item, dict) else ""


def _decoded(page: Page) -> Any:
    """The JSON value. Halves of characters, which no text can hold, become U+FFFD. Raises ParseError."""
    data = _xml.utf8(page)
    try:
        try:
            return msgspec.json.decode(data)
        except msgspec.DecodeError:
            if not _HALF.search(data):
                raise
            return msgspec.json.decode(_HALF.sub(rb"\\ufffd", data))
    except (msgspec.DecodeError, RecursionError) as exc:
        raise ParseError(f"broken JSON ({exc})", page.final_url) from exc


def _said(item: Any, feed: dict[str, Any], base: str) -> Said:
    item = item if isinstance(item, dict) else {}
    guid = _text(item, "id")
    links = [_text(item, "url"), guid if guid.startswith(("http://", "https://")) else "", _text(item, "external_url")]
    media = [Medium(url=url, kind="image") for key in ("image", "banner_image") if (url := _text(item, key))]
    for attachment in _several(item, "attachments"):
        url, mime = _text(attachment, "url"), _text(attachment, "mime_type")
        media += [Medium(url=url, kind=kind) for kind in [kind_of(mime, url)] if kind]
    authors = _several(item, "authors") + _several(item, "author") or _several(feed, "authors") + _several(
        feed, "author"
    )
    tags = item.get("tags")
    return Said(
        links=tuple(filter(None, links)),
        base=base,
        id=guid,
        title=_text(item, "title"),
        summary=_text(item, "summary"),
        content=_text(item, "content_text"),
        content_html=_text(item, "content_html"),
        authors=tuple(_text(author, "name") for author in authors),
        published=_text(item, "date_published"),
        updated=_text(item, "date_modified"),
        language=_text(item, "language") or _text(feed, "language"),
        media=tuple(media),
        categories=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
    )


def _text(holder: dict[str, Any], key: str) -> str:
    """Text of a member; a number as it is printed (ids come as numbers); empty for all else."""
    value = holder.get(key)
    if isinstance(value, str):
        return value[:MARKUP].strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _several(holder: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Objects of a member that should be a list of them, or is one (`author` of version 1.0)."""
    value = holder.get(key)
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
