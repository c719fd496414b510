"""The page of a story: all coverage, and why it is here; and what leads on from a story that went into it."""

from __future__ import annotations

from ...types import File, Publication, Story
from .. import _stories
from . import _linked, _view
from ._page import TITLE, page


def story_page(publication: Publication, card: _view.Card, shared: dict[str, object]) -> File:
    story: Story = card.story
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
    )


def moved(publication: Publication, story: Story, name: str, shared: dict[str, object]) -> File:
    """The page of a story that went into this one: whoever has its address is led on, without a script."""
    led_to = _stories.story_page(story)
    return page(
        f"story/{name}/index.html",
        "moved.html",
        publication,
        shared,
        root="../../",
        title=_title(publication, story),
        canonical=led_to,
        page=led_to,
        lead=story.lead,
    )


def _title(publication: Publication, story: Story) -> str:
    return f"{_view.headline(story.lead, TITLE)} – {publication.title}"
