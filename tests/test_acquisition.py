"""Sources and pages over simulated cycles: what is asked, what is read again, what is counted, what is forgiven."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
import pytest

from broadsheet.errors import FetchError, StoreError
from broadsheet.execute.serial import Serial
from broadsheet.fetch import Request
from broadsheet.fetch.outside import Outside
from broadsheet.run import ledger
from broadsheet.run.collecting import Collected, collect, ledger_of
from broadsheet.run.curating import curate
from broadsheet.run.printing import print_edition
from broadsheet.run.publication import quiet
from broadsheet.run.reading import BEING_READ, after_failure, interleaved
from broadsheet.run.watching import source_stats
from broadsheet.store import Store, open_store
from broadsheet.types import Decision, Ledger, Outcome, Page, Validators

from .build import NOW, publication, source

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Answer = Page | FetchError | bytes


def item(n: int, host: str = "harbour.example", **changes: str) -> str:
    facts = {
        "title": f"Ferry {n} sails to the island of Norhaven again",
        "link": f"https://{host}/news/{n}",
        "guid": f"{host}:{n}",
        "pubDate": f"{NOW - n * HOUR:%a, %d %b %Y %H:%M:%S} GMT",
    }
    return f"<item>{''.join(f'<{k}>{v}</{k}>' for k, v in (facts | changes).items())}</item>"


def feed(*items: str) -> bytes:
    return f'<rss version="2.0"><channel><title>F</title>{"".join(items)}</channel></rss>'.encode()


def story(n: int, title: str = "") -> bytes:
    headline = title or f"Ferry {n} sails to the island of Norhaven again"
    told = (
        f"<p>The ferry number {n} left the quay of Norhaven at dawn with forty passengers, who had waited for days.</p>"
    )
    return f"<html lang=en><head><title>{headline}</title></head><body><article><h1>{headline}</h1>{told * 4}</article></body></html>".encode()


class Simulated:
    """A web whose answers are set by the test. asked: addresses in the order in which they were asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[Request], Answer]] = {}
        self.asked: list[str] = []
        self.now = NOW

    async def get(self, request: Request) -> Page:
        self.asked.append(request.url)
        found = self.answers.get(request.url, FetchError(request.url, "HTTP 404", status=404, permanent=True))
        answer = found(request) if callable(found) else found
        if isinstance(answer, FetchError):
            raise answer
        if isinstance(answer, Page):
            return answer
        return Page(url=request.url, final_url=request.url, status=200, body=answer, fetched_at=self.now)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        return None


class Desk:
    """A publication with a store and a simulated web, whose clock the test moves."""

    def __init__(self, store: Store, *urls: str) -> None:
        self.store, self.web, self.now = store, Simulated(), NOW
        self.publication = publication(sources=tuple(source(url) for url in urls))

    def cycle(self, after: timedelta = timedelta(), executor: Any = None) -> Collected:
        """One cycle, some time after the last; its ledger has to be even."""
        self.now += after
        self.web.now, self.web.asked = self.now, []
        with Outside(self.web) as outside:
            found = collect(self.publication, self.store, executor or Serial(), outside, self.now, progress=quiet)
        curate(self.publication, self.store, Serial(), self.now, progress=quiet)
        ledger.check(ledger_of(found, self.store, self.now))
        return found

    def state(self, url: str) -> str:
        return self.store.outcomes(urls=[url])[0].state

    def reason(self, url: str) -> str:
        return self.store.outcomes(urls=[url])[0].reason


FEED = "https://harbour.example/feed.xml"
FEEDS = tuple(f"https://p{n}.example/feed.xml" for n in range(6))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/store.db") as opened:
        yield opened


@pytest.fixture
def desk(store: Store) -> Desk:
    """One source with two articles."""
    made = Desk(store, FEED)
    made.web.answers = {FEED: feed(item(1), item(2))} | {f"https://harbour.example/news/{n}": story(n) for n in (1, 2)}
    return made


def news(n: int, host: str = "harbour.example") -> str:
    return f"https://{host}/news/{n}"


# --- what is asked ---------------------------------------------------------------------------------------------------


