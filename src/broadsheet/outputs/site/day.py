"""The page of a day: its front page as it stood, and what was first printed on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...types import File, Publication
from . import _view
from ._lists import Day
from ._page import page


def day_pages(publication: Publication, days: Sequence[Day], shared: dict[str, object]) -> Iterator[File]:
    """days: oldest first. The newest day's page changes once more, when there is a day after it."""
    for before, day, after in zip((None, *days), days, (*days[1:], None), strict=False):
        yield day_page(publication, day, before, after, shared)


def day_page(
    publication: Publication, day: Day, before: Day | None, after: Day | None, shared: dict[str, object]
) -> File:
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
    )
