"""Profile `classic`: 15 points for each keyword of the article's topics that its title holds."""

from __future__ import annotations

from ..types import Article, Publication, Reason

EACH = 15


def points(article: Article, publication: Publication, weight: float) -> Reason:
    """A keyword counts as a part of the lower-cased title, inside words too, and twice if its topic lists it twice."""
    title = article.title.lower()
    found = [
        keyword
        for topic in publication.topics
        if topic.name in article.topics
        for keyword in topic.keywords
        if keyword.lower() in title
    ]
    value = f"keywords in the title: {', '.join(found)}" if found else "no keyword in the title"
    return Reason(factor="classic_keywords", value=value, weight=weight, points=round(weight * EACH * len(found)))
