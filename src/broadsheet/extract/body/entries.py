"""Updates of a live blog as the page shows them: a time of day beside a heading, several times over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from .walk import PLACES, Node, Walk

_LEAST = 3  # headings of one look with a time beside them; fewer are chance
_HEADINGS = frozenset(["h2", "h3", "h4", "h5"])
_CLOCK = re.compile(
    r"(?P<hours>[01]?[0-9]|2[0-3])\s?[:.h]\s?(?P<minutes>[0-5][0-9])\s?(?:(?P<half>[ap])\.?m\.?)?(?:\s?(?:uhr|h|[a-z]{2,4}))?",
    re.IGNORECASE,
)
LEVEL = 3


def read(walk: Walk) -> dict[int, str]:
    """The time of each update, "14:05", by the place of its heading; empty for a page that is no live blog."""
    blocks, nodes = walk.blocks, walk.nodes
    found: dict[int, str] = {}
    looks: Counter[tuple[str, str]] = Counter()
    for i, block in enumerate(blocks):
        if block.tag not in _HEADINGS:
            continue
        for beside in (i - 1, i + 1):
            if (
                0 <= beside < len(blocks)
                and len(blocks[beside].text) <= 12
                and _are_near(nodes, blocks[beside].node, block.node)
                and (clock := _CLOCK.fullmatch(blocks[beside].text))
            ):
                found[i] = _time(clock)
                looks[block.tag, nodes[block.node].said] += 1
                break
    return {i: time for i, time in found.items() if looks[blocks[i].tag, nodes[blocks[i].node].said] >= _LEAST}


def _time(clock: re.Match[str]) -> str:
    hours = int(clock["hours"])
    if half := (clock["half"] or "").lower():
        hours = hours % 12 + (12 if half == "p" else 0)
    return f"{hours:02}:{clock['minutes']}"


def _are_near(nodes: Sequence[Node], one: int, other: int) -> bool:
    """True for the parent of the other, or a child of the same."""
    return one == nodes[other].parent or nodes[one].parent == nodes[other].parent


def without_others(walk: Walk, places: Sequence[int], times: dict[int, str]) -> list[int]:
    """The same places without the times that headings are given, and without what stands between the updates of one list."""
    if not times:
        return list(places)
    nodes = walk.nodes
    items = of_items(walk, times)
    lists = {nodes[item].parent for item in items}
    kept = []
    for i in places:
        item = _item(nodes, walk.blocks[i].node)
        strange = item >= 0 and item not in items and nodes[item].parent in lists
        clock = (i + 1 in times or i - 1 in times) and bool(_CLOCK.fullmatch(walk.blocks[i].text))
        if not strange and not clock:
            kept.append(i)
    return kept


def _item(nodes: Sequence[Node], place: int) -> int:
    """The nearest item of a list that the node is or stands in; -1 for none."""
    if not nodes[place].within & PLACES["li"]:
        return -1
    while place >= 0 and nodes[place].tag != "li":
        place = nodes[place].parent
    return place


def of_items(walk: Walk, times: dict[int, str]) -> set[int]:
    """The items of lists that are updates: their paragraphs are none of a list."""
    return {item for i in times if (item := _item(walk.nodes, walk.blocks[i].node)) >= 0}
