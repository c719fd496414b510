"""The contract of Store, kept by SQLite and PostgreSQL alike, and what each of them does when something is wrong."""

from __future__ import annotations

import itertools
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from msgspec.structs import replace
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from broadsheet.admission import Known, listed
from broadsheet.errors import StoreError
from broadsheet.store import Claim, Imported, Reading, Run, Store, open_store
from broadsheet.store import engine as opening
from broadsheet.store.schema import HEAD, metadata
from broadsheet.types import (
    Decision,
    Engagement,
    Entry,
    Front,
    Health,
    HostState,
    Learnt,
    Membership,
    Outcome,
    Part,
    Picture,
    Placed,
    PrintedRecord,
    Printing,
    Provider,
    Record,
    Regrouping,
    Related,
    Source,
    Standing,
    Subscription,
    Twin,
    Validators,
)

from .build import NOW, article, provider, source

SERVER = os.environ.get("BROADSHEET_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FEED, OTHER = "https://harbour.example/feed.xml", "https://ferry.example/feed.xml"
ODD = (
    "%s %(x)s :name ? $1 {} '; DROP TABLE articles; --",
    "quotes \" ' ` and \\ and \\0 and \\u0000",
    "ⴰⵣⵓⵍ 你好 שלום مرحبا 👩‍👩‍👧 🇺🇳 é e\u0301",
    "\x01\x1b[31m\x7f\x85\u2028\u2029\ufeff\ufffe\U0010ffff",
    "  tab\tnewline\nreturn\r\n  ",
)

_number = itertools.count(1)


def _server() -> Any:
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not there: PostgreSQL is not tested")
    try:
        return psycopg.connect(SERVER, connect_timeout=3, autocommit=True, options="-csynchronous_commit=off")
    except psycopg.OperationalError as exc:
        pytest.skip(f"the PostgreSQL server is not there: {SERVER}: {str(exc).splitlines()[0]}")


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The address of an empty schema, which is dropped afterwards."""
    schema = f"broadsheet_test_{os.getpid()}_{next(_number)}"
    with _server() as server:
        server.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        server.execute(f"CREATE SCHEMA {schema}")
        # Not waiting for the disk: no test here takes the power away. And a lock is an error, not a test that hangs.
        yield f"{SERVER}?options=-csearch_path={schema}%20-csynchronous_commit=off%20-clock_timeout=5s"
        server.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    found: str = request.getfixturevalue("postgres_url")
    return found


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with open_store(url) as opened:
        yield opened


def entry(url: str = "https://harbour.example/news/1", **changes: Any) -> Entry:
    return Entry(**{"source": FEED, "url": url, "title": "Ferry line opens"} | changes)


def outcome(url: str = "https://harbour.example/news/1", state: str = "held", **changes: Any) -> Outcome:
    return Outcome(url=url, state=state, **changes)


def claim(store: Store, now: datetime = NOW, worker: str = "", limit: int = 1) -> Claim:
    """A claim by a new run of one machine, or by `worker`."""
    return store.claim_sources(now, worker or f"here/{next(_number)}", limit, HOUR)[0]


def note(store: Store, of: Claim, *entries: Entry, due_at: datetime = NOW, now: datetime = NOW, **facts: Any) -> bool:
    """Write what came of a claim; False when its lease was lost."""
    reading = Reading(
        claim=of,
        due_at=due_at,
        entries=tuple(listed(one) for one in entries),
        **{"health": Health(last_read=now), "validators": of.validators} | facts,
    )
    return not store.note_sources([reading], now)


def list_entries(store: Store, *entries: Entry, feed: str = FEED) -> int:
    """Let the source `feed` list these entries, which are then to be read; returns how many are stored more."""
    known = [state.source for state in store.source_states() if state.enabled]
    store.put_sources([*known, source(feed)])
    before = sum(state.entries for state in store.source_states())
    claims = store.claim_sources(NOW, f"here/{next(_number)}", 99, HOUR)
    ours = next(one for one in claims if one.source.url == feed)
    waits = tuple(outcome(one.url, "waiting", retry_at=NOW) for one in entries if one.url)
    assert note(store, ours, *entries, outcomes=waits)
    return sum(state.entries for state in store.source_states()) - before


# --- sources and leases ----------------------------------------------------------------------------------------------


def test_new_sources_are_due_at_once_and_absent_ones_keep_their_history(store: Store) -> None:
    """A source that is no longer listed is disabled, not forgotten, and goes on where it stood when it is back."""
    store.put_sources([source(FEED), source(OTHER)])
    failing = Health(failures=1, error="HTTP 500")
    note(store, claim(store), due_at=NOW + HOUR, health=failing)

    store.put_sources([source(FEED)])
    assert [(OTHER, False, 1), (FEED, True, 0)] == [
        (s.source.url, s.enabled, s.health.failures) for s in store.source_states()
    ]
    store.put_sources([source(FEED), source(OTHER, title="Ferries")])

    other = store.source_states()[0]
    assert (
        other.enabled,
        other.source.title,
        other.due_at,
        other.health.error,
    ) == (True, "Ferries", NOW + HOUR, "HTTP 500")


def test_only_enabled_sources_that_are_due_are_claimed_longest_due_first(store: Store) -> None:
    """A claim takes at most `limit` sources, those that wait the longest first."""
    feeds = [source(f"https://s{n}.example/feed") for n in range(5)]
    store.put_sources(feeds)
    for n, one in enumerate(store.claim_sources(NOW, "one", 5, HOUR)):
        note(store, one, due_at=NOW + MINUTE * (5 - n))
    store.put_sources(feeds[1:])

    claimed = store.claim_sources(NOW + 4 * MINUTE, "one", 3, HOUR)

    assert ["https://s4.example/feed", "https://s3.example/feed", "https://s2.example/feed"] == [
        c.source.url for c in claimed
    ]
    assert () == store.claim_sources(NOW, "one", 3, HOUR)


def test_two_workers_never_hold_the_same_source(store: Store) -> None:
    """What one worker has leased no other gets before the lease ends."""
    store.put_sources([source(f"https://s{n}.example/feed") for n in range(4)])

    one = store.claim_sources(NOW, "one", 3, HOUR)
    two = store.claim_sources(NOW, "two", 3, HOUR)

    assert (3, 1) == (len(one), len(two))
    assert not {c.source.url for c in one} & {c.source.url for c in two}
    assert () == store.claim_sources(NOW + HOUR - timedelta(microseconds=1), "three", 9, HOUR)
    assert 4 == len(store.claim_sources(NOW + HOUR, "three", 9, HOUR))


def test_workers_in_parallel_share_the_sources_without_overlap(url: str) -> None:
    """Four threads that claim at one time get every source exactly once between them."""
    with open_store(url) as store:
        store.put_sources([source(f"https://s{n}.example/feed") for n in range(60)])

        def take(worker: str) -> list[str]:
            taken = []
            for _ in range(5):
                for one in store.claim_sources(NOW, worker, 3, HOUR):
                    taken.append(one.source.url)
                    note(store, one, due_at=NOW + HOUR)
            return taken

        with ThreadPoolExecutor(4) as pool:
            taken = [url for urls in pool.map(take, "abcd") for url in urls]

    assert 60 == len(taken)
    assert 60 == len(set(taken))


def test_leases_of_the_same_machine_are_taken_over_with_a_new_token(store: Store) -> None:
    """A run that died is gone on with at once by the next one of its machine; what it held before is void."""
    store.put_sources([source()])

    before, after = claim(store), claim(store)

    assert before.source == after.source
    assert before.token != after.token
    assert (1, 2) == (before.unfinished, after.unfinished)
    assert not note(store, before, entry())
    assert note(store, after, entry())
    assert 1 == claim(store).unfinished


def test_a_run_claims_no_source_twice(store: Store) -> None:
    """What a run holds already it is not given again, however often it asks; a machine with a longer name is another."""
    store.put_sources([source(FEED), source(OTHER)])

    taken = [one.source.url for _ in range(3) for one in store.claim_sources(NOW, "here/1", 1, HOUR)]

    assert sorted([FEED, OTHER]) == sorted(taken)
    assert () == store.claim_sources(NOW, "her/2", 9, HOUR)
    assert 2 == len(store.claim_sources(NOW, "here/2", 9, HOUR))


def test_a_stopped_source_is_asked_again_only_when_it_was_absent_or_changed(store: Store) -> None:
    """A source that is gone stays listed and is never claimed; an editor brings it back by taking it off the list."""
    store.put_sources([source()])
    note(store, claim(store), stopped="gone")

    store.put_sources([source()])
    assert () == store.claim_sources(NOW + 999 * HOUR, "here/1", 9, HOUR)
    assert ["gone"] == [state.stopped for state in store.source_states()]
    store.put_sources([])
    store.put_sources([source()])

    assert 1 == len(store.claim_sources(NOW, "here/1", 9, HOUR))


def test_a_lost_lease_writes_nothing(store: Store) -> None:
    """A stalled worker that comes back after another took its source over changes neither source nor entries."""
    store.put_sources([source()])
    stalled = claim(store, NOW, "one")
    holder = claim(store, NOW + HOUR, "two")
    before = store.source_states()

    assert not note(store, stalled, entry(), validators=Validators(etag="old"), outcomes=(outcome(),))

    assert before == store.source_states()
    assert {} == store.sightings([entry().url])
    assert () == store.outcomes()
    assert note(store, holder, entry(), now=NOW + HOUR, due_at=NOW + HOUR)
    assert Validators() == claim(store, NOW + HOUR).validators


def test_a_lease_ends_with_its_report(store: Store) -> None:
    """One claim is good for one report: a second one with the same token does nothing."""
    store.put_sources([source()])
    ours = claim(store)
    note(store, ours, entry(), due_at=NOW + HOUR)

    assert not note(store, ours, entry("https://harbour.example/news/2"))

    assert (NOW + HOUR, 1) == next((s.due_at, s.entries) for s in store.source_states())


def test_readings_of_many_sources_are_written_together(store: Store) -> None:
    """One call takes them all; a lost lease costs its own source alone."""
    store.put_sources([source(FEED), source(OTHER)])
    claims = store.claim_sources(NOW, "here/1", 9, HOUR)
    void = [one for one in claims if one.source.url == OTHER]
    claim(store, worker="here/2", limit=9)
    again = store.claim_sources(NOW + HOUR, "there/1", 9, HOUR)
    readings = [
        Reading(claim=one, health=Health(), due_at=NOW, entries=(listed(entry(source=one.source.url)),))
        for one in (*void, *(c for c in again if c.source.url == FEED))
    ]

    assert (OTHER,) == store.note_sources(readings, NOW)
    assert {OTHER: 0, FEED: 1} == {s.source.url: s.entries for s in store.source_states()}


def test_a_forged_empty_token_holds_nothing(store: Store) -> None:
    """A source that nobody holds cannot be written with an empty token."""
    store.put_sources([source()])

    assert not note(store, Claim(source=source(), token=""), entry())


def test_validators_are_kept_for_the_next_claim(store: Store) -> None:
    """What the server gave comes with the next claim, as does how the source fared."""
    store.put_sources([source()])
    first = Validators(etag='"a"', last_modified="Mon, 02 Mar 2026 11:00:00 GMT")
    health = Health(
        first_read=NOW, arrivals=(NOW - HOUR, NOW), quiet={"2026-03-02": 3600.0}, address="https://x.example/"
    )

    note(store, claim(store), validators=first, health=health)

    again = claim(store)
    assert (first, health) == (again.validators, again.health)


def test_validators_that_cannot_be_kept_are_forgotten(store: Store) -> None:
    """A server's broken header costs one full fetch and does not stop the run."""
    store.put_sources([source()])

    for broken in ("\0", "\udcff", "a\x1bb"):
        note(store, claim(store), validators=Validators(etag=broken, last_modified=broken))
        assert Validators() == claim(store).validators


def test_a_source_that_is_read_in_another_way_is_fetched_in_full(store: Store) -> None:
    """A new kind for a source drops its validators, since a 304 would leave the new reader with nothing."""
    store.put_sources([source()])
    note(store, claim(store), validators=Validators(etag='"a"'))

    store.put_sources([source()])
    assert '"a"' == claim(store).validators.etag
    store.put_sources([source(kind="page")])

    assert (Source(url=FEED, kind="page"), Validators()) == (claim(store).source, claim(store).validators)


# --- entries ---------------------------------------------------------------------------------------------------------


def test_only_unseen_entries_count_as_new(store: Store) -> None:
    """A pair of source and URL is stored once; what it lists again is brought up to date, and counted as a change."""
    one, two = entry(), entry("https://harbour.example/news/2")

    assert 1 == list_entries(store, one)
    assert 1 == list_entries(store, entry(title="Ferry line opens late"), two)
    assert 1 == list_entries(store, entry(source=OTHER), feed=OTHER)

    found = store.sightings([one.url, two.url, "https://harbour.example/never"])
    assert {
        one.url: (entry(source=OTHER), entry(title="Ferry line opens late")),
        two.url: (two,),
    } == found
    assert {OTHER: 1, FEED: 2} == {s.source.url: s.entries for s in store.source_states()}
    assert {one.url: 1, two.url: 0} == {known.url: known.changes for known in store.listed_before(FEED, 9)}


def test_what_is_known_of_entries(store: Store) -> None:
    """By source and key, with or without a link; an address counts as known that only an outcome names."""
    bare = entry("", id="7")
    list_entries(store, entry(), bare)
    store.put_outcomes([outcome("https://harbour.example/imported", "imported")])
    asked = [entry(), bare, entry("https://harbour.example/imported"), entry("https://harbour.example/new")]

    seen = store.seen((FEED, listed(one)) for one in asked)

    assert {FEED: {listed(one).key for one in (entry(), bare)}} == {s: set(keys) for s, keys in seen.entries.items()}
    told = listed(entry())
    assert (
        Known(url=told.url, key=told.key, id=told.id, title=told.title, date=told.date) == seen.entries[FEED][told.key]
    )
    assert frozenset({entry().url, "https://harbour.example/imported"}) == seen.urls - {""}


def test_earlier_entries_come_newest_first(store: Store) -> None:
    """What new entries are compared with is bounded and starts with the latest."""
    for n in range(3):
        store.put_sources([source()])
        note(store, claim(store), entry(f"https://harbour.example/news/{n}"), now=NOW + n * HOUR)

    assert ["2", "1"] == [known.url[-1] for known in store.listed_before(FEED, 2)]
    assert () == store.listed_before(OTHER, 2)


def test_hosts_are_remembered(store: Store) -> None:
    """What a host asked of us is there in the next cycle, and the latest counts."""
    states = [HostState(origin=f"https://h{n}.example", robots="User-agent: *", hold_until=NOW) for n in range(3)]
    store.put_hosts(states)
    store.put_hosts([HostState(origin="https://h1.example", tdm="[]", tdm_until=NOW + HOUR)])

    assert [NOW, None, NOW] == [state.hold_until for state in store.hosts()]
    assert (states[2],) == store.hosts(["https://h2.example", "https://never.example"])


def test_entries_without_a_link_are_kept_apart_and_never_pending(store: Store) -> None:
    """An entry with no URL is known by its id, else by what it says: listed again it is not new."""
    bare = [entry("", id="1"), entry("", id="2"), entry("", title="A"), entry("", title="B"), entry("", title="")]

    assert 5 == list_entries(store, *bare)
    assert 0 == list_entries(store, *bare)

    assert () == store.waiting(NOW, 99)
    assert 5 == store.count_unlinked()
    assert 5 == store.source_states()[0].entries


def test_what_waits_is_given_by_url(store: Store) -> None:
    """Each address once, however many sources list it, in the order of addresses, whatever became of its source."""
    list_entries(store, entry("https://a.example/2"), entry("https://a.example/1"), entry("https://a.example/B"))
    list_entries(store, entry("https://a.example/1", source=OTHER, title="Other"), feed=OTHER)
    store.put_sources([])

    assert ["https://a.example/1", "https://a.example/2"] == [waiting.url for waiting in store.waiting(NOW, 2)]
    assert ["1", "2", "B"] == [waiting.url[-1] for waiting in store.waiting(NOW, 99)]
    assert 3 == store.count_waiting(NOW)


@pytest.mark.parametrize(
    ("state", "retry_at", "pending"),
    [
        ("waiting", NOW - MINUTE, True),
        ("waiting", NOW, True),
        ("waiting", NOW + timedelta(microseconds=1), False),
        ("waiting", None, True),
        ("fetch-failed", NOW - MINUTE, False),
        ("held", None, False),
    ],
)
def test_an_entry_is_read_again_when_its_retry_is_due(
    store: Store, state: str, retry_at: datetime | None, pending: bool
) -> None:
    """Any outcome but `waiting` is final; a wait ends at its very moment, and one without an end is not for ever."""
    list_entries(store, entry())
    store.put_outcomes([outcome(state=state, retry_at=retry_at)])

    assert pending == bool(store.waiting(NOW, 9)) == bool(store.count_waiting(NOW))


def test_the_longest_links_are_kept(store: Store) -> None:
    """A source and a link of 2,048 characters that do not compress are stored like others."""
    noise = "".join(f"{n * 7919 % 1000003:x}" for n in range(1, 999))
    feed, link = ((prefix + noise)[:2048] for prefix in ("https://s.example/", "https://t.example/"))

    assert 1 == list_entries(store, entry(link, source=feed), feed=feed)
    store.put_articles([article(1, url=link, original_url=link)], [outcome(link)])

    assert [link] == [one.url for one in store.articles(urls=[link])]


def test_hubs_and_what_was_asked_of_them(store: Store) -> None:
    """A source that names a hub is given with the address that the hub knows it by; a wish is kept by its source."""
    store.put_sources([source(FEED), source(OTHER)])
    hub = "https://hub.example/"
    note(store, claim(store, worker="here/1"), health=Health(hub=hub, topic=""))
    note(store, claim(store, worker="here/1"), health=Health(hub=hub, topic="https://own.example/feed"))
    asked = Subscription(source=FEED, hub=hub, topic=FEED, secret="s", token="t", asked_at=NOW)  # noqa: S106

    store.put_subscription(asked)
    store.put_subscription(msgspec.structs.replace(asked, state="active", lease_until=NOW + HOUR))

    assert {hub} == {found.url for found in store.hubs()}
    assert {OTHER, FEED, "https://own.example/feed"} >= {found.topic for found in store.hubs()}
    assert ["active"] == [held.state for held in store.subscriptions()]
    store.put_sources([])
    assert () == store.hubs()


def test_a_ping_makes_its_source_due(store: Store) -> None:
    """Whenever it would have been asked; a source that nobody knows changes nothing."""
    store.put_sources([source()])
    note(store, claim(store), due_at=NOW + 9 * HOUR)
    assert NOW + 9 * HOUR == store.next_due()

    store.make_due("https://never.example/")
    store.make_due(FEED)

    assert 1 == len(store.claim_sources(NOW, "here/1", 9, HOUR))


def test_what_is_due_next_is_a_source_or_a_page(store: Store) -> None:
    """Stopped and absent sources are waited for no more."""
    assert store.next_due() is None
    store.put_sources([source()])
    note(store, claim(store), due_at=NOW + 2 * HOUR)
    store.put_outcomes([outcome(state="waiting", retry_at=NOW + HOUR), outcome("u", "held", retry_at=NOW)])

    assert NOW + HOUR == store.next_due()
    store.put_outcomes([outcome()])
    assert NOW + 2 * HOUR == store.next_due()
    store.put_sources([])
    assert store.next_due() is None


# --- articles and outcomes -------------------------------------------------------------------------------------------


def test_articles_come_back_as_they_were(store: Store) -> None:
    """Every field survives; the text comes when it is asked for."""
    full = article(
        1,
        text="One.\n\nTwo.",
        updated=NOW + timedelta(microseconds=1),
        claims={"title": "json-ld", "published": "feed"},
        provider=provider(tier=2, known=True),
        authors=("A", "B"),
        topics=("Ferries",),
    )
    store.put_articles([full], [])

    assert (full,) == store.articles(text=True)
    assert "" == store.articles()[0].text
    assert {"title": "json-ld", "published": "feed"} == store.articles()[0].claims


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_smaller_original_url_stays_whichever_came_first(store: Store, order: tuple[int, int]) -> None:
    """Two entries that lead to one canonical URL give the same article in either order of arrival."""
    both = [article(1, original_url="https://a.example/", title="A"), article(1, original_url="https://b.example/")]

    for n in order:
        store.put_articles([both[n]], [])
    assert (both[0],) == store.articles(text=True)
    store.put_articles([both[n] for n in order], [])

    assert (both[0],) == store.articles(text=True)


def test_an_update_without_text_keeps_the_text(store: Store) -> None:
    """Articles loaded without their text can be judged again and stored without losing it."""
    store.put_articles([article(1, text="All of it."), article(2, text="More.")], [])
    light = store.articles()

    store.put_articles([article(1, title="New title")], [])
    store.put_curation([article(2, quality=7, original_url="https://z.example/")], [])
    store.put_imports([], light[:1], [], [], [])

    kept = store.articles(text=True)
    assert ["All of it.", "More."] == [one.text for one in kept]
    assert [0, 7] == [one.quality for one in kept]


def _writes(url: str) -> object:
    """A value that changes when any row of articles is written."""
    if url.startswith("sqlite"):
        return Path(url.removeprefix("sqlite:///") + "-wal").stat().st_size
    engine, _ = opening.open_engine(url)
    with engine.connect() as db:
        rows = db.execute(text("SELECT url, xmin::text, ctid::text FROM articles ORDER BY url")).all()
    engine.dispose()
    return rows


def test_articles_that_stay_the_same_are_not_written(url: str) -> None:
    """Storing again what is there leaves the rows alone."""
    with open_store(url) as store:
        store.put_articles([article(n, text="All of it.") for n in range(9)], [])
        before = _writes(url)
        store.put_articles([article(n, text="All of it.") for n in range(9)], [])
        store.put_curation([article(n) for n in range(9)], [])

        assert before == _writes(url)


def test_articles_by_time_and_by_url_in_the_same_order_everywhere(store: Store) -> None:
    """`since` includes its moment; `urls` may repeat or miss; order is that of code points, whatever the database's."""
    names = ["B", "a", "~", "é", "-", "_", "Z", "10", "9", "😀", "\uffee"]
    urls = [f"https://h.example/{name}" for name in names]
    store.put_articles([article(n, url=url) for n, url in enumerate(urls)], [])

    assert sorted(urls) == [one.url for one in store.articles()]
    assert sorted(urls[:3]) == [one.url for one in store.articles(since=NOW - 2 * HOUR)]
    assert sorted(urls[4:8]) == [one.url for one in store.articles(urls=[*urls[4:8], urls[5], "https://h.example/x"])]
    assert sorted(urls[1:3]) == [one.url for one in store.articles(since=NOW - 2 * HOUR, urls=urls[1:])]
    assert () == store.articles(urls=[])


def test_many_articles_at_once(store: Store) -> None:
    """More URLs than one statement takes are stored, counted and found, in order."""
    many = [article(n, text=f"Text {n}.") for n in range(2_500)]
    store.put_articles(many, [outcome(one.url) for one in many])

    assert sorted(one.url for one in many) == [one.url for one in store.articles(urls=[one.url for one in many])]
    assert 2_500 == len(store.outcomes(urls=[one.url for one in many]))
    assert 1 == store.put_outcomes([*(outcome(one.url) for one in many[1:]), outcome(many[0].url, "printed")])


def test_outcomes_are_one_an_entry_and_changes_are_counted(store: Store) -> None:
    """put_outcomes says how many rows are new or differ; the last word on a URL in a batch counts."""
    waiting = outcome(state="waiting", reason="HTTP 503", attempts=1, retry_at=NOW + HOUR)

    assert 2 == store.put_outcomes([outcome("https://a.example/"), waiting])
    assert 0 == store.put_outcomes([outcome("https://a.example/"), waiting])
    assert 1 == store.put_outcomes([outcome("https://a.example/"), outcome(state="waiting"), outcome(state="killed")])
    assert 0 == store.put_outcomes([])

    assert (outcome("https://a.example/"), outcome(state="killed")) == store.outcomes()
    assert (outcome(state="killed"),) == store.outcomes(urls=[outcome().url, "https://b.example/"])


# --- curation, imports, decisions, runs ------------------------------------------------------------------------------


def test_placements_come_back_as_they_were(store: Store) -> None:
    """Name, membership and twin survive, and a new placement of an article replaces the old one."""
    one, two = article(1), article(2)
    member = Membership(url=one.url, story="s1", similarity=0.1 + 0.2, terms=("ferry", "línea"))
    places = (
        Placed(url=one.url, name="2026-03-02-one", membership=member),
        Placed(url=two.url, twin=Twin(url=two.url, original=one.url, resemblance=0.93)),
        Placed(url=article(3).url),
    )
    store.put_curation([one, two], places)
    store.put_curation([], [Placed(url=two.url, name="2026-03-02-two")])

    assert (places[0], Placed(url=two.url, name="2026-03-02-two"), places[2]) == store.placed()
    assert (places[0],) == store.placed(urls=[one.url])


def test_what_happens_to_stories_is_kept_once_and_in_order(store: Store) -> None:
    """Events come back oldest first; writing one again, as a cycle that was killed does, adds none."""
    later = Regrouping(at=NOW + HOUR, story="b", into="a", similarity=0.5, parts=(Part(name="words", value=0.5),))
    sooner = Regrouping(at=NOW, story="c", into="d", urls=(article(1).url,), terms=("líne",), shares=(0.25,))
    store.put_curation([], [], [later])
    store.put_curation([], [], [sooner, later])

    assert (sooner, later) == store.regroupings()


def test_what_grouping_keeps_comes_back_byte_for_byte(store: Store) -> None:
    """Features by URL for articles of the time asked for, vocabularies by language; a new value replaces the old."""
    old, new = article(1, published=NOW - 9 * HOUR), article(2, published=NOW)
    store.put_curation([old, new], [], (), {old.url: bytes(range(256)), new.url: b"one"}, {"en": b"\0first"})
    store.put_curation([], [], (), {new.url: b"two"}, {"en": b"\0second", "": b"x"})

    assert {new.url: b"two"} == store.features(NOW - HOUR)
    assert {old.url: bytes(range(256)), new.url: b"two"} == store.features(NOW - 10 * HOUR)
    assert {"": b"x", "en": b"\0second"} == store.vocabularies()


def test_the_newest_learnt_of_a_moment_is_given(store: Store) -> None:
    """What was learnt later is not known earlier, so that an edition can be made again."""
    first = Learnt(at=NOW, standings={"a.example": Standing(articles=3, printed=1)})
    second = Learnt(at=NOW + HOUR, arrivals={"Sea": 0.5})
    store.put_learnt(second)
    store.put_learnt(first)

    assert Learnt() == store.learnt(NOW - HOUR)
    assert first == store.learnt(NOW)
    assert second == store.learnt(NOW + 2 * HOUR)


def test_the_last_front_of_each_day_is_kept_apart(store: Store) -> None:
    """In UTC, of those before a moment, oldest first."""
    moments = [NOW, NOW + 11 * HOUR, NOW + 12 * HOUR, NOW + 40 * HOUR]  # NOW is a noon
    for at in moments:
        store.put_front(Front(at=at, stories=("s",)))

    assert [moments[1], moments[2]] == [front.at for front in store.closing_fronts(moments[3])]
    assert moments[1:] == [front.at for front in store.closing_fronts(moments[3] + HOUR)]


def test_a_first_printing_is_never_overwritten(store: Store) -> None:
    """It stays as it was; those up to a moment come in their order."""
    first, second = (
        Printing(story=f"s{n}", name=f"n{n}", at=NOW + n * HOUR, url=f"https://{n}.example/", title="Ferry opens",
                 published=NOW, provider=Provider(domain="quay.example", name="Quay"))
        for n in (1, 2)
    )  # fmt: skip
    store.put_printings([second, first])
    store.put_printings([msgspec.structs.replace(first, title="Ferry sinks", at=NOW)])

    assert (first, second) == store.printings(NOW + 2 * HOUR)
    assert (first,) == store.printings(NOW + HOUR)


def test_fronts_come_oldest_first_from_a_moment_to_before_another(store: Store) -> None:
    """The edition that is being made does not see itself."""
    fronts = [Front(at=NOW + n * HOUR, stories=(f"s{n}",)) for n in range(4)]
    for front in reversed(fronts):
        store.put_front(front)

    assert tuple(fronts[1:3]) == store.fronts(NOW + HOUR, NOW + 3 * HOUR)


def test_engagement_is_the_newest_count_of_its_moment(store: Store) -> None:
    """A count that came later is not known earlier."""
    one, two = article(1).url, article(2).url
    store.put_engagements([Engagement(url=one, at=NOW, count=5), Engagement(url=two, at=NOW + HOUR, count=9)])
    store.put_engagements([Engagement(url=one, at=NOW + HOUR, count=7)])

    assert {one: 5} == store.engagements(NOW)
    assert {one: 7, two: 9} == store.engagements(NOW + HOUR)


def test_what_has_no_place_yet_is_found_without_reading_the_rest(store: Store) -> None:
    """An article with a topic and without a placement; what only a source or a title says is no topic."""
    placed, off, new = (
        article(1, topics=("Ferries",)),
        article(2, source_topics=("Ferries",)),
        article(3, topics=("A",)),
    )
    named = article(4, title='"topics":["Ferries"]', text="long")
    store.put_articles([placed, off, replace(new, text="long"), named], ())
    membership = Membership(url=placed.url, story="s1")
    store.put_curation([], [Placed(url=placed.url, name="2026-03-02-a.md", membership=membership)])

    assert (new,) == store.unplaced()
    assert {placed.url: ("2026-03-02-a.md", "s1")} == store.places()


def test_what_was_judged_under_other_settings_is_found(store: Store) -> None:
    """By the fingerprint alone, not by what an article says of one."""
    one, two = article(1, scored_with="a%b"), article(2, scored_with="a_b")
    three = article(3, title='"scored_with":"a%b"')
    store.put_articles([one, two, three], ())

    assert (two.url, three.url) == store.stale("a%b")
    assert (one.url, two.url, three.url) == store.stale("other")
    assert (one.url, two.url) == store.stale("")


def test_what_the_last_edition_showed_is_told_by_the_ledger(store: Store) -> None:
    states = {1: "printed", 2: "related", 3: "below-gate", 4: "printed"}
    store.put_outcomes(
        Outcome(url=f"https://entry.example/{n}", state=state, article=article(min(n, 3)).url)
        for n, state in states.items()
    )

    assert {article(1).url, article(2).url, article(3).url} == store.printed()


def test_curation_is_all_or_nothing(store: Store) -> None:
    """Two articles cannot have one record name: the whole batch is refused, articles included."""
    store.put_curation([article(1)], [Placed(url=article(1).url, name="2026-03-02-ferry")])

    with pytest.raises(StoreError):
        store.put_curation([article(1, quality=9), article(2)], [Placed(url=article(2).url, name="2026-03-02-ferry")])

    assert (article(1),) == store.articles()
    assert 1 == len(store.placed())


@pytest.mark.parametrize("bad", [article(9, text="a\0b"), article(9, published=datetime(2026, 3, 2))])
def test_a_bad_article_undoes_the_whole_batch(store: Store, bad: Any) -> None:
    """A failure in mid-transaction leaves nothing half-written, and the store goes on to work."""
    with pytest.raises(StoreError):
        store.put_articles([*(article(n) for n in range(5)), bad], [outcome(article(n).url) for n in range(5)])

    assert ((), ()) == (store.articles(), store.outcomes())
    store.put_articles([article(1)], [])
    assert (article(1),) == store.articles()


def test_a_producer_that_fails_writes_nothing(store: Store) -> None:
    """What goes wrong while the articles are still being made reaches the caller as it is."""

    def made() -> Iterator[Any]:
        yield article(1)
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError):
        store.put_articles(made(), [])

    assert () == store.articles()


