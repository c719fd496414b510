"""Tell the next item of a recurring series from news of a story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from ..text import tokens
from ._terms import Member

SERIES_GAP = timedelta(hours=20)  # two items of a series are at least this far apart


def is_series(members: Sequence[Member], member: Member) -> bool:
    """Is this the next item of a recurring series rather than news of the story?

    members: of the story. True where all are by this provider and one of their titles has the same formula, at least
    20 hours away: "Market close: ..." of Monday and of Tuesday are two stories.
    """
    if not member.provider or any(other.provider != member.provider for other in members):
        return False
    formula = _formulas(member.title)
    return any(
        abs(other.published - member.published) >= SERIES_GAP and formula & _formulas(other.title) for other in members
    )


def _formulas(title: str) -> frozenset[str]:
    """What recurring titles have in common: two or more words before a colon, and the last three words; no numbers."""
    words = [word for word in tokens(title) if not any(c.isdigit() for c in word)]
    kicker, colon, rest = title.replace("：", ":").partition(":")
    before = [word for word in tokens(kicker) if not any(c.isdigit() for c in word)]
    found = {" ".join(before) + ":"} if colon and rest.strip() and len(before) >= 2 else set()
    return frozenset(found | ({" ".join(words[-3:])} if len(words) >= 5 else set()))