def test_a_page_is_read_once(desk: Desk) -> None:
    """A second look at the feed brings nothing, and asks for nothing else."""
    desk.cycle()

    again = desk.cycle(2 * HOUR)

    assert [FEED] == desk.web.asked
    assert {"known": 2} == again.asked.classes


def test_a_source_is_not_asked_before_it_is_due(desk: Desk) -> None:
    desk.cycle()

    desk.cycle(timedelta(minutes=4))

    assert [] == desk.web.asked


def test_validators_go_with_the_address_that_gave_them(desk: Desk) -> None:
    """A source that has moved for good is asked at its new address, and without what its old one gave."""
    asked: list[Request] = []

    def moved(request: Request) -> Page:
        asked.append(request)
        body = feed(item(1), item(2))
        return Page(
            url=request.url, final_url="https://new.example/feed", status=200, body=body, fetched_at=desk.now,
            moved_to="" if "new.example" in request.url else "https://new.example/feed", validators=Validators(etag='"1"'),
        )  # fmt: skip

    desk.web.answers |= {FEED: moved, "https://new.example/feed": moved}
    for _ in range(4):
        desk.cycle(DAY)

    assert [FEED, FEED, FEED, "https://new.example/feed"] == [request.url for request in asked]
    assert ["", '"1"', '"1"', ""] == [request.validators.etag for request in asked]
    assert "https://new.example/feed" == source_stats(desk.store.source_states()[0], desk.now).moved_to


def test_a_source_that_is_gone_is_asked_no_more_and_said_to_be(desk: Desk) -> None:
    """410 twice, a day apart; then it stands in the list with the reason."""
    desk.web.answers[FEED] = FetchError(FEED, "HTTP 410", status=410, permanent=True)
    for _ in range(4):
        desk.cycle(DAY)

    assert [] == desk.web.asked
    seen = source_stats(desk.store.source_states()[0], desk.now)
    assert "gone: it answered HTTP 410 since 2026-03-03" == seen.trouble
    assert seen.due_at is None


def test_a_source_that_fails_for_weeks_is_still_asked_every_day(desk: Desk) -> None:
    """Never silently dead: the same source comes back by itself when its server does."""
    good = desk.web.answers[FEED]
    desk.web.answers[FEED] = FetchError(FEED, "HTTP 500", status=500)
    asked = 0
    for _ in range(100):
        desk.cycle(DAY)
        asked += len(desk.web.asked)
    assert asked >= 90

    desk.web.answers[FEED] = good
    desk.cycle(DAY)

    assert 2 == len(desk.store.articles())
    assert 0 == desk.store.source_states()[0].health.failures


# --- games of feeds --------------------------------------------------------------------------------------------------


def test_moved_entries_are_not_published_again(desk: Desk) -> None:
    """New addresses for old entries, ids and headlines unchanged: nothing is fetched, and the ledger says why."""
    desk.cycle()
    desk.web.answers[FEED] = feed(*(item(n, link=f"https://harbour.example/{n}-new-slug") for n in (1, 2)))

    found = desk.cycle(DAY)

    assert ({"moved": 2}, [FEED]) == (found.asked.classes, desk.web.asked)
    assert f"another address of {news(1)}" == desk.reason("https://harbour.example/1-new-slug")
    assert 2 == len(desk.store.articles())


def test_an_entry_that_moved_before_it_was_read_is_read_where_it_is(desk: Desk) -> None:
    """Its old address fails for ever; the new one is worth a try, and the ledger loses neither."""
    desk.web.answers[news(1)] = FetchError(news(1), "HTTP 503", status=503)
    desk.cycle()
    there = "https://harbour.example/1-new-slug"
    desk.web.answers |= {FEED: feed(item(1, link=there), item(2)), there: story(1)}

    desk.cycle(DAY)

    assert ("held", "duplicate") == (desk.state(there), desk.state(news(1)))
    assert f"moved to {there} before it was read" == desk.reason(news(1))


