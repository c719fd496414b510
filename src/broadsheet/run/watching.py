"""How each source fares, in words: failing, silent beyond its own rhythm, moved, gone."""

from __future__ import annotations

from datetime import datetime, timedelta

from .. import polling
from ..store import SourceState
from ..types import Struct

PATIENCE = timedelta(days=2)  # for which a source may fail before it needs somebody


class SourceStats(Struct, frozen=True, kw_only=True, rename="camel"):
    """One source as `stats` shows it. trouble: what somebody should do something about, empty when all is well."""

    url: str
    title: str = ""
    entries: int = 0  # ever seen
    read_at: datetime | None = None
    due_at: datetime | None = None  # None: never again
    interval: float = 0.0  # seconds between two looks, as its rhythm asks for
    failures: int = 0  # in a row
    error: str = ""
    silent_since: datetime | None = None
    moved_to: str = ""
    note: str = ""
    trouble: str = ""
    advice: str = ""


def source_stats(state: SourceState, now: datetime) -> SourceStats:
    """How a source fares at the moment `now`. Nobody is silent for our not having listened."""
    health = state.health
    silent = health.arrivals[-1] if polling.is_silent(health, min(now, health.last_read or now)) else None
    note, trouble, advice = _words(state, now, silent)
    return SourceStats(
        url=state.source.url,
        title=state.source.title,
        entries=state.entries,
        read_at=health.last_read,
        due_at=state.due_at if state.enabled and not state.stopped else None,
        interval=polling.interval(health, now).total_seconds(),
        failures=health.failures,
        error=health.error,
        silent_since=silent,
        moved_to=health.address,
        note=note,
        trouble=trouble,
        advice=advice,
    )


def _words(state: SourceState, now: datetime, silent: datetime | None) -> tuple[str, str, str]:
    """What to say of a source in a table, what is wrong with it, and what to do."""
    health = state.health
    if not state.enabled:
        return "no longer listed", "", ""
    if state.stopped:
        return state.stopped, state.stopped, "remove it; taken out of sources.opml for one cycle, it is asked once more"
    if health.failures:
        since = health.failing_since or now
        read = f"last read {health.last_read:%Y-%m-%d}" if health.last_read else "never read"
        said = f"{health.failures} failures since {since:%Y-%m-%d %H:%M}, {read}: {health.error}"
        return said, said if now - since >= PATIENCE else "", "mend the address or remove the source"
    if silent is not None:
        usual = polling.expected_gap(health) or timedelta()
        said = f"silent since {silent:%Y-%m-%d %H:%M}, usually never for more than {_span(usual)}"
        return said, said, "look at its site: has the feed moved or ended?"
    if health.address:
        return f"moved to {health.address}", "", "put the new address into sources.opml"
    return "", "", ""


def _span(span: timedelta) -> str:
    """A length of time in words.

    >>> _span(timedelta(hours=30))
    '30 hours'
    """
    for name, length in (("day", timedelta(days=1)), ("hour", timedelta(hours=1))):
        if span >= 2 * length:
            return f"{round(span / length)} {name}s"
    return f"{max(round(span / timedelta(minutes=1)), 1)} minutes"
