"""Find all sketches that may be twins of one, without comparing it with each: an index over rare words and pairs.

Two sets that share at least s hashes share k of them among the rarest n - s + k of each, n being how many it has, when
both are put in one order. So only these are looked up, and none that nobody else has. Sources: Chaudhuri, Ganti,
Kaushik, "A primitive operator for similarity joins in data cleaning", ICDE 2006; Bayardo, Ma, Srikant, "Scaling up all
pairs similarity search", WWW 2007; Xiao, Wang, Lin, Yu, "Efficient similarity joins for near duplicate detection", WWW
2008; Wang, Li, Feng, "Can we beat the prefix filtering?", SIGMOD 2012 (k above 1).
"""

from __future__ import annotations

import heapq
import math
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence

from ..types import Sketch
from .alike import AT_LEAST, fewest
from .shingles import hashes

LOOKED_AT = 20_000  # entries of the index that one search goes through, those under rare hashes first
COMPARED = 100  # sketches that it then gives, those that share most of the rare hashes first
SHARED = 6  # of the rarest, that twins have in common
BUCKETS = 2**23  # in which hashes are counted, at most

_HASH = (1 << 32) - 1


def reachable(seen: Sequence[Sketch], new: Sequence[Sketch], at_least: float = AT_LEAST) -> tuple[Sketch, ...]:
    """Those of `seen` that may be twins of any of `new`, which in most cycles are few."""
    if not seen:
        return ()
    texts = {(one.halvings, one.hashes): one for one in new}
    index = Index(list(texts.values()), seen, at_least)
    for number, one in enumerate(texts.values()):
        index.add(number, one)
    return tuple(one for one in seen if index.search(one))


class Index:
    """Sketches by their rarest hashes. Those of texts that were sampled, and those compared with them, once for each
    rate: two sketches meet at the coarser of theirs."""

    def __init__(
        self, sketches: Sequence[Sketch], strangers: Sequence[Sketch] = (), at_least: float = AT_LEAST
    ) -> None:
        """sketches: all that will ever be put in, and all that `search` will be called with, but for `strangers`. They
        decide what is rare."""
        self._at_least = at_least
        self._alone = 1 if strangers else 2  # a hash that fewer have leads to nobody
        self._smallest: dict[int, int] = {}  # rate -> the size of the shortest text that has it
        for one in (*sketches, *strangers):
            self._smallest[one.halvings] = min(one.size, self._smallest.get(one.halvings, one.size))
        self._counts, self._mask = self._counted(sketches)
        # By rate and hash, the numbers of sketches: of those that have this rate themselves, and of those that do not.
        self._own: dict[int, dict[int, list[int]]] = {rate: {} for rate in self._smallest}
        self._finer: dict[int, dict[int, list[int]]] = {rate: {} for rate in self._smallest}
        self._few: dict[int, dict[int, int]] = {
            rate: {} for rate in self._smallest
        }  # of which less than SHARED is asked

    def add(self, number: int, one: Sketch) -> None:
        for rate in self._rates(one):
            held = (self._own if rate == one.halvings else self._finer)[rate]
            values, shared = self._rarest(one, rate)
            for value in values:
                held.setdefault(value, []).append(number)
            if shared < SHARED:
                self._few[rate][number] = shared

    def search(self, one: Sketch) -> list[int]:
        """Numbers of the sketches so far that may be twins of it: all that can be, while they are few (LOOKED_AT,
        COMPARED); in no order that means anything."""
        found: dict[int, int] = {}
        looked_at = 0
        for rate in self._rates(one):
            places = [self._own[rate], self._finer[rate]] if rate == one.halvings else [self._own[rate]]
            values, enough = self._rarest(one, rate)
            few = self._few[rate]
            numbers: list[int] = []
            for value in values:
                for place in places:
                    if (held := place.get(value)) is not None:
                        numbers += held[: LOOKED_AT - looked_at - len(numbers)]
            looked_at += len(numbers)
            shared = Counter(numbers)
            found |= {n: count for n, count in shared.items() if count >= enough or count >= few.get(n, SHARED)}
        if len(found) <= COMPARED:
            return list(found)
        return heapq.nsmallest(COMPARED, found, key=lambda number: (-found[number], number))

    def _rates(self, one: Sketch) -> Iterator[int]:
        """The rates at which it may meet a twin: its own, and those of texts not too long for it."""
        longest = one.size / fewest(one, self._at_least)
        for rate, smallest in self._smallest.items():
            if rate == one.halvings or (rate > one.halvings and smallest <= longest):
                yield rate

    def _counted(self, sketches: Sequence[Sketch]) -> tuple[array[int], int]:
        """How many sketches have a hash, or another of its bucket: any count gives an order, and 1 means alone."""
        total = sum(len(one.hashes) for one in sketches) // 4
        buckets = min(BUCKETS, 1 << (2 * total).bit_length())
        counts, mask = array("I", bytes(4 * buckets)), buckets - 1
        for one in sketches:
            for rate in self._rates(one):
                for value in hashes(one, rate):
                    counts[value & mask] += 1
        return counts, mask

    def _rarest(self, one: Sketch, rate: int) -> tuple[list[int], int]:
        """Of its hashes, rarest first, the first n - s + k, without those that it has alone; and k."""
        counts, mask = self._counts, self._mask
        values = hashes(one, rate)
        needed = self._needed(one, len(values))
        shared = max(1, min(SHARED, needed))
        # Those that nobody has come first of all.
        ordered = sorted([count << 32 | value for value in values if (count := counts[value & mask])])
        prefix = ordered[: max(0, len(ordered) - needed + shared)]
        lowest = self._alone << 32
        return [value & _HASH for value in prefix if value >= lowest], shared

    def _needed(self, one: Sketch, count: int) -> int:
        return math.ceil(fewest(one, self._at_least) * count - 1e-9)