def test_a_changed_headline_is_read_again_and_the_old_one_kept(desk: Desk) -> None:
    """A correction reaches the article; what it said before, and since when we know it, stays."""
    desk.cycle()
    late = "Ferry 1 does not sail to the island of Norhaven after all"
    desk.web.answers |= {FEED: feed(item(1, title=late), item(2)), news(1): story(1, late)}

    desk.cycle(DAY)

    (article,) = desk.store.articles(urls=[news(1)])
    assert ([FEED, news(1)], late, NOW) == (desk.web.asked, article.title, article.first_seen)
    assert [("title", "Ferry 1 sails to the island of Norhaven again", late, desk.now)] == [
        (c.field, c.old, c.new, c.at) for c in article.changes
    ]
    assert 2 == len(desk.store.articles())


def test_an_article_whose_page_cannot_be_read_again_stays(desk: Desk) -> None:
    """The page is gone when its headline changes: what we hold is held, and the ledger still names it."""
    desk.cycle()
    desk.web.answers[FEED] = feed(item(1, title="Ferry 1 is late, says its captain on the radio"), item(2))
    del desk.web.answers[news(1)]

    desk.cycle(DAY)

    assert (2, news(1)) == (len(desk.store.articles()), desk.store.outcomes(urls=[news(1)])[0].article)


def test_a_page_that_is_to_be_read_again_is_so_after_an_edition(desk: Desk, tmp_path: Path) -> None:
    """Its host is away when its headline changes: printing what we hold does not make the wish forgotten."""
    desk.cycle()
    late = "Ferry 1 does not sail to the island of Norhaven after all"
    desk.web.answers |= {
        FEED: feed(item(1, title=late), item(2)),
        news(1): FetchError(news(1), "HTTP 503", status=503),
    }
    desk.cycle(DAY)
    print_edition(tmp_path, desk.publication, desk.store, desk.now, progress=quiet, commit=False)
    assert "waiting" == desk.state(news(1))

    desk.web.answers[news(1)] = story(1, late)
    desk.cycle(DAY)

    assert late == desk.store.articles(urls=[news(1)])[0].title
    print_edition(tmp_path, desk.publication, desk.store, desk.now, progress=quiet, commit=False)
    assert "waiting" != desk.state(news(1))


def test_a_feed_that_redates_everything_does_not_flood(desk: Desk) -> None:
    """Every entry dated anew at each look: nothing is fetched, nothing changes, and the source is known for it."""
    entries = range(1, 7)
    desk.web.answers |= {FEED: feed(*(item(n) for n in entries))} | {news(n): story(n) for n in entries}
    desk.cycle()
    before = desk.store.articles()
    for day in (1, 2, 3):
        today = f"{NOW + day * DAY:%a, %d %b %Y %H:%M:%S} GMT"
        desk.web.answers[FEED] = feed(*(item(n, pubDate=today) for n in entries))
        assert {"redated": 6} == desk.cycle(DAY).asked.classes

    assert before == desk.store.articles()
    assert 3 == desk.store.source_states()[0].health.redated


def test_what_an_editor_removed_stays_out(desk: Desk) -> None:
    """By its address before it was ever read, and under a new address afterwards."""
    desk.store.put_decisions([Decision(kind="kill", target=news(1), by="ed", at=NOW, note="a hoax")])
    desk.cycle()
    assert ("killed", "removed by ed on 2026-03-02 12:00: a hoax") == (desk.state(news(1)), desk.reason(news(1)))
    assert news(1) not in desk.web.asked

    desk.web.answers[FEED] = feed(item(1, link="https://harbour.example/1-again"), item(2))
    desk.cycle(DAY)

    assert [FEED] == desk.web.asked
    assert [news(2)] == [article.url for article in desk.store.articles()]


def test_one_address_in_several_sources_is_read_once(store: Store) -> None:
    """Whoever comes first has it; the others are counted."""
    desk = Desk(store, *FEEDS)
    desk.web.answers = {url: feed(item(1)) for url in FEEDS} | {news(1): story(1)}

    found = desk.cycle()

    assert {"also listed": 5, "new": 1} == found.asked.classes
    assert 1 == desk.web.asked.count(news(1))


