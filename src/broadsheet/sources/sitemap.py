"""Sitemaps and news sitemaps (https://www.sitemaps.org/protocol.html), plain or gzip."""

from __future__ import annotations

from typing import Any

from ..errors import ParseError
from ..types import Listing, Page, Source
from . import _xml
from ._claims import Medium, Said, address, entry, newest


def recognises(page: Page) -> bool:
    """Is the first element a sitemap's, or that of an index of sitemaps? Reads the first 4 KB."""
    return _xml.root_name(_xml.bare(_xml.head(page))) in ("urlset", "sitemapindex")


def listing(page: Page, source: Source) -> Listing:
    """One entry for each address, in the sitemap's order; of more than 2,000 those with the newest dates.

    `lastmod` says when a page changed, so it is `updated`; only a news sitemap says when it was published.
    Raises ParseError for an index of sitemaps and for what is no sitemap.
    """
    data = _xml.bare(_xml.utf8(page))
    root, well_formed = _xml.tree(data)
    if not well_formed:
        root, _ = _xml.tree(_xml.repaired(data))
    name = _name(root) if root is not None else ""
    if name == "sitemapindex":
        raise _index(root, page)
    if name != "urlset":
        raise ParseError("not a sitemap", page.final_url)
    listed, cut = newest([child for child in root if _name(child) == "url"], _date, page.fetched_at)
    return Listing(entries=tuple(entry(_said(url), source, page.fetched_at) for url in listed), cut=cut)


def _date(url: Any) -> str:
    said = _said(url)
    return said.published or said.updated


def _index(root: Any, page: Page) -> ParseError:
    children = [_child(child, "loc") for child in root if _name(child) == "sitemap"]
    first = next(filter(None, (address(child, page.final_url) for child in children)), "")
    advice = f"add the sitemaps that it lists, such as {first}" if first else "add the sitemaps of its articles"
    return ParseError(f"an index of {len(children)} sitemaps, not a sitemap", page.final_url, advice)


def _said(url: Any) -> Said:
    parts = {_name(child): child for child in reversed(url) if isinstance(child.tag, str)}
    news, video, image = parts.get("news"), parts.get("video"), parts.get("image")
    media = []
    if image is not None:
        media.append(
            Medium(url=_child(image, "loc"), kind="image", title=_child(image, "title") or _child(image, "caption"))
        )
    if video is not None:
        media.append(Medium(url=_child(video, "thumbnail_loc"), kind="image"))
    publication = next((child for child in news if _name(child) == "publication"), None) if news is not None else None
    return Said(
        links=(_child(url, "loc"),),
        title_html=_child(news, "title") or _child(video, "title"),
        summary_html=_child(video, "description"),
        published=_child(news, "publication_date") or _child(video, "publication_date"),
        updated=_child(url, "lastmod"),
        language=_child(publication, "language") or _child(news, "language"),
        media=tuple(medium for medium in media if medium.url),
        categories=tuple(_child(news, "keywords").split(",")),
        is_video=video is not None and news is None,
    )


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _child(element: Any, name: str) -> str:
    """Text of the first child of that name, whatever its namespace; empty where there is none."""
    if element is None:
        return ""
    return next(("".join(child.itertext()).strip() for child in element if _name(child) == name), "")[:10_000]
