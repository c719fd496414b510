"""Find what somebody names: an article or story, by URL, record name, id or the address of its page; the moment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from .. import urls
from ..errors import ParseError, UsageError
from ..store import Store
from ..types import Placed, Publication, Story

_PAGE = re.compile(r"(?:^|.*/)story/([^/?#]+)/?(?:index\.html)?$")


def story_named(key: str, stories: Sequence[Story], publication: Publication) -> Story | None:
    """The story with this id or page (`story/NAME/`, or its whole address); None where `key` is no such name.

    The id and the page of a story that was merged lead to the one that took it in.
    """
    key = key.removeprefix(publication.url)
    page = _PAGE.match(key)
    name = page[1] if page and not urls.is_http(key) else ""
    for story in stories:
        if key == story.id or key in story.merged or (name and name in (story.name, *story.merged_names)):
            return story
    return None


def article_named(
    key: str, store: Store, stories: Sequence[Story], placed: Mapping[str, Placed], publication: Publication
) -> str:
    """URL of the article that `key` names (of a story its lead), else of the entry. Raises UsageError."""
    story = story_named(key, stories, publication)
    if story is not None:
        return story.lead.url
    name = key.rsplit("/", 1)[-1].removesuffix(".md") + ".md"
    found = next((place.url for place in placed.values() if place.name == name), "")
    if found:
        return found
    try:
        url = urls.canonical(key)
    except ParseError as exc:
        raise UsageError("no article, record or story of that name", key, "give a URL as `stats` shows it") from exc
    if store.articles(urls=[url]):
        return url
    known = store.outcomes(urls=[url])
    if not known:
        raise UsageError("never seen", key, "is it the address that a source listed?")
    return known[0].article if known[0].article and store.articles(urls=[known[0].article]) else url


def story_with(url: str, stories: Sequence[Story]) -> Story | None:
    """The story that this article is in."""
    return next((story for story in stories if any(article.url == url for article in story.articles)), None)


def as_of(folder: Path, store: Store, now: datetime | None) -> datetime:
    """`now`, else the last moment of which the store knows. Raises UsageError where it knows nothing."""
    at = now or max([run.started_at for run in store.runs(1)] + [a.first_seen for a in store.articles()], default=None)
    if at is None:
        raise UsageError("nothing is stored yet", str(folder), "run broadsheet update")
    return at
