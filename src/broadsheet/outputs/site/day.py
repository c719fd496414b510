"""The page of a day: its front page as it stood, and what was first printed on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from ...types import Edition, File, Publication, Sheet
from .._sheets import sheet
from . import _view
from ._lists import Day
from ._page import Shared, page


def day_pages(edition: Edition, days: Sequence[Day], shared: Shared) -> Iterator[File | Sheet]:
    """days: oldest first. The newest day's page changes once more, when there is a day after it."""
    for before, day, after in zip((None, *days), days, (*days[1:], None), strict=False):
        beside = [other.date if other is not None else None for other in (before, after)]
        make = partial(_made, edition.publication, day, before, after, shared)
        yield sheet(edition, f"{day.path}index.html", (day, beside), make)


def _made(publication: Publication, day: Day, before: Day | None, after: Day | None, shared: Shared) -> bytes:
    name = _view.day(day.date, weekday=True)
    return page(
        f"{day.path}index.html",
        "day.html",
        publication,
        shared,
        root="../../../../",
        title=f"{name} – {publication.title}",
        description=f"What {publication.title} printed on {name}, as it stood that day.",
        day=day,
        before=before,
        after=after,
    ).data