def test_a_fetch_is_noted_wholly_or_not_at_all(store: Store) -> None:
    """When an entry cannot be stored the lease and the source's next time stay as they were."""
    store.put_sources([source()])
    ours = claim(store)

    with pytest.raises(StoreError):
        note(store, ours, entry(), entry("https://a.example/\0"), outcomes=(outcome(),))

    assert (0, None) == next((s.entries, s.health.last_read) for s in store.source_states())
    assert () == store.outcomes()
    assert note(store, ours, entry())


def test_importing_again_replaces(store: Store) -> None:
    """Records come back as they were in their files; the same decision is kept once."""
    record = Record(
        title='Ferry "one"',
        published_at=NOW,
        heat=-1,
        published=False,
        provider=provider(),
        related=(Related(title="Other", published=NOW, web_url="https://a.example/", provider=provider()),),
        secured="abc;def",
    )
    one = Imported(url=article(1).url, printed=PrintedRecord(name="2026-03-02-ferry", record=record, newline="\r\n"))
    kill = Decision(kind="kill", target=article(1).url, by="import", at=NOW)
    place = Placed(url=article(1).url, name="2026-03-02-ferry")

    store.put_imports([one], [article(1, title="Old")], [place], [outcome(state="imported")], [kill])
    store.put_imports([one], [article(1)], [place], [outcome(state="imported")], [kill])

    assert (one,) == store.imports()
    assert ((article(1),), (place,), (kill,)) == (store.articles(), store.placed(), store.decisions())
    assert (outcome(state="imported"),) == store.outcomes()


