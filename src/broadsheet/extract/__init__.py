"""One page becomes an article: what its markup claims (said.py), the text, and one file a field (fields/) that chooses."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import lxml.html
import msgspec
import trafilatura

from .. import providers, rights, text, urls
from ..errors import BroadsheetError, NotAnArticle, OptedOut, ParseError
from ..types import Article, Entry, Page, Rights
from . import document, jsonld, markup, verdict, video
from .fields import address, authors, excerpt, images, language, provider, published, title
from .said import Said, Told

UNKNOWN = f"https://{address.UNKNOWN}/"  # prefix of the address of a page that nobody knows

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
    base = address.absolute(links.get("base", ""), page.final_url) or page.final_url
    graph, cards, metas, items, plain = markup.read(root)
    told, weaker = jsonld.read(root, page.final_url)
    fed = _feed(entry)
    canonical = address.absolute(links.get("canonical", ""), base)
    url, elsewhere = address.find(page.final_url, canonical, (*graph.urls, *told.urls, *cards.urls))
    if urls.host(base) == address.UNKNOWN:
        base = url

    domain = providers.domain(url)
    site = provider.site((told, weaker, graph, items, metas), domain)
    sites = title.site_names((site, *_values(graph.sites), *_values(told.sites)), url)
    body, text_from = _text(root, told, entry)
    headed = title.find((told, graph, metas, items, plain, cards, fed), sites, url)
    dated = published.find((told, graph, items, metas, plain, weaker), entry, root, url, now)
    changed = published.updated((told, graph, items, metas, weaker), entry, dated.value, now)
    signed_by = (told, items, graph, metas, plain, fed)
    signed = authors.find(signed_by, root, sites, headed.value)
    byline = next((claim.value for claim in signed.candidates if {"byline", "by line"} & set(claim.places)), "")
    agency, agency_from = provider.agency(signed_by, byline, elsewhere, body, domain)
    shown = images.find((told, graph, cards, items, metas, weaker, fed), base)
    spoken = language.find((plain, told, graph, metas, fed), body)
    summed = excerpt.find((graph, metas, told, items, cards, fed), headed.value, body)
    kind, embed = video.read(url, (graph, told, weaker, cards), has_article=any(map(jsonld.is_article, told.kinds)))

    signs = verdict.Signs(
        url=url, text=body, told=told, graph=graph, items=items, dated=dated.value is not None, authored=bool(signed.value),
        listed=bool(entries), video=kind == "video", linked=verdict.linked_share(root),
    )  # fmt: skip
    if reason := verdict.refusal(signs):
        raise NotAnArticle(reason, page.url, body)
    places = {
        "title": headed.place, "text": text_from, "published": dated.place or _first_seen(entry), "updated": changed.place,
        "authors": signed.place, "images": shown.place, "language": spoken.place, "excerpt": summed.place, "agency": agency_from,
    }  # fmt: skip
    publisher = providers.resolve(url, site, {}, logos=images.logos((told, weaker, graph, items, plain), base))
    return Article(
        url=url,
        original_url=entry.url if entry else page.url,
        title=headed.value,
        excerpt=summed.value,
        text=body,
        published=dated.value or now,
        date_known=dated.value is not None,
        updated=changed.value,
        first_seen=now,
        type=kind,
        language=spoken.value,
        provider=publisher,
        publisher=publisher,
        authors=signed.value,
        images=shown.value,
        amp_url=address.absolute(links.get("amphtml", ""), base),
        featured_content=embed,
        syndicated_from=elsewhere or address.taken_from(metas, base, domain),
        agency=agency,
        words=text.count_words(body),
        sources=tuple(sorted({e.source for e in entries})),
        claims={field: place for field, place in places.items() if place},
        candidates=tuple(
            c for found in (headed, dated, changed, signed, shown, spoken, summed) for c in found.candidates
        ),
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
        titles=(Told(entry.title, "feed title"),),
        descriptions=(Told(entry.summary, "feed summary"),),
        people=tuple(Told(name, "feed author") for name in entry.authors),
        images=(entry.image,) if entry.image else (),
        languages=(Told(entry.language, "feed language"),) if entry.language else (),
    )


def _values(told: Sequence[Told]) -> list[str]:
    return [value for value, _ in told]


def _text(root: lxml.html.HtmlElement, told: Said, entry: Entry | None) -> tuple[str, str]:
    """The main text, paragraphs parted by a blank line, and its origin. Does not change the tree.

    Where the page holds back what its JSON-LD or its feed gives in full, that is taken.
    """
    try:
        found = trafilatura.bare_extraction(root, include_comments=False)
    except Exception as exc:  # noqa: BLE001 -- a bug of its own on an odd page: the claims still stand
        logging.getLogger(__name__).debug("no text: %r", exc)
        found = None
    body, origin = text.clean_paragraphs(getattr(found, "text", None) or ""), "trafilatura"
    for other, name in ((told.text, "json-ld"), (entry.content if entry else "", "feed")):
        if len(other) > 2 * len(body) + 200:
            body, origin = text.from_html(other), name
    return body, origin if body else ""


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
