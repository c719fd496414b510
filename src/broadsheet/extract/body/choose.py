"""Which blocks of a page are its text: each has a chance by the signs it shows, and the best set of them is kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from . import signs
from .walk import Seen, Walk
from .weights import BIAS, WEIGHTS

_HOPELESS = -3.0  # a score by place and size alone that no other sign makes good
_MOST = 6.0  # of a score: no sign is that sure
# Where most is clear, what is not is rather left out: the chances of what stands within an article run too high.
_CLEAR = 0.85
_FLOOR = 0.6
_LONG = 6  # words; a block of at least these that was there before is not said again


def chances(walk: Walk, title: str, description: str) -> list[float]:
    """The chance of each block to be of the text, 0 to 1: a logistic regression on its signs, levelled.

    Blocks that look alike (same element and class, in a parent of the same class, as deep) are of one kind more often
    than their own signs tell: each is moved half of the way to what all of its look say.
    """
    weigh = WEIGHTS.get

    def hopeless(place: signs.Place, block: Seen) -> bool:
        return _at(place) + weigh(signs.size(block), 0.0) < _HOPELESS

    scores = [
        max(-_MOST, min(_MOST, _at(place) + sum([weigh(name, 0.0) for name in names]))) if names else -_MOST
        for place, names in signs.read(walk, title, description, hopeless)
    ]
    looks: dict[tuple[str, str, str, int], tuple[float, float]] = {}
    kinds = [(*signs.look(walk.nodes, block), walk.nodes[block.node].depth) for block in walk.blocks]
    for kind, block, score in zip(kinds, walk.blocks, scores, strict=True):
        mass = min(block.words, 60) + 0.5
        size, whole = looks.get(kind, (0.0, 0.0))
        looks[kind] = size + mass, whole + mass * score
    found = []
    for kind, score in zip(kinds, scores, strict=True):
        size, whole = looks[kind]
        found.append(1 / (1 + math.exp(-0.5 * (score + whole / size))))
    return found


@lru_cache(maxsize=8_192)
def _at(place: signs.Place) -> float:
    """The score by place alone. The pages of a site have a few hundred places."""
    return BIAS + sum([WEIGHTS.get(name, 0.0) for name in signs.place_names(place)])


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
    least = _FLOOR if best > _CLEAR else 0.0
    taken = {i for i in order[:most] if chance[i] >= least}
    seen: set[str] = set()
    places = []
    for i, block in enumerate(blocks):
        if i in taken and not (block.words >= _LONG and block.text in seen):
            seen.add(block.text)
            places.append(i)
    return places, best


def without_title(walk: Walk, places: list[int], title: str) -> list[int]:
    """Without the heading that is the page's title (in its words, or an h1 above all text), and without headings that
    nothing follows."""
    blocks = walk.blocks
    folded = title.casefold()
    places = [
        i for i in places if not (_is_heading(blocks[i].tag) and folded and _same(blocks[i].text.casefold(), folded))
    ]
    while places and _is_heading(blocks[places[-1]].tag):
        places.pop()
    first = next((n for n, i in enumerate(places) if blocks[i].tag == "h1"), -1)
    if first >= 0 and not any(signs.is_prose(blocks[i]) for i in places[:first]):
        del places[first]
    return places


def _is_heading(tag: str) -> bool:
    return len(tag) == 2 and tag[0] == "h" and tag[1].isdigit()


def _same(heading: str, title: str) -> bool:
    return heading == title or (len(heading) > 20 and (title.startswith(heading) or heading.startswith(title)))
