"""Find all sketches that may be twins of one, without comparing it with each: an index over rare words and pairs.

Two sets of which one shares `s` of its n hashes with the other share a hash among its n - s + 1 rarest, and among the
other's, when both are put in one order. So only these are looked up, and none that nobody else has. Sources: Chaudhuri,
Ganti, Kaushik, "A primitive operator for similarity joins in data cleaning", ICDE 2006; Bayardo, Ma, Srikant, "Scaling
up all pairs similarity search", WWW 2007; Xiao, Wang, Lin, Yu, "Efficient similarity joins for near duplicate
detection", WWW 2008.
"""

from __future__ import annotations

import heapq
import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ..types import Sketch
from .alike import AT_LEAST, fewest, shortest
from .shingles import hashes

LOOKED_AT = 20_000  # entries of the index that one search goes through, those under rare hashes first
COMPARED = 100  # sketches that it then gives, those that share most of the rare hashes first
BUCKETS = 2**23  # in which hashes are counted, at most

_ONE = 1 << 32


class Index:
    """Sketches by their rarest hashes. Those of texts that were sampled, and those compared with them, once for each
    rate: two sketches meet at the coarser of theirs.

    Every sketch that is ever put in or asked about is named when it is made, since they decide what is rare.
    """

    def __init__(self, asked: Sequence[Sketch], others: Sequence[Sketch] = (), at_least: float = AT_LEAST) -> None:
        """asked: sketches that `search` will be called with; others: those that may only be found."""
        self._at_least = at_least
        self._smallest: dict[int, int] = {}  # rate -> the size of the shortest text that has it
        for one in (*asked, *others):
            self._smallest[one.halvings] = min(one.size, self._smallest.get(one.halvings, one.size))
        wanted: dict[int, set[int]] = defaultdict(set)
        for one in asked if others else ():
            for rate in self._rates(one):
                wanted[rate].update(hashes(one, rate))
        self.reachable = tuple(one for one in others if self._reaches(one, wanted))
        self._counts, self._mask = self._counted([*asked, *self.reachable])
        # By rate and hash, the numbers of sketches: of those that have this rate themselves, and of those that do not.
        self._own: dict[int, dict[int, list[int]]] = {rate: {} for rate in self._smallest}
        self._finer: dict[int, dict[int, list[int]]] = {rate: {} for rate in self._smallest}

    def add(self, number: int, one: Sketch) -> None:
        for rate in self._rates(one):
            held = (self._own if rate == one.halvings else self._finer)[rate]
            for value in self._rarest(one, rate):
                held.setdefault(value, []).append(number)

    def search(self, one: Sketch) -> list[int]:
        """Numbers of the sketches so far that may be twins of it: all that can be, while they are few (LOOKED_AT,
        COMPARED); in no order that means anything."""
        found: list[int] = []
        for rate in self._rates(one):
            places = [self._own[rate], self._finer[rate]] if rate == one.halvings else [self._own[rate]]
            for value in self._rarest(one, rate):
                for place in places:
                    if (held := place.get(value)) is not None:
                        found += held[: LOOKED_AT - len(found)]
        shared = Counter(found)
        if len(shared) <= COMPARED:
            return list(shared)
        return heapq.nsmallest(COMPARED, shared, key=lambda number: (-shared[number], number))

    def _rates(self, one: Sketch) -> Iterator[int]:
        """The rates at which it may meet a twin: its own, and those of texts not too long for it."""
        longest = one.size / shortest(self._at_least)
        for rate, smallest in self._smallest.items():
            if rate == one.halvings or (rate > one.halvings and smallest <= longest):
                yield rate

    def _reaches(self, one: Sketch, wanted: dict[int, set[int]]) -> bool:
        """Whether all that is asked about has, taken together, enough of its hashes."""
        for rate in self._rates(one):
            values = hashes(one, rate)
            if len(wanted[rate].intersection(values)) >= max(1, self._needed(one, len(values))):
                return True
        return False

    def _counted(self, sketches: Iterable[Sketch]) -> tuple[array[int], int]:
        """How many sketches have a hash, or another of its bucket: any count gives an order, and 1 means alone."""
        held = list(sketches)
        total = sum(len(one.hashes) for one in held) // 4
        buckets = min(BUCKETS, 1 << (2 * total).bit_length())
        counts, mask = array("I", bytes(4 * buckets)), buckets - 1
        for one in held:
            for rate in self._rates(one):
                for value in hashes(one, rate):
                    counts[value & mask] += 1
        return counts, mask

    def _rarest(self, one: Sketch, rate: int) -> list[int]:
        """Of its hashes, rarest first, the first n - s + 1; without those that it has alone."""
        counts, mask = self._counts, self._mask
        values = hashes(one, rate)
        ordered = sorted([counts[value & mask] << 32 | value for value in values])
        prefix = ordered[: len(ordered) - self._needed(one, len(ordered)) + 1]
        return [value & (_ONE - 1) for value in prefix if value >= 2 * _ONE]

    def _needed(self, one: Sketch, count: int) -> int:
        return math.ceil(fewest(one, self._at_least) * count - 1e-9)
