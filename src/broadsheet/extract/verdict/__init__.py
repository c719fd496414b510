"""Whether a page is an article at all, and if not, why: named signs, each with its weight, added up to a chance.

shape     one pass over the tree, counted
address   what an address says
signs     how much of each sign there is
weights   what each sign weighs, and how that was found out
walls     what may stand in the place of an article
"""

from __future__ import annotations

import math

from ...types import Struct
from . import shape, walls, weights
from .signs import Signs, amounts

__all__ = ["Share", "Signs", "Verdict", "amounts", "judge", "refusal", "shape", "told", "walls", "weights"]

_LITTLE = -0.5  # log-odds: where no sign weighs more than this against a page, it is refused for what it lacks
_TEASERS = 5  # linked headings from which a page of links is a list of teasers


class Share(Struct, frozen=True):
    """What one sign adds, in log-odds. amount: how much of it there is, 0 to 1."""

    sign: str
    amount: float
    weight: float

    @property
    def points(self) -> float:
        return self.amount * self.weight


class Verdict(Struct, frozen=True):
    """score: the chance that the page is an article, 0 to 1. shares: of each sign that is there, the heaviest against first."""

    score: float
    shares: tuple[Share, ...]

    @property
    def is_article(self) -> bool:
        return self.score >= weights.LEAST


def judge(found: dict[str, float]) -> Verdict:
    """The verdict on the signs that were found, by name, each 0 to 1. More of a sign for never lowers the score."""
    shares = [Share(sign, amount, weights.TABLE[sign].weight) for sign, amount in found.items() if amount > 0]
    shares.sort(key=lambda share: (share.points, share.sign))
    return Verdict(1 / (1 + math.exp(-weights.INTERCEPT - sum(share.points for share in shares))), tuple(shares))


def refusal(signs: Signs, verdict: Verdict) -> str:
    """Why the page is no article, with the score and what it rests on; empty where it is one."""
    if signs.video:
        return ""
    if signs.wall:
        return f"page is {signs.wall}" if signs.text else f"page has no text: it is {signs.wall}"
    if verdict.is_article:
        return "" if signs.text else "page has no text"
    against = [share for share in verdict.shares if share.points < 0]
    what = _words(against[0].sign, signs) if against and against[0].points < _LITTLE else "not marked as an article"
    return f"page is {what} ({told(verdict)})"


def told(verdict: Verdict) -> str:
    """The score and its heaviest shares: `score .31; against: links -0.93, posts -0.60; for: prose +0.71`. At most 180 characters."""
    against = [share for share in verdict.shares if share.points < 0][:3]
    for_ = [share for share in reversed(verdict.shares) if share.points > 0][:2]
    sides = [
        f"{side}: {', '.join(f'{share.sign} {share.points:+.2f}' for share in some)}"
        for side, some in (("against", against), ("for", for_))
        if some
    ]
    return "; ".join([f"score {_digits(verdict.score)}", *sides])


def _words(sign: str, signs: Signs) -> str:
    """What a page with this sign is, in words."""
    shape = signs.shape
    teasers = max(shape.teasers, shape.articles)
    links = f"a list of links ({signs.linked:.0%} of its text)"
    dated = f"a list that names {shape.days} days"
    if teasers >= _TEASERS:
        links = dated = f"a list of {teasers} teasers"
    return weights.TABLE[sign].page_is.format(list=links, dated=dated, users=shape.hrefs.get("users", 0))


def _digits(score: float) -> str:
    return f"{score:.2f}".lstrip("0") if score < 0.995 else "1.0"
