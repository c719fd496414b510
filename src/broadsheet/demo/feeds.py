"""What the demo's sites offer to machines: RSS, RDF, Atom, JSON Feed, news sitemaps, with the faults of real ones."""

from __future__ import annotations

import json
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any

from ..types import Struct
from . import content
from .content import CLOCK, Feed, Piece, Site

NEWEST = 40  # entries that a feed lists, at most
_TRACKING = "?utm_source=rss&utm_medium=feed&utm_campaign=all"


class _Item(Struct, frozen=True, kw_only=True):
    """One entry: a piece, or a link to something else."""

    title: str
    link: str
    id: str
    at: datetime
    piece: Piece | None = None


def render(feed: Feed, site: Site, day: int) -> bytes:
    """The bytes of a feed on that day. Raises KeyError for a form that is none of those below."""
    items = _items(feed, site, day)
    if feed.form == "jsonfeed":
        return json.dumps(_jsonfeed(feed, site, items), ensure_ascii=False, indent=1).encode()
    write = {"rss": _rss, "rss-full": _rss, "rdf": _rdf, "atom": _atom, "sitemap": _sitemap}[feed.form]
    encoding = "windows-1251" if "windows-1251" in feed.quirks else "utf-8"
    markup = f'<?xml version="1.0" encoding="{encoding}"?>\n' + write(feed, site, items)
    if "truncated" in feed.quirks:  # the connection broke in the middle of the last item
        markup = markup[: markup.rindex("<description>") + 40]
    return markup.encode(encoding, "xmlcharrefreplace")


def listed(feed: Feed, site: Site, day: int) -> tuple[Piece, ...]:
    """The site's own pieces that the feed lists, newest first."""
    return tuple(p for p in content.published(day, site) if not feed.sections or p.section in feed.sections)[:NEWEST]


def _items(feed: Feed, site: Site, day: int) -> list[_Item]:
    found = []
    for piece in listed(feed, site, day):
        address = content.url(piece)
        link = address.removeprefix(site.origin) if "relative" in feed.quirks else address
        link += _TRACKING if "tracking" in feed.quirks else ""
        found.append(_Item(title=piece.title, link=link, id=address, at=piece.at, piece=piece))
        if piece.copy:
            found.append(
                _Item(
                    title=piece.title,
                    link=site.origin + piece.copy,
                    id=site.origin + piece.copy,
                    at=piece.at,
                    piece=piece,
                )
            )
    extras = [extra for extra in feed.extra if extra.at <= CLOCK[day - 1]]
    found += [_Item(title=extra.title, link=extra.url, id=extra.url, at=extra.at) for extra in extras]
    return sorted(found, key=lambda item: item.at, reverse=True)


def _rss(feed: Feed, site: Site, items: list[_Item]) -> str:
    rows = []
    for item in items:
        piece = item.piece
        row = f"<title>{escape(item.title)}</title>\n<link>{escape(item.link)}</link>\n"
        row += f'<guid isPermaLink="false">{escape(item.id)}</guid>\n'
        if "undated" not in feed.quirks:
            row += f"<pubDate>{format_datetime(item.at.astimezone(site.zone))}</pubDate>\n"
        if piece is not None:
            row += f"<dc:creator>{escape(piece.by)}</dc:creator>\n" if piece.by else ""
            row += f"<category>{escape(piece.section)}</category>\n"
            row += _media(piece) if site.look in ("video", "cms") else ""
            row += f"<content:encoded><![CDATA[{_html(piece)}]]></content:encoded>\n" if feed.form == "rss-full" else ""
            row += f"<description>{escape(piece.summary)}</description>\n"
        rows.append(f"<item>\n{row}</item>")
    spaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    head = f"<title>{escape(site.name)}</title>\n<link>{site.origin}/</link>\n"
    head += f"<description>{escape(site.tagline)}</description>"
    return (
        f'<rss version="2.0" {spaces} xmlns:media="http://search.yahoo.com/mrss/">\n<channel>\n{head}\n'
        f"<language>{site.language}</language>\n" + "\n".join(rows) + "\n</channel>\n</rss>\n"
    )


