"""Where articles are now: the story in which each arrived, then every merger, move and editor's act, one by one."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from .types import Decision, Placed, Regrouping, Struct


def story_id(opener: str) -> str:
    """Id of the story that the article with this URL opened: it never changes, whoever leads later."""
    return hashlib.sha256(opener.encode()).hexdigest()[:12]


class Arrival(NamedTuple):
    """How an article came in. name: file name of its record, given once. story: empty for one that is in none."""

    name: str
    story: str


def arrivals(placed: Iterable[Placed]) -> dict[str, Arrival]:
    """How articles came in, by URL."""
    return {one.url: Arrival(one.name, one.membership.story if one.membership else "") for one in placed}


class Act(Struct, frozen=True, kw_only=True):
    """A merge or split by an editor that stands: articles of `story` went into `into`."""

    decision: Decision
    story: str
    into: str


class Lives(Struct, frozen=True, kw_only=True):
    """What became of all stories.

    homes: URL -> id of the story that it is in now. into: id of a story that is no more -> the one that has its
    articles, in one step. pages: id -> name of its page, of stories that a split made. changed: ids of stories whose
    articles are not those that arrived in them. acts: oldest first. apart: pairs of URLs that an editor split, so that
    they are never in one story again. together: pairs that an editor merged, so that they are never parted.
    """

    homes: dict[str, str]
    into: dict[str, str] = {}
    pages: dict[str, str] = {}
    changed: frozenset[str] = frozenset()
    acts: tuple[Act, ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    together: tuple[tuple[str, str], ...] = ()

    def now(self, story: str) -> str:
        """Id of the story where one with this id is to be found today."""
        return self.into.get(story, story)


def trace(came: Mapping[str, Arrival], regroupings: Iterable[Regrouping], decisions: Sequence[Decision] = ()) -> Lives:
    """Follow every article from the story in which it arrived to the one in which it is now.

    came: by URL. regroupings, decisions: as far as they are known, each oldest first. Of one moment the machine's come
    first, so that the editor has the last word. A story that was merged never lives again under its id, unless that
    merge is taken back: then it is as if it had never been. When a split is taken back, what joined the new story goes
    back, too. What names an article that is not here, or that is elsewhere by now, moves nothing.
    Time O(articles + events * articles that they move).
    """
    events = sorted(_events(regroupings, decisions), key=lambda one: one[0])
    if not events:
        return Lives(homes={url: arrival.story for url, arrival in came.items() if arrival.story})
    tracing = _Tracing(came)
    for _, event, taken_back in events:
        match event:
            case Regrouping(urls=()):
                tracing.merge(event.story, event.into)
            case Regrouping():
                tracing.part(event.urls, event.story, event.into)
            case Decision(kind="merge"):
                tracing.editor_merges(event)
            case Decision() if taken_back:
                tracing.editor_unites(event)
            case Decision():
                tracing.editor_splits(event)
    return tracing.lives()


_Event = tuple[tuple[datetime, int], Regrouping | Decision, bool]


def _events(regroupings: Iterable[Regrouping], decisions: Sequence[Decision]) -> list[_Event]:
    """(when and in which order, event, is it taken back?) of what moves articles. A merge that was taken back is not
    among them; a split that was is there twice, the second time for when that happened."""
    events: list[_Event] = [((event.at, 0), event, False) for event in regroupings]
    standing: list[tuple[int, Decision]] = []
    for number, decision in enumerate(decisions, start=1):
        if decision.kind != "undo":
            standing.append((number, decision))
        elif last := next((one for one in reversed(standing) if one[1].target == decision.target), None):
            standing.remove(last)
            if last[1].kind == "split":
                events.append(((last[1].at, last[0]), last[1], False))
                events.append(((decision.at, number), last[1], True))
    return events + [((one.at, number), one, False) for number, one in standing if one.kind in ("merge", "split")]


class _Tracing:
    """The state between two events. members: id -> URLs that are in it now, in no order that matters."""

    def __init__(self, came: Mapping[str, Arrival]) -> None:
        self.came = came
        self.homes = {url: arrival.story for url, arrival in came.items() if arrival.story}
        self.members: dict[str, set[str]] = defaultdict(set)
        for url, story in self.homes.items():
            self.members[story].add(url)
        self.into: dict[str, str] = {}  # as events said it, in many steps
        self.pages: dict[str, str] = {}
        self.openers: dict[str, str] = {}  # of stories that a split or a parting made
        self.touched: set[str] = set()
        self.acts: list[Act] = []
        self.apart: dict[Decision, set[tuple[str, str]]] = {}  # by the split that keeps them so

    def now(self, story: str) -> str:
        while story in self.into:
            story = self.into[story]
        return story

    def move(self, urls: Iterable[str], story: str, into: str) -> None:
        story, into = self.now(story), self.now(into)
        here = [url for url in urls if self.homes.get(url) == story != into]
        for url in here:
            self.homes[url] = into
        self.members[story].difference_update(here)
        self.members[into].update(here)
        if here:
            self.touched |= {story, into}

    def part(self, urls: Sequence[str], story: str, into: str) -> None:
        """Move articles; where that makes a story, it is named by one of them."""
        for url in urls:
            if story_id(url) == into and self.homes.get(url) == story != into:
                self.openers.setdefault(into, url)
        self.move(urls, story, into)

    def merge(self, story: str, into: str) -> None:
        story, into = self.now(story), self.now(into)
        if story != into:
            self.move(tuple(self.members[story]), story, into)
            self.into[story] = into

    def editor_merges(self, act: Decision) -> None:
        """The story of the target goes into that of the first of the others."""
        story, into = self.homes.get(act.target, ""), self.homes.get(next(iter(act.others), ""), "")
        if not (story and into) or story == into:
            return
        ours, theirs = self.members[story], self.members[into]
        for split, pairs in self.apart.items():
            self.apart[split] = {pair for pair in pairs if not ({*pair} & ours and {*pair} & theirs)}
        self.merge(story, into)
        self.acts.append(Act(decision=act, story=story, into=into))

    def editor_splits(self, act: Decision) -> None:
        story = self.homes.get(act.target, "")
        moved = [url for url in (act.target, *act.others) if story and self.homes.get(url) == story]
        if not moved:
            return
        into, self.pages[into] = self._afresh(moved)
        self.openers[into] = moved[0]
        self.apart[act] = {_pair(one, other) for one in moved for other in self.members[story] - {*moved}}
        self.move(moved, story, into)
        self.acts.append(Act(decision=act, story=story, into=into))

    def editor_unites(self, act: Decision) -> None:
        """Take a split back."""
        done = next((one for one in self.acts if one.decision == act), None)
        if done is not None:
            self.acts.remove(done)
            del self.apart[act]
            came = {act.target, *act.others}
            back = [u for u in self.members[done.into] if u in came or self.came[u].story == done.into]
            self.move(back, done.into, done.story)

    def _afresh(self, moved: Sequence[str]) -> tuple[str, str]:
        """Id and page of a story that never was: made from the first of its articles that opened none, else from the
        first of all and a number. It depends on nothing that comes later."""
        for url in moved:
            own = story_id(url)
            if self.came[url].story != own and own not in self.pages and own not in self.openers:
                return own, self.came[url].name.removesuffix(".md")
        url, number = moved[0], 2
        while (own := story_id(f"{url} {number}")) in self.pages:  # no URL has a space
            number += 1
        return own, f"{self.came[url].name.removesuffix('.md')}_{number}"  # no name of ours has such a line

    def lives(self) -> Lives:
        emptied = {story for story in self.touched if not self.members[story] and story not in self.into}
        last = {story: self.homes[url] for story, url in self._openers(emptied).items()}
        into = {story: self.now(story) for story in self.into} | {story: story for story in last}
        return Lives(
            homes=self.homes,
            into={story: last.get(other, other) for story, other in sorted(into.items())},
            pages=self.pages,
            changed=frozenset(self._changed()),
            acts=tuple(self.acts),
            apart=tuple(sorted({p for pairs in self.apart.values() for p in pairs if not self._is_one(*p)})),
            together=tuple(sorted(self._together())),
        )

    def _changed(self) -> set[str]:
        arrived: dict[str, set[str]] = {story: set() for story in self.touched if self.members[story]}
        for url, arrival in self.came.items():
            if arrival.story in arrived:
                arrived[arrival.story].add(url)
        return {story for story, urls in arrived.items() if urls != self.members[story]}

    def _openers(self, emptied: set[str]) -> dict[str, str]:
        """The article that opened each story whose articles all went, one by one: where it is now, the story is."""
        found = {story: self.openers[story] for story in emptied if story in self.openers}
        for url in sorted(url for url, arrival in self.came.items() if arrival.story in emptied):
            story = self.came[url].story
            if story not in found or story_id(url) == story:
                found[story] = url
        return found

    def _is_one(self, one: str, other: str) -> bool:
        return self.homes[one] == self.homes[other]

    def _together(self) -> set[tuple[str, str]]:
        """Each article of a merged story with the one that the editor merged into: who may not be parted from that one
        may not be parted from another."""
        found: set[tuple[str, str]] = set()
        for act in self.acts:
            if act.decision.kind == "merge" and self._is_one(act.decision.target, other := act.decision.others[0]):
                found |= {_pair(url, other) for url in self.members[self.homes[other]] if url != other}
        return found


def _pair(one: str, other: str) -> tuple[str, str]:
    return min(one, other), max(one, other)
