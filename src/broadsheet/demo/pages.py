"""The demo's pieces as HTML: each site in its own look, with its own way of saying what a page is."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from . import content
from .content import Piece, Site

_LOCALES = {
    "en": "en_GB",
    "fr": "fr_FR",
    "de": "de_DE",
    "es": "es_ES",
    "ja": "ja_JP",
    "ar": "ar_AR",
    "ru": "ru_RU",
    "el": "el_GR",
    "hi": "hi_IN",
}
# How a date is written for readers, with the names of the two months that the demo knows.
_DATES: dict[str, tuple[str, str, str]] = {
    "en": ("{d} {month} {y}, {t}", "February", "March"),
    "fr": ("{d} {month} {y} à {t}", "février", "mars"),
    "de": ("{d}. {month} {y}, {t} Uhr", "Februar", "März"),
    "es": ("{d} de {month} de {y}, {t}", "febrero", "marzo"),
    "ja": ("{y}年{month}{d}日 {t}", "2月", "3月"),
    "ar": ("{d} {month} {y}، {t}", "فبراير", "مارس"),
    "ru": ("{d} {month} {y}, {t}", "февраля", "марта"),
    "el": ("{d} {month} {y}, {t}", "Φεβρουαρίου", "Μαρτίου"),
    "hi": ("{d} {month} {y}, {t}", "फ़रवरी", "मार्च"),
}
_FEED_TYPES = {
    "rss": "application/rss+xml",
    "rss-full": "application/rss+xml",
    "rdf": "application/rdf+xml",
    "atom": "application/atom+xml",
    "jsonfeed": "application/feed+json",
}


def article(piece: Piece, day: int, look: str = "", canonical: bool = True) -> bytes:
    """The page of a piece. look: another template than its site's. canonical: whether it names its own address."""
    site = content.sites()[piece.provider]
    others = [p for p in content.published(day, site) if p.key != piece.key and p.kind != "robots"][:5]
    return _render(
        look or site.look,
        site,
        piece=piece,
        url=content.url(piece),
        canonical=canonical,
        image=content.image_url(piece),
        image_path=content.image_url(piece).removeprefix(site.origin),
        local=piece.at.astimezone(site.zone).isoformat(),
        utc=f"{piece.at:%Y-%m-%dT%H:%M:%S+00:00}",
        plain_time=_plain_time(piece, site),
        locale=_LOCALES[site.language],
        number=zlib.crc32(piece.key.encode()) % 90_000 + 10_000,
        news_article=_script({"@context": "https://schema.org", **_news_article(piece, site)}),
        graph=_script(_graph(piece, site)),
        video_object=_script(_video_object(piece, site)),
        others=[{"url": content.url(p), "title": p.title} for p in others],
    )


def front(site: Site, day: int, listed: Sequence[Piece], heading: str = "", relative: bool = False) -> bytes:
    """A page that lists pieces: front page, section or tag page."""
    rows = [
        {
            "url": content.url(p).removeprefix(site.origin if relative else ""),
            "title": p.title,
            "summary": p.summary,
            "local": p.at.astimezone(site.zone).isoformat(),
            "plain_time": _plain_time(p, site),
        }
        for p in listed
    ]
    feeds = [(_FEED_TYPES[f.form], f.path) for f in site.feed if f.form in _FEED_TYPES]
    return _render("front", site, heading=heading or site.name, rows=rows, feeds=feeds, day=day)


def _render(look: str, site: Site, **values: Any) -> bytes:
    direction = "rtl" if site.language == "ar" else "ltr"
    return _templates().get_template(f"{look}.html").render(site=site, direction=direction, **values).encode()


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("broadsheet.demo"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def _plain_time(piece: Piece, site: Site) -> str:
    at = piece.at.astimezone(site.zone)
    form, *months = _DATES[site.language]
    return form.format(d=at.day, month=months[at.month - 2], y=at.year, t=f"{at:%H:%M}")


def _script(value: Mapping[str, Any]) -> Markup:
    """JSON that is safe inside a script element."""
    escaped = json.dumps(value, ensure_ascii=False, indent=1).replace("<", "\\u003c")
    return Markup(escaped)  # noqa: S704 - "<" is escaped above, so it cannot end the element


def _news_article(piece: Piece, site: Site) -> dict[str, Any]:
    width, height = piece.size
    found: dict[str, Any] = {
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": content.url(piece)},
        "headline": piece.title,
        "description": piece.summary,
        "datePublished": piece.at.astimezone(site.zone).isoformat(),
        "author": [{"@type": "Person", "name": piece.by}],
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": site.name,
            "logo": {
                "@type": "ImageObject",
                "url": f"{site.origin}/images/logo-400x400.png",
                "width": 400,
                "height": 400,
            },
        },
        "inLanguage": site.language,
        "articleSection": piece.section,
    }
    if width:
        found["image"] = [{"@type": "ImageObject", "url": content.image_url(piece), "width": width, "height": height}]
    return found


def _graph(piece: Piece, site: Site) -> dict[str, Any]:
    """The same as a graph of nodes that point at each other, as a widespread search plug-in writes it."""
    address = content.url(piece)
    news = _news_article(piece, site)
    width, height = piece.size
    news |= {
        "@id": f"{address}#article",
        "isPartOf": {"@id": address},
        "author": {"@id": f"{site.origin}/#/schema/person/1"},
        "publisher": {"@id": f"{site.origin}/#organization"},
    }
    nodes: list[dict[str, Any]] = [news]
    if width:
        news["image"] = {"@id": f"{address}#primaryimage"}
        picture = {"@type": "ImageObject", "@id": f"{address}#primaryimage", "url": content.image_url(piece)}
        nodes.append(picture | {"width": width, "height": height})
    return {
        "@context": "https://schema.org",
        "@graph": [
            *nodes,
            {"@type": "WebPage", "@id": address, "url": address, "name": f"{piece.title} - {site.name}"},
            {"@type": "Person", "@id": f"{site.origin}/#/schema/person/1", "name": piece.by},
            {"@type": "Organization", "@id": f"{site.origin}/#organization", "name": site.name},
            {"@type": "WebSite", "@id": f"{site.origin}/#website", "name": site.name, "description": site.tagline},
        ],
    }


def _video_object(piece: Piece, site: Site) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": piece.title,
        "description": piece.summary,
        "thumbnailUrl": [content.image_url(piece)],
        "uploadDate": piece.at.astimezone(site.zone).isoformat(),
        "duration": f"PT{piece.video // 60}M{piece.video % 60}S",
        "embedUrl": f"{site.origin}/embed/{piece.slug}",
        "author": {"@type": "Organization", "name": site.name},
        "publisher": {"@type": "Organization", "name": site.name},
    }
