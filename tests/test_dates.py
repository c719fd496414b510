"""Publishers' dates become aware UTC, or nothing: never an exception, never an impossible time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet import dates

from .build import NOW


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02T10:30:00Z", "2026-03-02T10:30:00"),
        ("2026-03-02T10:30:00+01:00", "2026-03-02T09:30:00"),
        ("2026-03-02T10:30:00.123+0100", "2026-03-02T09:30:00"),
        ("2026-03-02 10:30:00 -0500", "2026-03-02T15:30:00"),
        ("2026-03-02T10:30", "2026-03-02T10:30:00"),
        ("2026-03-02", "2026-03-02T00:00:00"),
        ("20260302T103000Z", "2026-03-02T10:30:00"),
        ("Mon, 02 Mar 2026 10:30:00 GMT", "2026-03-02T10:30:00"),
        ("Mon, 02 Mar 2026 10:30:00 +0200", "2026-03-02T08:30:00"),
        ("02 Mar 2026 10:30 EST", "2026-03-02T15:30:00"),
        ("Mon, 2 Mar 26 10:30:00 PST", "2026-03-02T18:30:00"),
        ("1772447400", "2026-03-02T10:30:00"),
        ("1772447400000", "2026-03-02T10:30:00"),
        ("March 2, 2026", "2026-03-02T00:00:00"),
        ("2 March 2026", "2026-03-02T00:00:00"),
        ("2. März 2026", "2026-03-02T00:00:00"),
        ("2 mars 2026", "2026-03-02T00:00:00"),
        ("2026年3月2日", "2026-03-02T00:00:00"),
    ],
)
def test_written_dates_become_utc(text, expected):
    moment = dates.parse(text)

    assert moment is not None
    assert datetime.fromisoformat(expected).replace(tzinfo=UTC) == moment.replace(microsecond=0)


def test_a_time_without_a_zone_takes_the_given_one():
    assert datetime(2026, 7, 1, 10, tzinfo=UTC) == dates.parse("2026-07-01T12:00:00", zone="Europe/Berlin")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:00-12:00",
        "2026-02-30",
        "2026-13-01",
        "1789-07-14",
        "-1",
        "99999999999999",
        "2026-03-02T25:61:00Z",
        "٢٠٢٦",
        "\x00",
        "1" * 10_000,
    ],
)
def test_what_is_no_date_in_our_time_is_none(text):
    """Impossible, overflowing and ancient dates give nothing rather than a guess."""
    assert dates.parse(text) is None


@given(
    st.text(max_size=80) | st.from_regex(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T ]?\d{0,2}:?\d{0,2}.{0,6}", fullmatch=True)
)
def test_any_text_gives_none_or_a_time_within_bounds(text):
    moment = dates.parse(text)

    assert moment is None or (moment.tzinfo is not None and 1990 <= moment.year <= 2100)


@given(
    st.datetimes(timezones=st.timezones() | st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m)))),
    st.sampled_from(["%Y-%m-%dT%H:%M:%S%z", "%a, %d %b %Y %H:%M:%S %z", "%d %B %Y %H:%M %z", "%Y%m%dT%H%M%S%z", "%s"]),
)
@settings(derandomize=True, max_examples=300, deadline=None)
def test_every_written_moment_is_read_as_itself_or_not_at_all(moment, form):
    """All datetimes, all offsets, in the forms that feeds use: right within a minute's seconds, or None; never raised."""
    written = str(moment.timestamp()) if form == "%s" else moment.strftime(form)

    found = dates.parse(written)
    dates.sensible(moment, NOW)

    assert found is None or dates.EARLIEST <= found < dates.LATEST
    whole_minutes = not (moment.utcoffset() or timedelta()).seconds % 60
    if form.startswith(("%Y-", "%a")) and whole_minutes and moment.year >= 1000:
        within = dates.EARLIEST <= moment < dates.LATEST
        assert (moment.replace(microsecond=0) if within else None) == found


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (NOW, True),
        (NOW + timedelta(hours=23), True),
        (NOW + timedelta(hours=25), False),
        (datetime(1989, 12, 31, tzinfo=UTC), False),
    ],
)
def test_sensible_times_are_not_far_ahead(moment, expected):
    assert expected == dates.sensible(moment, NOW)
