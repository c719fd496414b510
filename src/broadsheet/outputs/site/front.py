"""The front page: the ranked stories of the edition, and the newest beside them."""

from __future__ import annotations

from ... import ordering
from ...types import Edition, File
from .. import _stories
from . import _linked, _view
from ._page import page

SECONDS, CARDS, NEWEST = 3, 12, 9  # stories on the front page below the lead, and lines in its river
BRIEFS = ordering.FRONT - 1 - SECONDS - CARDS


def front(edition: Edition, cards: dict[str, _view.Card], shared: dict[str, object]) -> File:
    ranked = [cards[story.name] for story in edition.stories]
    second, third = 1 + SECONDS, 1 + SECONDS + CARDS
    newest = _stories.shared_out(edition.publication, edition.stories, NEWEST)[:NEWEST]
    river = [cards[story.name] for story in newest]
    return page(
        "index.html",
        "front.html",
        edition.publication,
        shared,
        root="",
        title=edition.publication.title,
        description=edition.publication.description,
        updated=edition.updated,
        lead=ranked[0] if ranked else None,
        seconds=ranked[1:second],
        more=ranked[second:third],
        briefs=ranked[third : third + BRIEFS],
        river=_view.days(river),
        linked=_linked.listing(edition.publication, "", edition.publication.title, edition.stories[: third + BRIEFS]),
    )
