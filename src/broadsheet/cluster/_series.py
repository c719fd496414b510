"""Tell the next item of a recurring series from news of a story."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..text import tokens
from ._live import Known

SERIES_GAP = 20.0  # hours that two items of a series are apart, at least


def is_series(members: Sequence[Known], others: Iterable[Known]) -> bool:
    """Is one of `others` the next item of a recurring series rather than news of the story of `members`?

    True where all of the story are by its provider and one of their titles has the same formula, at least 20 hours
    away: "Market close: ..." of Monday and of Tuesday are two stories.
    """
    provider = members[0].provider
    if not provider or any(member.provider != provider for member in members):
        return False
    return any(
        abs(member.hour - other.hour) >= SERIES_GAP and _formulas(member.title) & _formulas(other.title)
        for other in others
        if other.provider == provider
        for member in members
    )


def _formulas(title: str) -> frozenset[str]:
    """What recurring titles have in common: two or more words before a colon, and the last three words; no numbers."""
    words = [word for word in tokens(title) if not any(c.isdigit() for c in word)]
    kicker, colon, rest = title.replace("：", ":").partition(":")
    before = [word for word in tokens(kicker) if not any(c.isdigit() for c in word)]
    found = {" ".join(before) + ":"} if colon and rest.strip() and len(before) >= 2 else set()
    return frozenset(found | ({" ".join(words[-3:])} if len(words) >= 5 else set()))
