"""When it was published and last changed: the best claim, and a search of the page where nothing is claimed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import htmldate
import lxml.html

from ... import dates
from ...types import Entry
from ..said import Said
from . import Found, candidates

_SHIFT = timedelta(hours=26)  # two notations of one moment, one of them without its zone, differ by no more


def find(
    saids: Sequence[Said], entry: Entry | None, root: lxml.html.HtmlElement, url: str, now: datetime
) -> Found[datetime | None]:
    """The best claim; where there is none, the day that htmldate finds in the page."""
    told = [(raw, place) for said in saids for raw, place in said.published[:3]]
    if entry and entry.published:
        told.append((entry.published_raw or entry.published.isoformat(), "feed"))
    known = candidates("published", told)
    moment, place = _claimed(saids, entry, now)
    if moment:
        return Found(moment, place, known)
    # Its extensive search comes second, and a first of January from it is a year that stood somewhere in the prose.
    for extensive in (False, True):
        day = _day(root, url, now + timedelta(days=1), extensive=extensive)
        if day and not (extensive and day.endswith("-01-01")):
            return Found(dates.parse(day), "htmldate", known)
    return Found(None, "", known)


def _claimed(saids: Sequence[Said], entry: Entry | None, now: datetime) -> tuple[datetime | None, str]:
    """The first origin's date, told more exactly by a later one of the same day.

    A page may give a day and its feed the minute, or a time without its zone here and with it there: what is nearest
    in meaning and most exact is taken. Dates outside the sensible window count only when there is no other.
    """
    stamps = [(stamp, place) for said in saids for raw, place in said.published[:3] if (stamp := dates.examine(raw))]
    if entry and entry.published:
        midnight = entry.published.time() == datetime.min.time()
        stamps.append((dates.Stamp(moment=entry.published, time=not midnight, zone=not midnight), "feed"))
    stamps = [pair for pair in stamps if dates.sensible(pair[0].moment, now)] or stamps
    if not stamps:
        return None, ""
    first = stamps[0][0]
    near = [pair for pair in stamps if abs(pair[0].moment - first.moment) <= _SHIFT]
    stamp, place = max(near, key=lambda pair: pair[0].time + pair[0].zone)  # of equals the first
    return stamp.moment, place


def updated(
    saids: Sequence[Said], entry: Entry | None, after: datetime | None, now: datetime
) -> Found[datetime | None]:
    """When it was last changed: the first sensible claim that is later than `after`."""
    told = [(raw, place) for said in saids for raw, place in said.updated[:2]]
    moments = [(moment, place) for raw, place in told if (moment := dates.parse(raw))]
    moments += [(entry.updated, "feed")] if entry and entry.updated else []
    fitting = ((m, place) for m, place in moments if dates.sensible(m, now) and (after is None or m > after))
    moment, place = next(fitting, (None, ""))
    return Found(moment, place, candidates("updated", told))


def _day(root: lxml.html.HtmlElement, url: str, latest: datetime, *, extensive: bool) -> str:
    """The day (YYYY-MM-DD) that htmldate finds; empty when it finds none."""
    try:
        found: str | None = htmldate.find_date(
            root,
            original_date=True,
            extensive_search=extensive,
            url=url,
            deferred_url_extractor=True,
            max_date=latest,
        )
    except Exception as exc:  # noqa: BLE001 -- as above
        logging.getLogger(__name__).debug("no date: %r", exc)
        found = None
    return found or ""
