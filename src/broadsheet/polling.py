"""When a source is asked again: by its own rhythm, by what it asks for, by how it failed; and when it is too quiet."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from statistics import median

from msgspec.structs import replace

from .errors import FetchError
from .types import Health, Listing, Page

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=24)
UNKNOWN = timedelta(minutes=30)  # between two looks at a source whose rhythm is not known yet
ARRIVALS = 32  # that are kept
DAYS = 15  # of which the longest gap is kept: two weeks, so that nights and weekends are part of a rhythm
SIGHTINGS = 3  # of one permanent redirect, until the source is taken to have moved
GONE_APART = timedelta(days=1)  # between two 410s, until the source is taken to be gone
LEARNING = timedelta(days=3)  # of reading a source, until its silence means anything
SILENT = 1.5  # times its longest usual gap: then a source is reported as silent, before the second has passed
MOST_REASON = 500  # characters

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)


def after_read(
    health: Health, page: Page, listing: Listing, arrivals: Iterable[datetime], window: float, now: datetime
) -> Health:
    """Health of a source that was read, or answered 304 (with an empty listing).

    arrivals: a moment for each entry that was new: its date where that can be believed, else `now`. window: seconds
    between the oldest and the newest dated entry of the listing.
    """
    held = page.status == 304
    moments = sorted({*health.arrivals, *(min(moment, now) for moment in arrivals)})
    return replace(
        _moved(health, page),
        first_read=health.first_read or now,
        last_read=now,
        failures=0,
        failing_since=None,
        error="",
        gone_at=None,
        arrivals=tuple(moments[-ARRIVALS:]),
        quiet=_quiet(health, moments),
        window=health.window if held else window,
        wait=max(health.wait if held else listing.wait, freshness(page.headers, now)),
        hub=health.hub if held else listing.hub,
        topic=health.topic if held else listing.topic,
    )


def after_failure(health: Health, error: Exception, reason: str, now: datetime) -> Health:
    """Health of a source that could not be read. A host that only wants to be left alone is no failure."""
    if isinstance(error, FetchError) and error.kind == "held":
        return health
    gone = isinstance(error, FetchError) and error.status == 410
    failures = health.failures + 1
    return replace(
        health,
        failures=failures,
        failing_since=health.failing_since or now,
        error=reason[:MOST_REASON],
        gone_at=(health.gone_at or now) if gone else None,
        # An address that it once moved to and that fails is no better than its own.
        address="" if failures % SIGHTINGS == 0 else health.address,
        moving_to="",
        moves=0,
    )


def is_gone(health: Health, now: datetime) -> bool:
    """True when it said 410 (gone for good, RFC 9110, section 15.5.11) twice, a day or more apart, and nothing else."""
    return health.gone_at is not None and now - health.gone_at >= GONE_APART


def due_after_read(health: Health, url: str, now: datetime) -> datetime:
    """When to ask a source again that was read just now."""
    return now + _spread(interval(health, now), url, now)


def due_after_failure(health: Health, error: Exception, url: str, now: datetime) -> datetime:
    """When to ask a source again that failed: twice as late each time, at most a day, and never not at all."""
    asked = timedelta(seconds=(error.retry_after or 0.0) if isinstance(error, FetchError) else 0.0)
    if isinstance(error, FetchError) and error.kind == "held":
        return now + max(asked, SHORTEST)
    if health.gone_at == now or (isinstance(error, FetchError) and error.kind == "robots" and error.permanent):
        return now + GONE_APART
    longer = min(interval(health, now) * 2 ** min(health.failures, 12), LONGEST)
    return now + max(_spread(longer, url, now), min(asked, LONGEST))


def interval(health: Health, now: datetime) -> timedelta:
    """Time between two looks, from five minutes to a day.

    Half the usual gap between two arrivals; longer while the source is quiet; as long as it asks for. But never longer
    than half the time in which its list turns over, since an entry that has fallen off it is lost.
    """
    gap = usual_gap(health)
    wish = UNKNOWN if gap is None else max(gap / 2, (now - health.arrivals[-1]) / 8)
    wish = max(wish, timedelta(seconds=health.wait))
    if health.window > 0:
        wish = min(wish, timedelta(seconds=health.window / 2))
    return min(max(wish, SHORTEST), LONGEST)


def usual_gap(health: Health) -> timedelta | None:
    """Median time between two arrivals; None while too few are known."""
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(health.arrivals)]
    return timedelta(seconds=median(gaps)) if len(gaps) >= 2 else None


def expected_gap(health: Health) -> timedelta | None:
    """The longest gap that is still usual: of two weeks, so with nights and weekends in it; None while unknown."""
    gap = usual_gap(health)
    return None if gap is None else max(gap, timedelta(seconds=max(health.quiet.values(), default=0.0)))


def is_silent(health: Health, now: datetime) -> bool:
    """True when a source that can be read has brought nothing for longer than fits its rhythm."""
    expected = expected_gap(health)
    if expected is None or health.first_read is None or now - health.first_read < LEARNING:
        return False
    return now - health.arrivals[-1] > SILENT * expected


def freshness(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds for which a response says that it stays fresh, 0 where it does not (RFC 9111, section 4.2.1)."""
    control = headers.get("cache-control", "")
    if "no-cache" in control.lower() or "no-store" in control.lower():
        return 0.0
    if found := _MAX_AGE.search(control):
        age = headers.get("age", "")
        return max(0.0, min(float(found[1]), LONGEST.total_seconds()) - (float(age) if age.isdecimal() else 0.0))
    try:
        until = parsedate_to_datetime(headers["expires"])
        left = ((until if until.tzinfo else until.replace(tzinfo=UTC)) - now).total_seconds()
    except (KeyError, ValueError, TypeError, IndexError, OverflowError):
        return 0.0
    return min(max(left, 0.0), LONGEST.total_seconds())


def window_of(moments: Sequence[datetime]) -> float:
    """Seconds between the oldest and the newest of the dates that one listing gives; 0 for fewer than two."""
    return (max(moments) - min(moments)).total_seconds() if len(moments) > 1 else 0.0


def _moved(health: Health, page: Page) -> Health:
    """What permanent redirects change (RFC 9110, sections 15.4.2 and 15.4.9): seen three times, they are believed."""
    if not page.moved_to or page.moved_to == health.address:
        return replace(health, moving_to="", moves=0)
    moves = health.moves + 1 if page.moved_to == health.moving_to else 1
    if moves < SIGHTINGS:
        return replace(health, moving_to=page.moved_to, moves=moves)
    return replace(health, address=page.moved_to, moving_to="", moves=0)


def _quiet(health: Health, moments: Sequence[datetime]) -> dict[str, float]:
    """Longest gap by the day on which it ended, for the latest days."""
    longest = dict(health.quiet)
    for earlier, later in pairwise(moments):
        day = later.date().isoformat()
        longest[day] = max(longest.get(day, 0.0), (later - earlier).total_seconds())
    return dict(sorted(longest.items())[-DAYS:])


def _spread(wait: timedelta, url: str, now: datetime) -> timedelta:
    """A tenth more or less, by URL and moment, so that sources which were added together are not asked together."""
    digest = hashlib.blake2b(f"{url} {now.isoformat()}".encode(), digest_size=4).digest()
    share = int.from_bytes(digest) / 0xFFFFFFFF
    return min(max(wait * (0.9 + 0.2 * share), SHORTEST), LONGEST)
