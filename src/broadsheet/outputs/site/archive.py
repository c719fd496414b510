"""The archive: every day with its page, by year and month, the newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

from ...types import File, Publication
from . import _view
from ._lists import Day
from ._page import Shared, page

WHOLE = 2  # years that one page shows; where there are more each has a page of its own


class Month(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    days: tuple[Day, ...]  # newest first
    count: int  # stories first printed in it


class Year(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    months: tuple[Month, ...]  # newest first
    count: int


def archive(publication: Publication, days: Sequence[Day], shared: Shared) -> Iterator[File]:
    """days: oldest first. The first page shows the newest year and, where there are more than two, links to all."""
    years = _years(days)
    split = len(years) > WHOLE
    yield page(
        "archive/index.html",
        "archive.html",
        publication,
        shared,
        root="../",
        title=f"Archive – {publication.title}",
        description=f"Everything that {publication.title} printed, day by day.",
        years=years[:1] if split else years,
        others=years if split else [],
        year=None,
        count=sum(year.count for year in years),
    )
    for year in years if split else ():
        yield page(
            f"archive/{year.number}/index.html",
            "archive.html",
            publication,
            shared,
            root="../../",
            title=f"Archive of {year.number} – {publication.title}",
            description=f"Everything that {publication.title} printed in {year.number}, day by day.",
            years=[year],
            others=[],
            year=year,
            count=year.count,
        )


def _years(days: Sequence[Day]) -> list[Year]:
    """Newest first."""
    found = []
    for number, in_year in groupby(reversed(days), key=lambda day: day.date.year):
        months = tuple(_month(month, tuple(group)) for month, group in groupby(in_year, key=lambda day: day.date.month))
        found.append(Year(number=number, months=months, count=sum(month.count for month in months)))
    return found


def _month(number: int, days: tuple[Day, ...]) -> Month:
    return Month(name=_view.MONTHS[number - 1], days=days, count=sum(len(day.first) for day in days))
