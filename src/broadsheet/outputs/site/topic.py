"""The pages of a topic: its stories, newest first."""

from __future__ import annotations

from collections.abc import Iterator

from ...types import File, Publication, Topic
from .. import _stories
from . import _linked, _view
from ._page import page

PAGE, PAGES = 30, 10  # stories on one page, and pages of one topic: what is older is in the archive


def topic_pages(
    publication: Publication, topic: Topic, found: list[_view.Card], shared: dict[str, object]
) -> Iterator[File]:
    """found: cards of its stories, the newest first."""
    last = min(PAGES, max(1, -(-len(found) // PAGE)))
    for number in range(1, last + 1):
        path, shown = _stories.topic_page(topic, number), found[(number - 1) * PAGE : number * PAGE]
        yield page(
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
            days=_view.days(shown),
            count=len(found),
            shown=PAGE * PAGES,
            number=number,
            last=last,
            feed_folder=_stories.topic_page(topic),
            machine=f"api/news/{topic.id}/index.json" if topic.parent else "api/news/index.json",
            linked=_linked.listing(publication, path, topic.name, [card.story for card in shown]),
        )
