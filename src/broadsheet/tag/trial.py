"""What another topic tree would make of the stored articles: who gains and loses a topic, how many a day, and which
keywords are doubtful or dead. Pure: articles as they are and as they would be come in, figures come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from .. import text
from ..types import Article, Decision, Hit, Struct, Topic

AROUND = 30  # characters shown on each side of a keyword
SHOWN = 3  # hits that are shown for one topic of one article
OFTEN = 0.2  # share of a keyword's articles from which refusals are worth a word


class Pair(NamedTuple):
    """One article as it is stored and as it would be. text: its prose, empty where nothing changed."""

    before: Article
    after: Article
    text: str = ""


class Evidence(Struct, frozen=True, rename="camel"):
    """A keyword that makes, or made, the difference, as it stands there. reason: see types.Hit."""

    keyword: str
    where: str
    passage: str = ""
    weight: float = 1.0
    reason: str = ""


class Move(Struct, frozen=True, rename="camel"):
    """One article that gains or loses one topic."""

    topic: str
    url: str
    title: str
    published: datetime
    evidence: tuple[Evidence, ...] = ()  # of a gain: what counts now; of a loss: what counted
    refused: tuple[Evidence, ...] = ()  # of a loss: what stands there and does not count


class Volume(Struct, frozen=True, rename="camel"):
    """Articles of one topic a day, over the days that were looked at."""

    topic: str
    before: float
    after: float


class Doubtful(Struct, frozen=True, rename="camel"):
    """A keyword that is often refused. Numbers of articles. by_editor: those that an editor killed."""

    topic: str
    keyword: str
    counts: int
    by_context: int
    by_editor: int


class Dead(Struct, frozen=True, rename="camel"):
    """A keyword that no article of the days that were looked at has. last: of the newest that has it."""

    topic: str
    keyword: str
    last: datetime | None = None


class Trial(Struct, frozen=True, rename="camel"):
    """All of it. articles: that were looked at. days: over which volumes and dead keywords are told."""

    articles: int
    days: int
    gains: tuple[Move, ...] = ()
    losses: tuple[Move, ...] = ()
    volumes: tuple[Volume, ...] = ()
    doubtful: tuple[Doubtful, ...] = ()
    dead: tuple[Dead, ...] = ()


def summary(
    pairs: Iterable[Pair],
    old: Sequence[Topic],
    new: Sequence[Topic],
    in_force: Mapping[str, Decision],
    now: datetime,
    days: int,
    only: str = "",
) -> Trial:
    """Figures of a trial. in_force: the editor's acts, by URL. days: how far back volumes and dead keywords look; less
    where the articles do not go back as far. only: the name of the one topic to tell about; empty for all.

    Articles are taken in any order; lists come newest first.
    """
    names = [only] if only else list(dict.fromkeys(topic.name for topic in (*new, *old)))
    since = now - timedelta(days=days)
    looked_at, oldest = 0, now
    volume: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    counts: Counter[tuple[str, str]] = Counter()
    by_context: Counter[tuple[str, str]] = Counter()
    by_editor: Counter[tuple[str, str]] = Counter()
    last: dict[tuple[str, str], datetime] = {}
    gains: list[Move] = []
    losses: list[Move] = []
    for before, after, prose in pairs:
        looked_at += 1
        oldest = min(oldest, before.known_at)
        for side, article in zip(volume, (before, after), strict=True):
            if since < before.known_at <= now:
                side.update(article.topics)
        kept, refused = _keywords(after.hits), _keywords(after.refused)
        counts.update(kept)
        by_context.update(refused - kept)
        if (decision := in_force.get(after.url)) and decision.kind == "kill":
            by_editor.update(kept)
        for key in kept:
            last[key] = max(last.get(key, before.known_at), before.known_at)
        for name in names:
            if (name in before.topics) != (name in after.topics):
                (gains if name in after.topics else losses).append(_move(name, before, after, prose))
    span = max(1.0, min(float(days), (now - oldest).total_seconds() / 86_400))
    return Trial(
        articles=looked_at,
        days=days,
        gains=_newest(gains),
        losses=_newest(losses),
        volumes=tuple(Volume(n, round(volume[0][n] / span, 2), round(volume[1][n] / span, 2)) for n in names),
        doubtful=tuple(_doubtful(names, counts, by_context, by_editor)),
        dead=tuple(_dead(names, new, last, since)),
    )


def _keywords(hits: Iterable[Hit]) -> set[tuple[str, str]]:
    return {(hit.topic, hit.keyword) for hit in hits if hit.start >= 0}


def _newest(moves: list[Move]) -> tuple[Move, ...]:
    return tuple(sorted(moves, key=lambda move: (-move.published.timestamp(), move.url, move.topic)))


def _move(name: str, before: Article, after: Article, prose: str) -> Move:
    gained = name in after.topics
    shown = after if gained else before
    return Move(
        topic=name,
        url=after.url,
        title=after.title,
        published=after.published,
        evidence=tuple(_evidence(shown, prose, name, shown.hits)),
        refused=() if gained else tuple(_evidence(after, prose, name, after.refused)),
    )


def _evidence(article: Article, prose: str, topic: str, hits: Iterable[Hit]) -> Iterator[Evidence]:
    for hit in [hit for hit in hits if hit.topic == topic][:SHOWN]:
        field = {"title": article.title, "excerpt": article.excerpt, "text": prose}.get(hit.where, "")
        passage = text.around(field, hit.start, hit.end, AROUND) if field and hit.start >= 0 else ""
        yield Evidence(hit.keyword, hit.where, passage, hit.weight, hit.reason)


def _doubtful(
    names: Sequence[str],
    counts: Counter[tuple[str, str]],
    by_context: Counter[tuple[str, str]],
    by_editor: Counter[tuple[str, str]],
) -> Iterator[Doubtful]:
    """Those refused often, the most refused first."""
    found = [
        Doubtful(topic, keyword, counts[topic, keyword], by_context[topic, keyword], by_editor[topic, keyword])
        for topic, keyword in {*by_context, *by_editor}
        if topic in names
    ]
    often = [one for one in found if one.by_context + one.by_editor >= OFTEN * (one.counts + one.by_context)]
    yield from sorted(often, key=lambda one: (-one.by_context - one.by_editor, one.topic, one.keyword))


def _dead(
    names: Sequence[str], new: Sequence[Topic], last: Mapping[tuple[str, str], datetime], since: datetime
) -> Iterator[Dead]:
    """In the order of the tree."""
    for topic in new:
        for keyword in dict.fromkeys(topic.keywords) if topic.name in names else ():
            seen = last.get((topic.name, keyword))
            if seen is None or seen <= since:
                yield Dead(topic.name, keyword, seen)
