"""Articles of several pages: the address of the part that follows, and whether a page is a part of an article.

A part has the address of the first one and a number: `…?page=2`, `…/2`, `…/page/2/`, `…-2.html`. Nothing else is
followed: `rel=next` of a blog leads to its next post.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ... import text, urls
from ...errors import ParseError
from .block import Block

MAX_PARTS = 10  # the first one included
MAX_LINKS = 3_000  # of a page that are looked at
SHORT = 40  # characters of an item, a row or code that may stand in two parts

_NAMES = frozenset(
    ("page", "p", "pg", "paged", "pageno", "pagenum", "pagenumber", "page_no", "pag", "pagina", "seite", "sida", "strona", "part")
)  # fmt: skip
_WORDS = "page|pagina|seite|sida|strona|part|teil|partie|parte"
_NUMBERED = re.compile(
    rf"(?:/|[-_,](?=.*\.)|[-_](?=(?:{_WORDS})))(?:(?:{_WORDS})[-_/]?)?(?P<number>[0-9]{{1,2}})", re.IGNORECASE
)
_SHORT_NUMBER = re.compile(r"(?<![0-9])[0-9]{1,2}(?:[/.?&#]|$)")
_ENDING = re.compile(r"\.(?:s?html?|php|aspx?|jsp)$", re.IGNORECASE)
_PAGER = re.compile(
    r"pag(?:e|er|es|ing|in|ina|ination)s?(?:\b|[-_])|page-?(?:links|numbers|nav)|multi-?page", re.IGNORECASE
)
_OTHERS = re.compile(r"comment|kommentar|related|teaser", re.IGNORECASE)


class Numbered(NamedTuple):
    """Which part an address is. number: as written, None where none is. counted: it stands in the query."""

    number: int | None
    counted: bool = False


def next_part(named: Mapping[str, Sequence[Any]], url: str, first: str = "") -> str:
    """Address of the part that follows the page at `url`; empty where it names none. Raises ParseError for a bad `url`.

    named: all elements of the page by their names. first: address of the first part; empty where `url` is it.
    """
    first = first or url
    here = part_of(url, first)
    if here is None:
        return ""
    for address, is_next in _links(named, url):
        there = part_of(address, first)
        if there is None or there.number is None:
            continue
        # What counts from 0 has 1 as the second; only a page that says so by rel=next is believed.
        expected = (1, 2) if here.number is None and is_next and there.counted else ((here.number or 1) + 1,)
        if there.number in expected:
            return address
    return ""


def first_address(canonical: str, final_url: str) -> str:
    """The address that parts are counted from: the canonical one, where it is on the host that answered."""
    return canonical if urls.host(canonical) == urls.host(final_url) else final_url


def part_of(url: str, first: str) -> Numbered | None:
    """Which part of the article at `first` the address is; None where it is no part of it. Raises ParseError."""
    start, one = _split(first), _split(url)
    if one.host != start.host:
        return None
    own = {name for name, value in start.query if name in _NAMES and value not in ("0", "1")}  # such as a post's id
    numbers = [value for name, value in one.query if name in _NAMES and name not in own]
    rest, wanted = (
        sorted(pair for pair in query if pair[0] not in _NAMES or pair[0] in own) for query in (one.query, start.query)
    )
    if rest != wanted or len(numbers) > 1:
        return None
    if one.path == start.path:
        if not numbers:
            return Numbered(None)
        return Numbered(int(numbers[0]), counted=True) if re.fullmatch("[0-9]{1,2}", numbers[0]) else None
    stem = _ENDING.sub("", start.path)
    for base in (start.path, stem):
        if numbers or not base or not one.path.startswith(base):
            continue
        match = _NUMBERED.match(one.path, len(base))
        if match and one.path[match.end() :] in ("", start.path[len(stem) :]):
            return Numbered(int(match["number"]))
    return None


class _Address(NamedTuple):
    host: str
    path: str  # without a slash at its end
    query: tuple[tuple[str, str], ...]


def _split(url: str) -> _Address:
    parsed = urls.parse(urls.canonical(url))
    pairs = [pair.partition("=") for pair in parsed.search.lstrip("?").split("&") if pair]
    query = tuple((name.lower(), value) for name, _, value in pairs)
    return _Address(parsed.host, parsed.pathname.rstrip("/"), query)


def _links(named: Mapping[str, Sequence[Any]], url: str) -> Iterator[tuple[str, bool]]:
    """Addresses that may be those of the next part, and whether the page calls them so, the surest first."""
    base = next((href for element in named.get("base", ()) if (href := (element.get("href") or "").strip())), "")
    anchors = named.get("a", ())[:MAX_LINKS]
    said = [
        one
        for one in (*named.get("link", ())[:MAX_LINKS], *anchors)
        if (rel := one.get("rel")) and "next" in rel.lower().split()
    ]
    pagers = [a for a in anchors if (href := a.get("href")) and _SHORT_NUMBER.search(href[-200:]) and _is_in_pager(a)]
    for one, is_next in (*((one, True) for one in said), *((one, False) for one in pagers)):
        try:
            yield urls.canonical((one.get("href") or "").strip(), urls.canonical(base, url) if base else url), is_next
        except ParseError:
            continue


def _is_in_pager(anchor: Any) -> bool:
    """True for a link among page numbers: its own or a near element's class, id or label says so, and none is a comment's."""
    near = [anchor, *(parent for parent, _ in zip(anchor.iterancestors(), range(4), strict=False))]
    marks = " ".join(
        (element.get(name) or "")[:200]
        for element in near
        for name in ("class", "id", "aria-label", "role")
        if element.get(name)
    )
    return bool(_PAGER.search(marks)) and not _OTHERS.search(marks)


def joined(parts: Sequence[Sequence[Block]]) -> tuple[Block, ...]:
    """The blocks of all parts in order; what an earlier part has said (the title, a lead, a caption) is not said again."""
    if len(parts) == 1:
        return tuple(parts[0]) if any(not _may_repeat(block) for block in parts[0]) else ()
    found: list[Block] = []
    said: set[str] = set()
    for part in parts:
        fresh = [block for block in part if _may_repeat(block) or text.fold(block.text) not in said]
        said.update(text.fold(block.text) for block in part)
        found += fresh if any(not _may_repeat(block) for block in fresh) else []
    return tuple(found)


def _may_repeat(block: Block) -> bool:
    return block.kind in ("item", "code", "table") and len(block.text) < SHORT
