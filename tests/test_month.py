"""Thirty days of three hundred sources: nobody is silently dead, nothing is unaccounted for, no host is overrun."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import pytest

from broadsheet.execute.serial import Serial
from broadsheet.fetch.live import LiveFetcher
from broadsheet.fetch.outside import Outside
from broadsheet.fetch.politeness import Politeness
from broadsheet.run import ledger
from broadsheet.run.collecting import collect, ledger_of
from broadsheet.run.publication import quiet
from broadsheet.run.watching import SourceStats, source_stats
from broadsheet.store import open_store
from broadsheet.types import FetchLimits, Outcome

from .build import NOW, publication, source
from .month import DAY, HOUR, Month, clock, feeds

SOURCES, DAYS, STEP = 300, 30, 3 * HOUR
CUT_OFF = (NOW + 9 * DAY, NOW + 9 * DAY + 12 * HOUR)
PLANET = 12  # requests an hour that the shared host bears

pytestmark = pytest.mark.slow


class Ended(NamedTuple):
    """The simulation at its end. silent: source number -> when it was first reported as silent."""

    web: Month
    stats: dict[str, SourceStats]
    outcomes: dict[str, Outcome]
    silent: dict[int, datetime]
    unlinked: int
    paused: int
    failures_while_cut_off: int


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    made = feeds(SOURCES)
    web = Month(made, CUT_OFF, {"planet.example": PLANET})
    wanted = publication(sources=tuple(source(feed.url) for feed in made))
    with open_store(f"sqlite:///{tmp_path_factory.mktemp('month')}/store.db") as store:
        silent: dict[int, datetime] = {}
        paused = raised = 0
        for now in clock(DAYS, STEP):
            web.now = now
            before = {s.source.url: s.health.failures for s in store.source_states()}
            politeness = Politeness(store.hosts(), now, sleep=_no_sleep)
            fetcher = LiveFetcher(web, politeness, FetchLimits(), now)
            with Outside(fetcher) as outside:
                found = collect(wanted, store, Serial(), outside, now, hosts=politeness.changed, progress=quiet)
            ledger.check(ledger_of(found, store, now))
            states = store.source_states()
            paused += bool(found.paused)
            if CUT_OFF[0] <= now < CUT_OFF[1]:
                raised += sum(s.health.failures > before.get(s.source.url, 0) for s in states)
            for state in states:
                seen = source_stats(state, now)
                if seen.silent_since:
                    silent.setdefault(web.feeds[seen.url].number, now)
        yield Ended(
            web,
            {s.source.url: source_stats(s, now) for s in store.source_states()},
            {outcome.url: outcome for outcome in store.outcomes()},
            silent,
            store.count_unlinked(),
            paused,
            raised,
        )


async def _no_sleep(_: float) -> None:
    """The simulation never waits."""


def test_no_source_is_silently_dead(ended: Ended) -> None:
    """Each was read within two days before the end, or its trouble is said: gone for good, or failing with the reason."""
    end = NOW + DAYS * DAY
    unread = [s for s in ended.stats.values() if s.read_at is None or end - s.read_at > 2 * DAY]

    assert SOURCES == len(ended.stats)
    assert {f.url for f in ended.web.feeds.values() if f.gone} == {s.url for s in unread}
    assert all(s.trouble.startswith("gone: it answered HTTP 410") for s in unread)
    assert all(s.due_at is not None and s.due_at <= end + DAY for s in ended.stats.values() if s not in unread)


def test_every_published_entry_is_accounted_for(ended: Ended) -> None:
    """Everything that a source published until two days before the end has an outcome, at one of its addresses."""
    missing = []
    for feed in {feed.number: feed for feed in ended.web.feeds.values()}.values():
        last = min(NOW + (DAYS - 2) * DAY, (feed.gone or NOW + DAYS * DAY) - 2 * DAY)
        for item in feed.items(last):
            addresses = {feed.address(item, moment) for moment in (NOW, last)}
            if item.at >= NOW and not addresses & ended.outcomes.keys():
                missing.append((feed.number, item))

    assert [] == missing
    assert 0 == ended.unlinked


def test_nothing_is_read_twice(ended: Ended) -> None:
    """New ids, new addresses and new dates bring no page back: each was fetched once, at one of its addresses."""
    again = [url for url, times in ended.web.pages.items() if times > 1]
    both = [url for url in ended.web.pages if url.endswith("-again") and url.removesuffix("-again") in ended.web.pages]

    assert ([], []) == (again, both)
    assert len(ended.web.pages) > 1_000


def test_our_own_outage_is_nobody_elses_fault(ended: Ended) -> None:
    """While our line is down the cycles pause, and no source comes to have more failures."""
    assert (CUT_OFF[1] - CUT_OFF[0]) / STEP <= ended.paused
    assert 0 == ended.failures_while_cut_off


def test_no_host_is_asked_beyond_its_bound(ended: Ended) -> None:
    """A host that answers 429 is left alone as long as it says: what it refuses is a small share of what it bears."""
    hours = [n for (host, _), n in ended.web.requests.items() if host == "planet.example"]
    others = [n for (host, _), n in ended.web.requests.items() if host != "planet.example"]

    assert max(hours) <= PLANET + 1
    assert ended.web.refused["planet.example"] <= len(hours)
    assert max(others) <= 25  # a first look: robots.txt, tdmrep.json, the feed and its pages


def test_sources_that_moved_are_read_where_they_are(ended: Ended) -> None:
    """Their old address answers 404 by now; nobody had to do anything."""
    moved = [s for s in ended.stats.values() if ended.web.feeds[s.url].moves]

    assert {ended.web.feeds[s.url].new_url for s in moved} == {s.moved_to for s in moved}
    assert len(moved) == SOURCES // 20


def test_sources_that_fell_silent_were_reported_in_time(ended: Ended) -> None:
    """Within two of their gaps and a cycle; and of those that went on publishing hardly one ever."""
    for feed in {feed.number: feed for feed in ended.web.feeds.values()}.values():
        if feed.stops:
            last = feed.items(NOW + DAYS * DAY)[-1].at
            assert ended.silent[feed.number] <= last + 2 * feed.gap + STEP

    wrongly = [n for n in ended.silent if not next(f for f in ended.web.feeds.values() if f.number == n).stops]
    assert len(wrongly) <= SOURCES // 100 + sum(bool(f.down or f.gone) for f in ended.web.feeds.values()) // 2
