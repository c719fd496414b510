"""Profile `classic`: 20 points for an article with an image."""

from __future__ import annotations

from ..types import Article, Publication, Reason

IMAGE = 20


def points(article: Article, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    value = "has an image" if article.images else "no image"
    return Reason(
        factor="classic_image", value=value, weight=weight, points=round(weight * IMAGE * bool(article.images))
    )
