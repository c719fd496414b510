"""Blocks of a walk that were kept, as blocks of a text: what is a heading, an item, a quote, a table."""

from __future__ import annotations

from collections.abc import Sequence

from .block import Block
from .walk import PLACES, Node, Seen, Walk

_MAX_CELL = 40  # words of a cell on average; a table of more than these lays out a page


def blocks(walk: Walk, places: Sequence[int]) -> tuple[Block, ...]:
    """The blocks at these places of the walk, in order. Lines of one code, and rows of one table, become one block."""
    nodes = walk.nodes
    numbers = _numbers(nodes)
    tables = _data_tables(walk, places)
    made: list[Block] = []
    open_: tuple[int, int, int] = (-1, -1, -1)  # the code or table of the block before, its row, its cell
    first_of_item: set[int] = set()
    for i in places:
        seen = walk.blocks[i]
        node = nodes[seen.node]
        table = _above(nodes, seen.node, "table") if node.within & PLACES["table"] else -1
        if table in tables:
            row = _above(nodes, seen.node, "tr")
            cell = max(_above(nodes, seen.node, "td"), _above(nodes, seen.node, "th"))
            if open_[0] == table:
                glue = "\n" if row != open_[1] else " | " if cell != open_[2] else " "
                text = f"{made[-1].text}{glue}{_one_line(seen.text)}"
                made[-1] = Block(kind="table", text=text)
            else:
                made.append(Block(kind="table", text=_one_line(seen.text)))
            open_ = (table, row, cell)
            continue
        code = _above(nodes, seen.node, "pre") if node.within & PLACES["pre"] else -1
        if code >= 0 and open_[0] == code:
            made[-1] = Block(kind="code", text=f"{made[-1].text}\n{seen.text}")
            continue
        open_ = (code, -1, -1)
        made.append(_block(nodes, seen, code, numbers, first_of_item))
    return tuple(made)


def _block(nodes: list[Node], seen: Seen, code: int, numbers: dict[int, int], begun: set[int]) -> Block:
    within = nodes[seen.node].within
    if code >= 0:
        return Block(kind="code", text=seen.text)
    if len(seen.tag) == 2 and seen.tag[0] == "h" and seen.tag[1] in "123456":
        return Block(kind="heading", text=seen.text, level=int(seen.tag[1]))
    if within & PLACES["figcaption"]:
        return Block(kind="caption", text=seen.text)
    if within & PLACES["li"]:
        item = _above(nodes, seen.node, "li")
        if item not in begun:
            begun.add(item)
            return Block(kind="item", text=seen.text, level=_nesting(nodes, item), ordered=numbers.get(item, 0))
    if within & PLACES["blockquote"]:
        return Block(kind="quote", text=seen.text)
    return Block(kind="paragraph", text=seen.text)


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


def _data_tables(walk: Walk, places: Sequence[int]) -> set[int]:
    """The tables that hold data: two rows and two columns at least, cells that are short. Others lay out a page."""
    nodes = walk.nodes
    cells: dict[int, dict[int, int]] = {}  # words of each cell
    rows: dict[int, dict[int, set[int]]] = {}
    for i in places:
        seen = walk.blocks[i]
        if not nodes[seen.node].within & PLACES["table"]:
            continue
        table = _above(nodes, seen.node, "table")
        cell = max(_above(nodes, seen.node, "td"), _above(nodes, seen.node, "th"))
        row = _above(nodes, seen.node, "tr")
        if row < table or cell < row:
            continue
        cells.setdefault(table, {})[cell] = cells.setdefault(table, {}).get(cell, 0) + seen.words
        rows.setdefault(table, {}).setdefault(row, set()).add(cell)
    return {
        table
        for table, words in cells.items()
        if len(rows[table]) >= 2
        and max(map(len, rows[table].values())) >= 2
        and sum(words.values()) <= _MAX_CELL * len(words)
    }
