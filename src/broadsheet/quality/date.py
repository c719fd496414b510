"""Profile `standard`: somebody said when it was published."""

from __future__ import annotations

from ..types import Article, Publication, Reason

KNOWN, UNKNOWN = 4, -6


def points(article: Article, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    share = KNOWN if article.date_known else UNKNOWN
    value = "dated" if article.date_known else "undated: placed when first seen"
    return Reason(factor="date", value=value, weight=weight, points=round(weight * share))
