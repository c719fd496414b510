"""Profile `standard`: the quality of the best report of another provider than the lead's."""

from __future__ import annotations

from ..types import Publication, Reason, Story

SHARE = 0.1


def points(story: Story, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    """A tenth of that report's quality; 0 where there is none. Reprints do not count."""
    others = [
        article
        for article in story.related
        if article.url not in story.reprints and article.provider.domain != story.lead.provider.domain
    ]
    if not others:
        return Reason(factor="depth", value="no second voice", weight=weight, points=0)
    best = max(article.quality for article in others)
    return Reason(
        factor="depth", value=f"quality {best} of the second voice", weight=weight, points=round(weight * SHARE * best)
    )
