"""Profile `classic`, as the predecessor tagged: keywords as whole words of the lower-cased title, and nothing else."""

from __future__ import annotations

import re
from functools import lru_cache

from ..types import Article, Hit, Topic


def hits(article: Article, tree: tuple[Topic, ...]) -> list[Hit]:
    """Every article is on the root topic."""
    title = article.title.lower()
    found = [
        Hit(topic=topic, keyword=keyword, where="title", start=match.start(), end=match.end())
        for topic, keyword, pattern in _literal(tree)
        if (match := pattern.search(title))
    ]
    roots = [topic.name for topic in tree if not topic.parent]
    return found + [Hit(topic=name, keyword="", where="root") for name in roots[:1]]


@lru_cache(maxsize=16)
def _literal(tree: tuple[Topic, ...]) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Topic, keyword as written and as an expression: nothing between or after its words varies."""
    return tuple(
        (topic.name, keyword, re.compile(rf"(?<!\w){re.escape(keyword.lower())}(?!\w)"))
        for topic in tree
        for keyword in dict.fromkeys(topic.keywords)
        if keyword.strip()
    )
