"""What is kept of a language between two cycles, and what a cycle decided."""

from __future__ import annotations

import msgspec

from ..types import Membership, Regrouping, Struct
from ._rarity import Rarity


class Grouped(Struct, frozen=True, kw_only=True):
    """What a cycle decided. regroupings: of stories that were there before. vocabularies: for the next, by language."""

    memberships: tuple[Membership, ...]
    regroupings: tuple[Regrouping, ...] = ()
    vocabularies: dict[str, bytes] = {}


class _Seen(msgspec.Struct):
    articles: float
    seen: dict[str, float]


def encode(*rarities: Rarity) -> bytes:
    """Rarities as bytes, equal for equal ones."""
    return msgspec.msgpack.encode([_Seen(*rarity.kept()) for rarity in rarities], order="sorted")


def decode(kept: bytes, *rarities: Rarity) -> None:
    """Take up what `encode` kept. Raises msgspec.DecodeError."""
    for rarity, seen in zip(rarities, msgspec.msgpack.decode(kept, type=list[_Seen]), strict=True):
        rarity.take_up(seen.articles, seen.seen)
