"""Decide as an editor wants: from the articles and stories that he names to decisions, and what they do, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from .. import gate
from ..errors import UsageError
from ..store import Store
from ..types import Article, Decision, Publication, Story, Struct
from .finding import article_named, story_named, story_with
from .printing import Facts, facts_of, stories_of


class Act(Struct, frozen=True, kw_only=True):
    """What an editor wants. keys: URL of an article, name of a record, id or page of a story.

    publish, hold: the articles that the keys name, of a story its lead. kill: the articles, or all of a story. merge:
    the stories of the second key and all further ones go into that of the first. split: the articles leave their story
    (`source`, if it is given) for one of their own. lead: the article leads its story. undo: the last act on an
    article, or on a story, is taken back.
    """

    kind: str
    keys: tuple[str, ...]
    by: str
    note: str = ""
    source: str = ""


class Decided(NamedTuple):
    decision: Decision
    told: str  # what it does


class Desk(NamedTuple):
    """What there is to decide about, as of one moment."""

    publication: Publication
    store: Store
    facts: Facts
    stories: tuple[Story, ...]

    def article(self, key: str) -> tuple[Article, Story]:
        """The article that `key` names (of a story its lead), and its story. Raises UsageError."""
        url = article_named(key, self.store, self.stories, self.facts.placed, self.publication)
        story = story_with(url, self.stories)
        if story is None:
            raise UsageError("in no story", url, f"broadsheet why {url} tells what became of it")
        return next(article for article in story.articles if article.url == url), story


def desk_at(publication: Publication, store: Store, now: datetime) -> Desk:
    facts = facts_of(store, now)
    return Desk(publication, store, facts, stories_of(publication, facts, now))


def decide(desk: Desk, act: Act, now: datetime) -> tuple[Decided, ...]:
    """The decisions that the act stands for. Raises UsageError."""
    return tuple(_ACTS[act.kind](desk, act, now))


def _decision(act: Act, now: datetime, target: str, others: Sequence[str] = (), kind: str = "") -> Decision:
    return Decision(kind=kind or act.kind, target=target, others=tuple(others), by=act.by, at=now, note=act.note)


def _print(desk: Desk, act: Act, now: datetime) -> Iterator[Decided]:
    for key in act.keys:
        article, story = desk.article(key)
        done = "published" if act.kind == "publish" else "held back"
        yield Decided(_decision(act, now, article.url), f"{_named(story)} is {done}")


def _kill(desk: Desk, act: Act, now: datetime) -> Iterator[Decided]:
    for key in act.keys:
        story = story_named(key, desk.stories, desk.publication)
        for article in story.articles if story is not None else (desk.article(key)[0],):
            yield Decided(_decision(act, now, article.url), f"removed: “{article.title}” ({article.url})")


def _merge(desk: Desk, act: Act, now: datetime) -> Iterator[Decided]:
    into, *others = [desk.article(key) for key in act.keys]
    if not others:
        raise UsageError("nothing to merge", act.keys[0], "name the story that stays, then those that go into it")
    seen = {into[1].id}
    for article, story in others:
        if story.id in seen:
            raise UsageError("they are one story already", article.url, f"it is in story {story.id}")
        seen.add(story.id)
        told = f"{_named(story)} goes into {_named(into[1])}, whose address stays"
        yield Decided(_decision(act, now, article.url, [into[0].url]), told)


def _split(desk: Desk, act: Act, now: datetime) -> Iterator[Decided]:
    found = {article.url: (article, story) for article, story in map(desk.article, act.keys)}
    stories = {story.id: story for _, story in found.values()}
    if act.source:
        source = desk.article(act.source)[1]
        stranger = next((article.url for article, story in found.values() if story.id != source.id), "")
        if stranger:
            raise UsageError(f"not in story {source.id}", stranger, f"it is in story {found[stranger][1].id}")
    if len(stories) > 1:
        raise UsageError("articles of more than one story", ", ".join(stories), "split those of one at a time")
    (story,) = stories.values()
    if len(found) == len(story.articles):
        raise UsageError("nothing would be left of the story", story.id, "leave out the articles that stay")
    first, *rest = found
    told = f"{len(found)} of the {len(story.articles)} articles of {_named(story)} go into a story of their own"
    yield Decided(_decision(act, now, first, rest), told)


def _lead(desk: Desk, act: Act, now: datetime) -> Iterator[Decided]:
    for key in act.keys:
        article, story = desk.article(key)
        if len(story.articles) == 1:
            raise UsageError("alone in its story", article.url, "it leads that already")
        yield Decided(_decision(act, now, article.url), f"“{article.title}” ({article.url}) leads story {story.id}")


def _undo(desk: Desk, act: Act, now: datetime) -> Iterator[Decided]:
    standing = gate.standing(desk.facts.decisions)
    for key in act.keys:
        for last in _last_on(desk, key, standing):
            of = f"{last.kind} of {last.target} by {last.by} on {last.at:%Y-%m-%d %H:%M}"
            yield Decided(_decision(act, now, last.target, kind="undo"), f"taken back: {of}")


def _last_on(desk: Desk, key: str, standing: Sequence[Decision]) -> tuple[Decision, ...]:
    """The last act on what `key` names that stands; of a story all that were decided with it at once."""
    story = story_named(key, desk.stories, desk.publication)
    if story is None:
        url = article_named(key, desk.store, desk.stories, desk.facts.placed, desk.publication)
        acts = [act for act in standing if url in (act.target, *act.others)]
    else:
        lives = desk.facts.lives()
        urls = {url for url, home in lives.homes.items() if home == story.id}
        parted = [act.decision for act in lives.acts if act.story in (story.id, *story.merged)]
        acts = [act for act in standing if act in parted or not urls.isdisjoint((act.target, *act.others))]
    if not acts:
        raise UsageError("no act on it stands", key, "broadsheet review list shows those that do")
    last = acts[-1]
    together = [act for act in acts if story and (act.kind, act.by, act.at, act.note) == _hand(last)] or [last]
    for act in together:
        later = [one for one in standing if one.target == act.target][-1]
        if later != act:
            where = f"{later.kind} of {later.target}"
            raise UsageError("something was decided after it", where, "take that back first")
    return tuple(together)


def _hand(act: Decision) -> tuple[str, str, datetime, str]:
    return act.kind, act.by, act.at, act.note


def _named(story: Story) -> str:
    return f"story {story.id} “{story.lead.title}”"


_ACTS = {
    "publish": _print,
    "hold": _print,
    "kill": _kill,
    "merge": _merge,
    "split": _split,
    "lead": _lead,
    "undo": _undo,
}
