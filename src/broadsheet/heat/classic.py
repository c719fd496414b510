"""Profile `classic`: the lead's quality, and W points for each further member when the lead is worth 50 or more."""

from __future__ import annotations

from ..types import Publication, Reason, Story

WORTH = 50  # quality of the lead from which its story counts


def points(story: Story, publication: Publication, weight: float) -> Reason:
    """The whole heat of a story. W is `story_weight` of the publication; the -1 of other members is the record's."""
    quality, others = story.lead.quality, len(story.related)
    joined = publication.story_weight * others if quality >= WORTH else 0
    value = f"quality {quality} of the lead, {others} other members for {joined}"
    return Reason(factor="classic", value=value, weight=weight, points=round(weight * (quality + joined)))