def test_decisions_are_oldest_first_and_the_later_of_one_moment_comes_last(store: Store) -> None:
    """Decisions are events in the order of their times; those of one moment keep the order in which they came."""
    acts = [Decision(kind=k, target="https://a.example/", by="ed", at=NOW) for k in ("publish", "hold", "kill")]
    early = Decision(kind="publish", target="https://a.example/", by="ed", at=NOW - timedelta(microseconds=1))

    store.put_imports([], [], [], [], acts)
    store.put_imports([], [], [], [], [early, acts[0]])

    assert (early, *acts) == store.decisions()


def test_runs_newest_first(store: Store) -> None:
    """The last cycles come first, with their counts in the order in which they were reported."""
    runs = [Run(started_at=NOW + n * MINUTE, counts={"pages": n, "articles": 0}) for n in (2, 1, 3)]
    for run in runs:
        store.put_run(run)

    assert (runs[2], runs[0]) == store.runs(2)
    assert ["pages", "articles"] == list(store.runs(1)[0].counts)


# --- text and time ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("odd", ODD)
def test_odd_text_comes_back_as_it_was(store: Store, odd: str) -> None:
    """No character is lost, changed or taken for SQL, in keys, columns and data."""
    held = article(1, url=odd, original_url=odd, title=odd, text=odd, claims={odd: odd})
    said = entry(odd, title=odd, id=odd)

    list_entries(store, said)
    store.put_articles([held], [Outcome(url=odd, state=odd, reason=odd, article=odd)])
    store.put_curation([], [Placed(url=odd, name=odd)])

    assert (held,) == store.articles(urls=[odd], text=True)
    assert (Outcome(url=odd, state=odd, reason=odd, article=odd),) == store.outcomes(urls=[odd])
    assert {odd: (said,)} == store.sightings([odd])
    assert (Placed(url=odd, name=odd),) == store.placed([odd])


