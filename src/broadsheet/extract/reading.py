"""How one page is read: parse once, collect what is said, let each field choose, judge whether it is an article."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import lxml.etree
import lxml.html
import msgspec

from .. import dates, providers, rights, text, urls
from ..errors import NotAnArticle, OptedOut
from ..types import Article, Entry, Page, Rights, Struct
from . import document, jsonld, markup, paywall, verdict, video
from .body import Body, live, parts
from .body import read as read_body
from .body.block import Block
from .body.markdown import markdown
from .body.trim import trim
from .fields import Found, address, authors, excerpt, images, language, paywalled, provider, published, title
from .said import Claims, Said, Told

SAME = timedelta(hours=26)  # parts of one article are dated no further apart: one moment, with and without its zone
WHOLE = frozenset(("json-ld", "json-ld liveBlogUpdate", "feed"))  # origins of a text that is not of one page alone


class Part(Struct, frozen=True):
    """A page of an article that has several. following: address of the next one; empty on the last."""

    blocks: tuple[Block, ...] = ()
    following: str = ""


def read(
    page: Page, entries: Sequence[Entry], now: datetime, *, kept: bool, zone: str, more: Sequence[Part]
) -> tuple[Article, str]:
    """The article, not yet within its rights, and the address of the page on which it goes on; see extract.read."""
    root = document.tree(page)
    elements = list(root.iter())  # as long as these are held, no stage makes them anew
    named = document.by_name(elements)
    contents = markup.meta_contents(named)
    allowed = rights.combined(page.rights, rights.of_metas(contents, now))
    if kept and not allowed.listed:
        raise OptedOut(_why(allowed), page.url)
    entry = entries[0] if entries else None
    links = markup.links(named)
    base = address.absolute(links.get("base", ""), page.final_url) or page.final_url
    claims = _claims(root, named, contents, page.final_url, entry)
    access, taken = _readable(root, contents, claims)
    if taken:
        elements = list(root.iter())
        named = document.by_name(elements)
    if access.value:
        claims = claims._replace(told=msgspec.structs.replace(claims.told, text="", updates=()))
    told, weaker, graph, cards, metas, items, plain, _ = claims
    canonical = address.absolute(links.get("canonical", ""), base)
    url, elsewhere = address.find(page.final_url, canonical, (*graph.urls, *told.urls, *cards.urls))
    if urls.host(base) == address.UNKNOWN:
        base = url

    domain = providers.domain(url)
    site = provider.find(claims, root, domain)
    sites = title.site_names((site.value, *_values(graph.sites), *_values(told.sites)), url)
    headed = title.find(claims.by(*title.ORDER), sites, url)
    dated, changed = published.find(claims.by(*published.ORDER), entry, root, url, now, zone=zone)
    signed_by = claims.by(*authors.ORDER)
    signed = authors.find(signed_by, root, sites, headed.value)
    found = _body(root, told, entry, headed.value, (graph, metas, told))
    following = "" if found.origin in WHOLE else parts.next_part(named, parts.first_address(url, page.final_url))
    blocks = trim(parts.joined([found.blocks, *(part.blocks for part in more)]), signed.value, sites, headed.value)
    body = markdown(blocks)
    prose = text.plain(body)
    byline = next((claim.value for claim in signed.candidates if {"byline", "by line"} & set(claim.places)), "")
    agency, agency_from = provider.agency(signed_by, byline, elsewhere, prose, domain)
    shown = images.find(claims.by(*images.ORDER), base, root)
    spoken = language.find(claims.by(*language.ORDER), prose or headed.value)
    summed = excerpt.find(claims.by(*excerpt.ORDER), headed.value, blocks, weaker.slogans, sites)
    kind, embed = video.read(url, (graph, told, weaker, cards), has_article=any(map(jsonld.is_article, told.kinds)))

    shape = verdict.shape.read(elements, found.said)
    marked = any(map(jsonld.is_article, (*told.kinds, *items.kinds))) and bool(told.published or items.published)
    wall = verdict.walls.read(
        root, body, [headed.value, *_values(plain.titles)], passwords=shape.passwords, marked=marked
    )
    signs = verdict.Signs(
        url=url, title=headed.value, text=prose, told=told, page=weaker, graph=graph, metas=metas, items=items, plain=plain, shape=shape,
        linked=found.linked, listed=bool(entries), video=kind == "video", wall=wall,
    )  # fmt: skip
    judged = verdict.judge(verdict.amounts(signs))
    if reason := verdict.refusal(signs, judged):
        raise NotAnArticle(reason, page.url, body)
    places = {
        "title": headed.place, "text": found.origin, "published": dated.place or _first_seen(entry), "updated": changed.place,
        "authors": signed.place, "images": shown.place, "language": spoken.place, "excerpt": summed.place, "agency": agency_from,
        "url": "its own address" if url == urls.canonical(page.final_url) else "its claim of a canonical address",
        "type": _typed(told, graph), "provider": site.place or "its domain",
        "amp_url": "rel=amphtml" if links.get("amphtml") else "",
        "featured_content": "embed of a known player" if embed else "",
        "paywalled": access.place if access.value else "",
        "article": verdict.told(judged),
    }  # fmt: skip
    publisher = providers.resolve(
        url, site.value, {}, logos=images.logos(claims.by("told", "page", "graph", "items", "plain"), base)
    )
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
            c
            for field in (headed, dated, changed, signed, shown, spoken, summed, site, access)
            for c in field.candidates
        ),
        rights=allowed,
    )
    return article, following


def read_part(page: Page, first: Article, now: datetime) -> Part:
    """A later page of the article `first`, see extract.go_on."""
    root = document.tree(page)
    named = document.by_name(root.iter())
    contents = markup.meta_contents(named)
    allowed = rights.combined(page.rights, rights.of_metas(contents, now))
    if not (allowed.listed and allowed.text):
        raise OptedOut(_why(allowed), page.url)
    claims = _claims(root, named, contents, page.final_url, None)
    canonical = address.absolute(markup.links(named).get("canonical", ""), page.final_url)
    start = parts.first_address(first.url, page.final_url)
    if any(url and parts.part_of(url, start) is None for url in (page.final_url, canonical)):
        return Part()
    moments = [
        moment
        for said in claims.by("told", "graph", "items")
        for raw, _ in said.published[:1]
        if (moment := dates.parse(raw))
    ]
    if moments and first.date_known and all(abs(moment - first.published) > SAME for moment in moments):
        return Part()
    _, taken = _readable(root, contents, claims)
    found = read_body(root, told_text="", fed="", title=first.title)  # the claims may hold the text of all pages
    return Part(found.blocks, parts.next_part(document.by_name(root.iter()) if taken else named, page.final_url, start))


def _claims(
    root: lxml.html.HtmlElement, named: document.ByName, contents: dict[str, list[str]], url: str, entry: Entry | None
) -> Claims:
    graph, cards, metas, items, plain = markup.read(root, named, contents)
    told, weaker = jsonld.read(named, url)
    return Claims(told, weaker, graph, cards, metas, items, plain, _feed(entry))


def _readable(root: lxml.html.HtmlElement, contents: dict[str, list[str]], claims: Claims) -> tuple[Found[bool], bool]:
    """Whether it is not free to read, and whether anything was taken out of the tree: what readers do not see of it.

    See docs/decisions.md.
    """
    saids = claims.by(*paywalled.ORDER)
    access = paywalled.find(saids, contents.get("article:content_tier", ()))
    if access.value:
        lxml.etree.strip_elements(root, "script", with_tail=False)
    taken = paywall.take_out(root, [selector for said in saids for selector in said.closed])
    return access, bool(access.value or taken)


def _typed(told: Said, graph: Said) -> str:
    """The place that says what kind of thing the page is."""
    kinds = [f"json-ld {kind}" for kind in told.kinds if jsonld.is_article(kind) or kind == "VideoObject"]
    return next(iter(kinds), "") or (f"og:type {graph.kinds[0]}" if graph.kinds else "nothing says otherwise")


def _why(allowed: Rights) -> str:
    return f"asks not to be listed ({'; '.join(allowed.evidence[:5])})"


def within_rights(article: Article) -> Article:
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


def _body(
    root: lxml.html.HtmlElement, told: Said, entry: Entry | None, heading: str, describing: Sequence[Said]
) -> Body:
    """The text, with what else is said of it: by JSON-LD, by the feed, and by the longest description."""
    described = max((value for said in describing for value, _ in said.descriptions), key=len, default="")
    fed = entry.content if entry else ""
    found = read_body(root, told_text=told.text, fed=fed, title=heading, description=described)
    if told.updates and not live.shown(told.updates, text.plain(markdown(found.blocks))):
        return msgspec.structs.replace(found, blocks=live.blocks(told.updates), origin="json-ld liveBlogUpdate")
    return found
