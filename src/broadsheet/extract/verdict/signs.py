"""The signs of an article and of anything else: how much of each is on a page, 0 to 1."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from ... import text as words
from ...types import Struct
from ..fields.address import UNKNOWN
from ..jsonld import is_article
from ..said import Said
from . import address
from .shape import Shape

SHOP = frozenset(
    [
        "product",
        "productgroup",
        "productmodel",
        "individualproduct",
        "someproducts",
        "offer",
        "aggregateoffer",
        "itempage",
        "realestatelisting",
        "hotel",
        "restaurant",
        "softwareapplication",
        "webapplication",
        "mobileapplication",
        "course",
        "vehicle",
        "car",
    ]
)
SERVICE = frozenset(["service", "localbusiness", "professionalservice", "financialservice", "legalservice", "jobposting", "event", "contactpage", "aboutpage", "profilepage"])  # fmt: skip
LIST = frozenset(["collectionpage", "itemlist", "searchresultspage", "offercatalog"])
FORUM = frozenset(("discussionforumposting", "qapage"))
_DOCS_PROGRAM = re.compile(
    r"sphinx|mkdocs|docusaurus|gitbook|vuepress|vitepress|docsy|mediawiki|doxygen|javadoc|antora|mdbook"
)
_FORUM_PROGRAM = re.compile(r"discourse|phpbb|vbulletin|xenforo|smf|mybb|flarum|nodebb|invision|vanilla")


class Signs(Struct, frozen=True, kw_only=True):
    """What is known of the page. listed: a source gave its address as that of an entry."""

    url: str
    title: str
    text: str
    told: Said  # JSON-LD
    page: Said  # JSON-LD of the page itself
    graph: Said  # Open Graph
    metas: Said
    items: Said  # microdata
    plain: Said  # headings, times
    shape: Shape
    linked: float  # share of the visible characters that are links, 0 to 1
    listed: bool
    video: bool
    wall: str = ""  # what stands in the place of an article


def amounts(signs: Signs) -> dict[str, float]:
    """How much of each sign there is, 0 to 1; what is absent is 0. The names are those of weights.TABLE."""
    found = dict(_claims(signs))
    if f"//{UNKNOWN}/" not in signs.url:
        found.update(address.read(signs.url))
    found.update(_shape(signs.shape))
    found.update(_text(signs))
    if signs.listed:
        found["listed"] = 1.0
    return found


def _claims(signs: Signs) -> Iterator[tuple[str, float]]:
    told, graph, items = signs.told, signs.graph, signs.items
    kinds = {kind.casefold() for said in (told, items, signs.page) for kind in said.kinds}
    by_graph = {kind.casefold() for kind in graph.kinds}
    article = any(map(is_article, (*told.kinds, *items.kinds)))
    if article:
        yield "article type", 1.0
    if any("article" in kind for kind in by_graph):
        yield "open graph article", 1.0
    if "webpage" in kinds and not article:
        yield "plain page type", 1.0
    if kinds & SHOP or any("product" in kind for kind in by_graph):
        yield "shop type", 1.0
    if kinds & SERVICE or by_graph & {"profile", "business.business", "place"}:
        yield "service type", 1.0
    if kinds & LIST:
        yield "list type", 1.0
    if kinds & FORUM:
        yield "forum type", 1.0
    if told.published or graph.published or items.published:
        yield "published", 1.0
    if told.people or items.people or graph.people or signs.metas.people:
        yield "author", 1.0


def _shape(shape: Shape) -> Iterator[tuple[str, float]]:
    hrefs, parts, generator = shape.hrefs, shape.parts, shape.generator
    yield "one article element", float(shape.articles == 1)
    yield "many days", _of(max(0, shape.days - 2), 20)
    yield "day near heading", float(shape.near)
    yield "dateline parts", _of(parts.get("dateline", 0), 8)
    yield "captions", float(shape.captions > 0)
    yield "share links", float(hrefs.get("shares", 0) > 0)
    yield "posts", _of(shape.posts, 12)
    yield "users", _of(hrefs.get("users", 0), 30)
    yield "forum program", float(bool(_FORUM_PROGRAM.search(generator)))
    yield "shop parts", _of(parts.get("shop", 0), 30)
    yield "money", _of(shape.money, 30)
    yield "filters", _of(parts.get("filter", 0), 10)
    yield "pages", float(hrefs.get("pages", 0) > 1 or parts.get("pager", 0) > 0)
    yield "code", _of(shape.codes, 50)
    yield "edit links", float(hrefs.get("edits", 0) > 0)
    yield "documentation program", float(bool(_DOCS_PROGRAM.search(generator)))
    yield "buttons", _of(shape.buttons, 60)


def _text(signs: Signs) -> Iterator[tuple[str, float]]:
    paragraphs = signs.text.split("\n\n")
    counts = [words.count_words(paragraph) for paragraph in paragraphs]
    total = sum(counts)
    yield "words", _of(total, 1_500)
    prose = sum(count >= 25 for count in counts)
    yield "prose", _of(prose, 15)
    yield "links", signs.linked
    yield "length of paragraphs", min(1.0, total / len(counts) / 40)
    size = words.count_words(signs.title)
    yield "long title", min(1.0, size / 12)
    yield "short title", float(size <= 3)
    headings = [words.fold(value) for value, place in signs.plain.titles if place == "h1"]
    heads = [words.fold(value) for value, place in signs.plain.titles if place != "h1"]
    yield "heading in title", float(_agree(headings, heads))


def _agree(headings: Iterable[str], heads: Iterable[str]) -> bool:
    return any(heading in head or head in heading for head in heads if head for heading in headings if heading)


def _of(count: float, most: int) -> float:
    """0 for none, 1 for `most` and above; between them by the logarithm, as ten more mean less where there are many."""
    return min(1.0, math.log1p(count) / math.log1p(most))
