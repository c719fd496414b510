"""When a source is asked again, as a table of cases and as days of a simulated clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from broadsheet import polling
from broadsheet.errors import FetchError, ParseError
from broadsheet.types import Health, Listing

from .build import NOW, page

URL = "https://harbour.example/feed.xml"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def rhythm(gap: timedelta, number: int = 20, last: datetime = NOW, **changes: Any) -> Health:
    """Health of a source that brought something every `gap`, the last time at `last`, and was read for a month."""
    arrivals = [last - n * gap for n in range(number)]
    health = Health(first_read=last - 30 * DAY, last_read=last)
    return polling.after_read(health, page(""), Listing(**changes), arrivals, changes.pop("window", 0.0), last)


def failing(times: int, error: Exception, health: Health | None = None) -> Health:
    health = health or rhythm(2 * HOUR)
    for _ in range(times):
        health = polling.after_failure(health, error, str(error), NOW)
    return health


@pytest.mark.parametrize(
    ("gap", "quiet", "expected"),
    [
        (MINUTE, 0 * HOUR, 5 * MINUTE),  # never more often than that
        (HOUR, 0 * HOUR, 30 * MINUTE),
        (HOUR, 8 * HOUR, HOUR),  # quiet for a night: less often
        (4 * HOUR, 1 * HOUR, 2 * HOUR),
        (7 * DAY, 0 * HOUR, DAY),  # never less often than that
        (HOUR, 400 * DAY, DAY),
    ],
)
def test_the_interval_follows_the_rhythm(gap: timedelta, quiet: timedelta, expected: timedelta) -> None:
    """Half the usual gap, more while a source is quiet, from five minutes to a day."""
    assert expected == polling.interval(rhythm(gap), NOW + quiet)


def test_an_unknown_rhythm_is_looked_at_every_half_hour() -> None:
    assert 30 * MINUTE == polling.interval(Health(), NOW)


@pytest.mark.parametrize(
    ("wait", "window", "expected"),
    [
        (3600.0, 0.0, HOUR),  # ttl of 60 minutes over a rhythm of 20
        (90_000.0, 0.0, DAY),  # nobody is left alone for longer
        (86_400.0, 4 * 3600.0, 2 * HOUR),  # but its list turns over within four hours: an entry would be lost
        (0.0, 60.0, 5 * MINUTE),
    ],
)
def test_what_a_source_asks_for_is_kept_until_entries_would_be_lost(
    wait: float, window: float, expected: timedelta
) -> None:
    """`ttl` and the like make the interval longer, up to half the time in which the list turns over."""
    health = polling.after_read(rhythm(20 * MINUTE), page(""), Listing(wait=wait), (), window, NOW)

    assert expected == polling.interval(health, NOW)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "public, max-age=600"}, 600),
        ({"cache-control": "max-age=600", "age": "100"}, 500),
        ({"cache-control": "max-age=600", "age": "soon"}, 600),
        ({"cache-control": "max-age=99999999"}, 86_400),
        ({"cache-control": "no-cache, max-age=600"}, 0),
        ({"cache-control": "s-maxage=600"}, 0),
        ({"cache-control": "max-age=-5"}, 0),
        ({"expires": format_datetime(NOW + HOUR, usegmt=True)}, 3600),
        ({"expires": format_datetime(NOW - HOUR, usegmt=True)}, 0),
        ({"expires": "0"}, 0),
        ({"cache-control": "max-age=60", "expires": format_datetime(NOW + HOUR, usegmt=True)}, 60),
        ({}, 0),
    ],
)
def test_freshness_of_a_response(headers: dict[str, str], seconds: float) -> None:
    """Cache-Control wins over Expires, and nonsense is as if nothing had been said."""
    assert seconds == polling.freshness(headers, NOW)


def test_a_304_keeps_what_the_source_asked_for() -> None:
    """It has no list that could say so again."""
    health = polling.after_read(rhythm(HOUR), page(""), Listing(wait=7200.0, hub="https://hub.example/"), (), 0.0, NOW)

    again = polling.after_read(health, page("", status=304), Listing(), (), 0.0, NOW + HOUR)

    assert (7200.0, "https://hub.example/") == (again.wait, again.hub)


def test_failures_back_off_and_never_stop() -> None:
    """Each failure doubles the wait, to a day at the most; a success starts anew."""
    error = FetchError(URL, "HTTP 500", status=500)
    waits = [polling.due_after_failure(failing(n, error), error, URL, NOW) - NOW for n in (1, 2, 3, 9, 5_000)]

    assert all(
        0.9 * wish <= wait <= 1.1 * wish for wish, wait in zip((2 * HOUR, 4 * HOUR, 8 * HOUR), waits, strict=False)
    )
    assert all(0.9 * DAY <= wait <= DAY for wait in waits[3:])
    assert not polling.is_gone(failing(5_000, error), NOW + 999 * DAY)
    assert 0 == polling.after_read(failing(9, error), page(""), Listing(), (), 0.0, NOW).failures


def test_the_wait_that_a_host_asks_for_is_kept() -> None:
    error = FetchError(URL, "HTTP 429", status=429, retry_after=20 * 3600.0)

    assert NOW + 20 * HOUR <= polling.due_after_failure(failing(1, error), error, URL, NOW)


def test_a_host_that_wants_to_be_left_alone_is_no_failure() -> None:
    """Nobody was asked, so nobody failed."""
    held = FetchError(URL, "host is held", kind="held", retry_after=1800.0)
    health = rhythm(HOUR)

    assert health == polling.after_failure(health, held, "held", NOW)
    assert NOW + 30 * MINUTE == polling.due_after_failure(health, held, URL, NOW)


def test_gone_means_twice_and_a_day_apart() -> None:
    """One 410 may be a slip; two, a day apart with nothing between, are an answer. Source: RFC 9110, 15.5.11."""
    gone, broken = FetchError(URL, "HTTP 410", status=410, permanent=True), FetchError(URL, "HTTP 500", status=500)
    once = polling.after_failure(rhythm(HOUR), gone, "HTTP 410", NOW)

    assert NOW + DAY == polling.due_after_failure(once, gone, URL, NOW)
    assert not polling.is_gone(polling.after_failure(once, gone, "HTTP 410", NOW + 23 * HOUR), NOW + 23 * HOUR)
    assert polling.is_gone(polling.after_failure(once, gone, "HTTP 410", NOW + DAY), NOW + DAY)
    for between in (
        polling.after_failure(once, broken, "HTTP 500", NOW + HOUR),
        polling.after_read(once, page(""), Listing(), (), 0.0, NOW + HOUR),
    ):
        assert not polling.is_gone(polling.after_failure(between, gone, "HTTP 410", NOW + DAY), NOW + DAY)


def test_a_permanent_redirect_is_believed_the_third_time() -> None:
    """Three sightings of one target move the source; another target or none starts the count again."""
    health = rhythm(HOUR)
    seen = []
    for target in (
        "https://new.example/a",
        "https://new.example/a",
        "https://new.example/b",
        "",
        *["https://n.example/"] * 3,
    ):
        health = polling.after_read(health, page("", moved_to=target), Listing(), (), 0.0, NOW)
        seen.append(health.address)

    assert ["", "", "", "", "", "", "https://n.example/"] == seen


def test_an_address_that_was_moved_to_and_fails_is_given_up() -> None:
    """After three failures there the source is asked at its own address again."""
    health = rhythm(HOUR)
    for _ in range(3):
        health = polling.after_read(health, page("", moved_to="https://n.example/"), Listing(), (), 0.0, NOW)
    error = ParseError("a web page, not a feed", URL)

    addresses = [failing(n, error, health).address for n in (1, 2, 3)]

    assert ["https://n.example/", "https://n.example/", ""] == addresses


@pytest.mark.parametrize("gap", [10 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY])
def test_a_source_that_falls_silent_is_reported_before_two_gaps_have_passed(gap: timedelta) -> None:
    """Not after one gap, which is its rhythm, and not later than after two."""
    health = rhythm(gap)

    assert not polling.is_silent(health, NOW + gap)
    assert polling.is_silent(health, NOW + 2 * gap)


def test_nights_and_weekends_are_part_of_a_rhythm() -> None:
    """A newsroom that writes every ten minutes by day, and not at night, is not silent at six in the morning."""
    health = Health(first_read=NOW - 7 * DAY)
    moment = NOW - 7 * DAY
    while moment <= NOW:
        if 7 <= moment.hour < 22:
            health = polling.after_read(health, page(""), Listing(), [moment], 0.0, moment)
        moment += 10 * MINUTE
    evening = health.arrivals[-1].replace(hour=21, minute=50) - DAY
    asleep = polling.after_read(
        Health(first_read=NOW - 7 * DAY, quiet=health.quiet),
        page(""),
        Listing(),
        [evening - HOUR, evening - 10 * MINUTE, evening],
        0.0,
        evening,
    )

    assert not polling.is_silent(asleep, evening + 9 * HOUR)
    assert polling.is_silent(asleep, evening + 19 * HOUR)


def test_a_new_source_is_not_called_silent() -> None:
    """Three days are needed to know a rhythm; what its first list says of it is not enough."""
    health = polling.after_read(Health(), page(""), Listing(), [NOW - n * MINUTE for n in range(9)], 0.0, NOW)

    assert not polling.is_silent(health, NOW + 2 * DAY)
    assert polling.is_silent(health, NOW + 3 * DAY)


def test_dates_in_the_future_do_not_count_as_arrivals_to_come() -> None:
    """A feed that dates an entry ahead would else look as if it had just spoken, for as long as it likes."""
    health = polling.after_read(Health(), page(""), Listing(), [NOW + 9 * DAY], 0.0, NOW)

    assert (NOW,) == health.arrivals


def test_sources_added_together_are_not_asked_together() -> None:
    """The wait is spread by a tenth, by URL, and the same every time it is worked out."""
    health = rhythm(2 * HOUR)
    dues = [polling.due_after_read(health, f"https://s{n}.example/feed", NOW) - NOW for n in range(200)]

    assert 150 < len(set(dues))
    assert (54 * MINUTE <= min(dues), max(dues) <= 66 * MINUTE) == (True, True)
    assert dues[0] == polling.due_after_read(health, "https://s0.example/feed", NOW) - NOW
