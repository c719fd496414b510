"""Which stories stand at the head of a feed, and which in the parts of it that are closed for good.

What was ever printed is parted from the oldest on, so that no border moves when a story is added. A part holds what was
first printed in one month in UTC, at most MOST stories. It is closed once FOLLOWING newer ones came after it: by then
it is full, or its month is over. Closed parts show stories as they were first printed and leave out what is not printed
any more; the head has the rest, as it is now. So every printed story stands in one place alone.

In the feed of a topic the parts are made of what had that topic when it was first printed, and the head has all other
stories that have the topic now. A story that came to the topic later, be it that another article leads it or that the
topic has a new keyword, stands at the head, and never in a part that readers have already seen; beyond HEAD stories the
oldest of these stand in parts of their own, `late`, which alone may change.

Source: RFC 5005, section 4 (archived feeds).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import TypeVar

import msgspec

from ..types import Edition, Printing, Story, Topic, Withdrawn
from . import _stories
from ._asked import asked_once

MOST = 100  # stories in one part
FOLLOWING = 50  # newer ones that close a part
HEAD = 200  # stories at the head; without latecomers there are never more than MOST + FOLLOWING - 1
REMEMBERED = timedelta(days=30)  # for so long a feed says that something was withdrawn

Entry = TypeVar("Entry", Printing, Story)


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A closed part. name: `2026/03`, `2026/03-2`, or `late`. shown: those of its stories that are printed now."""

    name: str
    shown: tuple[Printing | Story, ...]  # newest first
    updated: datetime  # the newest fact in it, whatever was withdrawn since


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """One feed from its head to its oldest part. withdrawn: lately, of what it had, by name."""

    head: _stories.Feed
    parts: tuple[Part, ...]  # oldest first
    withdrawn: tuple[Withdrawn, ...]

    def older(self, number: int) -> str:
        """Name of the part before part `number`; empty for the first. The head counts as one after the last."""
        return self.parts[number - 1].name if number else ""


@asked_once
def chains(edition: Edition) -> tuple[Chain, ...]:
    """That of the main feed, then one for each topic, in the order of the topic tree."""
    printings, topical = edition.printings, _stories.by_topic(edition)
    whole = _chain(edition, None, printings, _stories.newest(edition))
    parts = (
        _chain(edition, topic, [one for one in printings if topic.name in one.topics], topical[topic.name])
        for topic in edition.publication.topics
    )
    return (whole, *parts)


def closed(printings: Iterable[Printing]) -> list[tuple[str, list[Printing]]]:
    """Name and stories of every closed part, oldest first. printings: of one feed, in any order."""
    parts = []
    in_order = sorted(printings, key=attrgetter("at", "name"))  # a name is for ever, unlike what else is known
    for (year, month), group in groupby(in_order, key=attrgetter("at.year", "at.month")):  # in UTC, as all times
        parts += _split(f"{year:04}/{month:02}", list(group))
    newer = 0
    while parts and newer < FOLLOWING:
        newer += len(parts.pop()[1])
    return parts


def item(edition: Edition, entry: Printing | Story) -> _stories.Item:
    """An entry of a part as its feed shows it."""
    return (
        _stories.item_of(edition.publication, entry) if isinstance(entry, Printing) else _stories.item(edition, entry)
    )


def shows(edition: Edition, part: Part) -> tuple[object, ...]:
    """All that the document of a part shows, see _sheets.sheet."""
    facts = [one if isinstance(one, Printing) else edition.marks.get(one.id, one) for one in part.shown]
    return part.name, part.updated, facts


def _chain(edition: Edition, topic: Topic | None, printings: Sequence[Printing], stories: Sequence[Story]) -> Chain:
    """printings: what was first printed in this feed, ever. stories: what is in it now, newest first."""
    printed = {story.id for story in edition.stories}
    done = closed(printings)
    in_parts = {one.story for _, part in done for one in part}
    rest = [story for story in stories if story.id not in in_parts]
    ever = {one.story for one in printings}
    late = _surplus(rest, ever)
    apart = {story.id for story in late}
    head = tuple(story for story in rest if story.id not in apart)
    since = edition.updated - REMEMBERED
    withdrawn = tuple(one for one in edition.withdrawn if one.story in ever and one.at >= since)
    feed = _stories.feed(edition, topic, _stories.shared_out(edition.publication, head, _stories.FEED_LENGTH))
    updated = max((one.at for one in withdrawn), default=feed.updated)
    return Chain(
        head=msgspec.structs.replace(feed, updated=max(feed.updated, updated)),
        parts=(
            *(_part(name, [one for one in part if one.story in printed], part[-1].at) for name, part in done),
            *(_part(name, part, _stories.changed(part)) for name, part in _split("late", late)),
        ),
        withdrawn=withdrawn,
    )


def _part(name: str, oldest_first: Sequence[Printing | Story], updated: datetime) -> Part:
    return Part(name=name, shown=tuple(reversed(oldest_first)), updated=updated)


def _surplus(stories: Sequence[Story], first_here: set[str]) -> list[Story]:
    """Latecomers that a head of HEAD has no room for, oldest first: a whole number of parts, so that they rest.

    stories: of the head, newest first. first_here: ids of those that were first printed in this feed.
    """
    if len(stories) <= HEAD:
        return []
    late = [story for story in reversed(stories) if story.id not in first_here]
    return late[: -(-(len(stories) - HEAD) // MOST) * MOST]


def _split(name: str, whole: list[Entry]) -> list[tuple[str, list[Entry]]]:
    """Cut to parts of MOST: `name`, `name-2`, `name-3`."""
    starts = range(0, len(whole), MOST)
    return [
        (f"{name}-{number}" if number > 1 else name, whole[start : start + MOST])
        for number, start in enumerate(starts, start=1)
    ]