@pytest.mark.parametrize("field", ["url", "text", "title", "original_url"])
def test_broken_text_is_refused_not_corrupted(store: Store, field: str) -> None:
    """Text that is no Unicode never gets in; the message says so in one line."""
    for broken in ("half \ud83d of a pair", "\udcff"):
        with pytest.raises(StoreError) as refused:
            store.put_articles([article(1, **{field: broken})], [])
        assert 1 == len(str(refused.value).splitlines())

    assert () == store.articles()


def test_times_are_exact_and_come_out_in_utc(store: Store) -> None:
    """Microseconds, years far off and other zones come back as the same moment in UTC."""
    moments = [
        datetime(2026, 3, 2, 12, 0, 0, 1, UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, UTC),
        datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    ]
    store.put_outcomes([outcome(str(n), "waiting", retry_at=at) for n, at in enumerate(moments)])
    store.put_sources([source()])
    note(store, claim(store), now=moments[0], due_at=moments[3])

    found = [one.retry_at for one in store.outcomes()]
    assert moments == found
    assert [timedelta(0)] * 4 == [at.utcoffset() for at in found if at]
    state = store.source_states()[0]
    assert (moments[0], UTC, moments[3], UTC) == (
        state.health.last_read,
        state.health.last_read and state.health.last_read.tzinfo,
        state.due_at,
        state.due_at.tzinfo,
    )


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    """A naive time would mean another moment on another machine."""
    with pytest.raises(StoreError, match="without a zone"):
        store.put_run(Run(started_at=datetime(2026, 3, 2)))


