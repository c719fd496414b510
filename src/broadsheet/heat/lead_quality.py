"""Profile `standard`: the quality of the story's lead."""

from __future__ import annotations

from ..types import Publication, Reason, Story


def points(story: Story, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    quality = story.lead.quality
    return Reason(
        factor="lead_quality",
        value=f"quality {quality} of {story.lead.provider.domain}",
        weight=weight,
        points=round(weight * quality),
    )
