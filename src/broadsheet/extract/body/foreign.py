"""The body that trafilatura finds, in its own vocabulary of elements, as blocks; and mere paragraphs as blocks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from ... import text
from .block import Block

MAX_BLOCKS = 20_000
LAYOUT = 1_500  # characters from which a cell is no datum
# What stands in a line; trafilatura leaves some elements of HTML as they are.
_INLINE = frozenset((
    "hi", "ref", "del", "graphic", "a", "abbr", "b", "cite", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "samp",
    "small", "span", "strong", "sub", "sup", "time", "u", "var",
))  # fmt: skip


def blocks(body: Any) -> tuple[Block, ...]:
    """Blocks of an lxml tree of `head`, `p`, `list`, `item`, `quote`, `code`, `table`, `row`, `cell` and `lb`, in its order; none of None.

    An element of HTML that is left in it is part of a line or a block by itself, as in HTML. A line end (`lb`) parts two blocks: sites write whole
    articles as one paragraph with line ends.
    """
    return () if body is None else tuple(islice(_within(body, "paragraph"), MAX_BLOCKS))


def paragraphs(plain: str) -> tuple[Block, ...]:
    """Plain text, paragraphs parted by a blank line, as blocks."""
    return tuple(Block(kind="paragraph", text=line) for line in text.clean_paragraphs(plain).split("\n\n") if line)


def _within(element: Any, kind: str) -> Iterator[Block]:
    """Blocks of what an element holds. kind: of text that stands in it without an element of its own."""
    line = [element.text or ""]
    for child in element:
        if _is_apart(child):
            yield from _one(kind, line)
            yield from _of(child, kind)
            line = [child.tail or ""]
        else:
            line += [*child.itertext(), child.tail or ""]
    yield from _one(kind, line)


def _of(element: Any, kind: str) -> Iterator[Block]:
    """Blocks of an element that does not stand in a line."""
    match element.tag:
        case "lb":
            return
        case "code":
            yield from _code(element)
        case "head":
            rank = (element.get("rend") or "")[1:2]
            for block in _within(element, "heading"):
                yield Block(kind=block.kind, text=block.text, level=int(rank) if rank in tuple("123456") else 2)
        case "list":
            yield from _list(element, 0)
        case "table":
            yield from _table(element, kind)
        case tag:
            yield from _within(element, "quote" if tag == "quote" else kind)


def _table(element: Any, kind: str) -> Iterator[Block]:
    """One block; what only lays out a page (a single column, or a cell as long as an article) gives its cells' blocks."""
    inner = {id(row) for table in element.iter("table") if table is not element for row in table.iter("row")}
    rows = [list(row.iterchildren("cell")) for row in element.iter("row") if id(row) not in inner]
    said = [[_clean("".join(_words(cell, whole=True))).replace(" | ", " / ") for cell in row] for row in rows]
    if max(map(len, rows), default=0) > 1 and max(len(cell) for row in said for cell in row) <= LAYOUT:
        lines = [" | ".join(row) for row in said if any(row)]
        yield from [Block(kind="table", text="\n".join(lines))] if lines else []
        return
    for row in rows:
        for cell in row:
            yield from _within(cell, kind)


def _list(element: Any, level: int) -> Iterator[Block]:
    """Items in order, each one line, then what is listed within it."""
    ordered = element.get("rend") == "ol"
    number = 0
    for item in element:
        if item.tag == "list":
            yield from _list(item, level + 1)
            continue
        number += 1
        yield from _one("item", _words(item), level, number if ordered else 0)
        for child in item.iter("list"):
            if child is item or next(child.iterancestors("item", "list")) is item:
                yield from _list(child, level + 1)


def _words(element: Any, *, whole: bool = False) -> Iterator[str]:
    """Text of an element; parts that stand apart are parted by a space. whole: with the lists in it."""
    yield element.text or ""
    for child in element:
        apart = " " if _is_apart(child) else ""
        if whole or child.tag != "list":
            yield apart
            yield from _words(child, whole=whole)
        yield apart
        yield child.tail or ""


def _is_apart(element: Any) -> bool:
    return _is_listing(element) if element.tag == "code" else element.tag not in _INLINE


def _is_listing(element: Any) -> bool:
    """True for code that is no word of a sentence: it stands by itself, or has several lines."""
    return element.getparent().tag in ("body", "quote") or "\n" in "".join(element.itertext()).strip()


def _code(element: Any) -> Iterator[Block]:
    for end in element.iter("lb"):
        end.text = "\n"
    lines = text.clean_lines("".join(element.itertext()))
    if lines:
        yield Block(kind="code", text=lines)


def _one(kind: str, line: Any, level: int = 0, number: int = 0) -> Iterator[Block]:
    if said := _clean("".join(line)):
        yield Block(kind=kind, text=said, level=level, ordered=number)


def _clean(said: str) -> str:
    return text.clean(text.unescape(said) if "&" in said else said)
