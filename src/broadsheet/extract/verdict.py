"""Whether a page is an article at all, and if not, why: signs for and against, each with its weight, added up."""

from __future__ import annotations

import re
from collections.abc import Iterator

import lxml.html

from .. import text as words
from .. import urls
from ..types import Struct
from .jsonld import is_article
from .said import Said

REFUSED = -1.5  # a sum below this is no article: pages that say little either way are believed
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
        "localbusiness",
        "realestatelisting",
        "hotel",
        "restaurant",
        "softwareapplication",
        "service",
        "jobposting",
        "course",
    ]
)
FORUM = frozenset(("discussionforumposting", "qapage"))
LIST = frozenset(
    ["collectionpage", "itemlist", "searchresultspage", "offercatalog", "profilepage", "contactpage", "aboutpage"]
)
_DATED_PATH = re.compile(r"/(?:19|20)\d\d/\d\d?/")
_FORUM_PATH = re.compile(r"/(?:forums?|threads?|community|discussions?|questions|viewtopic)[/.]|showthread|viewtopic")
_LIST_PATH = re.compile(r"/(?:category|categories|tags?|author|archives?|search)(?:/|$)")
_OTHER_PATH = re.compile(
    r"^(?:docs?|developer|help|support|wiki)\.|"
    r"/(?:docs?|documentation|reference|manual|api|wiki|products?|shop|services?|search|archive)/"
)


class Signs(Struct, frozen=True, kw_only=True):
    """What is known of the page. listed: a source gave its address as that of an entry."""

    url: str
    text: str
    told: Said  # JSON-LD
    graph: Said  # Open Graph
    items: Said  # microdata
    dated: bool
    authored: bool
    listed: bool
    video: bool
    linked: float  # share of the page's characters that are links, 0 to 1


def refusal(signs: Signs) -> str:
    """Why the page is no article; empty where it is one. The reason is the heaviest sign against it."""
    if signs.video:
        return ""
    if not signs.text:
        return "page has no text"
    found = list(_signs(signs))
    if sum(weight for weight, _ in found) >= REFUSED:
        return ""
    _, why = min(found)
    return f"page is {why}"


def _signs(signs: Signs) -> Iterator[tuple[float, str]]:
    """Weight and meaning of each sign that is there. The weights were set on pages of seven kinds, by hand."""
    kinds = {kind.casefold() for kind in (*signs.told.kinds, *signs.items.kinds)}
    graph = {kind.casefold() for kind in signs.graph.kinds}
    article = any(is_article(kind) for kind in (*signs.told.kinds, *signs.items.kinds))
    if article:
        yield 3.0, "marked up as an article"
    if any("article" in kind for kind in graph):
        yield 1.5, "an article by Open Graph"
    if signs.told.published or signs.graph.published or signs.items.published:
        yield 1.0, "given a time of publication"
    if signs.dated:
        yield 1.0, "dated"
    if signs.authored:
        yield 1.0, "signed"
    if signs.listed:
        yield 1.5, "listed by a source"
    yield from _length(signs)
    if not article:
        if kinds & SHOP:
            yield -4.0, "a shop's offer"
        if kinds & LIST:
            yield -2.0, "a list by its own markup"
    if kinds & FORUM:
        yield -4.0, "a forum"
    if graph & {"product", "og:product", "product.item", "profile"}:
        yield -3.0, "a product or a profile"
    yield from _address(signs.url)


def _length(signs: Signs) -> Iterator[tuple[float, str]]:
    if sum(words.count_words(paragraph) >= 25 for paragraph in signs.text.split("\n\n")) >= 3:
        yield 1.0, "prose"
    if words.count_words(signs.text) < 120:
        yield -1.5, "short of text"
    if signs.linked > 0.45:
        yield -1.0, "mostly links"


def _address(url: str) -> Iterator[tuple[float, str]]:
    parts = urls.parse(url)
    path = parts.pathname.strip("/")
    last = path.rsplit("/", 1)[-1]
    if not path or (len(path) <= 3 and "/" not in path):
        yield -4.0, "a home page"
    if last.count("-") >= 3 or last.count("_") >= 3:
        yield 1.0, "named by a headline"
    if _DATED_PATH.search(parts.pathname):
        yield 1.0, "filed under a date"
    if _FORUM_PATH.search(f"{parts.pathname}{parts.search}"):
        yield -3.0, "a forum by its address"
    if _LIST_PATH.search(parts.pathname):
        yield -3.0, "a list by its address"
    elif _OTHER_PATH.search(f"{parts.hostname}{parts.pathname}/"):
        yield -2.5, "documentation, a shop or a service by its address"


def linked_share(root: lxml.html.HtmlElement) -> float:
    """Share of a page's visible characters that stand in links, 0 to 1."""
    whole = len(" ".join(root.text_content().split()))
    links = sum(len(" ".join(link.text_content().split())) for link in root.iter("a"))
    return min(1.0, links / whole) if whole else 0.0
