"""Headings that may be the headline of a page, without what stands in them beside it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import lxml.html

from .document import ByName
from .said import LONGEST, MOST, Told

# Parts of a heading that say what it belongs to, what follows it or when it was, as class names call them.
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:kicker|overline|over-?title|overhead|dachzeile|spitzmarke|roof-?line|top-?line|eyebrow|pre-?title|super-?title|sup-?title|surtitre|"
    r"anteti\w+|occhiello|vignette|rubri[ck]\w*|topic|category|section|label|badge|flag|sub-?title|sub-?head\w*|sub-?line|meta|date|author|byline|"
    r"sr-only|visually-?hidden|screen-reader\S*|offscreen|a11y-hidden)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Headings that name the site, a menu or the place in the site's tree, for whoever cannot see the page or a search engine.
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:site-?(?:title|name|logo|branding)|logo\w*|brand|menu-toggle|widget-?title|[\w-]*crumbs?|seo-?title|"
    r"sr-only|visually-?hidden|screen-reader-text|offscreen)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ASIDE_OF = re.compile(
    r"(?:^|[\s_-])(?:site-?(?:title|name|logo|branding)|logo|[\w-]*crumbs?)(?:$|[\s_-])", re.IGNORECASE
)
_MOST_PIECES = 200  # texts of one heading; one that nobody closes holds the whole page
_AROUND = frozenset(["nav", "aside", "footer", "dialog", "ol"])
_WHOLE = frozenset(["html", "body", "main", "article"])
_LINES = frozenset(["br", "div", "p", "li"])


def read(root: lxml.html.HtmlElement, named: ByName) -> tuple[Told, ...]:
    """Headings of the first level, those in an article first; then those of the second and third; then those aside.

    Places: `h1`, `h2`, `h3`, and `h1 aside` for one that names the site, a menu or the place in the site's tree.
    """
    found: list[tuple[int, str, str]] = []
    known: dict[lxml.html.HtmlElement, bool] = {}
    for heading in named.get("h1", ())[:MOST]:
        if line := _line(heading):
            aside = is_aside(heading, known)
            inside = any(around.tag in ("article", "main") for around in heading.iterancestors())
            found.append((3 if aside else 0 if inside else 1, line, "h1 aside" if aside else "h1"))
    lower = ((_line(heading), heading) for heading in itertools.islice(root.iter("h2", "h3"), MOST))
    found += [(2, line, heading.tag) for line, heading in lower if line and not is_aside(heading, known)]
    found.sort(key=lambda heading: heading[0])
    return tuple(Told(line, place) for _, line, place in found)


def is_aside(heading: lxml.html.HtmlElement, known: dict[lxml.html.HtmlElement, bool]) -> bool:
    """True for a heading of the site, a menu or a list, by its own names and those of what is next around it.

    known: what was found of elements around other headings of the page; it is added to.
    """
    if _ASIDE.search(_names(heading)) or any(
        "home" in rel.lower().split() for a in heading.iter("a") if (rel := a.get("rel"))
    ):
        return True
    if _ends_trail(heading):
        return True
    for around in itertools.islice(heading.iterancestors(), 4):  # a nav that nobody closes holds the whole page
        if around not in known:
            known[around] = around.tag in _AROUND or (
                around.tag not in _WHOLE and _ASIDE_OF.search(_names(around)) is not None
            )
        if known[around]:
            return True
    return False


def _ends_trail(heading: lxml.html.HtmlElement) -> bool:
    """True for what stands behind two links or more in one row: it tells where the page is, and not what it says."""
    before = list(itertools.islice(heading.itersiblings(preceding=True), 8))
    links = [one for one in before if one.tag == "a" and "".join(itertools.islice(one.itertext(), 20)).strip()]
    return (
        len(links) >= 2
        and len(links) == len(before)
        and not any((one.tail or "").strip(" \t\r\n/>|›»·") for one in before)
    )


def _names(element: lxml.html.HtmlElement) -> str:
    """What it is called: its class and id, and the names of its data attributes (`data-article-kicker`)."""
    data = " ".join(name[5:] for name in element.attrib if name.startswith("data-"))
    return f"{element.get('class') or ''} {element.get('id') or ''} {data}"[:LONGEST]


def _line(heading: lxml.html.HtmlElement) -> str:
    """Its text on one line without what stands beside the headline in it: parts of such a name, shorter than the rest."""
    whole = _joined(_pieces(heading, beside=None))
    return _joined(_pieces(heading, beside=len(whole) // 2)) or whole


def _joined(pieces: Iterator[str]) -> str:
    return " ".join("".join(itertools.islice(pieces, _MOST_PIECES)).split())[:LONGEST]


def _pieces(element: lxml.html.HtmlElement, *, beside: int | None) -> Iterator[str]:
    """The texts of an element. beside: characters of the longest part that may be left out; None to take all."""
    yield element.text or ""
    for child in element:
        if child.tag in _LINES:
            yield " "
        if beside is None or not _is_beside(child, beside):
            yield from _pieces(child, beside=beside)
        if child.tag in _LINES:
            yield " "
        yield child.tail or ""


def _is_beside(child: lxml.html.HtmlElement, longest: int) -> bool:
    named = (
        child.tag in ("time", "style", "script", "button")
        or child.get("aria-hidden") == "true"
        or _BESIDE.search(child.get("class") or "")
        or any("kicker" in name or "overline" in name for name in child.attrib)  # data-kicker="..."
    )
    return bool(named) and len("".join(itertools.islice(child.itertext(), _MOST_PIECES)).strip()) <= longest
