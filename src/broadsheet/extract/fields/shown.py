"""The picture that a page shows its readers at the head of the article, at the best size that it offers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import lxml.html

from ...types import Image
from ..said import LONGEST, size
from .address import absolute

LARGEST = 2_000  # pixels of width: what is wider is meant for print or for zooming
_LEAST = 200  # pixels of width: what is narrower is a portrait, a teaser or an icon
_ENOUGH = 640  # pixels of width: a narrower one gives way to what the page claims
_LOOKED_AT = 200  # pictures of a page
_PARAGRAPH = 80  # characters: what is shorter is a caption, a byline or a label
_SOURCES = ("src", "data-src", "data-lazy-src", "data-original", "data-image-url", "data-url")
_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:\?|$)", re.IGNORECASE)
_ONE_OF_SET = re.compile(r"\s*(\S+)\s+(\d{1,5})(?:\.\d+)?([wx])\s*(?:,|$)")
_ASIDE_TAGS = frozenset(("nav", "aside", "footer", "form", "li"))
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|sidebar|footer|related|recommend\w*|teasers?|promo\w*|newsletter|author\w*|avatar|byline|bio|logo|brand|"
    r"icons?|ads?|advert\w*|sponsor\w*|comments?|share|social|ticker|weather|popular|trending|cookie|consent)(?:[\s_-]|$)",
    re.IGNORECASE,
)
_OTHER_PATH = re.compile(
    r"/(?:team|staff|authors?|people|contributors?|avatars?|profiles?|licen[sc]es?|icons?|badges?|flags?|logos?|ads|banners?)[/_-]",
    re.IGNORECASE,
)


def find(root: lxml.html.HtmlElement, claimed: Sequence[str], base: str) -> Image | None:
    """The lead picture as the page shows it; None where it shows none.

    claimed: absolute addresses from the page's metas. What is claimed is often cropped square or stamped for cards, so
    the same picture as readers see it is the better one. It is known by the asset's number or name in its address. A
    picture that nobody claims counts when it stands between the heading and the second paragraph; where others are
    claimed, only as a figure or as one that the browser is told to load first: others may be a portrait or an advert.
    Where nothing is claimed and nothing stands there, it is the first such picture of the text.
    """
    keys = [_keys(address) for address in claimed]
    lead: Image | None = None
    later: Image | None = None
    for element, near in _pictures(root):
        image = _best(element, base)
        if image is None:
            continue
        own = _keys(image.url)
        small = bool(claimed) and 0 < image.width <= _ENOUGH
        if any(own & key for key in keys):
            return None if small else image
        if _OTHER_PATH.search(image.url):
            continue
        if lead is None and near and not small and (not claimed or _is_prominent(element, image)):
            lead = image
        if later is None and not claimed and _is_prominent(element, image):
            later = image
    return lead or later


def is_same(one: str, other: str) -> bool:
    """True when both addresses are renditions of one asset, as far as they tell."""
    return one == other or bool(_keys(one) & _keys(other))


def _pictures(root: lxml.html.HtmlElement) -> Iterator[tuple[lxml.html.HtmlElement, bool]]:
    """Pictures outside of asides in order, and whether each stands where lead pictures do. A new heading begins anew."""
    paragraphs, headed, seen = 0, False, 0
    for element in root.iter("h1", "p", "img", "amp-img"):
        if element.tag == "h1":
            paragraphs, headed = 0, True
        elif element.tag == "p":
            if paragraphs <= 1:  # more tell no more
                paragraphs += len("".join(element.itertext()).strip()) >= _PARAGRAPH
        elif seen < _LOOKED_AT:
            seen += 1
            within = [parent.tag for parent in element.iterancestors("article", "main", "figure")]
            if not _is_aside(element):
                yield element, paragraphs <= 1 and (headed or "figure" in within)


def _is_prominent(element: lxml.html.HtmlElement, image: Image) -> bool:
    first = element.get("fetchpriority") == "high" or element.get("loading") == "eager"
    return first or image.width >= 1.5 * _LEAST or next(element.iterancestors("figure", "picture"), None) is not None


def _is_aside(element: lxml.html.HtmlElement) -> bool:
    for depth, parent in enumerate((element, *element.iterancestors())):
        if parent.tag in _ASIDE_TAGS:
            return True
        if parent.tag in ("article", "main", "body"):
            return False
        if depth < 5 and _ASIDE.search(f"{parent.get('class') or ''} {parent.get('id') or ''}"[:300]):
            return True
    return False


def _best(element: lxml.html.HtmlElement, base: str) -> Image | None:
    """The largest rendition up to LARGEST that the element, or the `picture` around it, offers; or what it links to."""
    width, height = size(element.get("width")), size(element.get("height"))
    if 0 < width < _LEAST or 0 < height < _LEAST / 2:
        return None
    parent = element.getparent()
    if parent is not None and parent.tag == "a" and _FILE.search(whole := (parent.get("href") or "")[:LONGEST]):
        sizes = (size(element.get("data-original-width")), size(element.get("data-original-height")))
        own = absolute(element.get("src") or "", base)
        if (url := absolute(whole, base)) and (url == own or is_same(url, own) or _name(url) == _name(own)):
            return Image(
                url=url,
                width=sizes[0] or (width if url == own else 0),
                height=sizes[1] or (height if url == own else 0),
            )
    elements = [element]
    while parent is not None and parent.tag in ("picture", "source"):  # libxml2 nests what follows an unclosed source
        elements += [child for child in (parent, *parent) if child.tag == "source"]
        parent = parent.getparent()
    offers: list[tuple[int, str]] = []
    for each in elements:
        for name in _SETS:
            offers += [
                (int(w), url) for url, w, unit in _ONE_OF_SET.findall((each.get(name) or "")[:8_000]) if unit == "w"
            ]
    fitting = [offer for offer in offers if _LEAST <= offer[0] <= LARGEST]
    if fitting:
        wide, address = max(fitting, key=lambda offer: offer[0])
        if url := absolute(address[:LONGEST], base):
            return Image(url=url, width=wide, height=round(wide * height / width) if width and height else 0)
    for name in _SOURCES:
        address = (element.get(name) or "").strip()[:LONGEST]
        if address and not address.startswith("data:") and (url := absolute(address, base)):
            if "placeholder" in url or url.split("?")[0].endswith((".svg", "blank.gif", "spacer.gif")):
                continue
            return Image(url=url, width=width, height=height)
    return None


def _name(address: str) -> str:
    return address.partition("?")[0].rpartition("/")[2]


def _keys(address: str) -> frozenset[str]:
    """What names the asset in an address, whatever its rendition: numbers of six digits, digests, a long name or path."""
    path, _, query = address.split("//", 1)[-1].partition("/")[2].partition("?")
    words = re.split(r"[^0-9A-Za-z]+", f"{path} {query}"[:1_000])
    keys = {w for w in words if (w.isdigit() and len(w) >= 6 and not re.match(r"(?:19|20)\d{6}$", w)) or _is_digest(w)}
    stem = re.sub(
        r"(?:[-_.](?:\d{2,4}x\d{2,4}|\d{2,4}w?|w\d{2,4}|scaled|thumb|small|medium|large|xl))+$",
        "",
        path.rsplit("/", 1)[-1].rsplit(".", 1)[0],
    )
    tail = "/".join(path.rsplit("/", 3)[-3:])
    return frozenset(keys | {name for name in (stem, tail) if len(name) >= 12})


def _is_digest(word: str) -> bool:
    return len(word) >= 10 and any(c.isalpha() for c in word) and sum(c.isdigit() for c in word) >= 3
