"""The sum of a story's vectors: a dict while it changes, two arrays once it is left alone (a fifth of the memory)."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable
from heapq import nlargest

Vector = dict[int, float]


class Sum:
    """Term -> weight. square: its squared length; length: of what is compared, at least 1 where it is empty."""

    __slots__ = ("at_rest", "length", "live", "most", "square", "terms")

    def __init__(self, most: int) -> None:
        self.most = most  # terms that are kept, where it has twice as many
        self.live: Vector = {}
        self.at_rest: array[float] | None = None  # weights
        self.terms = _NONE
        self.square = 0.0
        self.length = 1.0

    def add(self, vector: Vector) -> None:
        """Add a vector; what matters least of a long sum is left out."""
        into = self.wake()
        grown = 0.0
        for term, weight in vector.items():
            old = into.get(term, 0.0)
            into[term] = old + weight
            grown += weight * (2.0 * old + weight)
        self.square += grown
        self.length = math.sqrt(self.square) or 1.0
        if len(into) > 2 * self.most:
            self.live = dict(nlargest(self.most, into.items(), key=_weight))

    def wake(self) -> Vector:
        if self.at_rest is not None:
            self.live = dict(zip(self.terms, self.at_rest, strict=True))
            self.at_rest, self.terms = None, _NONE
        return self.live

    def rest(self) -> None:
        if self.at_rest is None:
            self.terms, self.at_rest = array("I", self.live), array("f", self.live.values())
            self.live = _EMPTY

    def items(self) -> Iterable[tuple[int, float]]:
        return self.live.items() if self.at_rest is None else zip(self.terms, self.at_rest, strict=True)

    def get(self, term: int) -> float:
        if self.at_rest is None:
            return self.live.get(term, 0.0)
        return self.at_rest[self.terms.index(term)] if term in self.terms else 0.0

    def dot(self, vector: Vector) -> float:
        if self.at_rest is None:
            live = self.live
            return sum([weight * live[term] for term, weight in vector.items() if term in live])
        return sum([vector[term] * held for term, held in zip(self.terms, self.at_rest, strict=True) if term in vector])

    def shared(self, vector: Vector) -> list[tuple[float, float, int]]:
        """Weight in the vector, weight here and term, for each that both have."""
        if self.at_rest is None:
            live = self.live
            return [(weight, live[term], term) for term, weight in vector.items() if term in live]
        return [
            (vector[term], held, term) for term, held in zip(self.terms, self.at_rest, strict=True) if term in vector
        ]

    def __len__(self) -> int:
        return len(self.live) if self.at_rest is None else len(self.terms)


_NONE: array[int] = array("I")
_EMPTY: Vector = {}


def _weight(item: tuple[int, float]) -> tuple[float, int]:
    return item[1], item[0]
