"""Profile `standard`: several voices within hours of the first report, against what is usual in its topic."""

from __future__ import annotations

import math
from datetime import timedelta

from ..types import Publication, Reason, Story

WITHIN = timedelta(hours=6)
DOUBLING, MOST = 4, 12  # points
USUAL = 4.0  # articles of a topic within that time, where nothing is learnt; as many again halve what a voice counts


def points(story: Story, publication: Publication, weight: float) -> Reason:
    """4 * log2(1 + voices * 8 / (4 + usual)), 0 to 12: voices beside the first within 6 hours of it, and the articles
    that its least busy topic usually has in that time. Undated reports and reprints do not count."""
    own = [article for article in story.articles if article.url not in story.reprints and article.date_known]
    if not own:
        return Reason(factor="speed", value="no dated report", weight=weight, points=0)
    first = min(article.published for article in own)
    quick = len({story.owner(article) for article in own if article.published - first <= WITHIN}) - 1
    hours = WITHIN // timedelta(hours=1)
    value = f"{quick} further voice{'' if quick == 1 else 's'} within {hours} hours"
    topic, usual = _usual(story, publication)
    if topic:
        value += f"; {topic} usually has {usual:.1f} articles in that time"
    share = min(MOST, DOUBLING * math.log2(1 + quick * 2 * USUAL / (USUAL + usual)))
    return Reason(factor="speed", value=value, weight=weight, points=round(weight * share))


def _usual(story: Story, publication: Publication) -> tuple[str, float]:
    """The least busy of the lead's topics, and how many articles it usually has WITHIN; no topic if none is learnt."""
    arrivals = publication.learnt.arrivals
    known = [(arrivals[topic], topic) for topic in story.lead.topics if topic in arrivals]
    if not known:
        return "", USUAL
    rate, topic = min(known)
    return topic, rate * (WITHIN / timedelta(hours=1))