# --- opening and schema ----------------------------------------------------------------------------------------------


def test_what_is_stored_is_there_after_closing(url: str) -> None:
    """A store is opened again with all that was in it, and its schema is left alone."""
    with open_store(url) as store:
        store.put_articles([article(1, text="All of it.")], [outcome()])
    with open_store(url) as store:
        assert (article(1, text="All of it."),) == store.articles(text=True)
        assert (outcome(),) == store.outcomes()


def _differs(context: Any, _column: Any, _wanted: Any, there: Any, wanted: Any) -> bool:
    """Two types are the same when they print the same SQL, collation included."""
    return bool(there.compile(context.dialect) != wanted.compile(context.dialect))


def test_pictures_are_kept_by_address_and_use(store: Store) -> None:
    """One as a lead and one as a logo; a later fact replaces an earlier one; those since a moment, in their order."""
    one = Picture(
        url="https://a.example/1.jpg", state="kept", kind="jpeg", width=9, height=6, hash="ab", fetched_at=NOW
    )
    logo = msgspec.structs.replace(one, use="logo", state="failed", reason="HTTP 500", retry_at=NOW + HOUR, attempts=2)
    other = Picture(url="https://a.example/2.jpg", state="unfit", reason=ODD[1], fetched_at=NOW + HOUR)
    store.put_pictures([other, logo])
    store.put_pictures([one])
    store.put_pictures([])

    assert (one, logo, other) == store.pictures()
    assert (other,) == store.pictures(since=NOW + MINUTE)
    assert (one, logo) == store.pictures(urls=[one.url, "https://a.example/3.jpg"])
    store.put_pictures([again := msgspec.structs.replace(one, state="refused", hash="")])
    assert (again, logo) == store.pictures(urls=[one.url])


