"""Profile `classic`: a title over 70 characters loses a point for every two more."""

from __future__ import annotations

from ..types import Article, Publication, Reason

FREE = 70  # characters


def points(article: Article, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    length = len(article.title)
    lost = max(0, (length - FREE) // 2)
    return Reason(
        factor="classic_title_length",
        value=f"title of {length} characters",
        weight=weight,
        points=-round(weight * lost),
    )
