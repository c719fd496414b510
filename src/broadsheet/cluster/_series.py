"""Tell the next item of a recurring series from news of a story: by formulas of titles, known ones and learnt ones.

A title's skeleton has a slot for each name and number. What a provider has in its titles again and again, at the same
end or for most of their length, is the frame of a series: two titles with it, a day apart, are two items, whoever else
is in the story. No list of words: a frame is what repeats.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from ..text import WORD, tokens
from ..types import Struct
from ._live import Known, Story
from ._terms import PAIRED, STEM

SERIES_GAP = 20.0  # hours that two items of a series are apart, at least
FRAME = 2  # words of a frame at either end of the titles, at least; with every pair of characters one,
PAIRS = 3  # this many of those
INSIDE = 3  # words of a frame elsewhere, which must be half of the shorter title, too
COMPARED = 12  # articles of one provider in a story that are looked at: the latest
CAPITALS = 0.7  # share of words with a capital, above which they tell no names
SLOT = "#"

Latest = Mapping[str, deque[Known]]  # provider -> its latest articles, oldest first


class Skeleton(Struct, frozen=True):
    """Stems of a title in order, with one slot for names and numbers that follow each other; its names.

    A capital at the beginning may be a name or not: it is among both.
    """

    frame: tuple[str, ...]
    names: frozenset[str]


def is_series(story: Story, others: Sequence[Known], latest: Latest) -> bool:
    """Is one of `others` the next item of a recurring series rather than news of the story?

    True where two titles of one provider, at least 20 hours apart, have the same formula: one that this provider's
    titles repeat (`_learnt`), or, where all of the story are by it, two or more words before a colon or the last three.
    "Market close: ..." of Monday and of Tuesday are two stories.
    """
    for provider in sorted(story.providers.intersection([other.provider for other in others])):
        members = [member for member in story.members if member.provider == provider]
        alone = len(members) == len(story.members)
        for other in [other for other in others if other.provider == provider][-COMPARED:]:
            for member in members[-COMPARED:]:
                if abs(member.hour - other.hour) < SERIES_GAP:
                    continue
                if alone and _formulas(member.title) & _formulas(other.title):
                    return True
                if _learnt(member, other, latest.get(provider, ()), story):
                    return True
    return False


def _learnt(one: Known, other: Known, latest: Iterable[Known], story: Story) -> bool:
    """Do both titles have a frame that a third one of the provider has, too, and little else that it has not?

    A third title of another story is enough. One of the same story tells only where it is of another day and each of
    the two names what the other does not: else it is a story that goes on.
    """
    first, second = skeleton(one.title), skeleton(other.title)
    frame = _shared(first.frame, second.frame)
    if not frame:
        return False
    differ = bool(first.names - second.names and second.names - first.names)
    names = first.names & second.names
    inside = {member.url for member in story.members}
    both = ({*first.frame} & {*second.frame}) - names - {SLOT}
    for third in latest:
        if third.url in (one.url, other.url):
            continue
        if third.url in inside and (not differ or min(abs(third.hour - x.hour) for x in (one, other)) < SERIES_GAP):
            continue
        form = skeleton(third.title)
        common = _shared(frame, form.frame)
        if common and names <= form.names and 2 * len(both - {*form.frame}) <= len(common):
            return True
    return False


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """The frame of both: what they begin with, or end with, or the longest run in the middle; empty if too short."""
    size = min(len(one), len(other))
    head = next((n for n in range(size) if one[n] != other[n]), size)
    tail = next((n for n in range(size) if one[-1 - n] != other[-1 - n]), size)
    ends = max((one[:head], one[len(one) - tail :]), key=_said)
    if _is_frame(ends, FRAME):
        return ends
    run = _run(one, other)
    return run if _is_frame(run, INSIDE) and 2 * _said(run) >= min(_said(one), _said(other)) else ()


def _run(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """The longest run of words that both have. O(words of one * words of the other)."""
    best, end = 0, 0
    before = [0] * (len(other) + 1)
    for n, word in enumerate(one, start=1):
        now = [0] * (len(other) + 1)
        for m, theirs in enumerate(other, start=1):
            if word == theirs:
                now[m] = before[m - 1] + 1
                if now[m] > best:
                    best, end = now[m], n
        before = now
    return one[end - best : end]


def _said(frame: tuple[str, ...]) -> int:
    return sum([word != SLOT for word in frame])


def _is_frame(run: tuple[str, ...], least: int) -> bool:
    pairs = sum([bool(PAIRED.match(word)) for word in run])
    return _said(run) - pairs >= least or pairs >= max(PAIRS, least)


@lru_cache(maxsize=4096)
def skeleton(title: str) -> Skeleton:
    found = [match[0] for match in WORD.finditer(title)]
    capitals = sum([said[0].isupper() for said in found])
    has_names = capitals <= CAPITALS * len(found)
    frame: list[str] = []
    names: set[str] = set()
    for n, said in enumerate(found):
        name = has_names and said[0].isupper()
        if name:
            names.add(said.casefold()[:STEM])
        if (name and n > 0) or any(c.isdigit() for c in said):
            if frame[-1:] != [SLOT]:
                frame.append(SLOT)
        else:
            frame += [word if PAIRED.match(word) else word[:STEM] for word in tokens(said)]
    return Skeleton(tuple(frame), frozenset(names))


def _formulas(title: str) -> frozenset[str]:
    """What recurring titles have in common: two or more words before a colon, and the last three words; no numbers."""
    words = [word for word in tokens(title) if not any(c.isdigit() for c in word)]
    kicker, colon, rest = title.replace("：", ":").partition(":")
    before = [word for word in tokens(kicker) if not any(c.isdigit() for c in word)]
    found = {" ".join(before) + ":"} if colon and rest.strip() and len(before) >= 2 else set()
    return frozenset(found | ({" ".join(words[-3:])} if len(words) >= 5 else set()))
