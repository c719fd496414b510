"""Publishers' dates to aware UTC: ISO 8601, RFC 822/2822, epoch numbers and what people write by hand."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .types import Struct

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # nothing was on the web before
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_LONGEST = 120  # characters; a longer string is prose

# Names of months by their first letters, folded, in the languages that dates are most often written in. Each key is
# compared as a prefix, longest first; a name that is two months in two languages is left out.
_MONTHS = {
    1: "jan gen ene янв січ ocak oca sty ianouar ιαν يناير", 2: "feb fev fév lut şub sub фев лют φεβ φλεβ فبراير",
    3: "mar mär mae maa mrt mrz már бер μαρ μάρ مارس", 4: "apr avr abr ápr nis kwi апр кві απρ أبريل ابريل",
    5: "may mai mag maj mei máj май мая тра μαι μάι μαϊ مايو", 6: "jun juin jún giu haz cze июн чер ιουν يونيو",
    7: "jul juil júl lug luglio tem lip июл лип ιουλ يوليو", 8: "aug aoû aou ago août sie авг сер αυγ αύγ أغسطس",
    9: "sep set sept szept eyl wrz сен вер σεπ سبتمبر", 10: "oct okt out ott eki paź paz окт жов οκτ أكتوبر اكتوبر",
    11: "nov noy kas lis листоп ноя νοε νοέ نوفمبر", 12: "dec dez déc dic ara gru дек гру δεκ ديسمبر",
}  # fmt: skip
_BY_PREFIX = sorted(((name, n) for n, names in _MONTHS.items() for name in names.split()), key=lambda p: -len(p[0]))

# Offsets in minutes. The names of RFC 822 and those that publishers use; where one name means several zones, the one
# with most readers. A two-letter American name follows daylight saving, so it is an IANA zone.
_NAMED = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120,
    "eet": 120, "eest": 180, "msk": 180, "trt": 180, "sast": 120, "wat": 60, "cat": 120, "eat": 180, "gst": 240, "pkt": 300,
    "ist": 330, "npt": 345, "ict": 420, "wib": 420, "hkt": 480, "sgt": 480, "pht": 480, "awst": 480, "jst": 540, "kst": 540,
    "acst": 570, "aest": 600, "acdt": 630, "aedt": 660, "nzst": 720, "nzdt": 780, "nst": -210, "ndt": -150, "ast": -240,
    "adt": -180, "brt": -180, "art": -180, "clt": -240, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420,
    "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600,
}  # fmt: skip
_AMERICAN = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}

_DIGITS = re.compile(r"[+-]?(\d{8,17})(?:\.\d*)?")
_WEEK = re.compile(r"(\d{4})-?W(\d\d)(?:-?([1-7]))?(?![\w:])", re.IGNORECASE)
_ORDINAL = re.compile(r"(\d{4})-(\d{3})(?![\d-])")
_YMD = re.compile(r"(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?=[T ]|$)")
_EAST = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?")
_DMY = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_D_MON_Y = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|[ºª])?[.,]?[\s-]*(?:d[eio']\s+|of\s+)?([^\W\d_]{3,})[.,]?[\s-]*(?:d[eio]l?\s+)?(\d{4}|\d\d)(?!\d|:)"
)
_MON_D_Y = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d|:)")
_MON_D_TIME_Y = re.compile(r"([^\W\d_]{3,})\s+(\d{1,2})\s+(?=\d{1,2}:\d\d)(.*?)\s(\d{4})(?!\d)")
_Y_MON_D = re.compile(r"(\d{4})[.\s-]+([^\W\d_]{3,})[.\s-]+(\d{1,2})\b")
_WEEKDAY = re.compile(r"^[^\W\d_]+\.?,\s*|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?\s+(?=[^\W\d_]|\d)", re.IGNORECASE)
_TIME = re.compile(
    r"(?:^|[T,\s|–—-]|\bat\b|à|um)\s*(\d{1,2})\s*[:.hH]\s*(\d\d)(?:\s*[:.m]\s*(\d\d)(?:[.,:](\d{1,12}))?)?(?!\d)\s*(?:Uhr\b|s\b|([ap])\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_COMPACT_TIME = re.compile(r"^T\s*(\d\d)(\d\d)?(\d\d)?(?:[.,](\d{1,12}))?(?![\d:])", re.IGNORECASE)
_HOUR = re.compile(r"(?:^|[T,\s]|\bat\b)\s*(\d{1,2})()()()\s*([ap])\.?\s?m\b\.?", re.IGNORECASE)
_OFFSET = re.compile(
    r"^\s*\(?(?:GMT|UTC|UT|Z)?\s*([+\u2212-])\s*(\d{1,2})(?::?(\d\d))?(?::?\d\d)?(?!\d)", re.IGNORECASE
)
# What nearly every feed writes: RFC 3339, and RFC 822 as RSS asks for it. Anything else takes the long way below.
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_RFC822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d\d?) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) (?:GMT|UTC|([+-]\d{4}))", re.ASCII
)
_ENGLISH = {
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6, "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12,
}  # fmt: skip
_IANA = re.compile(r"\[?([A-Z][A-Za-z_]+/[A-Za-z_+\-/0-9]{2,40})\]?")
_NAME = re.compile(r"^\s*\(?([A-Za-z]{1,5})\b")


class Stamp(Struct, frozen=True, kw_only=True):
    """What a written date says. moment: aware, UTC; time: it gave hours and minutes; zone: it said in which zone."""

    moment: datetime
    time: bool = False
    zone: bool = False


def parse(text: str, *, zone: str | None = None) -> datetime | None:
    """The moment that `text` names, aware and in UTC; None where it names none or one outside [1990, 2100).

    zone: IANA name ("Europe/Paris") or offset ("+02:00") for a text that has none; without it such a text is UTC.
    A day alone is its first moment. Never raises. `01/02/2026` is a different day on two sides of an ocean: None.

    >>> parse("Mon, 02 Mar 2026 10:00:00 EST").isoformat()
    '2026-03-02T15:00:00+00:00'
    """
    stamp = examine(text, zone=zone)
    return stamp.moment if stamp else None


def has_time(text: str) -> bool:
    """True when `text` is a date with a time of day, not only a day."""
    stamp = examine(text)
    return stamp is not None and stamp.time


def sensible(moment: datetime, now: datetime) -> bool:
    """True when something on the web can have been published then: from 1990 to a day ahead of `now`."""
    return EARLIEST <= moment <= now + timedelta(hours=24)


def examine(text: str, *, zone: str | None = None) -> Stamp | None:
    """Like parse, and says how exact the text was."""
    if not isinstance(text, str) or not 4 <= len(text) <= 4 * _LONGEST:
        return None
    try:
        stamp = _standard(text) or _digits(text := _tidy(text)) or _written(text, zone)
    except (ValueError, OverflowError):  # a 31st of February, a year 0, an offset past the calendar's ends
        return None
    return stamp if stamp and EARLIEST <= stamp.moment < LATEST else None


def _tidy(text: str) -> str:
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    return text if len(text) <= _LONGEST else ""


def _standard(text: str) -> Stamp | None:
    """What is written exactly as RFC 3339 or RFC 822 say; None for all else, and for a day or an hour that is none."""
    try:
        if _RFC3339.fullmatch(text):
            return Stamp(moment=datetime.fromisoformat(text).astimezone(UTC), time=True, zone=True)
        if (match := _RFC822.fullmatch(text)) and match[2] in _ENGLISH:
            day, month, year, clock, offset = match.groups("Z")
            text = f"{year}-{_ENGLISH[month]:02}-{day:0>2}T{clock}{offset}"
            return Stamp(moment=datetime.fromisoformat(text).astimezone(UTC), time=True, zone=True)
    except (ValueError, OverflowError):
        pass
    return None


def _digits(text: str) -> Stamp | None:
    """Epoch seconds, milliseconds or microseconds, or a run such as 20260302100000."""
    match = _DIGITS.fullmatch(text)
    if not match:
        return None
    run, number = match[1], int(match[1])
    if len(run) in (8, 12, 14) and run[:2] in ("19", "20"):
        return Stamp(moment=datetime(*_parts(run), tzinfo=UTC), time=len(run) > 8)  # type: ignore[arg-type,misc]
    for scale in (1, 1_000, 1_000_000):
        if EARLIEST.timestamp() <= number / scale < LATEST.timestamp():
            return Stamp(moment=datetime.fromtimestamp(number / scale, UTC), time=True, zone=True)
    return None


def _parts(run: str) -> tuple[int, ...]:
    return int(run[:4]), *(int(run[i : i + 2]) for i in range(4, len(run), 2))


def _written(text: str, zone: str | None) -> Stamp | None:
    found = _day(text) or _day(_WEEKDAY.sub("", text, count=1))
    if not found:
        return None
    day, rest = found
    clock, time, rest = _clock(rest)
    said = _zone(rest) if time else None
    local = (day + clock).replace(tzinfo=said or _given(zone))
    return Stamp(moment=local.astimezone(UTC), time=time, zone=said is not None)


def _day(text: str) -> tuple[datetime, str] | None:
    """Midnight of the day at the start of `text`, naive, and what follows. Raises ValueError on a day that is none."""
    if match := _WEEK.match(text):
        return datetime.fromisocalendar(int(match[1]), int(match[2]), int(match[3] or 1)), text[match.end() :]
    if match := _ORDINAL.match(text):
        number = int(match[2])
        if not 1 <= number <= 366:
            raise ValueError("day of the year")
        return datetime(int(match[1]), 1, 1) + timedelta(days=number - 1), text[match.end() :]  # noqa: DTZ001
    if match := _YMD.match(text) or _EAST.match(text):
        day = match[match.re.groups]
        return _date(match[1], int(match[match.re.groups - 1]), day or 1), text[match.end() :]
    if match := _COMPACT.match(text):
        return _date(match[1], int(match[2]), match[3]), text[match.end() :]
    if match := _DMY.match(text):
        first, second = int(match[1]), int(match[3])
        if match[2] == "/" and first <= 12 and second <= 12 and first != second:
            return None
        day, month = (first, second) if second <= 12 else (second, first)
        return _date(match[4], month, day), text[match.end() :]
    if re.fullmatch(r"(?:19|20)\d\d", text):
        return _date(text, 1, 1), ""
    return _named_month(text)


def _named_month(text: str) -> tuple[datetime, str] | None:
    if (match := _D_MON_Y.match(text)) and (month := _month(match[2])):
        return _date(match[3], month, match[1]), text[match.end() :]
    if (match := _MON_D_Y.match(text)) and (month := _month(match[1])):
        return _date(match[3], month, match[2]), text[match.end() :]
    if (match := _MON_D_TIME_Y.match(text)) and (month := _month(match[1])):
        return _date(match[4], month, match[2]), f" {match[3]} {text[match.end() :]}"
    if (match := _Y_MON_D.match(text)) and (month := _month(match[2])):
        return _date(match[1], month, match[3]), text[match.end() :]
    return None


def _month(name: str) -> int:
    name = name.casefold()
    return next((month for prefix, month in _BY_PREFIX if name.startswith(prefix)), 0)


def _date(year: str, month: int, day: str | int) -> datetime:
    number = int(year)
    if len(year) == 2:  # RFC 2822, section 4.3, with the pivot that POSIX uses
        number += 1900 if number >= 69 else 2000
    return datetime(number, month, int(day))  # noqa: DTZ001 -- the zone follows


def _clock(rest: str) -> tuple[timedelta, bool, str]:
    """Time since midnight, whether one was given, and what follows it."""
    match = _COMPACT_TIME.match(rest) or _TIME.search(rest) or _HOUR.search(rest)
    if not match:
        return timedelta(), False, rest
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    half = match[5] if match.re is not _COMPACT_TIME else None
    if half:
        hour = hour % 12 + (12 if half in "pP" else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        raise ValueError("time of day")
    part = float(f"0.{match[4]}") if match[4] else 0.0
    clock = timedelta(hours=hour, minutes=minute, seconds=min(second, 59), microseconds=int(part * 1_000_000))
    return clock, True, rest[match.end() :]


def _zone(rest: str) -> tzinfo | None:
    """The zone that `rest` starts with; a name that nobody knows is UTC (RFC 2822, section 4.3)."""
    if match := _OFFSET.match(rest):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        return timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes))  # ValueError past 24 hours
    if (match := _IANA.search(rest)) and (named := _iana(match[1])):
        return named
    if match := _NAME.match(rest):
        name = match[1].lower()
        if name in _NAMED:
            return timezone(timedelta(minutes=_NAMED[name]))
        if name in _AMERICAN:
            return _iana(_AMERICAN[name])
        if match[1].isupper():
            return UTC
    return None


def _given(zone: str | None) -> tzinfo:
    """The zone that the caller names; UTC when it names none or one that does not exist."""
    if not zone:
        return UTC
    try:
        return _zone(zone) or UTC
    except ValueError:
        return UTC


@cache
def _iana(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
