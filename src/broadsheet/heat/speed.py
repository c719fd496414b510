"""Profile `standard`: several voices within hours of the first report."""

from __future__ import annotations

from datetime import timedelta

from ..types import Publication, Reason, Story

WITHIN = timedelta(hours=6)
EACH, MOST = 3, 9


def points(story: Story, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    """3 for each further voice within 6 hours of the first one, at most 9. Undated reports do not count."""
    own = [article for article in story.articles if article.url not in story.reprints and article.date_known]
    if not own:
        return Reason(factor="speed", value="no dated report", weight=weight, points=0)
    first = min(article.published for article in own)
    quick = {story.voice(article) for article in own if article.published - first <= WITHIN}
    share = min(MOST, EACH * (len(quick) - 1))
    value = f"{len(quick)} voice{'' if len(quick) == 1 else 's'} within {WITHIN // timedelta(hours=1)} hours"
    return Reason(factor="speed", value=value, weight=weight, points=round(weight * share))
