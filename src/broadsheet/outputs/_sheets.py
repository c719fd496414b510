"""Files that are made only where what they show has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

import msgspec

from ..types import Edition, File, Sheet, Story


def sheet(edition: Edition, path: str, shows: object, make: Callable[[], bytes]) -> File | Sheet:
    """A file of this edition; made at once where the edition has no marks.

    shows: all that its bytes depend on beside settings and program, as plain values, values of types.py, and marks of
    stories. make: gives its bytes; what it is bound to must follow from `shows`.
    """
    if not edition.mark:
        return File(path=path, data=make())
    facts = msgspec.msgpack.encode((edition.mark, path, shows))
    return Sheet(path=path, shows=hashlib.blake2b(facts, digest_size=16).digest(), make=make)


def marks(edition: Edition, stories: Iterable[Story]) -> list[bytes]:
    """What a page of these stories shows of them, in their order."""
    return [edition.marks[story.id] for story in stories] if edition.mark else []
