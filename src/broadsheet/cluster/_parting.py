"""Part a story whose articles fall into two groups that would not be merged now.

Of an article a story keeps its title and its rarest words; from these come short vectors, by which the members are
divided in two (spherical 2-means: Dhillon and Modha, "Concept decompositions for large sparse text data", 2001). The
story's own sums are then divided word by word as the short vectors are, and the two are set against each other as for
a merger. They are parted only where that falls far short, so that they are not merged again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from ..types import Struct
from ._joining import Offer
from ._live import Known, Room, Story
from ._merging import apart
from ._sums import Sum, Vector

LEAST = 4  # articles of a story that is looked at
GROWN = 1.25  # times as large as when it was last looked at, unless all that changed are
FEWEST = 2  # articles of a group
LARGE = 10  # articles of the smaller, after which a merger needs no more
ALIKE = 0.2  # cosine of the two groups, above which they are one
SHORT = 1.5  # by which the similarity of the two falls short of the threshold of a merger
STARTS = 3  # articles, spread over the story, that a division begins with
ROUNDS = 3  # in which members change sides

Tied = Callable[[str], Iterable[str]]  # URL -> those that are not parted from it


class Halves(Struct, frozen=True):
    """Two stories of one: what stays and what leaves, and how far they are from being merged."""

    stays: Story
    leaves: Story
    offer: Offer  # of the one that stays to the one that leaves


def halves(room: Room, story: Story, tied: Tied) -> Halves | None:
    """How the story is to be parted, if it is. Time O(members * RAREST * STARTS * ROUNDS)."""
    blocks = _blocks(story, tied)
    if len(blocks) < 2:
        return None
    vectors = [_sum([room.sketch(member) for member in block]) for block in blocks]
    best, nearest = frozenset[int](), ALIKE
    for start in sorted({n * (len(blocks) - 1) // (STARTS - 1) for n in range(STARTS)}):
        group = _divided(vectors, start)
        size = sum([len(blocks[n]) for n in group])
        if min(size, len(story.members) - size) < FEWEST:
            continue
        one, other = (_sum([v for n, v in enumerate(vectors) if (n in group) == there]) for there in (True, False))
        cosine = _dot(one, other) / (_length(one) * _length(other))
        if cosine < nearest:
            best, nearest = group, cosine
    if not best:
        return None
    groups = [[m for n, block in enumerate(blocks) if (n in best) == there for m in block] for there in (True, False)]
    found = _halves(room, story, groups)
    if len(found.leaves.members) > len(found.stays.members):
        return None  # the id would stay with the few
    return found if found.offer.excess <= -SHORT else None


def _blocks(story: Story, tied: Tied) -> list[list[Known]]:
    """Members by what may not be parted, oldest first."""
    members = sorted(story.members, key=_age)
    block_of = {member.url: n for n, member in enumerate(members)}
    for member in members:
        for other in tied(member.url):
            if other in block_of and block_of[other] != block_of[member.url]:
                low, high = sorted((block_of[other], block_of[member.url]))
                block_of.update({url: low for url, n in block_of.items() if n == high})
    blocks: dict[int, list[Known]] = {}
    for member in members:
        blocks.setdefault(block_of[member.url], []).append(member)
    return list(blocks.values())


def _divided(vectors: list[Vector], start: int) -> frozenset[int]:
    """Numbers of the vectors on the side of what is least like `start`."""
    one = vectors[start]
    likeness = [_dot(vector, one) for vector in vectors]
    other = vectors[min(range(len(vectors)), key=lambda n: (likeness[n], n))]
    there: frozenset[int] = frozenset()
    for _ in range(ROUNDS):
        lean = _towards(other, one)
        now = frozenset([n for n, vector in enumerate(vectors) if _dot(vector, lean) > 0.0])
        if now in (there, frozenset()) or len(now) == len(vectors):
            break
        there = now
        one = _sum([vector for n, vector in enumerate(vectors) if n not in there])
        other = _sum([vectors[n] for n in sorted(there)])
    return there


def _halves(room: Room, story: Story, groups: Iterable[list[Known]]) -> Halves:
    """Of the two groups, the one with the article that opened the story stays; else the larger; else the older."""
    opener = story.opener
    stay, leave = sorted(
        groups, key=lambda group: (all(member.url != opener for member in group), -len(group), _age(group[0]))
    )
    stays, leaves = Story(story.name, story.slot), Story("", -1)
    share = len(stay) / len(story.members)
    ours, theirs = (_sum([room.sketch(member) for member in group]) for group in (stay, leave))
    _deal(story.words, stays.words, leaves.words, ours, theirs, share)
    _deal(story.runs, stays.runs, leaves.runs, room.letters(stay), room.letters(leave), share)
    for half, group in ((stays, stay), (leaves, leave)):
        for member in group:
            half.note(member)
    return Halves(stays, leaves, apart(room, stays, leaves, LARGE))


def _deal(whole: Sum, to_stay: Sum, to_leave: Sum, ours: Vector, theirs: Vector, share: float) -> None:
    """Divide a sum as the short vectors are divided, and by `share` where these say nothing."""
    stay: Vector = {}
    leave: Vector = {}
    for term, weight in whole.items():
        mine, yours = ours.get(term, 0.0), theirs.get(term, 0.0)
        kept = weight * (mine / (mine + yours) if mine + yours else share)
        if kept:
            stay[term] = kept
        if weight > kept:
            leave[term] = weight - kept
    to_stay.add(stay)
    to_leave.add(leave)


def _sum(vectors: Iterable[Vector]) -> Vector:
    found: Vector = {}
    for vector in vectors:
        for term, weight in vector.items():
            found[term] = found.get(term, 0.0) + weight
    return found


def _towards(there: Vector, here: Vector) -> Vector:
    """What a vector's product with is positive for if it is nearer, by the cosine, to the one than to the other."""
    far, near = 1.0 / _length(there), 1.0 / _length(here)
    lean = {term: weight * far for term, weight in there.items()}
    for term, weight in here.items():
        lean[term] = lean.get(term, 0.0) - weight * near
    return lean


def _dot(one: Vector, other: Vector) -> float:
    return sum([weight * other[term] for term, weight in one.items() if term in other])


def _length(vector: Vector) -> float:
    return math.sqrt(sum([weight * weight for weight in vector.values()])) or 1.0


def _age(member: Known) -> tuple[float, str]:
    return member.hour, member.url