def _rdf(feed: Feed, site: Site, items: list[_Item]) -> str:
    toc = "".join(f'<rdf:li rdf:resource="{escape(item.link)}"/>' for item in items)
    rows = [
        f'<item rdf:about="{escape(item.link)}">\n<title>{escape(item.title)}</title>\n'
        f"<link>{escape(item.link)}</link>\n"
        f"<description>{escape(item.piece.summary if item.piece else '')}</description>\n"
        f"<dc:creator>{escape(item.piece.by if item.piece else '')}</dc:creator>\n"
        f"<dc:date>{item.at.astimezone(site.zone).isoformat()}</dc:date>\n</item>"
        for item in items
    ]
    return (
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/" xml:lang="{site.language}">\n'
        f'<channel rdf:about="{site.origin}{feed.path}">\n<title>{escape(site.name)}</title>\n'
        f"<link>{site.origin}/</link>\n<description>{escape(site.tagline)}</description>\n<items><rdf:Seq>{toc}</rdf:Seq></items>\n</channel>\n"
        + "\n".join(rows)
        + "\n</rdf:RDF>\n"
    )


def _atom(feed: Feed, site: Site, items: list[_Item]) -> str:
    rows = []
    for item in items:
        piece = item.piece
        row = f"<title>{escape(item.title)}</title>\n"
        row += f'<link rel="alternate" type="text/html" href="{escape(item.link)}"/>\n'
        row += f"<id>tag:{site.domain},{item.at:%Y-%m-%d}:{escape(item.id.rsplit('/', 1)[-1])}</id>\n"
        row += f"<published>{item.at.isoformat()}</published>\n<updated>{item.at.isoformat()}</updated>\n"
        if piece is not None:
            row += f"<author><name>{escape(piece.by)}</name></author>\n" if piece.by else ""
            row += f'<category term="{escape(piece.section)}"/>\n<summary>{escape(piece.summary)}</summary>\n'
            row += f'<content type="html">{escape(_html(piece))}</content>\n' if "full" in feed.quirks else ""
        rows.append(f"<entry>\n{row}</entry>")
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{site.language}" xml:base="{site.origin}/">\n'
        f"<title>{escape(site.name)}</title>\n<subtitle>{escape(site.tagline)}</subtitle>\n<id>{site.origin}/</id>\n"
        f'<link rel="self" href="{site.origin}{feed.path}"/>\n<link href="{site.origin}/"/>\n'
        f"<updated>{items[0].at.isoformat()}</updated>\n" + "\n".join(rows) + "\n</feed>\n"
    )


def _jsonfeed(feed: Feed, site: Site, items: list[_Item]) -> dict[str, Any]:
    rows = []
    for item in items:
        row: dict[str, Any] = {"id": item.id, "url": item.link, "title": item.title}
        row["date_published"] = item.at.astimezone(site.zone).isoformat()
        if item.piece is not None:
            row["summary"] = item.piece.summary
            row["content_text"] = "\n\n".join(item.piece.paragraphs)
            row["authors"] = [{"name": item.piece.by}]
            row["tags"] = [item.piece.section]
            row |= {"image": content.image_url(item.piece)} if item.piece.image else {}
        rows.append(row)
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.name,
        "home_page_url": f"{site.origin}/",
        "feed_url": f"{site.origin}{feed.path}",
        "language": site.language,
        "items": rows,
    }


def _sitemap(feed: Feed, site: Site, items: list[_Item]) -> str:
    rows = [
        f"<url><loc>{escape(item.link)}</loc><news:news><news:publication><news:name>{escape(site.name)}</news:name>"
        f"<news:language>{site.language}</news:language></news:publication>"
        f"<news:publication_date>{item.at.isoformat()}</news:publication_date><news:title>{escape(item.title)}</news:title>"
        "</news:news></url>"
        for item in items
    ]
    return (
        f'<!-- {feed.path} -->\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n' + "\n".join(rows) + "\n</urlset>\n"
    )


def _media(piece: Piece) -> str:
    if not piece.image:
        return ""
    width, height = piece.size
    return f'<media:content url="{content.image_url(piece)}" medium="image" width="{width}" height="{height}"/>\n'


def _html(piece: Piece) -> str:
    return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in piece.paragraphs)
