"""Learn from the publication's own history, once a day: of providers, of topics, and of what keywords mean."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median

import msgspec

from .. import dates, edition
from ..store import Store
from ..tag.learning import from_history
from ..types import Article, Decision, Learnt, Publication, Standing, Story
from .printing import facts_of, stories_of

REMEMBERED = timedelta(days=60)  # for how long an article counts for its provider
USUAL = 14  # days that tell what is usual
FEWEST = 3  # days of history from which anything is
STEADY = 1.5  # a new rate replaces the old one when one is this many times the other
DAY = timedelta(days=1)


def with_learnt(publication: Publication, store: Store, now: datetime) -> Publication:
    """The publication with what it has learnt by `now`. The first cycle of a day learns, from what was known before it.

    Days are those of the publication's time zone. Until there is anything to learn from nothing is stored. Raises
    StoreError.
    """
    held = store.learnt(now)
    zone = dates.iana(publication.timezone) or UTC
    if held.at.astimezone(zone).date() != now.astimezone(zone).date():
        before = now - timedelta(microseconds=1)  # not what a cycle of this very moment did before it was killed
        facts = facts_of(store, before)
        stories = stories_of(publication, facts, before)
        if stories:
            contexts = from_history(facts.articles, facts.in_force, publication.topics)
            held = msgspec.structs.replace(learn(stories, facts.in_force, held, now), contexts=contexts)
            store.put_learnt(held)
    return msgspec.structs.replace(publication, learnt=held)


def learn(stories: Sequence[Story], in_force: Mapping[str, Decision], before: Learnt, now: datetime) -> Learnt:
    """What these stories teach of providers and topics. Pure. before: what was known; a rate that hardly changed stays.

    All times are reckoned back from the newest article, and not from `now`: nothing is unlearnt because time passes.
    """
    newest = max((story.last_seen for story in stories), default=now)
    recent = [story for story in stories if newest - story.last_seen < REMEMBERED]
    return msgspec.structs.replace(
        before,
        at=now,
        standings=_standings(recent, in_force, newest - REMEMBERED),
        arrivals=_arrivals((a for story in recent for a in story.articles), before.arrivals, newest),
    )


# --- providers -------------------------------------------------------------------------------------------------------


def _standings(stories: Iterable[Story], in_force: Mapping[str, Decision], since: datetime) -> dict[str, Standing]:
    """By domain. A hold or kill that came with an imported record was not this publication's."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for story in stories:
        first = _first(story)
        for article in story.articles:
            if article.known_at < since:
                continue
            count, decision = counts[article.provider.domain], in_force.get(article.url)
            count["articles"] += 1
            count["printed"] += story.published
            count["first"] += article is first
            count["refused"] += (
                decision is not None and decision.kind in ("hold", "kill") and decision.by != edition.IMPORT
            )
    return {domain: Standing(**count) for domain, count in sorted(counts.items())}


def _first(story: Story) -> Article | None:
    """The first report of a story that somebody independent took up; None without one, or where two came together."""
    own = [a for a in story.articles if a.date_known and story.voice(a) == a.provider.domain]
    if len(story.owners) < 2 or not own:
        return None
    first = min(own, key=lambda article: article.known_at)
    together = {story.owner(article) for article in own if article.known_at == first.known_at}
    return first if len(together) == 1 else None


# --- topics ----------------------------------------------------------------------------------------------------------


def _arrivals(articles: Iterable[Article], before: Mapping[str, float], newest: datetime) -> dict[str, float]:
    """Topic -> articles in a usual hour: the median of its last days, so that a rush is not taken for what is usual."""
    days: dict[str, Counter[int]] = defaultdict(Counter)
    oldest = 0
    for article in articles:
        day = (newest - article.known_at) // DAY
        oldest = max(oldest, day)
        if day < USUAL:
            for topic in article.topics:
                days[topic][day] += 1
    span = min(USUAL, oldest + 1)
    if span < FEWEST:
        return dict(before)
    return dict(_steady({t: median(d[n] for n in range(span)) / 24 for t, d in days.items()}, before))


def _steady(rates: Mapping[str, float], before: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    for topic, rate in sorted(rates.items()):
        old = before.get(topic, -1.0)
        same = old == rate or (rate > 0 and 1 / STEADY < old / rate < STEADY)
        yield topic, old if same else round(rate, 4)
