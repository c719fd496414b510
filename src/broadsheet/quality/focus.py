"""Profile `standard`: how plainly the article is about a topic, by the most telling place that names it.

A keyword that its topic file gives a weight below 1 tells as much less.
"""

from __future__ import annotations

import math
from collections import Counter

from ..types import Article, Hit, Publication, Reason

PLACES = {"title": 30, "excerpt": 22, "text": 8, "source": 10}  # points; other hits follow from these
DOUBLING, MOST = 3, 20  # points that a text's further mentions add to its own, and all that a text alone can give


def points(article: Article, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    """30 for a keyword in the title, 22 in the excerpt, 10 for a source that is filed under a topic; in the text alone
    8 for one mention and 3 more for each doubling of them, up to 20. The best of these counts, once."""
    hits = [hit for hit in article.hits if hit.where in PLACES]
    if not hits:
        return Reason(factor="focus", value="no keyword found", weight=weight, points=0)
    best = min(hits, key=lambda hit: (-_worth(hit), hit.start, hit.topic, hit.keyword))
    value, share = f"“{best.keyword}” in the {best.where}", _worth(best)
    if best.where == "source":
        value = f"its source is filed under {best.topic}"
    mentions = Counter(hit.topic for hit in hits if hit.where == "text")
    if mentions and best.where not in ("title", "excerpt"):
        topic, count = min(mentions.items(), key=lambda item: (-item[1], item[0]))
        most = max(min(1.0, hit.weight) for hit in hits if (hit.topic, hit.where) == (topic, "text"))
        if (in_text := most * min(MOST, PLACES["text"] + DOUBLING * math.log2(count))) > share or best.where == "text":
            share, value = in_text, f"{topic} named {count} time{'' if count == 1 else 's'} in the text"
    return Reason(factor="focus", value=value, weight=weight, points=round(weight * share))


def _worth(hit: Hit) -> float:
    """Points of one hit: those of its place; a keyword that its topic file weighs below 1 gives as much less."""
    return PLACES[hit.where] * min(1.0, hit.weight)
