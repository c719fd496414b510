"""Profile `standard`: how plainly the article is about a topic, by the most telling place that names it.

A keyword that its topic file gives a weight below 1 tells as much less.
"""

from __future__ import annotations

from ..types import Article, Publication, Reason

PLACES = {"title": 30, "excerpt": 22, "text": 8, "source": 10}  # points; other hits follow from these


def points(article: Article, publication: Publication, weight: float) -> Reason:  # noqa: ARG001
    hits = [hit for hit in article.hits if hit.where in PLACES]
    if not hits:
        return Reason(factor="focus", value="no keyword found", weight=weight, points=0)
    best = min(hits, key=lambda hit: (-PLACES[hit.where] * min(1.0, hit.weight), hit.start, hit.topic, hit.keyword))
    value = f"“{best.keyword}” in the {best.where}"
    if best.where == "source":
        value = f"its source is filed under {best.topic}"
    return Reason(
        factor="focus", value=value, weight=weight, points=round(weight * PLACES[best.where] * min(1.0, best.weight))
    )
