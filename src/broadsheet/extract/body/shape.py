"""Blocks of a walk that were kept, as blocks of a text: what is a heading, an item, a quote, a table."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from . import entries
from .block import Block
from .walk import PLACES, Node, Seen, Walk

_MAX_CELL = 40  # words of a cell on average; a table of more than these lays out a page
_CAPTION = 300  # characters
_UNNAMED = 160  # of one that only its place tells
_CALLED = re.compile(
    r"(?:^|[\s_-])(?:(?:wp-)?caption(?:-text)?|img[_-]?desc\w*|bildunterschrift|bildtext|legende|didascalia|pie-?de-?foto)(?:$|[\s_-])",
    re.IGNORECASE,
)


def whole_tables(walk: Walk, places: Sequence[int]) -> list[int]:
    """The same places, with tables of data whole or not at all: the cells of one table tell little one by one.

    One is kept of which half is; or which stands between two kept blocks of its own box, or beside one if any of it is kept.
    """
    tables = _data_tables(walk)
    if not tables:
        return list(places)
    nodes, kept = walk.nodes, set(places)
    for table, (first, last, inside) in tables.items():
        taken = sum(i in kept for i in inside)
        box = nodes[table].parent
        around = {box, nodes[box].parent} if box > 0 else {box}  # a box of its own, to scroll it
        before = next((i for i in range(first - 1, -1, -1) if i in kept), -1)
        after = next((i for i in range(last + 1, len(walk.blocks)) if i in kept), -1)
        beside = sum(i >= 0 and _is_in(nodes, walk.blocks[i].node, around) for i in (before, after))
        if 2 * taken >= len(inside) or beside == 2 or (taken and beside):
            kept.update(inside)
            if first and _is_heading(walk.blocks[first - 1].tag) and nodes[walk.blocks[first - 1].node].parent == box:
                kept.add(first - 1)
        else:
            kept.difference_update(inside)
    return sorted(kept)


def _is_in(nodes: list[Node], place: int, boxes: set[int]) -> bool:
    """True where one of the boxes is the node's parent or the parent's."""
    parent = nodes[place].parent
    return parent in boxes or (parent > 0 and nodes[parent].parent in boxes)


def blocks(walk: Walk, places: Sequence[int]) -> tuple[Block, ...]:
    """The blocks at these places of the walk, in order. Lines of one code, and the rows of one table, become one block."""
    nodes = walk.nodes
    numbers = _numbers(nodes)
    tables = _data_tables(walk)
    times = entries.read(walk)
    updates = entries.of_items(walk, times)
    pictures = sorted(walk.pictures)
    made: list[Block] = []
    code_before = -1
    told: set[int] = set()
    first_of_item: set[int] = set()
    for i in entries.without_others(walk, places, times):
        seen = walk.blocks[i]
        node = nodes[seen.node]
        table = _above(nodes, seen.node, "table") if node.within & PLACES["table"] else -1
        if table in tables:
            if table not in told:
                told.add(table)
                made.append(Block(kind="table", text=_rows(walk, table, tables[table].inside)))
            code_before = -1
            continue
        code = _above(nodes, seen.node, "pre") if node.within & PLACES["pre"] else -1
        if code >= 0 and code_before == code:
            made[-1] = Block(kind="code", text=f"{made[-1].text}\n{seen.text}")
            continue
        code_before = code
        if i in times:
            made.append(Block(kind="heading", text=f"{times[i]} – {seen.text}", level=entries.LEVEL))
        elif code < 0 and _is_caption(walk, i, pictures):
            made.append(Block(kind="caption", text=seen.text))
        else:
            made.append(_block(nodes, seen, code, numbers, first_of_item, updates))
    return tuple(made)


def _rows(walk: Walk, table: int, inside: Sequence[int]) -> str:
    """A row a line, cells parted by bars; a cell without text has its place."""
    nodes = walk.nodes
    texts: dict[int, list[str]] = {}
    for i in inside:
        texts.setdefault(_cell(nodes, walk.blocks[i].node), []).append(_one_line(walk.blocks[i].text))
    last = walk.blocks[inside[-1]].node
    rows: dict[int, list[str]] = {}
    for place in range(table + 1, last + 1):
        if nodes[place].tag in ("td", "th") and _above(nodes, place, "table") == table:
            rows.setdefault(_above(nodes, place, "tr"), []).append(" ".join(texts.get(place, ())))
    return "\n".join(" | ".join(row) for row in rows.values() if any(row))


def _block(
    nodes: list[Node], seen: Seen, code: int, numbers: dict[int, int], begun: set[int], updates: set[int]
) -> Block:
    within = nodes[seen.node].within
    if code >= 0:
        return Block(kind="code", text=seen.text)
    if _is_heading(seen.tag):
        return Block(kind="heading", text=seen.text, level=int(seen.tag[1]))
    if within & PLACES["li"]:
        item = _above(nodes, seen.node, "li")
        if item not in begun and item not in updates:
            begun.add(item)
            return Block(kind="item", text=seen.text, level=_nesting(nodes, item), ordered=numbers.get(item, 0))
    if within & PLACES["blockquote"]:
        return Block(kind="quote", text=seen.text)
    return Block(kind="paragraph", text=seen.text)


def _is_caption(walk: Walk, i: int, pictures: Sequence[int]) -> bool:
    """True for what stands alone with a picture in one box, or is called a caption."""
    nodes, seen = walk.nodes, walk.blocks[i]
    node = nodes[seen.node]
    if node.within & PLACES["figcaption"] or (pictures and len(seen.text) <= _CAPTION and _CALLED.search(node.said)):
        return True
    if not pictures or len(seen.text) > _UNNAMED or seen.tag in ("p", "li") or _is_heading(seen.tag):
        return False
    box = seen.node
    at = bisect_left(pictures, box)
    if seen.tag == "td" and not (at < len(pictures) and pictures[at] == box):
        box = _above(nodes, node.parent, "table")
        at = bisect_left(pictures, box)
    if box <= 0 or at == len(pictures) or not _holds(nodes, box, pictures[at]):  # what a box holds stands in one row
        return False
    return not any(0 <= j < len(walk.blocks) and _holds(nodes, box, walk.blocks[j].node) for j in (i - 1, i + 1))


def _is_heading(tag: str) -> bool:
    return len(tag) == 2 and tag[0] == "h" and tag[1] in "123456"


def _holds(nodes: list[Node], box: int, place: int) -> bool:
    while place > box:
        place = nodes[place].parent
    return place == box


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _above(nodes: list[Node], place: int, tag: str) -> int:
    """The nearest node with this name, from `place` up; -1 where there is none."""
    while place >= 0 and nodes[place].tag != tag:
        place = nodes[place].parent
    return place


def _nesting(nodes: list[Node], item: int) -> int:
    lists = 0
    place = nodes[item].parent
    while place >= 0:
        lists += nodes[place].tag in ("ul", "ol")
        place = nodes[place].parent
    return max(0, lists - 1)


def _numbers(nodes: list[Node]) -> dict[int, int]:
    """The number of each item of an ordered list."""
    counts: dict[int, int] = {}
    numbers: dict[int, int] = {}
    for place, node in enumerate(nodes):
        if node.tag == "li" and node.parent >= 0 and nodes[node.parent].tag == "ol":
            counts[node.parent] = numbers[place] = counts.get(node.parent, 0) + 1
    return numbers


class _Table(NamedTuple):
    """The places of its first and last block, and of all that are its own: a table within it has others."""

    first: int
    last: int
    inside: list[int]


def _cell(nodes: list[Node], place: int) -> int:
    return max(_above(nodes, place, "td"), _above(nodes, place, "th"))


def _data_tables(walk: Walk) -> dict[int, _Table]:
    """The tables that hold data: two rows and two columns at least, cells that are short. Others lay out a page."""
    nodes = walk.nodes
    inside: dict[int, list[int]] = {}
    rows: dict[int, dict[int, set[int]]] = {}
    for i, seen in enumerate(walk.blocks):
        if not nodes[seen.node].within & PLACES["table"]:
            continue
        table = _above(nodes, seen.node, "table")
        cell = _cell(nodes, seen.node)
        row = _above(nodes, seen.node, "tr")
        if row < table or cell < row:
            continue
        inside.setdefault(table, []).append(i)
        rows.setdefault(table, {}).setdefault(row, set()).add(cell)
    return {
        table: _Table(places[0], places[-1], places)
        for table, places in inside.items()
        if len(rows[table]) >= 2
        and max(map(len, rows[table].values())) >= 2
        and sum(walk.blocks[i].words for i in places) <= _MAX_CELL * sum(map(len, rows[table].values()))
    }
