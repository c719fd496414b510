"""Group articles into stories: TF-IDF terms, growing centroids, a time window; every decision with its arithmetic.

Each article is a unit vector of weighted terms; a story's centroid is the sum of its members' vectors. An article joins
the story whose centroid it makes the largest cosine with, if that reaches THRESHOLD, else it opens one. Single pass as
in Allan, Papka, Lavrenko, "On-line new event detection and tracking", SIGIR 1998. Languages do not mix.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..language import primary
from ..types import Membership
from ._live import COMMON, THRESHOLD, Room, Story, nearest_member, shared, story_id
from ._series import is_series
from ._terms import Member, age
from ._terms import terms as terms_of

__all__ = ["MERGE_THRESHOLD", "THRESHOLD", "Member", "final", "place", "story_id", "stream"]

# Chosen with the constants of _terms and _live, all on the same four development sets: docs/reference/scores.md.
MERGE_THRESHOLD = 0.105  # cosine of two centroids from which two stories are one, plus
MERGE_STEP = 0.025  # this for each doubling of the smaller one (large centroids are alike in their common words)
MERGE_DOUBLINGS = 4  # at most


def place(
    live: Sequence[Member], new: Sequence[Member], days: int, twins: Mapping[str, str] | None = None
) -> tuple[Membership, ...]:
    """Memberships of `new`, by (published, url); the order of the arguments makes no difference.

    live: members of stories that may still grow; they seed the centroids and, with `new`, the rarity of terms.
    days: a story takes an article published up to this long after its last member, or before its first.
    Stories that `new` opened are merged with others where they turn out to be one; those of `live` keep their ids.
    twins: URL -> URL of the article that it repeats; it joins that one's story whatever the similarity (threshold 0).
    """
    rooms: dict[str, Room] = {}
    old, fresh = ([(m, terms_of(m)) for m in sorted(some, key=age)] for some in (live, new))
    for member, terms in [*old, *fresh]:
        rooms.setdefault(primary(member.language), Room(days)).count(terms)
    homes = {member.url: member.story or story_id(member.url) for member, _ in old}
    tongues = {member.url: primary(member.language) for member, _ in [*old, *fresh]}
    for member, terms in old:
        room = rooms[tongues[member.url]]
        room.add(member, room.vector(terms), homes[member.url])
    settled = frozenset(homes.values())
    placed = []
    for member, terms in fresh:
        original = (twins or {}).get(member.url, "")
        if original in homes:
            tongues[member.url] = tongues[original]
        placed.append(rooms[tongues[member.url]].place(member, terms, original, homes.get(original, "")))
        homes[member.url] = placed[-1].story
    into = _mergers(rooms, settled)
    return tuple(_moved(membership, into) for membership in placed)


def stream(members: Iterable[Member], days: int) -> Iterator[Membership]:
    """Decide for each member as it arrives, knowing only those before it."""
    rooms: dict[str, Room] = {}
    for member in members:
        terms = terms_of(member)
        room = rooms.setdefault(primary(member.language), Room(days))
        room.count(terms)
        yield room.place(member, terms)


def final(members: Iterable[Member], days: int) -> tuple[Membership, ...]:
    """What `stream` says, in its order, after stories that turned out to be one were merged.

    A merged story keeps the id of the one that began first; of each story that was taken in, the article that had
    opened it explains the merger: similarity of the two centroids, shared terms, threshold.
    """
    held = list(members)
    arrivals = list(stream(held, days))
    rooms: dict[str, Room] = {}
    known = [(member, terms_of(member)) for member in held]
    for member, terms in known:
        rooms.setdefault(primary(member.language), Room(days)).count(terms)
    for (member, terms), membership in zip(known, arrivals, strict=True):
        room = rooms[primary(member.language)]
        room.add(member, room.vector(terms), membership.story)
    into = _mergers(rooms)
    return tuple(_moved(membership, into) for membership in arrivals)


def _mergers(rooms: Mapping[str, Room], settled: frozenset[str] = frozenset()) -> dict[str, Membership]:
    """Merge stories, the most alike first: name of each that was taken in -> into which, and why.

    settled: names that stay; of two such stories neither takes the other in.
    """
    into: dict[str, Membership] = {}
    for room in rooms.values():
        _merge(room, settled, into)
    return into


def _merge(room: Room, settled: frozenset[str], into: dict[str, Membership]) -> None:
    version: Counter[str] = Counter()  # of a story: an entry of the queue made before a merger is out of date
    queue: list[tuple[float, str, str, int, int, float]] = []

    def consider(name: str) -> None:
        for similarity, other, need in _alike(room, name):
            if not (name in settled and other in settled):
                heapq.heappush(queue, (-similarity, name, other, version[name], version[other], need))

    for name in sorted(room.stories):
        if name not in settled:
            consider(name)
    while queue:
        similarity, one, other, one_version, other_version, need = heapq.heappop(queue)
        if version[one] != one_version or version[other] != other_version:
            continue
        pair = (room.stories[one], room.stories[other])
        keep, gone = sorted(pair, key=lambda s: (s.name not in settled, s.first, s.name))
        opener, vector = min(zip(gone.members, gone.vectors, strict=True), key=lambda held: age(held[0]))
        into[gone.name] = Membership(
            url=opener.url,
            story=keep.name,
            similarity=-similarity,
            nearest=nearest_member(keep, vector),
            terms=shared(gone.sum, keep.sum),
            threshold=need,
        )
        _absorb(room, keep, gone)
        version[gone.name] = -1
        version[keep.name] += 1
        consider(keep.name)


def _alike(room: Room, name: str) -> Iterator[tuple[float, str, float]]:
    """Stories that `name` may be merged with: similarity, name, threshold."""
    story = room.stories[name]
    dots: dict[str, float] = {}
    for term, weight in story.sum.items():
        holders = room.holders[term]
        if len(holders) > COMMON:
            continue
        for other, held in holders.items():
            dots[other] = dots.get(other, 0.0) + weight * held
    dots.pop(name, None)
    for other, dot in dots.items():
        that = room.stories[other]
        smaller = min(len(story.members), len(that.members))
        step = MERGE_STEP * min(MERGE_DOUBLINGS, math.log2(smaller))
        need = room.need(MERGE_THRESHOLD + step, story.members, that.members)
        length = math.sqrt(story.square * that.square)
        apart = max(story.first, that.first) - min(story.last, that.last)
        if dot < need * length / 2 or apart > room.window:
            continue
        similarity = sum(weight * that.sum.get(term, 0.0) for term, weight in story.sum.items()) / length
        if similarity >= need and not any(is_series(story.members, member) for member in that.members):
            yield similarity, other, need


def _absorb(room: Room, keep: Story, gone: Story) -> None:
    before = keep.square + gone.square
    room.inner_pairs += 2 * len(keep.members) * len(gone.members)
    for member, vector in zip(gone.members, gone.vectors, strict=True):
        keep.add(member, vector)
    for term in gone.sum:
        del room.holders[term][gone.name]
        room.holders[term][keep.name] = keep.sum[term]
    room.inner_square += keep.square - before
    del room.stories[gone.name]


def _moved(membership: Membership, into: Mapping[str, Membership]) -> Membership:
    """The membership after mergers; the opener of a story that was taken in carries the reason."""
    if membership.story not in into:
        return membership
    reason = into[membership.story]
    story = reason.story
    while story in into:
        story = into[story].story
    found = reason if reason.url == membership.url else membership
    return Membership(**{field: getattr(found, field) for field in found.__struct_fields__} | {"story": story})
