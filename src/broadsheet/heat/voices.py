"""Profile `standard`: how many report on their own account, each doubling worth the same."""

from __future__ import annotations

import math

from ..types import Publication, Reason, Story

DOUBLING = 15  # points


def points(story: Story, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    """15 * log2(voices): 15 for two, 24 for three, 30 for four. Reprints, copies of an agency's report, more articles
    of a provider and other providers of one owner add none."""
    count, domains = len(story.owners), len(story.voices)
    share = DOUBLING * math.log2(count) if count > 1 else 0.0
    value = f"{count} independent voice{'' if count == 1 else 's'}"
    if domains > count:
        value += f"; {domains} providers, some of one owner"
    if story.reprints:
        value += f"; {len(story.reprints)} reprint{' adds' if len(story.reprints) == 1 else 's add'} none"
    return Reason(factor="voices", value=value, weight=weight, points=round(weight * share))
