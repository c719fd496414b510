"""Turns, pauses and holds: a host is asked one thing at a time, at its pace, and not at all while it wants peace."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email.utils import format_datetime

import pytest

from broadsheet.errors import FetchError
from broadsheet.fetch import Request
from broadsheet.fetch.politeness import Politeness
from broadsheet.types import FetchLimits, HostState

from .build import NOW
from .canned import Web, fetched, moved, page, refused, reply, run

SITE = "https://harbour.example"
ROBOTS = f"{SITE}/robots.txt"
TEN = [Request(f"{SITE}/{n}", "source") for n in range(10)]


def paced(text: str = "", count: int = 10, takes: float = 0.0) -> Web:
    return Web({ROBOTS: reply(body=text)} | {f"{SITE}/{n}": reply() for n in range(count)}, takes)


def test_a_host_is_never_asked_two_things_at_once_and_answers_in_turn():
    web = paced(takes=0.5)
    fetched(web, *TEN)

    assert 1 == web.most_at_once[SITE]
    assert [request.url for request in TEN] == web.wanted


def test_without_turns_it_would_be():
    """The count above sees two things at once where there are."""
    web = paced(takes=0.5)

    async def work() -> None:
        await asyncio.gather(*(web.exchange(r.url, most=1, seconds=1) for r in TEN))

    run(work())
    assert 10 == web.most_at_once[SITE]


def test_hosts_do_not_wait_for_each_other():
    """Twenty hosts that take a second each are done after two: robots.txt and the page."""
    web = Web({f"https://h{n}.example/": reply() for n in range(20)}, takes=1.0)
    fetched(web, *(Request(f"https://h{n}.example/", "source") for n in range(20)))

    assert 1.0 == max(when for when, _ in web.asked)


def test_redirects_across_hosts_keep_every_turn_and_wait_for_no_other_in_a_circle():
    """Pages and robots.txt of five hosts redirect to the next one round, all asked at once."""
    hosts = [f"https://h{n}.example" for n in range(5)]
    web = Web(takes=0.3)
    for here, there in zip(hosts, [*hosts[1:], hosts[0]], strict=True):
        web.answers |= {f"{here}/robots.txt": moved(f"{there}/robots.txt"), f"{here}/end": reply()}
        web.answers |= {f"{here}/{n}": moved(f"{there}/{n + 1}" if n < 3 else f"{there}/end") for n in range(4)}
    answers, _ = fetched(web, *(f"{host}/0" for host in hosts * 4))

    assert {200} == {getattr(answer, "status", answer) for answer in answers}
    assert {1} == set(web.most_at_once.values())


@pytest.mark.parametrize(
    ("text", "delay", "pause"),
    [
        ("", 0.0, 0.0),
        ("", 2.0, 2.0),
        ("User-agent: *\nCrawl-delay: 5", 2.0, 5.0),
        ("User-agent: *\nCrawl-delay: 1", 2.0, 2.0),
        ("User-agent: *\nCrawl-delay: 999", 0.0, 60.0),
    ],
)
def test_the_longer_of_both_pauses_lies_between_an_answer_and_the_next_request(text, delay, pause):
    """robots.txt counts as a request, too; its answer takes a second here as any other."""
    web = paced(text, takes=1.0)
    fetched(web, *TEN[:3], delay=delay, patience=1_000)

    assert [0.0, 1 + pause, 2 + 2 * pause, 3 + 3 * pause] == [when for when, _ in web.asked]


def test_who_would_wait_longer_than_the_patience_leaves_at_once_without_an_attempt():
    web = paced("User-agent: *\nCrawl-delay: 20")
    answers, _ = fetched(web, *TEN, patience=60)
    late = [a for a in answers if isinstance(a, FetchError)]

    assert [20.0, 40.0, 60.0] == [when for when, url in web.asked if url != ROBOTS]
    assert ({"held"}, {False}) == ({e.kind for e in late}, {e.permanent for e in late})
    assert 80.0 == late[0].retry_after
    assert "harbour.example is asked once in 20 s and its line is full" == late[0].reason


def test_slow_answers_do_not_count_against_the_patience():
    web = paced(takes=30.0)

    assert 10 == sum(
        not isinstance(a, FetchError) for a in fetched(web, *TEN, patience=1, limits=FetchLimits(total=99))[0]
    )


def test_a_request_that_fails_gives_its_turn_on():
    web = paced()
    web.answers[f"{SITE}/0"] = FetchError(f"{SITE}/0", "connection closed by the host", kind="network")
    answers, _ = fetched(web, *TEN, delay=1)

    assert [True] + [False] * 9 == [isinstance(a, FetchError) for a in answers]


# --- holds ------------------------------------------------------------------------------------------------------------


def held_for(status: int, wait: str | None) -> float | None:
    """Seconds for which the host is held after an answer; None where it is not."""
    web = Web({f"{SITE}/0": reply(status, **({} if wait is None else {"retry_after": wait}))})
    states = fetched(web, TEN[0])[1]
    until = states[0].hold_until
    return None if until is None else (until - NOW).total_seconds()


def date(**ahead: float) -> str:
    return format_datetime(NOW + timedelta(**ahead), usegmt=True)


RETRY_AFTER = [
    (None, 900), ("", 900), ("60", 60), ("61", 61), ("120", 120), ("3600", 3600), ("86400", 86_400), ("1", 60), ("59", 60),
    ("86401", 86_400), ("999999999", 86_400), ("9" * 400, 900), ("0", 900), ("-5", 900), ("1.5", 900), ("soon", 900),
    ("120 seconds", 900), ("١٢٠", 900), (" 120 ", 120), ("0x10", 900), (date(minutes=10), 600), (date(seconds=5), 60),
    (date(days=40), 86_400), (date(hours=-1), 900), (date(), 900), ("Mon, 32 Foo 2026 99:99:99 GMT", 900),
    ("Monday, 02-Mar-26 13:00:00 GMT", 3600), ("Mon Mar  2 13:00:00 2026", 3600), ("2026", 2026), ("\x00", 900),
]  # fmt: skip


@pytest.mark.parametrize(("wait", "seconds"), RETRY_AFTER)
def test_a_429_holds_its_host_for_as_long_as_it_says_within_bounds(wait, seconds):
    """Retry-After in seconds or as a date, from a minute to a day; 15 minutes where it says nothing that makes sense."""
    assert seconds == held_for(429, wait)


@pytest.mark.parametrize(("wait", "seconds"), RETRY_AFTER)
def test_a_503_holds_its_host_only_where_it_says_for_how_long(wait, seconds):
    assert (None if seconds == 900 else seconds) == held_for(503, wait)


@pytest.mark.parametrize("status", [200, 301, 403, 404, 410, 420, 500, 502, 504])
def test_no_other_status_holds_a_host(status):
    assert held_for(status, "3600") is None


def test_a_held_host_gets_no_request_at_all():
    """Not even for its robots.txt; its requests wait, without an attempt, for the time that is left."""
    held = HostState(origin=SITE, hold_until=NOW + timedelta(seconds=300))
    web = paced()
    error = refused(web, TEN[0], states=[held])

    assert ("held", False, 300) == (error.kind, error.permanent, error.retry_after)
    assert "harbour.example asked to be left alone" == error.reason
    assert [] == web.urls


def test_a_hold_ends():
    held = HostState(origin=SITE, hold_until=NOW)

    assert 200 == page(paced(), TEN[0], states=[held]).status


def test_a_hold_from_a_clock_that_went_wrong_does_not_count():
    held = HostState(origin=SITE, hold_until=NOW + timedelta(days=400))

    assert 200 == page(paced(), TEN[0], states=[held]).status


def test_those_in_line_see_the_429_of_the_one_before_and_leave():
    web = paced(takes=1.0)
    web.answers[TEN[2].url] = reply(429, retry_after="600")
    answers, states = fetched(web, *TEN)

    assert [f"{SITE}/{n}" for n in range(3)] == web.wanted
    assert ["http", *["held"] * 7] == [a.kind for a in answers if isinstance(a, FetchError)]
    assert NOW + timedelta(seconds=600) == states[0].hold_until


def test_another_port_of_a_held_host_is_asked():
    held = HostState(origin=SITE, hold_until=NOW + timedelta(seconds=300))
    web = Web({"https://harbour.example:8443/": reply()})

    assert 200 == page(web, Request("https://harbour.example:8443/", "source"), states=[held]).status


# --- what the store keeps ---------------------------------------------------------------------------------------------


def test_only_states_that_changed_are_given_back():
    known = HostState(origin=SITE, robots_until=NOW + timedelta(hours=5))
    other = HostState(origin="https://other.example", robots_until=NOW)
    web = paced()
    web.answers["https://new.example/"] = reply()
    _, changed = fetched(web, TEN[0], Request("https://new.example/", "source"), states=[known, other])

    assert [HostState(origin="https://new.example", robots_until=NOW + timedelta(days=1))] == list(changed)


def test_a_robots_txt_is_parsed_once_in_a_cycle():
    polite = Politeness([HostState(origin=SITE, robots="User-agent: *\nDisallow: /a")], NOW)
    host = polite.host(f"{SITE}/a")

    assert host is polite.host(f"{SITE}/b?c")
    assert host.rules is host.rules
    assert not host.rules.allows(f"{SITE}/a")
