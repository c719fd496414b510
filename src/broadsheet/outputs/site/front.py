"""The front page: the ranked stories of the edition, and the newest beside them."""

from __future__ import annotations

from ... import ordering
from ...types import Edition, File
from .. import _stories
from . import _linked, _view
from ._page import Shared, page

SECONDS, CARDS, NEWEST = 3, 12, 15  # stories on the front page below the lead, and lines in its river
BRIEFS = ordering.FRONT - 1 - SECONDS - CARDS


def front(edition: Edition, shared: Shared) -> File:
    publication = edition.publication
    ranked = [_view.card(publication, story, edition.pictures) for story in edition.stories[: ordering.FRONT]]
    second, third = 1 + SECONDS, 1 + SECONDS + CARDS
    newest = _stories.shared_out(publication, edition.stories, NEWEST, NEWEST)
    return page(
        "index.html",
        "front.html",
        publication,
        shared,
        root="",
        title=publication.title,
        description=publication.description,
        updated=edition.updated,
        picture=ranked[0].picture if ranked else None,
        lead=ranked[0] if ranked else None,
        seconds=ranked[1:second],
        more=ranked[second:third],
        briefs=ranked[third : third + BRIEFS],
        river=_view.days([_view.card(publication, story, edition.pictures) for story in newest]),
        machine="api/news/index.json",
        linked=_linked.listing(publication, "", publication.title, [card.story for card in ranked]),
    )
