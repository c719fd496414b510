"""Which blocks of a page are its text: each has a chance by the signs it shows, and the best set of them is kept."""

from __future__ import annotations

import math
from collections.abc import Sequence

from . import signs
from .walk import PLACES, Walk
from .weights import BIAS, WEIGHTS

_LONG = 6  # words; a block of at least these that was there before is not said again


def chances(walk: Walk, title: str, description: str) -> list[float]:
    """The chance of each block to be of the text, 0 to 1: a logistic regression on its signs."""
    places: dict[signs.Place, float] = {}
    found = []
    for place, names in signs.read(walk, title, description):
        total = places.get(place)
        if total is None:
            total = places[place] = BIAS + sum(WEIGHTS.get(name, 0.0) for name in signs.place_names(place))
        for name in names:
            total += WEIGHTS.get(name, 0.0)
        found.append(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))))
    return found


def kept(walk: Walk, chance: Sequence[float]) -> tuple[list[int], float]:
    """The places of the blocks that make the text, in order, and the F1 that is expected of them, 0 to 1.

    Of all thresholds that one is taken for which the expected F1 over words is highest: kept words that are right,
    twice, by all words kept and all that should be. A page that is sure of little keeps more of what is in doubt.
    Source: Lipton, Elkan, Naryanaswamy, "Optimal thresholding of classifiers to maximize F1 measure", ECML 2014.
    """
    blocks = walk.blocks
    order = sorted(range(len(blocks)), key=lambda i: -chance[i])
    wanted = sum(chance[i] * blocks[i].words for i in order)
    right, size, best, most = 0.0, 0, 0.0, 0
    for count, i in enumerate(order, 1):
        right += chance[i] * blocks[i].words
        size += blocks[i].words
        expected = 2 * right / (size + wanted) if size + wanted else 0.0
        if expected > best:
            best, most = expected, count
    taken = set(order[:most])
    seen: set[str] = set()
    places = []
    for i, block in enumerate(blocks):
        if i in taken and not (block.words >= _LONG and block.text in seen):
            seen.add(block.text)
            places.append(i)
    return places, best


def without_title(walk: Walk, places: list[int], title: str) -> list[int]:
    """Without the heading that is the page's title, and without headings that nothing follows."""
    blocks = walk.blocks
    folded = title.casefold()
    places = [
        i for i in places if not (_is_heading(blocks[i].tag) and folded and _same(blocks[i].text.casefold(), folded))
    ]
    while places and _is_heading(blocks[places[-1]].tag):
        places.pop()
    return places


def _is_heading(tag: str) -> bool:
    return len(tag) == 2 and tag[0] == "h" and tag[1].isdigit()


def _same(heading: str, title: str) -> bool:
    return heading == title or (len(heading) > 20 and (title.startswith(heading) or heading.startswith(title)))


def in_table(walk: Walk, i: int) -> bool:
    """Whether a block stands in a table."""
    return bool(walk.nodes[walk.blocks[i].node].within & PLACES["table"])
