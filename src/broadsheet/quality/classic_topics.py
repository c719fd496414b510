"""Profile `classic`: 2 points for each topic of the article, the root among them."""

from __future__ import annotations

from ..types import Article, Publication, Reason

EACH = 2


def points(article: Article, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    count = len(article.topics)
    return Reason(factor="classic_topics", value=f"{count} topics", weight=weight, points=round(weight * EACH * count))
