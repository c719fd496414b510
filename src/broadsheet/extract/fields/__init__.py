"""One value of each field from all that is said of it: one file a field, each with `find`.

A field's file has its order of precedence, with the reason, and what makes a claim unusable. `find` takes the claims
(see said.py) and gives the value, the place it was taken from, and every candidate, so that the choice can be shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

from ...types import Claim

T = TypeVar("T")

MOST_CANDIDATES = 12
LONGEST_CANDIDATE = 300  # characters


class Found(NamedTuple, Generic[T]):
    """A field's value. place: where it was taken from; empty where nothing says anything. candidates: all there was."""

    value: T
    place: str = ""
    candidates: tuple[Claim, ...] = ()


def candidates(field: str, said: Iterable[tuple[str, str]]) -> tuple[Claim, ...]:
    """Claims of `field` from pairs of value and place: each value once, with all places that give it, in order."""
    places: dict[str, list[str]] = {}
    for value, place in said:
        if value and (value in places or len(places) < MOST_CANDIDATES):
            known = places.setdefault(value, [])
            if place not in known:
                known.append(place)
    return tuple(
        Claim(field=field, value=value[:LONGEST_CANDIDATE], places=tuple(where[:MOST_CANDIDATES]))
        for value, where in places.items()
    )
