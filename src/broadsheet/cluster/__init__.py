"""Group articles into stories, one by one as they come; every decision with its arithmetic.

Each article is a unit vector of words and one of runs of letters, weighed by rarity; a story is the sum of its
members' vectors. A linear score over what an article and a story have in common says which story it joins, or that it
opens one (single pass as in Allan, Papka, Lavrenko, "On-line new event detection and tracking", SIGIR 1998). Stories
that turn out to be one are merged as the stream goes on, and one that turns out to be two is parted. Languages do not
mix.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from ..stories import story_id
from ..types import Membership, Regrouping
from . import dense as _dense
from ._grouping import SENSED, Grouping
from ._terms import Member, age, slug
from ._vocabulary import Grouped

__all__ = ["SENSED", "Grouped", "Member", "final", "place", "senses", "slug", "story_id", "stream"]


def stream(members: Iterable[Member], days: int, dense: bool = False) -> Iterator[Membership]:
    """Decide for each member as it arrives, knowing only those before it.

    dense: weigh in English what the words mean, too (extra `dense`). Raises UsageError where that is not installed.
    """
    grouping = Grouping(days, dense=dense)
    for member in members:
        yield grouping.place(member)


def final(members: Iterable[Member], days: int, dense: bool = False) -> tuple[Membership, ...]:
    """What `stream` says, in its order, with the stories as they were after the last one.

    Where an article's story was merged into another or parted, its membership stays as it was but for the story.
    """
    grouping = Grouping(days, dense=dense)
    held = list(members)
    grouping.foresee(held)
    arrivals = [grouping.place(member) for member in held]
    grouping.merge()
    return tuple(_in_story(membership, grouping.homes[membership.url]) for membership in arrivals)


def place(
    live: Sequence[Member],
    new: Sequence[Member],
    days: int,
    *,
    dense: bool = False,
    vocabularies: Mapping[str, bytes] | None = None,
    twins: Mapping[str, str] | None = None,
    together: Iterable[tuple[str, str]] = (),
    apart: Iterable[tuple[str, str]] = (),
    printed: Iterable[str] = (),
    taken: Iterable[str] = (),
    at: datetime,
) -> Grouped:
    """What `stream` does with `new` after `live`, as a cycle left it, but knowing all terms of `new`.

    The order of the arguments makes no difference.

    live: articles of stories that may still grow, each with its story. days: a story takes an article published up
    to this long after its last one, or before its first. dense: as `stream` has it; articles whose `sense` is given
    are not looked at again for it. vocabularies: as this returned them last, by language; without them `live` tells
    how rare terms are. twins: URL -> URL of the article that it repeats; a new one joins that one's story whatever the
    similarity (threshold 0), and a live one is not parted from it. together, apart: pairs of URLs that an editor put
    into one story or into two; no decision here contradicts them. printed: ids of stories that keep theirs where two
    are merged; else the one with more articles does. taken: ids of stories that are not live, which no story that is
    parted gets. at: the time of the regroupings: mergers first, then moves. Memberships are in order of
    (published, url).
    """
    grouping = Grouping(
        days,
        together=together,
        apart=apart,
        printed=printed,
        twins=(twins or {}).items(),
        taken=taken,
        dense=dense,
    )
    grouping.learn(vocabularies or {})
    grouping.foresee(live)
    for one in sorted(live, key=age):
        grouping.seed(one)
    grouping.settle()
    fresh = sorted(new, key=age)
    grouping.expect(fresh)
    placed = [grouping.place(member, (twins or {}).get(member.url, "")) for member in fresh]
    grouping.merge()
    return Grouped(
        memberships=tuple(_in_story(membership, grouping.homes[membership.url]) for membership in placed),
        regroupings=(*_mergers(grouping, live, at), *_moves(grouping, live, at)),
        vocabularies=grouping.vocabularies(),
    )


def senses(members: Sequence[Member]) -> list[bytes]:
    """What a dense vector of each is kept as, for `Member.sense`: 512 bytes, the same always. Raises UsageError where
    the extra `dense` is not installed."""
    _dense.require()
    from ._sense import pack  # needs what the extra brings

    return pack(members)


def _mergers(grouping: Grouping, live: Sequence[Member], at: datetime) -> Iterator[Regrouping]:
    """Of the stories that were live: which went into which."""
    old = {one.story for one in live}
    for event in grouping.regroupings:
        if event.story in old and not event.urls:
            yield replace(event, at=at, into=grouping.story(event.into))


def _moves(grouping: Grouping, live: Sequence[Member], at: datetime) -> Iterator[Regrouping]:
    """Of the articles that were placed before: which are elsewhere, after all mergers, and what parted them last."""
    moved: dict[tuple[str, str], list[Member]] = {}
    for one in sorted(live, key=age):
        story, home = grouping.story(one.story), grouping.homes[one.url]
        if story != home:
            moved.setdefault((story, home), []).append(one)
    for (story, home), members in moved.items():
        url = members[0].url
        event = next(event for event in reversed(grouping.regroupings) if url in event.urls)
        yield replace(event, at=at, story=story, into=home, urls=tuple(member.url for member in members))


def _in_story(membership: Membership, story: str) -> Membership:
    return membership if membership.story == story else replace(membership, story=story)
