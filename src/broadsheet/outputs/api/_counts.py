"""How much is printed: small, and changed by every change of it, so that a client can ask for this first."""

from __future__ import annotations

from collections import Counter
from datetime import tzinfo

from ...types import Edition, File
from .. import _stories
from ._form import ROOT, file, time
from ._pages import topics


def counts(edition: Edition, zone: tzinfo) -> File:
    """`api/news/counts.json`. A month is the one in which the lead was published, in the publication's time zone."""
    stories = edition.stories
    articles = [article for story in stories for article in story.articles]
    topical = _stories.by_topic(edition)
    months = Counter(f"{story.lead.published.astimezone(zone):%Y-%m}" for story in stories)
    value = {
        "updatedDateTime": time(edition.updated, zone),
        "stories": len(stories),
        "articles": len(articles),
        "providers": len({article.provider.domain for article in articles}),
        "topics": [
            {"id": topic.id, "name": topic.name, "stories": len(topical[topic.name])}
            for topic in topics(edition.publication.topics)
        ],
        "months": [{"month": month, "stories": months[month]} for month in sorted(months)],
    }
    return file(f"{ROOT}/counts.json", value)
