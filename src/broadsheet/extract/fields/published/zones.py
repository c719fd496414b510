"""The zone of a time that is written without one, from what else is known of its page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .... import dates

NONE = dates.Stamp(moment=datetime.min.replace(tzinfo=UTC))  # of a claim that is no date
_MINUTE = timedelta(minutes=1)
# One zone for each way of changing the clocks, to learn whether an offset of one day can hold on another.
_CHANGING = (
    "Europe/London", "Europe/Berlin", "Europe/Athens", "Europe/Chisinau", "Africa/Cairo", "Asia/Jerusalem", "Asia/Beirut",
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage", "America/Halifax",
    "America/St_Johns", "America/Havana", "America/Santiago", "America/Asuncion", "Australia/Sydney", "Australia/Adelaide",
    "Pacific/Auckland", "Africa/Casablanca", "Atlantic/Azores",
)  # fmt: skip


class Dated(NamedTuple):
    """A claim that has been read. note: what speaks against it; such a claim is only shown."""

    raw: str
    place: str
    stamp: dates.Stamp
    note: str = ""


def settled(claim: Dated, evidence: Sequence[Dated], fed: Sequence[Dated], zone: str) -> Dated:
    """The claim with its moment in UTC, however its time was written. evidence: the page's claims, edits included.

    A time without a zone takes, in this order: the moment of a claim that has the same clock and an offset; the one
    offset that the other claims have, if it held on that day too (UTC says nothing of where it is); `zone`, the
    provider's; the moment of its feed, where both clocks show the same minute and differ by no more than 14 hours; UTC,
    and then its place says so. The country of a domain has, or may have, several zones: it is not asked.

    "Z" after a time that two other places, which agree, give with an offset and the same clock is taken for their moment:
    many systems print the local time with it. Nothing less corrects a zone that is written.
    """
    stamp = claim.stamp
    if not stamp.time:
        return claim
    if stamp.zone:
        return _mislabelled(claim, evidence)
    zoned = [other for other in evidence if other.stamp.zone and other.stamp.offset is not None]
    for other in zoned:
        if other.stamp.time and abs(_local(other.stamp) - stamp.moment) < _MINUTE:
            return _moved(claim, other.stamp.moment, other.place)
    offsets = {o.stamp.offset: o.place for o in reversed(zoned) if o.stamp.offset and _holds(o.stamp, stamp.moment)}
    if len(offsets) == 1:
        ((offset, place),) = offsets.items()
        return _moved(claim, stamp.moment - timedelta(minutes=offset), place)
    if zone and (known := dates.iana(zone)):
        return _moved(claim, stamp.moment.replace(tzinfo=known).astimezone(UTC), zone)
    for other in fed:
        apart = abs(other.stamp.moment - stamp.moment)
        if other.stamp.time and apart <= timedelta(hours=14) and apart % timedelta(minutes=15) < _MINUTE:
            return _moved(claim, other.stamp.moment, "feed")
    return claim._replace(place=f"{claim.place} (zone unknown, read as UTC)")


def _moved(claim: Dated, moment: datetime, by: str) -> Dated:
    stamp = dates.Stamp(moment=moment, time=True, zone=True)
    return claim._replace(stamp=stamp, place=f"{claim.place} (zone: {by})")


def _local(stamp: dates.Stamp) -> datetime:
    """What the clock showed there, as if it were UTC."""
    return stamp.moment + timedelta(minutes=stamp.offset or 0)


def _holds(stamp: dates.Stamp, day: datetime) -> bool:
    """Whether the offset of `stamp` must hold on `day` too: where clocks change between the two, who knows if these do."""
    offset = timedelta(minutes=stamp.offset or 0)
    named = (ZoneInfo(name) for name in _CHANGING)
    return all(zone.utcoffset(day) == offset for zone in named if stamp.moment.astimezone(zone).utcoffset() == offset)


def _mislabelled(claim: Dated, evidence: Sequence[Dated]) -> Dated:
    if not claim.raw.rstrip().endswith(("Z", "z")):
        return claim
    clock = claim.stamp.moment
    others = {
        other.place: other.stamp.moment
        for other in evidence
        if other.stamp.offset and other.stamp.offset % 15 == 0 and abs(_local(other.stamp) - clock) < _MINUTE
    }
    moments = sorted(others.values())
    if len(moments) < 2 or moments[-1] - moments[0] > _MINUTE:
        return claim
    return claim._replace(
        stamp=_moved(claim, moments[0], "").stamp, place=f"{claim.place} (zone: {next(iter(others))})"
    )
