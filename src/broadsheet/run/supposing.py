"""Suppose other settings: what would be printed, and where, if a file of changes were part of the publication file.

Everything is reckoned in memory from what is stored. Nothing is written, and nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from .. import config, files, record
from ..execute import Executor, open_executor
from ..ordering import FRONT
from ..store import Store, open_store
from ..stories import story_id
from ..types import Article, File, Membership, Placed, Publication, Reason, Story, Struct
from .earlier import as_they_were
from .judging import judge
from .printing import Facts, edition_of, facts_of, stories_of
from .publication import Progress, quiet, store_url

BATCH = 1_000  # articles whose text is in memory together
MANY = 2_000  # articles from which judging them is worth the start of other processes

# Settings that say nothing of what is printed first: they are told as without effect. Grouping stays as it is stored.
IDLE = frozenset(
    """title url description locale contact outputs unpublished_records story_days story_dense sources organizations
    fetch websub pictures store hosts topic_files organization_files""".split()  # noqa: SIM905 (one a line is twenty lines)
)


class Shift(Struct, frozen=True, rename="camel"):
    """One share of a number that changes. of: heat, quality (of the lead) or rank."""

    of: str
    factor: str
    before: int  # points
    after: int


class Turn(Struct, frozen=True, rename="camel"):
    """A story that the gate lets through in one case and not in the other. heat: None where the story is not there."""

    story: str
    title: str
    provider: str
    published: datetime
    heat_before: int | None
    heat_after: int | None
    why: tuple[str, ...] = ()  # what is not a share of its heat, in words
    shifts: tuple[Shift, ...] = ()


class Move(Struct, frozen=True, rename="camel"):
    """A story that stands on the front page in both cases, or comes to it, or leaves it. place: from 1."""

    story: str
    title: str
    provider: str
    place_before: int | None
    place_after: int | None
    rank_before: int | None
    rank_after: int | None
    shifts: tuple[Shift, ...] = ()


class NewLead(Struct, frozen=True, rename="camel"):
    """A story that another article leads."""

    story: str
    before: str  # URL
    after: str
    title_before: str
    title_after: str
    provider_before: str
    provider_after: str
    quality_before: int  # as each is worth in its own case
    quality_after: int


class Supposed(Struct, frozen=True, rename="camel", omit_defaults=False):
    """What a file of changes would do. Each list is in the order of the page, what is printed first."""

    now: datetime
    stories_before: int  # printed
    stories_after: int
    printed: tuple[Turn, ...] = ()
    unprinted: tuple[Turn, ...] = ()
    moved: tuple[Move, ...] = ()
    leads: tuple[NewLead, ...] = ()
    judged: int = 0  # articles that were judged again for it
    requalified: int = 0  # of them: with another quality
    retagged: int = 0  # of them: with other topics
    arriving: tuple[str, ...] = ()  # URLs of articles that would come in; each stands alone here until it is grouped
    without_effect: tuple[str, ...] = ()  # settings that the file changes, and that move nothing


class Case(NamedTuple):
    """One of the two cases: with the settings as they are, or as the file has them."""

    publication: Publication
    stories: dict[str, Story]
    places: dict[str, int]  # story id -> place among the printed ones, from 1
    articles: dict[str, Article]


def suppose(folder: Path, over: Path, now: datetime, *, progress: Progress = quiet) -> Supposed:
    """What `over` would move in the edition at `now`, of which only earlier facts are known.

    Both cases are what the next `update` would print if nothing new came: with the settings as they are, and with
    `over` laid over them. Raises UsageError for a key or a value that the publication file could not have, StoreError.
    """
    held = files.read_publication(folder)
    present = config.parse(held)
    laid = File(path=str(over), data=files.read_saved(over))
    other = config.parse(held, laid)
    with open_store(store_url(folder, present)) as store:
        facts = facts_of(store, now)
        facts = facts._replace(articles=as_they_were(present, store, facts.articles, now))
        before = _case(msgspec.structs.replace(present, learnt=facts.learnt), store, facts, now, progress)
        after = _case(msgspec.structs.replace(other, learnt=facts.learnt), store, facts, now, progress)
    changed = {name for name in Publication.__struct_fields__ if getattr(present, name) != getattr(other, name)}
    return compare(before, after, now, sorted(changed & IDLE))


def _case(publication: Publication, store: Store, facts: Facts, now: datetime, progress: Progress) -> Case:
    articles = judged(publication, store, facts.articles, progress)
    supposed = facts._replace(articles=articles, placed=with_places(articles, facts.placed))
    made = edition_of(publication, supposed, now)
    return Case(
        publication=publication,
        stories={story.id: story for story in stories_of(publication, supposed, now)}
        | {story.id: story for story in made.stories},
        places={story.id: place for place, story in enumerate(made.stories, 1)},
        articles={article.url: article for article in articles},
    )


def judged(
    publication: Publication, store: Store, articles: Sequence[Article], progress: Progress = quiet
) -> tuple[Article, ...]:
    """`articles` as the next cycle will see them: those that were judged under other settings, judged under these.

    Nothing is stored. They come without their text.
    """
    stale = [article for article in articles if article.scored_with != publication.fingerprint]
    if not stale:
        return tuple(articles)
    fresh: dict[str, Article] = {}
    with open_executor("processes" if len(stale) >= MANY else "serial") as pool:
        for start in range(0, len(stale), BATCH):
            progress("judging again", start, len(stale))
            fresh.update(_judged(publication, store, pool, stale[start : start + BATCH]))
    progress("judging again", len(stale), len(stale))
    return tuple(fresh.get(article.url, article) for article in articles)


def _judged(
    publication: Publication, store: Store, pool: Executor, articles: Sequence[Article]
) -> Iterable[tuple[str, Article]]:
    texts = {held.url: held.text for held in store.articles(urls=[article.url for article in articles], text=True)}
    whole = [msgspec.structs.replace(article, text=texts.get(article.url, "")) for article in articles]
    for _, value in pool.map(partial(judge, publication), whole):
        if isinstance(value, Exception):
            raise value
        yield value.url, msgspec.structs.replace(value, text="")


def with_places(articles: Iterable[Article], placed: Mapping[str, Placed]) -> dict[str, Placed]:
    """Places of all articles: one that comes in stands alone, since grouping is a matter of the next cycle."""
    taken = {place.name for place in placed.values() if place.name}
    found = dict(placed)
    for article in articles:
        if article.topics and article.url not in placed:
            name = record.file_name(article.published, article.title, article.url, article.provider.domain, taken)
            taken.add(name)
            alone = Membership(url=article.url, story=story_id(article.url))
            found[article.url] = Placed(url=article.url, name=name, membership=alone)
    return found


# --- comparing -------------------------------------------------------------------------------------------------------


def compare(before: Case, after: Case, now: datetime, idle: Sequence[str] = ()) -> Supposed:
    """What differs between two cases. Pure."""
    ids = sorted(before.stories.keys() | after.stories.keys(), key=lambda key: (*_place(key, after, before), key))
    pairs = [(before.stories.get(key), after.stories.get(key)) for key in ids]
    printed = [(new, old, new) for old, new in pairs if new and new.published and not (old and old.published)]
    unprinted = [(old, old, new) for old, new in pairs if old and old.published and not (new and new.published)]
    both = [(before.articles[url], article) for url, article in after.articles.items() if url in before.articles]
    return Supposed(
        now=now,
        stories_before=len(before.places),
        stories_after=len(after.places),
        printed=tuple(_turn(*turn, before, after) for turn in printed),
        unprinted=tuple(_turn(*turn, before, after) for turn in unprinted),
        moved=tuple(move for key in ids if (move := _move(key, before, after)) is not None),
        leads=tuple(lead for old, new in pairs if (lead := _new_lead(old, new)) is not None),
        judged=sum(old.scored_with != new.scored_with for old, new in both),
        requalified=sum(old.quality != new.quality for old, new in both),
        retagged=sum(old.topics != new.topics for old, new in both),
        arriving=tuple(sorted(new.url for old, new in both if new.topics and not old.topics)),
        without_effect=tuple(idle),
    )


def _place(key: str, *cases: Case) -> tuple[int, ...]:
    """Its place in each case; behind all others where it is not printed."""
    return tuple(case.places.get(key, len(case.stories) + 1) for case in cases)


def _turn(shown: Story, old: Story | None, new: Story | None, before: Case, after: Case) -> Turn:
    why: list[str] = []
    if old is None or new is None:
        why.append("no article of it has a topic now" if new is None else "its articles had no topic before")
    elif before.publication.publish_at != after.publication.publish_at:
        why.append(f"publish_at {before.publication.publish_at} -> {after.publication.publish_at}")
    shifts = _shifts(old, new) if old is not None and new is not None else ()
    return Turn(
        story=shown.id,
        title=shown.lead.title,
        provider=shown.lead.provider.name,
        published=shown.lead.published,
        heat_before=old.heat if old else None,
        heat_after=new.heat if new else None,
        why=tuple(why),
        shifts=shifts,
    )


def _move(key: str, before: Case, after: Case) -> Move | None:
    """None for a story that keeps its place, or is on neither front page."""
    places = before.places.get(key), after.places.get(key)
    if places[0] == places[1] or min(place or FRONT + 1 for place in places) > FRONT:
        return None
    old, new = before.stories.get(key), after.stories.get(key)
    shown = after.stories[key] if new else before.stories[key]
    return Move(
        story=key,
        title=shown.lead.title,
        provider=shown.lead.provider.name,
        place_before=places[0],
        place_after=places[1],
        rank_before=old.rank if old and places[0] else None,
        rank_after=new.rank if new and places[1] else None,
        shifts=(*_shifts(old, new), *_ranks(old, new)) if old is not None and new is not None else (),
    )


def _new_lead(old: Story | None, new: Story | None) -> NewLead | None:
    if old is None or new is None or not (old.published or new.published) or old.lead.url == new.lead.url:
        return None
    return NewLead(
        story=new.id,
        before=old.lead.url,
        after=new.lead.url,
        title_before=old.lead.title,
        title_after=new.lead.title,
        provider_before=old.lead.provider.name,
        provider_after=new.lead.provider.name,
        quality_before=old.lead.quality,
        quality_after=new.lead.quality,
    )


def _shifts(old: Story, new: Story) -> tuple[Shift, ...]:
    """The shares of heat that differ; where it has the same lead, those of the lead's quality, too."""
    heat = _differing("heat", old.reasons, new.reasons)
    same_lead = old.lead.url == new.lead.url
    return heat + (_differing("quality", old.lead.reasons, new.lead.reasons) if same_lead else ())


def _ranks(old: Story, new: Story) -> tuple[Shift, ...]:
    """The shares of rank that differ, but for heat, which has shares of its own."""
    return tuple(shift for shift in _differing("rank", old.rank_reasons, new.rank_reasons) if shift.factor != "heat")


def _differing(of: str, old: Sequence[Reason], new: Sequence[Reason]) -> tuple[Shift, ...]:
    was, is_now = _points(old), _points(new)
    return tuple(
        Shift(of=of, factor=factor, before=was.get(factor, 0), after=is_now.get(factor, 0))
        for factor in dict.fromkeys([*was, *is_now])
        if was.get(factor, 0) != is_now.get(factor, 0)
    )


def _points(reasons: Iterable[Reason]) -> dict[str, int]:
    total: dict[str, int] = {}
    for reason in reasons:
        total[reason.factor] = total.get(reason.factor, 0) + reason.points
    return total