@pytest.mark.parametrize(("directive", "state"), [("noai", "held"), ("noindex", "opt-out")])
def test_what_a_publisher_reserves_is_not_kept_from_its_feed_either(desk: Desk, directive: str, state: str) -> None:
    """The feed gives the full text, the page says that it may not be kept: nothing of it stays in the store."""
    full = "All that the captain told us about the long night at sea. " * 40
    extra = f"<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>{full}</content:encoded></item>"
    page = story(1).replace(b"<head>", f'<head><meta name="robots" content="{directive}">'.encode())
    desk.web.answers |= {FEED: feed(item(1).replace("</item>", extra), item(2)), news(1): page}

    desk.cycle()

    assert state == desk.state(news(1))
    assert "" == desk.store.sightings([news(1)])[news(1)][0].content
    assert {""} >= {article.text for article in desk.store.articles(urls=[news(1)], text=True)}


# --- whose fault it is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "down",
    [
        FetchError("u", "host not found", kind="network"),
        FetchError("u", "robots.txt cannot be read (host not found)", kind="robots", retry_after=3600.0),
        FetchError("u", "HTTP 511", status=511),
    ],
)
def test_when_nearly_everything_fails_at_once_nobody_is_blamed(store: Store, down: FetchError) -> None:
    """Our own line is down: no source is held to have failed, all are asked again soon, and the report says so."""
    desk = Desk(store, *FEEDS)
    desk.web.answers = dict.fromkeys(FEEDS, down)

    found = desk.cycle()

    assert "6 of 6 sources failed at once: is the network down?" == found.paused
    assert {0} == {state.health.failures for state in store.source_states()}
    assert {NOW + timedelta(minutes=15)} == {state.due_at for state in store.source_states()}


def test_when_one_in_five_still_answers_the_others_have_failed(store: Store) -> None:
    """Four of five is not more than four of five."""
    desk = Desk(store, *FEEDS[:5])
    desk.web.answers = {url: FetchError(url, "host not found", kind="network") for url in FEEDS[1:5]}
    desk.web.answers[FEEDS[0]] = feed()

    assert "" == desk.cycle().paused
    assert [0, 1, 1, 1, 1] == [state.health.failures for state in store.source_states()]


def test_many_feeds_of_one_host_that_fail_are_its_own_fault(store: Store) -> None:
    urls = [f"https://planet.example/{n}.xml" for n in range(20)]
    desk = Desk(store, *urls)
    desk.web.answers = {url: FetchError(url, "connection refused", kind="network") for url in urls}

    assert "" == desk.cycle().paused
    assert {1} == {state.health.failures for state in store.source_states()}


def test_pages_that_fail_all_at_once_wait_without_an_attempt(store: Store) -> None:
    """The line goes down between the feeds and the pages: none of them comes nearer to being given up."""
    desk = Desk(store, *FEEDS)
    pages = {news(n, f"p{n}.example"): story(n) for n in range(6)}
    desk.web.answers = {url: feed(item(n, f"p{n}.example")) for n, url in enumerate(FEEDS)}
    desk.web.answers |= {url: FetchError(url, "cannot connect", kind="network") for url in pages}
    for _ in range(9):
        assert "6 of 6 pages failed at once: is the network down?" == desk.cycle(HOUR).read.paused
    assert {0} == {outcome.attempts for outcome in store.outcomes()}

    desk.web.answers |= pages
    desk.cycle(HOUR)

    assert 6 == len(store.articles())


# --- what takes the program down -------------------------------------------------------------------------------------


class Doomed(Serial):
    """An executor that ends the program at one page, as running out of memory would."""

    def map(self, fn: Any, items: Any) -> Iterator[Any]:
        for one in items:
            if "/news/1" in getattr(one[0], "url", ""):
                raise SystemExit(137)
            yield from super().map(fn, [one])


