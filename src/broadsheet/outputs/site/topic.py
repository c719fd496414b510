"""The pages of a topic: its stories, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from ...types import Edition, File, Sheet, Story, Topic
from .. import _stories
from .._sheets import marks, sheet
from . import _linked, _view
from ._page import Shared, page

PAGE, PAGES = 30, 10  # stories on one page, and pages of one topic: what is older is in the archive


def topic_pages(edition: Edition, topic: Topic, stories: Sequence[Story], shared: Shared) -> Iterator[File | Sheet]:
    """stories: all of the topic."""
    publication, count = edition.publication, len(stories)
    found = _stories.shared_out(publication, stories, PAGE, PAGE * PAGES)
    last = min(PAGES, max(1, -(-count // PAGE)))
    for number in range(1, last + 1):
        path, shown = _stories.topic_page(topic, number), found[(number - 1) * PAGE : number * PAGE]
        make = partial(_made, edition, topic, shown, count, number, last, shared)
        yield sheet(edition, f"{path}index.html", (marks(edition, shown), count, last), make)


def _made(
    edition: Edition, topic: Topic, stories: Sequence[Story], count: int, number: int, last: int, shared: Shared
) -> bytes:
    publication, path = edition.publication, _stories.topic_page(topic, number)
    cards = [_view.card(publication, story, edition.pictures) for story in stories]
    return page(
        f"{path}index.html",
        "topic.html",
        publication,
        shared,
        root="../" * path.count("/"),
        canonical=path,
        title=f"{topic.name} – {publication.title}" + (f", page {number}" if number > 1 else ""),
        description=f"News on {topic.name}, from many sources, explained.",
        topic=topic,
        above=_view.above(publication, topic),
        below=[child for child in publication.topics if child.parent == topic.name],
        days=_view.days(cards),
        count=count,
        shown=PAGE * PAGES,
        number=number,
        last=last,
        feed_folder=_stories.topic_page(topic),
        machine=f"api/news/{topic.id}/index.json" if topic.parent else "api/news/index.json",
        linked=_linked.listing(publication, path, topic.name, stories),
    ).data
