"""What several pages list alike: the days of the archive, and the providers of printed stories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime

import msgspec

from ...types import Article, Edition, Front, Printing, Story
from .. import _stories
from .._asked import asked_once


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A story as it was first printed. page: path of the page that it has now."""

    printing: Printing
    page: str


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """One UTC day on which something was first printed that is still printed.

    front: its last front page, in order. stood: when that was; of the newest day, whose front page may still change,
    when it last took a story in. first: what was first printed that day, oldest first.
    """

    date: date
    stood: datetime
    is_newest: bool
    front: tuple[Shown, ...]
    first: tuple[Shown, ...]

    @property
    def path(self) -> str:
        return day_page(self.date)


class Supplier(msgspec.Struct, frozen=True, kw_only=True):
    """A provider and what it has in printed stories: the first of its articles in each, in the order of the edition."""

    domain: str
    name: str
    owner: str
    told: tuple[tuple[Story, Article], ...]
    leads: int  # stories that it leads
    firsts: int  # stories of several providers that it reported first


def day_page(day: date) -> str:
    """`day/2026/03/02/`."""
    return f"day/{day:%Y/%m/%d}/"


@asked_once
def days(edition: Edition) -> tuple[Day, ...]:
    """The days of the archive, oldest first. Each shows facts of printings, never of what their stories became.

    What is withdrawn is left out. A story that went into another is shown on a front page as that one was first
    printed, and among the stories of its day not at all. A day without a new story has no page, so that time alone
    makes none.
    """
    pages = {story.id: _stories.story_page(story) for story in edition.stories}
    into = {gone: story.id for story in edition.stories for gone in story.merged}
    known = {one.story: Shown(printing=one, page=pages[one.story]) for one in edition.printings if one.story in pages}
    first: dict[date, list[Shown]] = defaultdict(list)
    for shown in known.values():
        first[_day(shown.printing.at)].append(shown)
    fronts = {_day(front.at): front for front in edition.fronts}
    newest = max(first, default=None)
    return tuple(
        Day(
            date=day,
            stood=_stood(fronts.get(day), first[day], day == newest),
            is_newest=day == newest,
            front=tuple(_ranked(fronts.get(day), known, into)),
            first=tuple(sorted(first[day], key=lambda one: (one.printing.at, one.printing.published, one.page))),
        )
        for day in sorted(first)
    )


def _stood(front: Front | None, first: Iterable[Shown], is_newest: bool) -> datetime:
    if front is not None and not is_newest:
        return front.at
    return max(shown.printing.at for shown in first)


def _ranked(front: Front | None, known: Mapping[str, Shown], into: Mapping[str, str]) -> Iterator[Shown]:
    """The stories of a front page that are still printed, each once."""
    ids = [into.get(story, story) for story in front.stories] if front is not None else []
    return (known[story] for story in dict.fromkeys(ids) if story in known)


@asked_once
def suppliers(edition: Edition) -> tuple[Supplier, ...]:
    """Every provider with an article in one of its stories, by domain. A name and an owner are those that the newest
    article has."""
    told: dict[str, list[tuple[Story, Article]]] = defaultdict(list)
    firsts: dict[str, int] = defaultdict(int)
    for story in edition.stories:
        seen: dict[str, Article] = {}
        for article in story.articles:
            seen.setdefault(article.provider.domain, article)
        for domain, article in seen.items():
            told[domain].append((story, article))
        earliest = min(story.articles, key=lambda article: article.published)
        if len(seen) > 1 and earliest.date_known:
            firsts[earliest.provider.domain] += 1
    return tuple(_supplier(domain, told[domain], firsts[domain]) for domain in sorted(told))


def _supplier(domain: str, told: list[tuple[Story, Article]], firsts: int) -> Supplier:
    newest = max((article for _, article in told), key=lambda article: (article.published, article.url))
    return Supplier(
        domain=domain,
        name=_stories.provider_name(newest),
        owner=newest.provider.owner,
        told=tuple(told),
        leads=sum(story.lead.provider.domain == domain for story, _ in told),
        firsts=firsts,
    )


def addresses(edition: Edition) -> Iterator[tuple[str, datetime]]:
    """Path and newest fact of each of these pages, for sitemaps; NEVER where a page shows settings alone.

    The page of a day changes when something is first printed on it, and when the next day's page comes.
    """
    shown = days(edition)
    for day, after in zip(shown, (*shown[1:], None), strict=False):
        yield day.path, (after.first[0] if after is not None else day.first[-1]).printing.at
    yield "archive/", shown[-1].first[-1].printing.at if shown else _stories.NEVER
    for supplier in suppliers(edition):
        if page := _stories.provider_page(supplier.domain):
            yield page, _stories.changed(story for story, _ in supplier.told)
    for page in ("provider/", "search/"):
        yield page, _stories.changed(edition.stories)
    changes = (change.at for story in edition.stories for article in story.articles for change in article.changes)
    withdrawn = (one.at for one in edition.withdrawn if one.state == "canceled")
    yield "corrections/", max((*changes, *withdrawn), default=_stories.NEVER)
    yield "subscribe/", _stories.NEVER


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
