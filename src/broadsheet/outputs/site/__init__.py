"""The web site, one file a kind of page. No page needs a script, and nothing comes from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from ...types import Edition, File, Sheet
from .. import _stories
from . import _lists
from ._page import shared, styles
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
from .story import story_pages
from .subscribe import subscribe
from .topic import topic_pages

__all__ = ["addresses", "render"]


def render(edition: Edition) -> Iterator[File | Sheet]:
    """Every page. A story's page shows facts of that story alone, so it changes only when the story does."""
    publication, common = edition.publication, shared(edition.publication)
    yield from styles(publication)
    yield from share(publication)
    yield from offline(publication)
    yield front(edition, common)
    topical = _stories.by_topic(edition)
    for topic in publication.topics:
        yield from topic_pages(edition, topic, topical[topic.name], common)
    yield from story_pages(edition, common)
    days = _lists.days(edition)
    yield from day_pages(edition, days, common)
    yield from archive(publication, days, common)
    yield from provider_pages(edition, _lists.suppliers(edition), common)
    yield from search(publication, edition.stories, common)
    yield corrections(publication, edition.stories, edition.withdrawn, common)
    yield subscribe(edition, common)
    yield llms(publication)
    yield about(publication, common)
    yield missing(publication, common)
    yield robots(publication)
