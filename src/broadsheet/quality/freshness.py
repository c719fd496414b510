"""Profile `standard`: somebody said when it was published, and it was news when a source first listed it."""

from __future__ import annotations

from datetime import timedelta

from ..types import Article, Publication, Reason

DATED, UNDATED = 4, -6
LATE, OLD = -8, -16  # in the place of DATED
MONTH, YEAR = timedelta(days=30), timedelta(days=365)


def points(article: Article, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    """4 for a date; -6 without one; -8 from 30 days, -16 from a year between its date and its first listing.

    Its publisher's own update counts as its date. What no source listed (an imported page) is not held to be news, and
    is never late.
    """
    value, share = _judged(article)
    return Reason(factor="freshness", value=value, weight=weight, points=round(weight * share))


def _judged(article: Article) -> tuple[str, int]:
    if not article.date_known:
        return "undated: placed when first seen", UNDATED
    late = article.first_seen - article.published
    if not article.sources or late < MONTH:
        return "dated", DATED
    if article.updated is not None and article.first_seen - article.updated < MONTH:
        return f"published {late.days} days before it was listed, and updated since", DATED
    return f"published {late.days} days before it was listed", LATE if late < YEAR else OLD