def test_the_migrations_lead_to_the_tables_that_the_code_uses(url: str) -> None:
    """From an empty database to the newest revision gives exactly the metadata of schema.py."""
    engine, _ = opening.open_engine(url)
    with engine.connect() as db:
        context = MigrationContext.configure(db, opts={"compare_type": _differs})
        assert HEAD == context.get_current_revision()
        assert [] == compare_metadata(context, metadata)
    engine.dispose()
    assert HEAD == ScriptDirectory(str(Path(opening.__file__).with_name("migrations"))).get_current_head()


def _engine(store: Store) -> Engine:
    return store._engine  # type: ignore[attr-defined,no-any-return]


def test_a_store_of_the_first_schema_is_brought_up_to_date(url: str) -> None:
    """Sources keep how they fared, entries get digests that fit new ones, and what was never read waits to be."""
    first = Entry(source=FEED, url="https://harbour.example/news/1", id="7", title="Ferry", published=NOW)
    with _of_schema(url, "0001") as db:
        db.execute(
            text(
                "INSERT INTO sources (url, data, enabled, due_at, failures, last_error, etag, last_modified, claims, "
                "worker, token) VALUES (:url, :data, true, :due, 2, 'HTTP 500', '', '', 1, '', '')"
            ),
            {
                "url": FEED,
                "data": msgspec.json.encode(source()).decode(),
                "due": NOW.isoformat(timespec="microseconds"),
            },
        )
        for one in (first, entry("https://harbour.example/news/2")):
            db.execute(
                text("INSERT INTO entries (source, key, url, first_seen, data) VALUES (:s, :k, :u, :at, :data)"),
                {"s": FEED, "k": one.url[-1], "u": one.url, "at": NOW.isoformat(timespec="microseconds")}
                | {"data": msgspec.json.encode(one).decode()},
            )
        db.execute(
            text("INSERT INTO outcomes (url, state, reason, article, attempts) VALUES (:u, 'held', '', '', 1)"),
            {"u": first.url},
        )

    with open_store(url) as store:
        assert (2, "HTTP 500") == next((s.health.failures, s.health.error) for s in store.source_states())
        assert ["https://harbour.example/news/2"] == [waiting.url for waiting in store.waiting(NOW, 9)]
        told = listed(first)
        known = store.seen([(FEED, told)]).entries[FEED][told.key]
        assert (told.id, told.title, told.date) == (known.id, known.title, known.date)


