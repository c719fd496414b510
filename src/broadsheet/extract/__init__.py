"""One page becomes an article: what its markup claims (said.py), the text, and one file a field (fields/) that chooses."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import lxml.etree
import lxml.html
import msgspec
import trafilatura

from .. import dates, providers, rights, text, urls
from ..errors import BroadsheetError, NotAnArticle, OptedOut, ParseError
from ..types import Article, Entry, Page, Rights, Struct
from . import document, jsonld, markup, paywall, verdict, video
from .body import foreign, live, parts
from .body.block import Block
from .body.markdown import markdown
from .fields import Found, address, authors, excerpt, images, language, paywalled, provider, published, title
from .said import Said, Told

SAME = timedelta(hours=26)  # parts of one article are dated no further apart: one moment, with and without its zone
WHOLE = frozenset(("json-ld", "json-ld liveBlogUpdate", "feed"))  # origins of a text that is not of one page alone
UNKNOWN = f"https://{address.UNKNOWN}/"  # prefix of the address of a page that nobody knows

# What these libraries say of a page goes to nobody: a hostile page would write into the log at will.
for _name in ("trafilatura", "htmldate", "courlan", "readability", "justext"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


class Part(Struct, frozen=True):
    """A page of an article that has several. following: address of the next one; empty on the last."""

    blocks: tuple[Block, ...] = ()
    following: str = ""


def read(
    page: Page, entries: Sequence[Entry], now: datetime, *, kept: bool = True, more: Sequence[Part] = ()
) -> Article:
    """The article that a fetched page is. `entries`: what sources said of it, the first to list it first.

    A page at a host `unknown.invalid` is one whose address nobody knows: its own claim of it is then believed.
    What is kept stays within the page's rights (its site's, its headers', its metas'): without text where that may not
    be kept, with as much excerpt as is allowed. kept: False for one who looks at a page of his own and keeps nothing.
    more: the other pages of the article, in order.
    Raises ParseError (empty, too large, unreadable), OptedOut (it asks not to be listed) and NotAnArticle (a list, a
    home page, a shop ...), nothing else.
    """
    return begin(page, entries, now, kept=kept, more=more)[0]


def begin(
    page: Page, entries: Sequence[Entry], now: datetime, *, kept: bool = True, more: Sequence[Part] = ()
) -> tuple[Article, str]:
    """The same, and the address of the page on which the article goes on; empty where it ends on this one."""
    with _errors_of(page):
        article, following = _read(page, entries, now, kept, more)
        return (_within_rights(article) if kept else article), following if article.rights.text else ""


def go_on(page: Page, first: Article, now: datetime) -> Part:
    """A later page of the article `first`; without blocks where it is another article. Raises ParseError, OptedOut."""
    with _errors_of(page):
        root = document.tree(page)
        named = markup.meta_contents(root)
        allowed = rights.combined(page.rights, rights.of_metas(named, now))
        if not (allowed.listed and allowed.text):
            raise OptedOut(_why(allowed), page.url)
        told, weaker = jsonld.read(root, page.final_url)
        graph, _, _, items, _ = markup.read(root)
        canonical = address.absolute(markup.links(root).get("canonical", ""), page.final_url)
        start = parts.first_address(first.url, page.final_url)
        if any(url and parts.part_of(url, start) is None for url in (page.final_url, canonical)):
            return Part()
        said = [
            moment for claims in (told, graph, items) for raw, _ in claims.published[:1] if (moment := dates.parse(raw))
        ]
        if said and first.date_known and all(abs(moment - first.published) > SAME for moment in said):
            return Part()
        _readable(root, named, (told, items, weaker))
        blocks, _ = _text(root, Said(origin="json-ld"), None)  # the claims may hold the text of all pages
        return Part(blocks, parts.next_part(root, page.final_url, start))


@contextmanager
def _errors_of(page: Page) -> Iterator[None]:
    try:
        yield
    except BroadsheetError:
        raise
    except Exception as exc:  # of the libraries, on a hostile page: it costs this page alone
        raise ParseError(f"page cannot be read ({type(exc).__name__})", page.url) from exc


def _read(page: Page, entries: Sequence[Entry], now: datetime, kept: bool, more: Sequence[Part]) -> tuple[Article, str]:
    root = document.tree(page)
    named = markup.meta_contents(root)
    allowed = rights.combined(page.rights, rights.of_metas(named, now))
    if kept and not allowed.listed:
        raise OptedOut(_why(allowed), page.url)
    entry = entries[0] if entries else None
    links = markup.links(root)
    base = address.absolute(links.get("base", ""), page.final_url) or page.final_url
    graph, cards, metas, items, plain = markup.read(root)
    told, weaker = jsonld.read(root, page.final_url)
    access = _readable(root, named, (told, items, weaker))
    if access.value:
        told = msgspec.structs.replace(told, text="", updates=())
    fed = _feed(entry)
    canonical = address.absolute(links.get("canonical", ""), base)
    url, elsewhere = address.find(page.final_url, canonical, (*graph.urls, *told.urls, *cards.urls))
    if urls.host(base) == address.UNKNOWN:
        base = url

    domain = providers.domain(url)
    site = provider.site((told, weaker, graph, items, metas), domain)
    sites = title.site_names((site, *_values(graph.sites), *_values(told.sites)), url)
    blocks, text_from = _text(root, told, entry)
    following = "" if text_from in WHOLE else parts.next_part(root, parts.first_address(url, page.final_url))
    body = markdown(parts.joined([blocks, *(part.blocks for part in more)]) if more else blocks)
    prose = text.plain(body)
    headed = title.find((told, graph, metas, items, plain, cards, fed), sites)
    dated = published.find((told, graph, items, metas, plain, weaker), entry, root, url, now)
    changed = published.updated((told, graph, items, metas, weaker), entry, dated.value, now)
    signed_by = (told, items, graph, metas, plain, fed)
    signed = authors.find(signed_by, root)
    byline = next((claim.value for claim in signed.candidates if "byline" in claim.places), "")
    agency, agency_from = provider.agency(signed_by, byline, elsewhere, prose, domain)
    shown = images.find((told, graph, cards, items, metas, weaker, fed), base)
    spoken = language.find((plain, told, graph, metas, fed), prose)
    summed = excerpt.find((graph, metas, told, items, cards, fed), headed.value, prose)
    kind, embed = video.read(url, (graph, told, weaker, cards), has_article=any(map(jsonld.is_article, told.kinds)))

    signs = verdict.Signs(
        url=url, text=prose, told=told, graph=graph, items=items, dated=dated.value is not None, authored=bool(signed.value),
        listed=bool(entries), video=kind == "video", linked=verdict.linked_share(root),
    )  # fmt: skip
    if reason := verdict.refusal(signs):
        raise NotAnArticle(reason, page.url, body)
    places = {
        "title": headed.place, "text": text_from, "published": dated.place or _first_seen(entry), "updated": changed.place,
        "authors": signed.place, "images": shown.place, "language": spoken.place, "excerpt": summed.place, "agency": agency_from,
        "paywalled": access.place if access.value else "",
    }  # fmt: skip
    publisher = providers.resolve(url, site, {}, logos=images.logos((told, weaker, graph, items, plain), base))
    article = Article(
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
        paywalled=access.value,
        words=text.count_words(prose),
        sources=tuple(sorted({e.source for e in entries})),
        claims={field: place for field, place in places.items() if place},
        candidates=tuple(
            c for found in (headed, dated, changed, signed, shown, spoken, summed, access) for c in found.candidates
        ),
        rights=allowed,
    )
    return article, following


def _readable(root: lxml.html.HtmlElement, named: dict[str, list[str]], saids: Sequence[Said]) -> Found[bool]:
    """Whether it is not free to read; takes out of the tree what readers do not see of it, see docs/decisions.md."""
    access = paywalled.find(saids, named.get("article:content_tier", ()))
    if access.value:
        lxml.etree.strip_elements(root, "script", with_tail=False)
    paywall.take_out(root, [selector for said in saids for selector in said.closed])
    return access


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


def _text(root: lxml.html.HtmlElement, told: Said, entry: Entry | None) -> tuple[tuple[Block, ...], str]:
    """The blocks of the main text, and its origin. Does not change the tree.

    Where the page holds back what its JSON-LD or its feed gives in full, that is taken.
    """
    try:
        found = trafilatura.bare_extraction(root, include_comments=False)
    except Exception as exc:  # noqa: BLE001 -- a bug of its own on an odd page: the claims still stand
        logging.getLogger(__name__).debug("no text: %r", exc)
        found = None
    blocks, origin = foreign.blocks(getattr(found, "body", None)), "trafilatura"
    for other, name in ((told.text, "json-ld"), (entry.content if entry else "", "feed")):
        if len(other) > 2 * sum(len(block.text) for block in blocks) + 200:
            blocks, origin = foreign.paragraphs(text.from_html(other)), name
    if told.updates and not live.shown(told.updates, text.plain(markdown(blocks))):
        blocks, origin = live.blocks(told.updates), "json-ld liveBlogUpdate"
    return blocks, origin if blocks else ""


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
        "paywalled": article.paywalled,
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
