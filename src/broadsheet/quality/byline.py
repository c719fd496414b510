"""Profile `standard`: somebody signed it."""

from __future__ import annotations

from ..types import Article, Publication, Reason

SIGNED = 4


def points(article: Article, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    value = f"by {', '.join(article.authors[:3])}" if article.authors else "nobody named"
    return Reason(factor="byline", value=value, weight=weight, points=round(weight * SIGNED * bool(article.authors)))
