"""Find articles that repeat the text of another: a small sketch of each, and all pairs of them that are alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from ..types import Sketch, Twin
from .alike import AT_LEAST, SHORT, Templates, Text, claims, same
from .index import COMPARED, Index, reachable
from .shingles import pack, resemblance, sketch, unpack

__all__ = ["AT_LEAST", "pack", "resemblance", "sketch", "twins", "unpack"]

COPY_GAP = timedelta(hours=12)  # an exact copy this near to one that is in the index finds nothing that it does not
COPIES = 64  # of one text in the index, at most


def twins(
    new: Sequence[Sketch],
    seen: Sequence[Sketch],
    originals: Mapping[str, str] | None = None,
    at_least: float = AT_LEAST,
) -> dict[str, Twin]:
    """URL of each article of `new` that repeats another -> its twin; articles without one are absent.

    The original is the first of those with the same text. What was seen before comes before all of `new`, so that an
    original stays one; then an agency's own article, then one that does not say that it is taken from another, then by
    the time when it was out, then by URL. A chain resolves to its first; `resemblance` is to that one. Where a
    provider repeats itself, the original is its own earlier article.
    originals: URL of a seen article that repeats another -> that other, as was decided then. A URL in both `new` and
    `seen` counts as new. at_least: Jaccard coefficient, over 0 to 1; ValueError outside.
    The order of the arguments makes no difference; an article costs no more than a bounded search.
    """
    if not 0.0 < at_least <= 1.0:
        raise ValueError(f"at_least must be over 0 and at most 1, got {at_least}")
    fresh = {one.url: one for one in sorted(new, key=_order)}
    old = {one.url: one for one in sorted(seen, key=_order) if one.url not in fresh}
    found = _Family([*old.values(), *fresh.values()], len(old), originals or {}, at_least)
    return {twin.url: twin for one in fresh.values() if (twin := found.place(one)) is not None}


def _order(one: Sketch) -> tuple[int, datetime, str, datetime, bytes]:
    return one.standing, one.out_at, one.url, one.published, one.hashes


class _Family:
    """Articles in their order, what each repeats, and the index over those that lead to others."""

    def __init__(self, ordered: Sequence[Sketch], old: int, originals: Mapping[str, str], at_least: float) -> None:
        self.ordered = ordered
        self.number = {one.url: number for number, one in enumerate(ordered)}
        self.at_least = at_least
        self.templates = Templates(ordered)
        self.original: dict[int, int] = {}  # of every article placed: the first with its text
        self.kept: dict[int, int] = {}  # the first of its own provider
        self.copies: dict[tuple[int, bytes], list[int]] = {}  # of one text, those in the index
        self.latest: dict[tuple[int, bytes, str], int] = {}  # of one text and provider
        near = reachable(ordered[:old], ordered[old:], at_least)
        self.index = Index([*near, *ordered[old:]], at_least=at_least)
        for number in range(old):
            self.original[number] = self._resolved(number, originals)
            first = self.original[number]
            self.kept[number] = first if ordered[first].provider == ordered[number].provider else number
        for one in near:
            self._enter(self.number[one.url])

    def _resolved(self, number: int, originals: Mapping[str, str]) -> int:
        """The first of a chain that was decided earlier, as far as its articles are here."""
        passed = {number}
        while (further := self.number.get(originals.get(self.ordered[number].url, ""))) is not None:
            if further in passed:
                break
            passed.add(further)
            number = further
        return number

    def place(self, one: Sketch) -> Twin | None:
        """What it repeats, of all that were placed before it."""
        number = self.number[one.url]
        match, own, crowd = self._matches(one)
        self.original[number] = number if match is None else self.original[match]
        self.kept[number] = number if own is None else self.kept[own]
        self._enter(number, needed=match is None or not crowd)
        first = self.ordered[self.kept[number] if own is not None else self.original[number]]
        # Of a chain that leads through another provider back to its own, nobody knows how alike its ends are.
        if match is None or (own is None and first.provider == one.provider):
            return None
        return Twin(url=one.url, original=first.url, resemblance=resemblance(one, first))

    def _matches(self, one: Sketch) -> tuple[int | None, int | None, bool]:
        """The first article with its text, and one with its text by its own provider, None where there is none; and
        whether more are like it than can be compared."""
        text = Text(one)
        match = own = None
        source = self.number.get(one.copy_of)
        if source is not None and source in self.original and claims(text, self.ordered[source]):
            match = source
        near = sorted(self.index.search(one)) if one.size else []
        for number in near:
            other = self.ordered[number]
            if match is None and (one.size >= SHORT or self.original[number] == number) and self._same(text, number):
                match = number
            latest = self.latest.get((other.halvings, other.hashes, one.provider))
            if own is None and latest is not None and self._same(text, latest):
                own = latest
        if own is None and match is not None and self.ordered[match].provider == one.provider:
            own = match
        return (own if match is None else match), own, len(near) >= COMPARED

    def _same(self, text: Text, number: int) -> bool:
        return same(text, self.ordered[number], self.templates, self.at_least)

    def _enter(self, number: int, needed: bool = True) -> None:
        """Let it be found, where that is needed: a further copy of one text, or a reprint among very many, would lead
        to what others lead to, and ten thousand of them would cost much."""
        one = self.ordered[number]
        self.latest[one.halvings, one.hashes, one.provider] = number
        copies = self.copies.setdefault((one.halvings, one.hashes), [])
        near = any(abs(one.published - self.ordered[copy].published) < COPY_GAP for copy in copies)
        if one.size and needed and not near and len(copies) < COPIES:
            copies.append(number)
            self.index.add(number, one)
