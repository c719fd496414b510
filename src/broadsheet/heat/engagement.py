"""Profile `standard`: how often readers turned to its articles, as somebody outside counted it."""

from __future__ import annotations

import math

from ..types import Publication, Reason, Story

TENFOLD, MOST = 3, 12  # points


def points(story: Story, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    """3 * log10(1 + count), at most 12: 3 for ten, 6 for a hundred. 0 where nothing is known."""
    count = max(0, story.engagement)
    share = min(MOST, TENFOLD * math.log10(1 + count))
    value = f"readers turned to it {count} time{'' if count == 1 else 's'}" if count else "nothing known of readers"
    return Reason(factor="engagement", value=value, weight=weight, points=round(weight * share))
