"""What a room's stories mean beside the words they use: sums of dense vectors, and who is near by them.

All vectors are whole multiples of `dense.GRID`, so that sums, cosines and hence decisions are the same to the last bit
in whatever order and on whatever machine they are made.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..types import Struct
from . import dense
from ._terms import Member

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Row = NDArray[np.float32]

LEAD = 300  # characters of the text that are looked at beside the title
SHORT = 12.0  # words at which the words say as much as the sense
NEAREST = 4  # stories by sense that are looked at besides those by words,
LEAST = 0.2  # with this cosine or more
ROWS = 4_096  # stories that are found by sense: those that changed last
BACKGROUND = 0.05  # mean cosine of two articles of different stories, before any are known,
PRIOR = 10.0  # which counts for so many articles

Features = dict[str, float]


class Sensed(Struct, frozen=True):
    """An article: its unit vector, and how much that counts (0 to 1, the more the fewer words it has)."""

    row: Row
    short: float


class _Meant:
    """A story: sum of its articles' vectors, its length, and the sum of how much each counts."""

    __slots__ = ("length", "short", "size", "total")

    def __init__(self) -> None:
        self.total = np.zeros(dense.DIMENSIONS)
        self.length, self.short, self.size = 1.0, 0.0, 0

    def add(self, total: NDArray[np.floating], short: float, size: int) -> None:
        self.total += total
        self.length = math.sqrt(float(self.total @ self.total)) or 1.0
        self.short += short
        self.size += size

    def row(self) -> Row:
        return (np.round(self.total / (self.length * dense.GRID)) * dense.GRID).astype(np.float32)


class Sense:
    """The stories of one room by slot."""

    def __init__(self) -> None:
        self.meant: dict[int, _Meant] = {}
        self.rows = np.zeros((ROWS, dense.DIMENSIONS), np.float32)  # unit vectors of stories
        self.slots: list[int] = []  # of each row, -1 where it is free
        self.at: dict[int, int] = {}  # slot -> row, the one that changed last at the end
        self.free: list[int] = []
        self.ready: dict[str, Row] = {}  # URL -> vector of an article that is still to come
        self.total = np.zeros(dense.DIMENSIONS)  # of all articles so far
        self.members = 0
        self.between = 0.0  # sum of mean cosines of each article to those of other stories,
        self.measured = 0  # for so many articles

    # --- articles ----------------------------------------------------------------------------------------------------

    def expect(self, members: Iterable[Member]) -> None:
        """Make the vectors of articles that will come, all at once."""
        held = [member for member in members if not member.sense]
        self.ready.update(zip([m.url for m in held], dense.vectors(map(_text, held)), strict=True))

    def of(self, member: Member, words: int) -> Sensed:
        """The article, of so many words."""
        row = self.ready.pop(member.url, None)
        if row is None:
            row = unpack(member.sense) if member.sense else dense.vectors([_text(member)])[0]
        return Sensed(row, SHORT / (SHORT + words))

    # --- stories -----------------------------------------------------------------------------------------------------

    def add(self, slot: int, article: Sensed) -> None:
        """Make the article a member of the story."""
        meant = self.meant.get(slot)
        if meant is None:
            meant = self.meant[slot] = _Meant()
        if self.members > meant.size:
            others = float(article.row @ (self.total - meant.total))
            self.between += max(0.0, others) / (self.members - meant.size)
            self.measured += 1
        self.members += 1
        self.total += article.row
        meant.add(article.row, article.short, 1)
        self._place(slot, meant)

    def absorb(self, keep: int, gone: int) -> None:
        """Two stories became one."""
        other = self.meant[gone]
        self.meant[keep].add(other.total, other.short, other.size)
        self.forget(gone)
        self._place(keep, self.meant[keep])

    def forget(self, slot: int) -> None:
        del self.meant[slot]
        row = self.at.pop(slot, None)
        if row is not None:
            self.rows[row] = 0.0
            self.slots[row] = -1
            self.free.append(row)

    def _place(self, slot: int, meant: _Meant) -> None:
        row = self.at.pop(slot, None)
        if row is None:
            if self.free:
                row = self.free.pop()
            elif len(self.slots) < ROWS:
                row = len(self.slots)
                self.slots.append(slot)
            else:
                row = self.at.pop(next(iter(self.at)))
            self.slots[row] = slot
        self.at[slot] = row
        self.rows[row] = meant.row()

    # --- what is near ------------------------------------------------------------------------------------------------

    def near(self, row: Row, but: int = -1) -> list[int]:
        """Slots of the stories with the largest cosines, best first; of equal ones the earlier."""
        cosines = self.rows[: len(self.slots)] @ row
        most = NEAREST + (but >= 0)
        least = LEAST
        if len(cosines) > most:
            least = max(least, float(np.partition(cosines, -most)[-most]))
        found = sorted((-float(cosines[at]), self.slots[at]) for at in np.flatnonzero(cosines >= least).tolist())
        return [slot for _, slot in found if slot not in (but, -1)][:NEAREST]

    def row(self, slot: int) -> Row:
        at = self.at.get(slot)
        return self.meant[slot].row() if at is None else self.rows[at]

    def background(self) -> float:
        """Mean cosine of two articles of different stories."""
        return (self.between + PRIOR * BACKGROUND) / (self.measured + PRIOR)

    def join(self, article: Sensed, slots: Sequence[int], found: Sequence[Features]) -> list[Features]:
        """Note in `found` how alike the article and each story are; returns what that must reach, of each."""
        meant = [self.meant[slot] for slot in slots]
        shares = [one.length / one.size for one in meant]
        return self._note(article.row, slots, shares, [article.short] * len(slots), found)

    def merge(self, slot: int, slots: Sequence[int], found: Sequence[Features]) -> list[Features]:
        """The same for a story and others."""
        own = self.meant[slot]
        meant = [self.meant[other] for other in slots]
        shares = [own.length * one.length / (own.size * one.size) for one in meant]
        shorts = [math.sqrt(own.short * one.short / (own.size * one.size)) for one in meant]
        return self._note(self.row(slot), slots, shares, shorts, found)

    def _note(
        self,
        row: Row,
        slots: Sequence[int],
        shares: Sequence[float],
        shorts: Sequence[float],
        found: Sequence[Features],
    ) -> list[Features]:
        """shares: mean cosine of the members as a share of the cosine of the sums. shorts: how much each counts."""
        cosines = [float(one) for one in np.array([self.row(slot) for slot in slots]) @ row] if slots else []
        best = sorted(cosines, reverse=True)
        background = 10.0 * self.background()
        needs = []
        for cosine, share, short, features in zip(cosines, shares, shorts, found, strict=True):
            rival = best[0] if cosine < best[0] else best[1] if len(best) > 1 else 0.0
            features["sense"] = short * cosine
            features["sense_members"] = short * cosine * share
            features["sense_lead"] = short * (cosine - rival)
            needs.append({"sense": short, "sense_background": short * background})
        return needs


def pack(members: Sequence[Member]) -> list[bytes]:
    """The vectors of articles as they are kept: 512 bytes each, exact."""
    return [(row / dense.GRID).astype("<i2").tobytes() for row in dense.vectors(map(_text, members))]


def unpack(kept: bytes) -> Row:
    return np.frombuffer(kept, "<i2").astype(np.float32) * np.float32(dense.GRID)


def _text(member: Member) -> str:
    return f"{member.title} {member.text[:LEAD]}"
