"""The web site, one file a kind of page. No page needs a script, and nothing comes from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from ...types import Edition, File
from .. import _stories
from . import _lists, _view
from ._page import shared, style
from .about import about, missing
from .addresses import addresses
from .archive import archive
from .corrections import corrections
from .day import day_pages
from .front import front
from .llms import llms
from .offline import offline
from .provider import provider_pages
from .robots import robots
from .search import search
from .share import share
from .story import moved, story_page
from .subscribe import subscribe
from .topic import PAGE, topic_pages

__all__ = ["addresses", "render"]


def render(edition: Edition) -> Iterator[File]:
    """Every page. A story's page shows facts of that story alone, so it changes only when the story does."""
    publication, common = edition.publication, shared(edition.publication)
    cards = {story.name: _view.card(publication, story, edition.pictures) for story in edition.stories}
    yield style(publication)
    yield from share(publication)
    yield from offline(publication)
    yield front(edition, cards, common)
    topical = _stories.by_topic(edition)
    for topic in publication.topics:
        found = _stories.shared_out(publication, topical[topic.name], PAGE)
        yield from topic_pages(publication, topic, [cards[story.name] for story in found], common)
    for story in edition.stories:
        yield story_page(publication, cards[story.name], common)
        yield from (moved(publication, story, name, common) for name in story.merged_names if name not in cards)
    days = _lists.days(edition)
    yield from day_pages(publication, days, common)
    yield from archive(publication, days, common)
    suppliers = _lists.suppliers(edition.stories)
    yield from provider_pages(publication, suppliers, edition.logos, len(edition.stories), common)
    yield from search(publication, edition.stories, common)
    yield corrections(publication, edition.stories, edition.withdrawn, common)
    yield subscribe(publication, common)
    yield llms(publication)
    yield about(publication, common)
    yield missing(publication, common)
    yield robots(publication)
