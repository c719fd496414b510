"""Profile `standard`: a lead image that is large enough to be shown."""

from __future__ import annotations

from ..types import Article, Publication, Reason

LARGE, MEDIUM = 600, 200  # pixels of width
POINTS_LARGE, POINTS_UNKNOWN, POINTS_MEDIUM = 12, 8, 6


def points(article: Article, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    """12 from 600 pixels of width, 6 from 200, 8 where nobody says the width, 0 for less (an icon) or none."""
    if not article.images:
        return Reason(factor="image", value="no image", weight=weight, points=0)
    width = article.images[0].width
    if width == 0:
        return Reason(
            factor="image", value="image of unknown size", weight=weight, points=round(weight * POINTS_UNKNOWN)
        )
    share = POINTS_LARGE if width >= LARGE else POINTS_MEDIUM if width >= MEDIUM else 0
    return Reason(factor="image", value=f"image {width} pixels wide", weight=weight, points=round(weight * share))
