"""Answers about an edition that many outputs ask for, each found once."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TypeVar

from ..types import Edition

Answer = TypeVar("Answer")


def asked_once(find: Callable[[Edition], Answer]) -> Callable[[Edition], Answer]:
    """The same function, which keeps its last answer: an edition never changes. The answer goes with its edition."""
    held: dict[int, Answer] = {}

    def answer(edition: Edition) -> Answer:
        key = id(edition)
        if key not in held:
            held[key] = find(edition)
            weakref.finalize(edition, held.pop, key, None)
        return held[key]

    return answer