@contextmanager
def _of_schema(url: str, revision: str) -> Iterator[Connection]:
    """A transaction on a store that was made by an older program."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    config = Config()
    config.set_main_option("script_location", str(Path(opening.__file__).with_name("migrations")))
    with engine.begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, revision)
        yield db
    engine.dispose()


def test_a_store_of_a_newer_program_is_refused(url: str) -> None:
    """An old program does not touch a schema that it does not know."""
    with open_store(url) as store, _engine(store).begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StoreError) as refused:
        open_store(url)

    assert (
        refused.value.what,
        refused.value.advice,
    ) == (f"the store has schema 9999, newer than {HEAD}", "update Broadsheet")


def test_a_migration_that_fails_leaves_nothing(url: str) -> None:
    """When the last table cannot be made the first ones are not there either."""
    engine, _ = opening.open_engine(url)
    with engine.begin() as db:
        metadata.drop_all(db)
        db.execute(text("DROP TABLE alembic_version"))
        db.execute(text("CREATE TABLE runs (mine TEXT)"))
    engine.dispose()

    with pytest.raises(StoreError, match=r"cannot open the store.*already exists"):
        open_store(url)

    probe = opening._sqlite if url.startswith("sqlite") else opening._postgresql
    engine = probe(opening._address(url))
    with engine.connect() as db:
        tables = inspect(db).get_table_names()
    engine.dispose()
    assert ["runs"] == tables


def test_workers_may_open_an_empty_server_together(postgres_url: str) -> None:
    """Several workers that start at one moment on an empty PostgreSQL schema migrate it once."""
    ready = threading.Barrier(4)

    def opened(_: int) -> int:
        ready.wait()
        with open_store(postgres_url) as store:
            return len(store.articles())

    with ThreadPoolExecutor(4) as pool:
        assert [0, 0, 0, 0] == list(pool.map(opened, range(4)))


def test_a_claim_does_not_wait_for_rows_that_another_has_locked(postgres_url: str) -> None:
    """PostgreSQL: sources that another transaction holds are skipped (FOR UPDATE SKIP LOCKED), not waited for."""
    with open_store(postgres_url) as store, open_store(postgres_url) as other:
        store.put_sources([source(f"https://s{n}.example/feed") for n in range(3)])
        with _engine(other).begin() as db:
            db.execute(text("SELECT url FROM sources WHERE url < 'https://s2' FOR UPDATE")).all()

            assert ["https://s2.example/feed"] == [c.source.url for c in store.claim_sources(NOW, "one", 9, HOUR)]


def test_a_connection_that_the_server_ended_is_replaced(postgres_url: str) -> None:
    """PostgreSQL: a restart of the server between two cycles is not noticed."""
    with open_store(postgres_url) as store:
        store.put_outcomes([outcome()])
        with _engine(store).connect() as db:
            backend = db.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with _server() as server:
            server.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])

        assert (outcome(),) == store.outcomes()


def test_sqlite_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    """SQLite: one connection, WAL, synchronous FULL, foreign keys, five seconds of patience."""
    with open_store(f"sqlite:///{tmp_path}/a/b/store.db") as store, _engine(store).connect() as db:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        assert ["wal", 2, 1, 5000] == [db.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
        assert 1 == _engine(store).pool.size()  # type: ignore[attr-defined]


def test_a_locked_database_says_who_holds_it(tmp_path: Path) -> None:
    """SQLite: while another program writes, ours gives up after its patience and says why; then it works again."""
    with open_store(f"sqlite:///{tmp_path}/store.db?timeout=0.05") as store:
        other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreError) as refused:
            store.put_outcomes([outcome()])

        assert f"cannot write to the store: database is locked: {tmp_path}/store.db: another broadsheet is running" in (
            str(refused.value)
        )
        assert () == store.outcomes()
        other.execute("ROLLBACK")
        other.close()
        assert 1 == store.put_outcomes([outcome()])


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """SQLite: a path below a file is refused with its name."""
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match=r"cannot make the store's folder.*file/store\.db.*can be written"):
        open_store(f"sqlite:///{tmp_path}/file/store.db")


@pytest.mark.parametrize("kind", ["text", "folder", "torn"])
def test_a_file_that_is_no_database(tmp_path: Path, kind: str) -> None:
    """SQLite: what stands in the store's place and is none is refused in one line and left as it was."""
    path = tmp_path / "store.db"
    if kind == "folder":
        path.mkdir()
    else:
        path.write_bytes(b"just some text " * 99 if kind == "text" else b"SQLite format 3\0" + b"\xff" * 5000)

    with pytest.raises(StoreError) as refused:
        open_store(f"sqlite:///{path}")

    assert str(refused.value).startswith("cannot open the store: ")
    assert str(path) in str(refused.value)
    assert "folder" == kind or path.read_bytes()[:6] in (b"just s", b"SQLite")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("", "not the address of a store: sqlite:///path or postgresql://host/name"),
        ("nonsense", "not the address of a store: nonsense: sqlite:///path or postgresql://host/name"),
        ("mysql://h/x", "no such kind of store: mysql: choose sqlite or postgresql"),
        ("sqlite+aiosqlite:///x", "no such kind of store: sqlite+aiosqlite: choose sqlite or postgresql"),
        ("postgresql://h:port/x", "not the address of a store: postgresql://h:port/x: sqlite:///path or"),
    ],
)
def test_an_address_that_is_none(address: str, says: str) -> None:
    """A wrong address is refused with what would be right."""
    with pytest.raises(StoreError) as refused:
        open_store(address)

    assert str(refused.value).startswith(says)


