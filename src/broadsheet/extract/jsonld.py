"""JSON-LD: read every block of a page, however broken, and say what its main node claims."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from .. import urls
from ..errors import ParseError
from ..types import Image
from .body import live
from .document import ByName
from .fields.paywalled import is_closed
from .said import LONGEST, MOST, Said, Told, size

MAX_BLOCKS = 60
MAX_CHARS = 2_000_000  # of all blocks together
MAX_NODES = 3_000
MAX_DEPTH = 12

Node = dict[str, Any]

_DECODER = json.JSONDecoder(strict=False)
_WRAPPING = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|(?://)?\s*<!\[CDATA\[)|(?:-->|/\*\s*\]\]>\s*\*/|(?://)?\s*\]\]>)\s*$"
)
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
_LOOSE_COMMA = re.compile(r",(\s*[}\]])")
_LOST_COMMA = re.compile(r'([}\]"])(\s*\n\s*")')
_PAIR = re.compile(
    r'"(@type|headline|datePublished|dateModified|description|thumbnailUrl|articleBody)"\s*:\s*"((?:[^"\\]|\\.){1,100000}?)"'
)
_PICTURE = re.compile(
    r'"image"\s*:\s*[\[{\s]*(?:"@type"\s*:\s*"ImageObject"\s*,\s*)?(?:"url"\s*:\s*)?"(https?:[^"\s]{5,1000})"'
)
_FREE = re.compile(r'"isAccessibleForFree"\s*:\s*"?(true|false)', re.IGNORECASE)
_NAMES = re.compile(r'"author"\s*:\s*[\[\s]*\{[^{}]{0,300}?"name"\s*:\s*"([^"\\]{2,80})"')

# Types that are an article or hold the place of one, best first; every other name that ends in Article joins the first.
_BEST = ("Article", "NewsArticle", "ReportageNewsArticle", "BlogPosting", "LiveBlogPosting", "Report", "Posting")
_NEXT = (
    "Review",
    "CriticReview",
    "UserReview",
    "ClaimReview",
    "Recipe",
    "HowTo",
    "Interview",
    "SocialMediaPosting",
    "CreativeWork",
)
_VIDEO = ("VideoObject", "Clip", "Episode", "TVEpisode")
_PAGE = ("WebPage", "ItemPage", "AboutPage", "MedicalWebPage", "FAQPage")


def read(named: ByName, page_url: str) -> tuple[Said, Said]:
    """What the main node claims, and what the node of the page itself claims (weaker: its dates may be of the template)."""
    nodes = list(_nodes(named))
    index = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 2}
    kinds = tuple(dict.fromkeys(kind for node in nodes for kind in types(node)))[: 2 * MOST]
    main = _main(nodes, page_url)
    pages = [node for node in nodes if any(kind.casefold() in _PAGES for kind in types(node))]
    video = next((node for node in nodes if set(types(node)) & set(_VIDEO)), None)
    said = _with_updates(_said("json-ld", main or {}, index, kinds), main, nodes, page_url)
    weaker = _said(
        "json-ld", (pages[0] if pages else {}) if main else (video or (pages[0] if pages else {})), index, ()
    )
    return said, _with_site(weaker, [node for node in nodes if "WebSite" in types(node)][:MOST], index)


def _with_updates(said: Said, main: Node | None, nodes: list[Node], page_url: str) -> Said:
    """With the updates of the live blog that the page is, and the newest of them as its last change.

    A live blog at another address is one that the page only points to.
    """
    key = _identity(page_url)
    for node in (*([main] if main else []), *nodes):
        here = [_identity(url) for url in (*_strings(node.get("url")), *_strings(node.get("mainEntityOfPage")))[:4]]
        if "LiveBlogPosting" not in types(node) or (node is not main and here and key not in here):
            continue
        if found := live.updates(node):
            told = Told(live.newest(found), "json-ld liveBlogUpdate")
            return msgspec.structs.replace(
                said, updates=found, updated=(*([told] if told.value else []), *said.updated)
            )
    return said


def _with_site(said: Said, sites: list[Node], index: dict[str, Node]) -> Said:
    """With the names of the nodes of the site, and the logos of who publishes it. A person's name is no site's."""
    publishers = [_follow(site.get("publisher"), index) for site in sites]
    organisations = [node for node in publishers if "Person" not in types(node)]
    names = [name for node in (*sites, *organisations) for name in _told(node, "name", place="WebSite name")]
    logos = [logo for node in publishers for logo in _images(node.get("logo"), index)]
    slogans = [
        line for node in (*sites, *publishers) for key in ("description", "slogan") for line in _strings(node.get(key))
    ]
    return msgspec.structs.replace(
        said, sites=(*said.sites, *names), logos=(*said.logos, *logos), slogans=tuple(slogans[:MOST])
    )


_PAGES = frozenset(name.casefold() for name in _PAGE)


def types(node: Node) -> tuple[str, ...]:
    """The names in `@type`, without a vocabulary's address."""
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return tuple(
        re.split(r"[/#:]", name.strip())[-1] for name in names[:MOST] if isinstance(name, str) and len(name) < 200
    )


