"""Which pages the site has, for sitemaps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ...types import Edition
from .. import _stories
from . import _lists


def addresses(edition: Edition) -> Iterator[tuple[str, datetime]]:
    """Path and newest fact of the front page, the topics that have stories, the stories, newest first, and the others.

    Further pages of a topic or of the archive list what is listed here, too; pages that lead on to another are none of
    their own.
    """
    yield "", edition.updated
    topical = _stories.by_topic(edition)
    for topic in edition.publication.topics:
        if stories := topical[topic.name]:
            yield _stories.topic_page(topic), _stories.changed(stories)
    for story in _stories.newest(edition):
        yield _stories.story_page(story), _stories.changed([story])
    yield from _lists.addresses(edition)
    yield "about/", _stories.NEVER
