"""Evaluate a publication on its own editor's acts: grouping, the gate and topics, each with an interval.

Stories are in two halves by a digest of their id. The open one is for looking and tuning; the locked one is looked at
seldom, each look is noted, and nothing that compares settings may use it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from .. import config, edition, files, gate, heat, ordering
from ..errors import UsageError
from ..evaluation import labels, scores
from ..evaluation.labels import Grouped, Tagged
from ..evaluation.scores import Figure, Item, Verdict
from ..store import Store, open_store
from ..stories import arrivals
from ..types import Article, Decision, File, Publication, Story, Struct, Topic
from .printing import Facts, facts_of, stories_of
from .publication import PRIVATE, Progress, quiet, store_url
from .supposing import judged, with_places

ENOUGH = 20  # stories that were decided about, below which no figure is given
EACH = 5  # of them: to be printed, and not to be printed, for the gate
LOOKS = f"{PRIVATE}/locked-half.json"  # when the locked half was looked at


class Measured(Struct, frozen=True, rename="camel", omit_defaults=False):
    """One part of the machine's work against the editor's acts. labels: what they were, by kind. note: why there are
    no figures, empty where there are."""

    name: str
    stories: int
    articles: int
    labels: dict[str, int] = {}
    figures: dict[str, Figure] = {}
    note: str = ""


class Evaluation(Struct, frozen=True, rename="camel", omit_defaults=False):
    """What the acts of one half say of the machine's work. after: the same with other settings, where they were given.

    looks: every time that the locked half was looked at, this one included.
    """

    now: datetime
    half: str  # open or locked
    publish_at: int
    grouping: Measured
    gate: Measured
    topics: Measured
    by_topic: tuple[Measured, ...] = ()
    after_publish_at: int | None = None
    after_gate: Measured | None = None
    after_topics: Measured | None = None
    after_by_topic: tuple[Measured, ...] = ()
    looks: tuple[datetime, ...] = ()


def evaluate(
    folder: Path,
    now: datetime,
    *,
    over: Path | None = None,
    topic: str = "",
    locked: bool = False,
    progress: Progress = quiet,
) -> Evaluation:
    """Score the machine's work, as of `now`, on one half of the stories that an editor decided about.

    over: a file of other settings, as for `publish --what-if`, to compare with on the open half; grouping is as it is
    stored in either case. topic: the only one of which figures are given beside those of all. Raises UsageError,
    also where settings would be compared on the locked half, StoreError, OutputError.
    """
    if locked and over is not None:
        raise UsageError(
            "settings are not compared on the locked half",
            "--locked",
            "leave it out: what is tuned on it is locked no more",
        )
    held = files.read_publication(folder)
    present = config.parse(held)
    other = config.parse(held, File(path=str(over), data=files.read_saved(over))) if over else None
    for publication in filter(None, (present, other)):
        _known(publication, topic)
    with open_store(store_url(folder, present)) as store:
        facts = facts_of(store, now)
        before = _case(present, store, facts, now, locked, topic, progress)
        after = _case(other, store, facts, now, locked, topic, progress) if other else None
    return Evaluation(
        now=now,
        half="locked" if locked else "open",
        publish_at=present.publish_at,
        grouping=_grouping(facts, locked),
        gate=before.gate,
        topics=before.topics,
        by_topic=before.by_topic,
        after_publish_at=other.publish_at if other else None,
        after_gate=after.gate if after else None,
        after_topics=after.topics if after else None,
        after_by_topic=after.by_topic if after else (),
        looks=_looked(folder, now if locked else None),
    )


def _known(publication: Publication, topic: str) -> None:
    names = [one.name for one in publication.topics]
    if topic and topic not in names:
        raise UsageError("no such topic", topic, f"use one of {', '.join(names)}")


def _looked(folder: Path, at: datetime | None) -> tuple[datetime, ...]:
    """Every look at the locked half, oldest first; `at` is noted as one. Raises UsageError where the note is broken."""
    data = files.read_tree(folder, (LOOKS,)).get(LOOKS, b"[]")
    try:
        looks = msgspec.json.decode(data, type=tuple[datetime, ...])
    except msgspec.MsgspecError as exc:
        raise UsageError("the note of looks cannot be read", str(folder / LOOKS), "restore it from a backup") from exc
    if at is None:
        return looks
    with files.lock(folder):
        looks = (*looks, at)
        files.put(folder, File(path=LOOKS, data=msgspec.json.encode(looks)))
    return looks


class _Case(NamedTuple):
    gate: Measured
    topics: Measured
    by_topic: tuple[Measured, ...]


def _case(
    publication: Publication, store: Store, facts: Facts, now: datetime, locked: bool, topic: str, progress: Progress
) -> _Case:
    """What depends on settings, of one half."""
    publication = msgspec.structs.replace(publication, learnt=facts.learnt)
    articles = judged(publication, store, facts.articles, progress)
    supposed = facts._replace(articles=articles, placed=with_places(articles, facts.placed))
    homes = supposed.lives().homes

    def half(url: str) -> bool:
        return scores.is_locked(homes.get(url, url)) == locked

    verdicts = [
        verdict
        for story in stories_of(publication, supposed, now)
        if half(story.lead.url) and (verdict := _verdict(story, publication, facts.in_force, homes)) is not None
    ]
    said = labels.topics(facts.articles, _acts(facts), publication.topics)
    tagged = {a.url: (a, said[a.url]) for a in articles if a.url in said and half(a.url)}
    names = [one.name for one in publication.topics if topic in ("", one.name)]
    return _Case(
        gate=_gate(verdicts, publication.publish_at),
        topics=_topics("topics", tagged, homes, _of_all(publication.topics)),
        by_topic=tuple(
            measured
            for name in names
            if (measured := _topics(name, tagged, homes, _of_one(name))).articles or name == topic
        ),
    )


def _acts(facts: Facts) -> tuple[Decision, ...]:
    """The editor's acts that stand, those of an import left out."""
    return tuple(act for act in gate.standing(facts.decisions) if act.by != edition.IMPORT)


