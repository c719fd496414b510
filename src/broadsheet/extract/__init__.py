"""One page becomes an article: structured claims merged field by field, the text by `body`.

Precedence of the fields (first that says something usable, with the origin kept in `Article.claims`):
title: what most of json-ld, og, meta, microdata, headings and the title element agree on. published: json-ld, og,
microdata, meta, html, feed, htmldate, first-seen. authors, images, excerpt and language: see `read`.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import htmldate
import lxml.html
import msgspec
from trafilatura.metadata import extract_author

from .. import dates, providers, rights, text, urls
from ..errors import BroadsheetError, NotAnArticle, OptedOut, ParseError
from ..types import Article, Entry, Page, Rights
from . import body as body_of
from . import document, fields, jsonld, markup, merge, verdict, video
from .said import Said

UNKNOWN = f"https://{merge.UNKNOWN}/"  # prefix of the address of a page that nobody knows

# What these libraries say of a page goes to nobody: a hostile page would write into the log at will.
for _name in ("trafilatura", "htmldate", "courlan", "readability", "justext"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


def read(page: Page, entries: Sequence[Entry], now: datetime, *, kept: bool = True) -> Article:
    """The article that a fetched page is. `entries`: what sources said of it, the first to list it first.

    A page at a host `unknown.invalid` is one whose address nobody knows: its own claim of it is then believed.
    What is kept stays within the page's rights (its site's, its headers', its metas'): without text where that may not
    be kept, with as much excerpt as is allowed. kept: False for one who looks at a page of his own and keeps nothing.
    Raises ParseError (empty, too large, unreadable), OptedOut (it asks not to be listed) and NotAnArticle (a list, a
    home page, a shop ...), nothing else.
    """
    try:
        article = _read(page, entries, now, kept)
        return _within_rights(article) if kept else article
    except BroadsheetError:
        raise
    except Exception as exc:  # of the libraries, on a hostile page: it costs this page alone
        raise ParseError(f"page cannot be read ({type(exc).__name__})", page.url) from exc


def _read(page: Page, entries: Sequence[Entry], now: datetime, kept: bool) -> Article:
    root = document.tree(page)
    allowed = rights.combined(page.rights, rights.of_metas(markup.meta_contents(root), now))
    if kept and not allowed.listed:
        raise OptedOut(_why(allowed), page.url)
    entry = entries[0] if entries else None
    links = markup.links(root)
    base = fields.absolute(links.get("base", ""), page.final_url) or page.final_url
    graph, cards, metas, items, plain = markup.read(root)
    told, weaker = jsonld.read(root, page.final_url)
    canonical = fields.absolute(links.get("canonical", ""), base)
    url, elsewhere = merge.address(page.final_url, canonical, (*graph.urls, *told.urls, *cards.urls))
    if urls.host(base) == merge.UNKNOWN:
        base = url

    said_by_feed = _feed(entry)
    domain = providers.domain(url)
    site = merge.site((told, weaker, graph, items, metas), domain)
    sites = fields.site_names((site, *graph.sites, *told.sites), url)
    linked = verdict.linked_share(root)
    heading, title_from = merge.title((told, graph, metas, items, plain, cards, said_by_feed), sites)
    body, text_from = _text(root, told, entry, heading, (*graph.descriptions, *metas.descriptions, *told.descriptions))
    published, published_from = _published(root, (told, graph, items, metas, plain, weaker), entry, url, now)
    author_saids = (told, items, graph, metas, plain, said_by_feed)
    authors, authors_from = merge.authors(author_saids)
    byline = "" if authors else _byline(root)
    if not authors:
        authors = fields.authors((byline,))
        authors_from = "trafilatura" if authors else ""
    agency, agency_from = merge.agency(author_saids, byline, elsewhere, body, domain)
    elsewhere = elsewhere or merge.taken_from(metas, base, domain)
    images, images_from = merge.images((told, graph, cards, items, metas, weaker, said_by_feed), base)
    kind, embed = video.read(url, (graph, told, weaker, cards), has_article=any(map(jsonld.is_article, told.kinds)))
    spoken, spoken_from = merge.spoken((plain, told, graph, metas, said_by_feed), body)
    excerpt, excerpt_from = merge.excerpt((graph, metas, told, items, cards, said_by_feed), heading, body)

    signs = verdict.Signs(
        url=url, text=body, told=told, graph=graph, items=items, dated=published is not None, authored=bool(authors),
        listed=bool(entries), video=kind == "video", linked=linked,
    )  # fmt: skip
    if reason := verdict.refusal(signs):
        raise NotAnArticle(reason, page.url, body)
    claims = {
        "title": title_from, "text": text_from, "published": published_from or _first_seen(entry), "authors": authors_from,
        "images": images_from, "language": spoken_from, "excerpt": excerpt_from,
        "agency": agency_from,
    }  # fmt: skip
    publisher = providers.resolve(url, site, {}, logos=merge.logos((told, weaker, graph, items, plain), base))
    return Article(
        url=url,
        original_url=entry.url if entry else page.url,
        title=heading,
        excerpt=excerpt,
        text=body,
        published=published or now,
        date_known=published is not None,
        updated=merge.updated((told, graph, items, metas, weaker), entry, published, now),
        first_seen=now,
        type=kind,
        language=spoken,
        provider=publisher,
        publisher=publisher,
        authors=authors,
        images=images,
        amp_url=fields.absolute(links.get("amphtml", ""), base),
        featured_content=embed,
        syndicated_from=elsewhere,
        agency=agency,
        words=text.count_words(body),
        sources=tuple(sorted({e.source for e in entries})),
        claims={field: origin for field, origin in claims.items() if origin},
        rights=allowed,
    )


def _why(allowed: Rights) -> str:
    return f"asks not to be listed ({'; '.join(allowed.evidence[:5])})"


def _within_rights(article: Article) -> Article:
    """The article without what its publisher keeps to himself; the number of words stays, which is no text."""
    allowed, changed = article.rights, {}
    if not allowed.text:
        changed["text"] = ""
    if 0 <= allowed.excerpt < len(article.excerpt):
        changed["excerpt"] = text.excerpt(article.excerpt, allowed.excerpt) if allowed.excerpt else ""
    claims = {field: origin for field, origin in article.claims.items() if changed.get(field) != ""}
    return msgspec.structs.replace(article, claims=claims, **changed) if changed else article


def _first_seen(entry: Entry | None) -> str:
    """Claim of an article without a date: what its source said, where that is none that can be."""
    said = entry.published_raw[:60] if entry and not entry.published else ""
    return f"first-seen (said: {said})" if said else "first-seen"


def _feed(entry: Entry | None) -> Said:
    """What the entry says, in the form of the other claims."""
    if entry is None:
        return Said(origin="feed")
    return Said(
        origin="feed",
        titles=(entry.title,),
        descriptions=(entry.summary,),
        people=entry.authors,
        images=(entry.image,) if entry.image else (),
        languages=(entry.language,) if entry.language else (),
    )


def _text(
    root: lxml.html.HtmlElement, told: Said, entry: Entry | None, heading: str, descriptions: Sequence[str]
) -> tuple[str, str]:
    """The main text, paragraphs parted by a blank line, and its origin. Does not change the tree."""
    fed = entry.content if entry else ""
    told_most = max(descriptions, key=len, default="")
    found = body_of.read(root, told_text=told.text, fed=fed, title=heading, description=told_most)
    return body_of.joined(found.blocks), found.origin


def _published(
    root: lxml.html.HtmlElement, saids: Sequence[Said], entry: Entry | None, url: str, now: datetime
) -> tuple[datetime | None, str]:
    moment, origin = merge.published(saids, entry, now)
    if moment:
        return moment, origin
    # Its extensive search comes second, and a first of January from it is a year that stood somewhere in the prose.
    for extensive in (False, True):
        day = _day(root, url, now + timedelta(days=1), extensive=extensive)
        if day and not (extensive and day.endswith("-01-01")):
            return dates.parse(day), "htmldate"
    return None, ""


def _day(root: lxml.html.HtmlElement, url: str, latest: datetime, *, extensive: bool) -> str:
    """The day (YYYY-MM-DD) that htmldate finds; empty when it finds none."""
    try:
        found: str | None = htmldate.find_date(
            root,
            original_date=True,
            extensive_search=extensive,
            url=url,
            deferred_url_extractor=True,
            max_date=latest,
        )
    except Exception as exc:  # noqa: BLE001 -- as above
        logging.getLogger(__name__).debug("no date: %r", exc)
        found = None
    return found or ""


def _byline(root: lxml.html.HtmlElement) -> str:
    """The line where bylines usually stand, for a page that marks up no author."""
    try:
        line = extract_author(root)
    except Exception as exc:  # noqa: BLE001 -- as above
        logging.getLogger(__name__).debug("no byline: %r", exc)
        line = None
    return line or ""


def row(article: Article) -> dict[str, Any]:
    """An article as the command line prints it: one JSON object, keys of values that are missing left out."""
    amp = article.amp_url
    line: dict[str, Any] = {
        "url": article.url,
        "originalUrl": article.original_url,
        "title": article.title,
        "excerpt": article.excerpt,
        "text": article.text,
        "publishedDateTime": article.published.strftime("%Y-%m-%dT%H:%M:%SZ") if article.date_known else "",
        "type": article.type,
        "language": article.language,
        "provider": {"name": article.provider.name, "domain": article.provider.domain},
        "authors": list(article.authors),
        "images": [_picture(image.url, image.width, image.height) for image in article.images],
        "ampWebUrl": amp,
        "cdnAmpWebUrl": urls.amp_cache(amp) if amp else "",
    }
    return {key: value for key, value in line.items() if value}


def _picture(url: str, width: int, height: int) -> dict[str, Any]:
    sizes = {"width": width, "height": height}
    return {"url": url} | {side: pixels for side, pixels in sizes.items() if pixels}
