"""The page of a story: all coverage, and why it is here; and what leads on from a story that went into it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ...types import Edition, File, Publication, Sheet, Story
from .. import _stories
from .._sheets import marks, sheet
from . import _linked, _view
from ._page import TITLE, Shared, page


def story_pages(edition: Edition, shared: Shared) -> Iterator[File | Sheet]:
    """The page of every story, and those that lead on to it, where no story has that page now."""
    names = {story.name for story in edition.stories}
    for story in edition.stories:
        shows, path = marks(edition, [story]), _stories.story_page(story)
        yield sheet(edition, f"{path}index.html", shows, partial(_made, edition, story, shared))
        for name in story.merged_names:
            if name not in names:
                make = partial(_moved, edition.publication, story, name, shared)
                yield sheet(edition, _path(name), shows, make)


def _path(name: str) -> str:
    return f"story/{name}/index.html"


def _made(edition: Edition, story: Story, shared: Shared) -> bytes:
    publication = edition.publication
    card = _view.card(publication, story, edition.pictures)
    return page(
        f"{card.page}index.html",
        "story.html",
        publication,
        shared,
        root="../../",
        title=_title(publication, story),
        description=_stories.summary(story.lead),
        kind="article",
        picture=card.picture,
        card=card,
        topics=[topic for topic in publication.topics if topic.name in story.lead.topics],
        coverage=_view.coverage(story),
        alone=len(story.articles) == 1,
        timeline=_view.timeline(story),
        developing=bool(story.developments),
        heat=_view.total(story.reasons, story.heat),
        quality=_view.total(story.lead.reasons, story.lead.quality),
        claim=_view.claim(story),
        machine=_stories.item_page(story),
        linked=_linked.coverage(publication, story),
    ).data


def _moved(publication: Publication, story: Story, name: str, shared: Shared) -> bytes:
    """The page of a story that went into this one: whoever has its address is led on, without a script."""
    led_to = _stories.story_page(story)
    return page(
        _path(name),
        "moved.html",
        publication,
        shared,
        root="../../",
        title=_title(publication, story),
        canonical=led_to,
        page=led_to,
        lead=story.lead,
    ).data


def _title(publication: Publication, story: Story) -> str:
    return f"{_view.headline(story.lead, TITLE)} – {publication.title}"
