"""The stream: articles join or open stories, and every so often stories that turned out to be one are merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ..language import primary
from ..stories import story_id
from ..types import Membership, Regrouping
from . import _joining, _merging, _parting
from . import dense as vectors
from ._joining import Offer
from ._live import Article, Room, Story
from ._terms import Member, terms
from ._vocabulary import decode, encode

if TYPE_CHECKING:
    from ._sense import Sense

SENSED = "en"  # the language of the dense table: in others any two texts are alike by it
MERGE_EVERY = 30  # articles after which the stories that they changed are compared with the others


class Grouping:
    """Stories of a stream. Deterministic: the same articles in the same order give the same."""

    def __init__(
        self,
        days: int,
        *,
        together: Iterable[tuple[str, str]] = (),
        apart: Iterable[tuple[str, str]] = (),
        printed: Iterable[str] = (),
        dense: bool = False,
        twins: Iterable[tuple[str, str]] = (),
        taken: Iterable[str] = (),
        watch_joins: _joining.Watch | None = None,
        watch_merges: _merging.Watch | None = None,
    ) -> None:
        if dense:
            vectors.require()
        self.days, self.dense = days, dense
        self.rooms: dict[str, Room] = {}
        self.homes: dict[str, str] = {}  # URL -> story, as it is now
        self.where: dict[str, tuple[Room, Story]] = {}  # of a story that may still grow
        self.into: dict[str, str] = {}  # story that was taken in -> into which
        self.regroupings: list[Regrouping] = []
        self.printed = frozenset(printed)
        together = tuple(together)
        self.together, self.apart = _pairs(together), _pairs(apart)
        self.tied = _pairs((*together, *twins))  # what is never parted
        self.taken = set(taken)  # ids of stories elsewhere, and of those that were seeded
        self.watch_joins, self.watch_merges = watch_joins, watch_merges
        self.learnt: set[str] = set()  # languages whose rarities are known without their articles
        self.expected: set[str] = set()  # URLs of articles whose terms are noted already
        self.since = 0
        self.now = datetime.fromtimestamp(0, UTC)

    def learn(self, vocabularies: Mapping[str, bytes]) -> None:
        """Begin with how rare terms were, by language. Raises msgspec.DecodeError."""
        for language, kept in sorted(vocabularies.items()):
            room = self._room(language, "")
            decode(kept, room.words, room.runs)
            self.learnt.add(language)

    def vocabularies(self) -> dict[str, bytes]:
        """How rare terms are now, by language."""
        return {language: encode(room.words, room.runs) for language, room in sorted(self.rooms.items())}

    def expect(self, members: Iterable[Member]) -> None:
        """Note the terms of articles that will be placed, so that the first of them knows what is common, too."""
        members = list(members)
        self.foresee(members)
        for member in members:
            self._room(member.language, "").note(terms(member))
            self.expected.add(member.url)

    def foresee(self, members: Iterable[Member]) -> None:
        """Make what depends on nothing but each of these articles, for all at once."""
        english = [member for member in members if primary(member.language) == SENSED] if self.dense else []
        sense = self._room(SENSED, "").sense if english else None
        if sense is not None:
            sense.expect(english)

    def seed(self, member: Member) -> None:
        """An article that was placed before, in `member.story`."""
        room = self._room(member.language, member.story)
        article = room.article(member, terms(member), count=room.language not in self.learnt)
        self._add(room, article, member.story)
        self.taken.add(member.story)

    def settle(self) -> None:
        """What was seeded stands as it was left: it is compared with others when something joins it."""
        for room in self.rooms.values():
            room.touched.clear()
            for story in room.live():
                story.compared = story.tested = len(story.members)

    def place(self, member: Member, original: str = "") -> Membership:
        """Put the member into its story, a new one, or that of its original, and say why."""
        self.now = max(self.now, member.published)
        home = self._home(member.url, original)
        room = self._room(member.language, home)
        article = room.article(member, terms(member), count=member.url not in self.expected)
        room.sweep(article.known.hour)
        ranked = _joining.offers(room, article, self.watch_joins)
        if home:
            membership = _joining.bound(room, article, home, ranked, original)
        else:
            ranked = [offer for offer in ranked if not self._parted(member.url, offer.story)]
            if ranked and ranked[0].excess >= 0.0:
                membership = _joining.joined(room, article, ranked[0], ranked[1:])
            else:
                membership = _joining.opened(room, article, story_id(member.url), ranked)
        self._add(room, article, membership.story)
        self.since += 1
        if self.since >= MERGE_EVERY:
            self.merge(every=False)
        return membership

    def story(self, name: str) -> str:
        """The story that this one was merged into. Where an article is now is in `homes`: stories are parted, too."""
        while name in self.into:
            name = self.into[name]
        return name

    def merge(self, *, every: bool = True) -> None:
        """Merge what the articles since the last time made alike, and part what they made two.

        every: look at all that changed. What is merged is not parted in the same pass.
        """
        self.since = 0
        for _, room in sorted(self.rooms.items()):
            touched = sorted(room.touched)
            merged: set[int] = set()
            for keep, gone, offer in _merging.merge(room, self._first, self._barred, self.watch_merges, every):
                self._absorb(room, keep, gone, offer)
                merged.add(keep.slot)
            for slot in touched:
                if slot not in merged and (story := room.stories[slot]) is not None:
                    self._part(room, story, every)

    def _room(self, language: str, story: str) -> Room:
        """Where the story is, or the room of the language."""
        if story in self.where:
            return self.where[story][0]
        tongue = primary(language)
        if tongue not in self.rooms:
            self.rooms[tongue] = Room(tongue, self.days, self._sense(tongue))
        return self.rooms[tongue]

    def _sense(self, language: str) -> Sense | None:
        if not self.dense or language != SENSED:
            return None
        from ._sense import Sense  # needs what the extra brings

        return Sense()

    def _home(self, url: str, original: str) -> str:
        """The story that the article must go to: that of its original, or where an editor put it; empty: any."""
        for other in (original, *sorted(self.together.get(url, ()))):
            if other in self.homes:
                return self.homes[other]
        return ""

    def _add(self, room: Room, article: Article, name: str) -> None:
        held = self.where.get(name)
        if held is None or room.stories[held[1].slot] is not held[1]:
            held = self.where[name] = room, room.open(name)
        room.add(held[1], article)
        self.homes[article.known.url] = name

    def _absorb(self, room: Room, keep: Story, gone: Story, offer: Offer) -> None:
        weights = room.weights.merge
        whole = weights["words"] * offer.features["words"]
        found, shares = _joining.shared(room, dict(gone.words.items()), keep, whole)
        self.regroupings.append(
            Regrouping(
                at=self.now,
                story=gone.name,
                into=keep.name,
                similarity=offer.similarity,
                threshold=offer.threshold,
                terms=found,
                shares=shares,
                parts=_joining.parts(weights, offer.features),
            )
        )
        room.absorb(keep, gone)
        self.homes.update({member.url: keep.name for member in gone.members})
        self.into[gone.name] = keep.name
        del self.where[gone.name]

    def _part(self, room: Room, story: Story, every: bool) -> None:
        """Part the story, and what came of it, as long as they are two each."""
        size = len(story.members)
        if room.sense is not None:
            return  # of what its articles mean a story keeps the sum only
        if size < _parting.LEAST or size < (story.tested + 1 if every else _parting.GROWN * story.tested):
            return
        story.tested = size
        halves = _parting.halves(room, story, lambda url: self.tied.get(url, ()))
        if halves is None or not (name := self._free([member.url for member in halves.leaves.members])):
            return
        offer, leaves = halves.offer, halves.leaves
        found, shares = _joining.shared(
            room, dict(leaves.words.items()), halves.stays, room.weights.merge["words"] * offer.features["words"]
        )
        self.regroupings.append(
            Regrouping(
                at=self.now,
                story=story.name,
                into=name,
                urls=tuple(member.url for member in leaves.members),
                similarity=offer.similarity,
                threshold=offer.threshold,
                terms=found,
                shares=shares,
                parts=_joining.parts(room.weights.merge, offer.features),
            )
        )
        leaves.name = name
        room.part(story, halves.stays, leaves)
        self.into.pop(name, None)
        self.where[name] = room, leaves
        self.homes.update({member.url: name for member in leaves.members})
        for half in (story, leaves):
            half.tested = 0
            self._part(room, half, every)

    def _free(self, urls: Iterable[str]) -> str:
        """Id of a story that the first of these would have opened if it had been alone; empty if all are taken.

        The id of a story that was opened and taken in since this grouping began is free: nobody else knows it.
        """
        for url in urls:
            name = story_id(url)
            if name not in self.taken and name not in self.where:
                return name
        return ""

    def _first(self, story: Story) -> tuple[object, ...]:
        return story.name not in self.printed, -len(story.members), story.first, story.name

    def _barred(self, one: Story, other: Story) -> bool:
        """Two stories that an editor keeps apart."""
        return bool(self.apart) and any(self._parted(member.url, other) for member in one.members)

    def _parted(self, url: str, story: Story) -> bool:
        others = self.apart.get(url)
        return others is not None and any(member.url in others for member in story.members)


def _pairs(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for one, other in pairs:
        found[one] = found.get(one, frozenset()) | {other}
        found[other] = found.get(other, frozenset()) | {one}
    return found
