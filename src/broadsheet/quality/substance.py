"""Profile `standard`: the length of the text, each doubling worth the same."""

from __future__ import annotations

import math

from ..types import Article, Publication, Reason

NOTHING = 50  # words up to which there is nothing to weigh
DOUBLING = 8  # points
MOST = 30  # reached at about 670 words: more is no better


def points(article: Article, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    """8 * log2(words / 50), 0 to 30. Words as text.count_words counts them, fair to scripts without spaces."""
    share = min(MOST, DOUBLING * math.log2(article.words / NOTHING)) if article.words > NOTHING else 0
    return Reason(factor="substance", value=f"{article.words} words", weight=weight, points=round(weight * share))
