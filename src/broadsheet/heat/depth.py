"""Profile `standard`: the quality of the best reports beside the lead's, one a voice."""

from __future__ import annotations

from ..types import Publication, Reason, Story

SHARES = (0.1, 0.05, 0.025)  # of the quality of the second, third and fourth voice


def points(story: Story, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    """A tenth of the quality of the second voice, half of that share of the third's and a quarter of the fourth's.

    A voice counts by its best report; reprints do not count, and all copies of one agency's report are one.
    """
    best: dict[str, int] = {}
    for article in story.articles:
        if article.url not in story.reprints:
            owner = story.owner(article)
            best[owner] = max(best.get(owner, 0), article.quality)
    best.pop(story.owner(story.lead), None)
    heard = sorted(best.values(), reverse=True)[: len(SHARES)]
    if not heard:
        return Reason(factor="depth", value="no second voice", weight=weight, points=0)
    share = sum(part * quality for part, quality in zip(SHARES, heard, strict=False))
    told = ", ".join(map(str, heard))
    value = f"quality {told} of the next voice{'' if len(heard) == 1 else 's'}"
    return Reason(factor="depth", value=value, weight=weight, points=round(weight * share))