# --- grouping --------------------------------------------------------------------------------------------------------


def _grouping(facts: Facts, locked: bool) -> Measured:
    killed = frozenset(url for url, decision in facts.in_force.items() if decision.kind == "kill")
    seen = {article.url: article.first_seen for article in facts.articles}
    came = {url: arrival for url, arrival in arrivals(facts.placed.values()).items() if url in seen}
    found = labels.groupings(came, seen, facts.regroupings, _acts(facts), killed)
    of_half = {url: label for url, label in found.items() if scores.is_locked(label.story) == locked}
    sure = {label.story for label in of_half.values() if label.weight == labels.SURE}
    stories = {label.story for label in of_half.values()}
    counts = {"merged or split": len(sure), "published as they were": len(stories - sure)}
    note = _too_few(len(stories))
    figures = {} if note else _group_figures(of_half)
    return Measured("grouping", len(stories), len(of_half), counts, figures, note)


def _group_figures(found: Mapping[str, Grouped]) -> dict[str, Figure]:
    gold = {url: label.story for url, label in found.items()}
    made = {url: label.found for url, label in found.items()}
    weights = {url: label.weight for url, label in found.items()}
    pairs = scores.pair_items(gold, made, weights)
    precise, recalled = scores.b_cubed_items(gold, made, weights)
    return {
        "pairPrecision": _share(pairs, "found"),
        "pairRecall": _share(pairs, "wanted"),
        "bCubedPrecision": _share(precise, "found"),
        "bCubedRecall": _share(recalled, "wanted"),
        "bCubedF1": _f1(precise, recalled),
    }


# --- the gate --------------------------------------------------------------------------------------------------------


def _verdict(
    story: Story, publication: Publication, in_force: Mapping[str, Decision], homes: Mapping[str, str]
) -> Verdict | None:
    """What an editor decided about a story, and the heat that it had with the articles that he could see."""
    act = next(reversed(list(labels.verdicts(story.articles, in_force, edition.IMPORT))), None)
    if act is None:
        return None
    seen = tuple(article for article in story.articles if article.first_seen <= act.at)
    if not seen:
        return None
    here = {article.url for article in seen}
    then = msgspec.structs.replace(
        story,
        articles=seen,
        memberships=tuple(one for one in story.memberships if one.url in here),
        reprints={url: twin for url, twin in story.reprints.items() if {url, twin.original} <= here},
        developments=tuple(one for one in story.developments if one.url in here),
        claims={},
    )
    scored = heat.score(ordering.led(then, publication, {}), publication)
    weight = labels.LIKELY if act.kind == "hold" else labels.SURE
    unit = homes.get(story.lead.url, story.id)
    return Verdict(unit=unit, heat=scored.heat, wanted=act.kind == "publish", weight=weight)