def is_article(kind: str) -> bool:
    """True for a schema.org type that is an article in its own right."""
    return kind.endswith("Article") or kind in _BEST


def _nodes(named: ByName) -> Iterator[Node]:
    """Objects at the top of each block, in `@graph`, and what they call their main entity. Bounded in number and depth."""
    left, seen = MAX_CHARS, 0
    blocks = [s for s in named.get("script", ()) if "ld+json" in (s.get("type") or "").lower()][:MAX_BLOCKS]
    for block in blocks:
        text = (block.text or "")[:left]
        left -= len(text)
        stack: list[tuple[Any, int]] = [(value, 0) for value in reversed(_loads(text))]
        while stack and seen < MAX_NODES:
            value, depth = stack.pop()
            if isinstance(value, list) and depth < MAX_DEPTH:
                stack.extend((item, depth + 1) for item in reversed(value[:MAX_NODES]))
            elif isinstance(value, dict):
                seen += 1
                yield value
                if depth < MAX_DEPTH:
                    inner = (value.get(key) for key in ("mainEntityOfPage", "mainEntity", "@graph"))
                    stack.extend((item, depth + 1) for item in inner if isinstance(item, dict | list))


def _loads(text: str) -> list[Any]:
    """The values in one block. What is no JSON is mended, and where that fails too, its pairs are picked out."""
    text = _WRAPPING.sub("", _WRAPPING.sub("", text.strip())).strip().rstrip(";").strip()
    if text.startswith(("{&quot;", "[{&quot;", "{ &quot;")):
        text = html.unescape(text)
    for mend in (False, True):
        if mend:
            text = _LOST_COMMA.sub(r"\1,\2", _LOOSE_COMMA.sub(r"\1", _BAD_ESCAPE.sub(r"\\\\", text)))
        try:
            return list(_values(text))
        except (ValueError, RecursionError):
            continue
    return [_picked(text)]


def _values(text: str) -> Iterator[Any]:
    """JSON values one after another, as some publishers put several in one block. Raises ValueError, RecursionError."""
    at = 0
    while at < len(text):
        value, at = _DECODER.raw_decode(text, at)
        yield value
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1


def _picked(text: str) -> Node:
    """The few pairs that matter, from text that is no JSON; the first of each."""
    node: Node = {}
    for match in _PAIR.finditer(text):
        if match[1] != "@type" or is_article(match[2]):
            node.setdefault(match[1], match[2].replace('\\"', '"').replace("\\n", "\n").replace("\\/", "/"))
    if picture := _PICTURE.search(text):
        node["image"] = picture[1]
    if said := _FREE.search(text):
        node["isAccessibleForFree"] = said[1]
    if names := [match[1] for match in _NAMES.finditer(text)]:
        node["author"] = names[:MOST]
    return node


def _main(nodes: list[Node], page_url: str) -> Node | None:
    """The node that is this page: the best type, then the one with this address, then the one that says most."""
    key = _identity(page_url)
    best: tuple[tuple[int, int, int], Node] | None = None
    for node in nodes:
        names = types(node)
        rank = 2 if any(map(is_article, names)) else 1 if any(name in _NEXT for name in names) else 0
        if not rank or (rank == 1 and not (node.get("datePublished") or node.get("author"))):
            continue
        addresses = [*_strings(node.get("url")), *_strings(node.get("mainEntityOfPage")), *_strings(node.get("@id"))]
        here = int(bool(key) and any(_identity(address) == key for address in addresses[:4]))
        says = sum(bool(node.get(name)) for name in ("headline", "datePublished", "author", "image", "articleBody"))
        score = (rank, here, says)
        if best is None or score > best[0]:
            best = (score, node)
    return best[1] if best else None


def _identity(url: str) -> str:
    try:
        return urls.identity(url)
    except ParseError:
        return ""


def _said(origin: str, node: Node, index: dict[str, Node], kinds: tuple[str, ...]) -> Said:
    people, bodies = _authors(node.get("author") or node.get("creator"), index)
    publisher = _follow(node.get("publisher"), index)
    texts = _strings(node.get("articleBody") or node.get("text"))
    free, closed = _access(node, index)
    return Said(
        origin=origin,
        titles=_told(node, "headline", "name"),
        descriptions=_told(node, "description"),
        people=people,
        bodies=bodies,
        published=_told(node, "datePublished", "uploadDate", "dateCreated"),
        updated=_told(node, "dateModified"),
        images=tuple(_images(node.get("image"), index))
        or tuple(_images(node.get("thumbnailUrl") or node.get("thumbnail"), index)),
        logos=tuple(_images(publisher.get("logo"), index)),
        sites=(
            *_site_of(node, index),
            *(() if "Person" in types(publisher) else _told(publisher, "name", place="publisher")),
        ),
        credits=(*_strings(node.get("sourceOrganization")), *_strings(node.get("creditText"))),
        urls=(*_strings(node.get("url")), *_strings(node.get("mainEntityOfPage"))),
        languages=_told(node, "inLanguage"),
        kinds=kinds or types(node),
        embeds=_strings(node.get("embedUrl")),
        text=max(texts, key=len, default=""),
        free=free,
        closed=closed,
    )


