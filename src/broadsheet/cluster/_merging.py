"""Merge stories that turn out to be one, the most alike first."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator

from ._joining import Features, Offer, belonging, closest, compare, weighed
from ._live import Room, Story, silence
from ._series import is_series
from ._sums import Vector

GROWN = 1.25  # times as large as when it was last compared: only then a story is compared again
STRONGEST = 40  # of a story's sum, the strongest: they find what it may be merged with

Watch = Callable[[Story, Story, Features, Features], None]
Barred = Callable[[Story, Story], bool]


def merge(
    room: Room,
    first: Callable[[Story], tuple[object, ...]],
    barred: Barred,
    watch: Watch | None = None,
    every: bool = False,
) -> Iterator[tuple[Story, Story, Offer]]:
    """Stories to keep, those that go into them, and why; the caller absorbs each before it asks for the next.

    first: of two stories, the one that sorts first is kept. barred: two stories that must not be one. every: compare
    all that changed since they were last compared, not only those that grew much.
    """
    queue: list[tuple[float, int, int, int, int]] = []
    found: dict[tuple[int, int], Offer] = {}

    def consider(story: Story) -> None:
        for offer in partners(room, story, watch):
            other = offer.story
            if offer.excess >= 0.0 and not barred(story, other):
                key = (story.slot, other.slot)
                found[key] = offer
                heapq.heappush(queue, (-offer.excess, *key, story.revision, other.revision))

    for slot in sorted(room.touched):
        story = room.stories[slot]
        if story is not None and (every or len(story.members) >= GROWN * story.compared):
            room.touched.discard(slot)
            story.compared = len(story.members)
            consider(story)
    while queue:
        _, one_slot, other_slot, one_revision, other_revision = heapq.heappop(queue)
        one, other = room.stories[one_slot], room.stories[other_slot]
        if one is None or other is None or (one.revision, other.revision) != (one_revision, other_revision):
            continue
        keep, gone = sorted((one, other), key=first)
        yield keep, gone, found[one_slot, other_slot]
        keep.compared = len(keep.members)
        room.touched.discard(keep.slot)
        consider(keep)


def partners(room: Room, story: Story, watch: Watch | None = None) -> list[Offer]:
    """What speaks for merging the story with each that is near to it."""
    words = dict(story.words.items())
    strongest = heapq.nlargest(STRONGEST, [(weight, word) for word, weight in words.items()])
    near = [
        (dot, other)
        for dot, other in room.near(words, strongest, but=story.slot)
        if silence(other, story.first, story.last) <= room.window
    ]
    background = room.background()
    close = closest(near)
    if room.sense is not None:
        slots = room.sense.near(room.sense.row(story.slot), but=story.slot)
        close += room.by_sense(slots, close, story.first, story.last)
    found = [_features(story, other, background, room.sum) for other in close]
    compare(found, near)
    needs: list[Features] = [{} for _ in close]
    if room.sense is not None:
        needs = room.sense.merge(story.slot, [other.slot for other in close], [features for _, features in found])
    offers = []
    for other, (_, features), sense in zip(close, found, needs, strict=True):
        if is_series(story, other.members, room.latest):
            continue
        need = _need(story, other, background) | sense
        if watch:
            watch(story, other, features, need)
        similarity, threshold = weighed(room.weights.merge, features), weighed(room.weights.merge_need, need)
        offers.append(Offer(other, similarity, threshold, features))
    return offers


def apart(room: Room, one: Story, other: Story, large: int) -> Offer:
    """What would speak for merging two stories if no other were near: never less than where some are.

    large: articles of the smaller one, above which it counts as one of so many.
    """
    background = room.background()
    cosine, features = _features(one, other, background, room.sum)
    features |= {"rivals": 0.0, "lead": cosine}
    need = _need(one, other, background)
    need["size"] = min(need["size"], math.log(large) / 3.0)
    return Offer(one, weighed(room.weights.merge, features), weighed(room.weights.merge_need, need), features)


def _need(one: Story, other: Story, background: float) -> Features:
    smaller, larger = sorted((len(one.members), len(other.members)))
    return {
        "any": 1.0,
        "size": math.log(smaller) / 3.0,
        "larger": math.log(larger) / 3.0,
        "background": 10.0 * background,
        "alone": float(len(one.providers) == 1 and one.providers == other.providers),
    }


def _features(one: Story, other: Story, background: float, seen: Vector) -> tuple[float, Features]:
    """Both cosines added, and what speaks for one story by itself."""
    small, large = (one, other) if len(one.words) <= len(other.words) else (other, one)
    shared = large.words.shared(dict(small.words.items()))
    dot = sum([weight * held for weight, held, _ in shared])
    inner = sum([weight * weight for weight, _, _ in shared])
    outer = sum([held * held for _, held, _ in shared])
    own = sum([weight * weight * (weight + held) / seen[word] for weight, held, word in shared])
    letters = large.runs.dot(dict(small.runs.items()))
    cosine = dot / (one.words.length * other.words.length) + letters / (one.runs.length * other.runs.length)
    mean = (dot + letters) / (len(one.members) * len(other.members))
    within = math.sqrt(one.within() * other.within())
    said = belonging(mean, within, background) / (dot + letters) if dot + letters else 0.0
    features = {
        "words": dot * said,
        "letters": letters * said,
        "nearness": math.log(1.0 + 25.0 * cosine),
        "inner": inner / small.words.square if inner else 0.0,
        "outer": outer / large.words.square if outer else 0.0,
        "own": own / small.words.square if own else 0.0,
        "silence": silence(one, other.first, other.last) / 240.0,
    }
    return cosine, features