def test_a_page_that_takes_the_program_down_is_quarantined_and_the_others_are_read(desk: Desk) -> None:
    """Its attempts were written down before they began; after five it is left alone, and nothing else is lost."""
    for _ in range(5):
        with pytest.raises(SystemExit):
            desk.cycle(executor=Doomed())

    desk.cycle(executor=Doomed())

    assert ("quarantined", "held") == (desk.state(news(1)), desk.state(news(2)))
    assert "not read in 5 attempts, the last of which ended the program" == desk.reason(news(1))


def test_a_source_that_takes_the_program_down_is_passed_over(desk: Desk) -> None:
    """After three times it counts as failed, with the reason, and is tried again later."""

    def die(_: Request) -> Answer:
        raise SystemExit(137)

    desk.web.answers[FEED] = die
    for _ in range(3):
        with pytest.raises(SystemExit):
            desk.cycle()

    desk.cycle()

    assert [] == desk.web.asked
    assert "the program ended 3 times while it was read" == desk.store.source_states()[0].health.error


# --- outcomes and order ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "state", "attempts", "after"),
    [
        (FetchError("u", "HTTP 404", status=404, permanent=True), "fetch-failed", 1, None),
        (FetchError("u", "HTTP 500", status=500), "waiting", 1, HOUR),
        (FetchError("u", "HTTP 429", status=429, retry_after=7200.0), "waiting", 1, 2 * HOUR),
        (FetchError("u", "held", kind="held", retry_after=5400.0), "waiting", 0, 1.5 * HOUR),
        (FetchError("u", "robots.txt", kind="robots", permanent=True), "robots", 1, None),
        (FetchError("u", "robots.txt is away", kind="robots", retry_after=3600.0), "waiting", 0, HOUR),
    ],
)
def test_what_becomes_of_a_page_that_cannot_be_had(
    error: FetchError, state: str, attempts: int, after: timedelta | None
) -> None:
    """Final, or tried again; and what was never asked for counts as no attempt."""
    found = after_failure(error, Outcome(url="u", state="waiting", reason=BEING_READ, retry_at=NOW), NOW)

    assert (state, attempts, error.reason) == (found.state, found.attempts, found.reason)
    assert (NOW + after if after else None) == found.retry_at


def test_the_fifth_failure_of_a_page_is_the_last() -> None:
    before = Outcome(url="u", state="waiting", attempts=4)

    assert "fetch-failed" == after_failure(FetchError("u", "HTTP 500", status=500), before, NOW).state


def test_hosts_take_turns() -> None:
    """A host with many pages does not stand before those with few."""
    many = [f"https://a.example/{n}" for n in range(3)]

    assert ["https://a.example/0", "https://b.example/", *many[1:]] == list(interleaved([*many, "https://b.example/"]))


@pytest.mark.parametrize(
    "uneven",
    [
        Ledger(listed=3, classes={"new": 2}),
        Ledger(carried=1, queued=1, states={"held": 1}),
        Ledger(queued=1, states={"held": 1, "waiting": 1}),
    ],
)
def test_an_uneven_ledger_is_an_error(uneven: Ledger) -> None:
    """An entry that is lost or counted twice stops the run with a message that says which account it is."""
    with pytest.raises(StoreError, match="ledger does not add up"):
        ledger.check(uneven)


def test_an_even_ledger_is_none() -> None:
    ledger.check(Ledger(listed=3, classes={"new": 2, "known": 1}, carried=2, queued=2, states={"held": 3}, left=1))


def test_a_lost_entry_is_found_by_the_ledger(desk: Desk) -> None:
    """The accounts are independent: an outcome that is dropped behind the program's back is missed."""
    found = desk.cycle()
    lost = msgspec.structs.replace(found, read=msgspec.structs.replace(found.read, handled=found.read.handled[1:]))

    with pytest.raises(StoreError, match="2 addresses to be read, 1 accounted for"):
        ledger.check(ledger_of(lost, desk.store, desk.now))


def test_the_clock_of_a_cycle_is_its_own(desk: Desk) -> None:
    """Everything first seen in a cycle was first seen at its moment."""
    desk.cycle()

    assert {NOW} == {article.first_seen for article in desk.store.articles()}
    assert datetime(2026, 3, 2, 12, tzinfo=NOW.tzinfo) == NOW
