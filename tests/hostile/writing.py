"""Documents that are fine, to be spoilt: a feed and its items, the page of an article."""

from __future__ import annotations

from html import escape

from .behaviour import Document
from .server import SECRET

__all__ = ["GOOD", "MOON", "PROSE", "SECRET", "TIDE", "feed", "item", "page", "rss"]

TIDE, MOON = "Tide tables for March are out", "Moon halo seen above the bay"
GOOD = (TIDE, MOON)
HEADLINE = "Ferry returns after the long storm"
PROSE = "".join(
    f"<p>{line}</p>"
    for line in (
        "The harbour office opened its gates on Monday morning, and by noon forty lorries stood on the quay with hay, "
        "flour and window glass that the islanders had waited for since the wind turned to the north.",
        "Pilots who had gone out at dawn to sound the channel found two metres more sand than in autumn, so the first "
        "boat sailed with half of its load and a diver on board.",
        "A schoolmistress from the western village said that her pupils had drawn the ferry every day of the storm, "
        "each time a little larger, until it no longer fitted on the paper.",
        "The company will run three crossings a day until the backlog is gone, and promises to publish each evening "
        "how many vehicles are still in the queue and how long the last of them has stood there.",
        "Insurers put the damage to the breakwater at nine million crowns; the town wants to rebuild it from the same "
        "granite, although the engineers have asked for something that gives way.",
    )
)


def item(title: str = TIDE, link: str = "", more: str = "", guid: str = "") -> str:
    """One item of RSS; its title is escaped, everything else stands as it is given."""
    slug = "".join(c if c.isascii() and c.isalnum() else "-" for c in title[:40].lower())
    link = f"<link>{link or 'https://harbour.example/news/' + slug}</link>"
    return f"<item><title>{escape(title, quote=False)}</title>{link}{guid and f'<guid>{guid}</guid>'}{more}</item>"


def feed(*items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>', tail: str = "</channel></rss>") -> str:
    """RSS of these items, or of two good ones."""
    listed = "".join(items or map(item, GOOD))
    return f'{head}<rss version="2.0"><channel><title>Harbour Post</title><link>https://harbour.example/</link>{listed}{tail}'


def rss(*items: str) -> Document:
    return Document(feed(*items))


def page(
    title: str = HEADLINE, head: str = "", before: str = "", after: str = "", prose: str = PROSE, charset: str = "utf-8"
) -> Document:
    """The page of an article with a headline, a day and five paragraphs; the rest stands as it is given."""
    told = escape(title)
    return Document(
        f'<!DOCTYPE html><html lang="en"><head><meta charset="{charset}"><title>{told}</title>'
        f'<meta property="og:type" content="article"><meta property="og:title" content="{told}">'
        f'<meta property="article:published_time" content="2026-03-01T09:00:00Z">{head}</head>'
        f"<body>{before}<article><h1>{told}</h1>{prose}</article>{after}</body></html>",
        "text/html; charset=utf-8",
    )