def test_a_server_that_is_not_there(postgres_url: str) -> None:
    """PostgreSQL: an unreachable server is an error in one line, without the password."""
    with pytest.raises(StoreError) as refused:
        open_store("postgresql://editor:secret@127.0.0.1:9/news?connect_timeout=2")

    assert "secret" not in str(refused.value)
    assert "postgresql://editor:***@127.0.0.1:9/news: check that the server runs" in str(refused.value)


def test_postgresql_without_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without psycopg the message says what to install."""
    for name in [name for name in sys.modules if name.split(".")[0] == "psycopg"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(StoreError) as refused:
        open_store("postgresql://127.0.0.1/news")

    assert "PostgreSQL needs psycopg: postgresql://127.0.0.1/news: pip install 'broadsheet[postgres]'" == str(
        refused.value
    )


# --- crashes ---------------------------------------------------------------------------------------------------------

BATCH = 20
CHILD = f"""
import sys
from broadsheet.store import open_store
from broadsheet.types import Outcome
from tests.build import article
store = open_store(sys.argv[1])
for n in range(10_000):
    batch = [article(n * {BATCH} + i, text="word " * 500) for i in range({BATCH})]
    store.put_articles(batch, [Outcome(url=one.url, state="held") for one in batch])
    print(n, flush=True)
"""


def test_a_killed_process_leaves_whole_transactions_only(url: str) -> None:
    """SIGKILL in the middle of writing: what was acknowledged is there, and no transaction by half."""
    root = Path(__file__).parent.parent
    with subprocess.Popen([sys.executable, "-c", CHILD, url], cwd=root, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        acknowledged = [int(child.stdout.readline()) for _ in range(8)]
        child.kill()
        acknowledged += [int(line) for line in child.stdout.readlines() if line.endswith("\n")]

    with open_store(url) as store, _engine(store).connect() as db:
        counts = "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM outcomes)"
        articles, outcomes = db.execute(text(counts)).one()
    assert articles == outcomes
    assert 0 == articles % BATCH
    assert articles >= BATCH * len(acknowledged)