def _gate(verdicts: Sequence[Verdict], publish_at: int) -> Measured:
    wanted = sum(one.wanted for one in verdicts)
    held = sum(not one.wanted and one.weight == labels.LIKELY for one in verdicts)
    counts = {"published": wanted, "held back": held, "removed": len(verdicts) - wanted - held}
    note = _too_few(len(verdicts))
    if not note and min(wanted, len(verdicts) - wanted) < EACH:
        note = f"too few of one kind: {EACH} that were published and {EACH} that were not are needed"
    figures = {} if note else _gate_figures(verdicts, publish_at)
    return Measured("gate", len(verdicts), len(verdicts), counts, figures, note)


def _gate_figures(verdicts: Sequence[Verdict], publish_at: int) -> dict[str, Figure]:
    units = [one.unit for one in verdicts]
    best = scores.figure(lambda counts: scores.best_gate(verdicts, publish_at, counts), units, digits=0)
    now, then = scores.at_gate(verdicts, publish_at), scores.at_gate(verdicts, round(best.value))
    return {
        "precision": _share(now, "found"),
        "recall": _share(now, "wanted"),
        "area": scores.figure(lambda counts: scores.area(verdicts, counts), units),
        "bestPublishAt": best,
        "precisionAtBest": _share(then, "found"),
        "recallAtBest": _share(then, "wanted"),
    }


# --- topics ----------------------------------------------------------------------------------------------------------

_Counts = Callable[[Article, Tagged], tuple[int, int, int, int]]  # hits, tagged; hits, right: of precision and recall


def _of_all(tree: Sequence[Topic]) -> _Counts:
    """Topics that follow from one below them are not counted: they would be right or wrong with it."""

    def counts(article: Article, said: Tagged) -> tuple[int, int, int, int]:
        found, wanted = labels.deepest(article.topics, tree), labels.deepest(said.right, tree)
        hits = len(found & said.right)
        return hits, hits + len(found & said.wrong), len(wanted.intersection(article.topics)), len(wanted)

    return counts


def _of_one(name: str) -> _Counts:
    def counts(article: Article, said: Tagged) -> tuple[int, int, int, int]:
        found, right = name in article.topics, name in said.right
        return int(found and right), int(found and (right or name in said.wrong)), int(found and right), int(right)

    return counts


def _topics(
    name: str, tagged: Mapping[str, tuple[Article, Tagged]], homes: Mapping[str, str], counts: _Counts
) -> Measured:
    precise: list[Item] = []
    recalled: list[Item] = []
    refused = confirmed = missed = 0
    for url, (article, said) in tagged.items():
        right, found, again, wanted = counts(article, said)
        if not (found or wanted):
            continue
        unit, weight = homes.get(url, url), said.weight
        precise.append(Item(unit=unit, hit=weight * right, found=weight * found, wanted=0.0))
        recalled.append(Item(unit=unit, hit=weight * again, found=0.0, wanted=weight * wanted))
        refused, confirmed, missed = refused + found - right, confirmed + right, missed + wanted - again
    stories = len({item.unit for item in precise})
    told = {"confirmed": confirmed, "refused": refused, "missed": missed}
    note = _too_few(stories)
    figures: dict[str, Figure] = {}
    if not note:
        shares = _share(precise, "found"), _share(recalled, "wanted")
        figures = {"precision": shares[0], "recall": shares[1], "f1": _f1(precise, recalled)}
    return Measured(name, stories, len(precise), told, figures, note)


# --- figures ---------------------------------------------------------------------------------------------------------


def _too_few(stories: int) -> str:
    return (
        f"too few decisions for a figure: {stories} of the {ENOUGH} stories that are needed" if stories < ENOUGH else ""
    )


def _share(items: Iterable[Item], of: str) -> Figure:
    summed = list(_by_unit(items))
    return scores.figure(lambda counts: scores.ratio(summed, counts, of), (item.unit for item in summed))


def _f1(precise: Iterable[Item], recalled: Iterable[Item]) -> Figure:
    ones, others = list(_by_unit(precise)), list(_by_unit(recalled))
    units = [item.unit for item in (*ones, *others)]
    return scores.figure(
        lambda counts: scores.f1(scores.ratio(ones, counts, "found"), scores.ratio(others, counts, "wanted")), units
    )


def _by_unit(items: Iterable[Item]) -> Iterator[Item]:
    """One item for each unit, which adds the same."""
    sums: dict[str, list[float]] = {}
    for item in items:
        held = sums.setdefault(item.unit, [0.0, 0.0, 0.0])
        for place, value in enumerate((item.hit, item.found, item.wanted)):
            held[place] += value
    for unit, (hit, found, wanted) in sums.items():
        yield Item(unit=unit, hit=hit, found=found, wanted=wanted)