def _access(node: Node, index: dict[str, Node]) -> tuple[tuple[Told, ...], tuple[str, ...]]:
    """What it says of being free to read, itself and of its parts; and the selectors of the parts that are not."""
    free = [Told(value, "json-ld isAccessibleForFree") for value in _truth(node.get("isAccessibleForFree"))]
    closed: list[str] = []
    parts = node.get("hasPart")
    for item in parts[:MOST] if isinstance(parts, list) else [parts]:
        part = _follow(item, index)
        values = _truth(part.get("isAccessibleForFree"))
        free += [Told(value, "json-ld hasPart isAccessibleForFree") for value in values]
        if any(map(is_closed, values)):
            closed += _strings(part.get("cssSelector"))
    return tuple(free[:MOST]), tuple(closed[:MOST])


def _truth(value: Any) -> tuple[str, ...]:
    """A Boolean in any of the forms in which publishers write one."""
    first = value[0] if isinstance(value, list) and value else value
    return (str(first).lower(),) if isinstance(first, bool) else tuple(v[:LONGEST] for v in _strings(first)[:1])


def _told(node: Node, *keys: str, place: str = "") -> tuple[Told, ...]:
    """Strings of the properties, in the order of `keys`, each with its place."""
    return tuple(Told(value, f"json-ld {place or key}") for key in keys for value in _strings(node.get(key)))


def _site_of(node: Node, index: dict[str, Node]) -> tuple[Told, ...]:
    """Names of the site that the node is part of; what else it may be part of (a series, a paid section) is none."""
    whole = _follow(node.get("isPartOf"), index)
    return _told(whole, "name", place="isPartOf") if "WebSite" in types(whole) else ()


def _strings(value: Any) -> tuple[str, ...]:
    """Strings of a value in any of the forms that JSON-LD allows for one."""
    found: list[str] = []
    for item in value[:MOST] if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            item = next(
                (
                    item[key]
                    for key in ("@value", "name", "url", "@id", "alternateName")
                    if isinstance(item.get(key), str)
                ),
                None,
            )
        if isinstance(item, bool):
            continue
        if isinstance(item, int | float):
            item = repr(item)
        if isinstance(item, str) and item.strip():
            found.append(item)
    return tuple(found)


def _follow(value: Any, index: dict[str, Node]) -> Node:
    """The object itself, the first of a list, or the node that a reference by `@id` means."""
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, dict)), None)
    if isinstance(value, str):
        return index.get(value) or {"name": value}
    if not isinstance(value, dict):
        return {}
    known = index.get(value["@id"]) if isinstance(value.get("@id"), str) else None
    return {**known, **value} if known else value


def _authors(value: Any, index: dict[str, Node]) -> tuple[tuple[Told, ...], tuple[Told, ...]]:
    """Names given as persons, and names given as organisations or as mere text."""
    people: list[Told] = []
    bodies: list[Told] = []
    for item in value[:MOST] if isinstance(value, list) else [value]:
        node = _follow(item, index)
        names = [name[:LONGEST] for name in _strings(node.get("name"))]
        if not names and isinstance(node.get("givenName"), str):
            names = [f"{node['givenName']} {node.get('familyName') or ''}"[:LONGEST]]
        known_body = any("Organization" in kind for kind in types(node))
        (bodies if known_body else people).extend(Told(name, "json-ld author") for name in names)
    return tuple(people[:MOST]), tuple(bodies[:MOST])


def _images(value: Any, index: dict[str, Node]) -> Iterator[Image]:
    for item in value[:MOST] if isinstance(value, list) else [value]:
        if isinstance(item, str):
            known = index.get(item)
            if known is None:
                yield Image(url=item.strip()[:LONGEST])
                continue
            item = known
        node = _follow(item, index)
        address = next(
            iter(_strings(node.get("url")) or _strings(node.get("contentUrl")) or _strings(node.get("@id"))), ""
        )
        if address:
            width, height = (size(_plain(node.get(side))) for side in ("width", "height"))
            yield Image(url=address.strip()[:LONGEST], width=width, height=height)


def _plain(value: Any) -> Any:
    """A number that schema.org wraps in a QuantitativeValue or a Distance."""
    return value.get("value") or value.get("name") if isinstance(value, dict) else value
