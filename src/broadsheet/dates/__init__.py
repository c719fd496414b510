"""Publishers' dates to aware UTC: ISO 8601, RFC 822/2822, epoch numbers and what people write by hand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..types import Struct
from . import words

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # nothing was on the web before
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_LONGEST = 120  # characters; a longer string is prose
_REACH = 64  # characters that one date in a longer text takes at most, its time and zone included

_DIGITS = re.compile(r"[+-]?(\d{8,17})(?:\.\d*)?")
_WEEK = re.compile(r"(\d{4})-?W(\d\d)(?:-?([1-7]))?(?![\w:])", re.IGNORECASE)
_ORDINAL = re.compile(r"(\d{4})-(\d{3})(?![\d-])")
_YMD = re.compile(r"(\d{4})\s?([-/.])\s?(\d{1,2})(?:\2\s?(\d{1,2}))?(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?=[T ]|$)")
_EAST = re.compile(r"(令和|平成|民國|民国)?\s*(\d{1,4}|元)\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?")
_ERAS = {"令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911}  # the year before the first of each
_DMY = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4})(?!\d)")
_DMY_SHORT = re.compile(r"(\d\d)(\.)(\d\d)\.(\d\d)(?![\d.])")
_W = r"[^\s\d_.,:;/|()\[\]·•–—-]"  # a letter; combining marks, which are no \w, included
_DAY = r"(\d{1,2})(?:st|nd|rd|th|er|[ºª°])?[.,]?"
_D_MON_Y = re.compile(
    rf"{_DAY}[\s-]*(?:d[eio]\s+|d['’]|of\s+)?({_W}{{2,}})(?:\s?/\s?{_W}+)?"
    r"[.,]?[\s-]*(?:d[eio]l?\s+|พศ\.?\s*)?(\d{4}|\d\d)(?!\d|:)"
)
_MON_D_Y = re.compile(rf"({_W}{{2,}})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d|:)")
_MON_D_TIME_Y = re.compile(rf"({_W}{{3,}})\s+(\d{{1,2}})\s+(?=\d{{1,2}}:\d\d)(.*?)\s(\d{{4}})(?!\d)")
_Y_MON_D = re.compile(rf"(\d{{4}})[.\s-]+(?:m\.\s*)?({_W}{{3,}})[.\s-]+(\d{{1,2}})\b")
_Y_D_MON = re.compile(rf"(\d{{4}})\.?\s+gada\s+(\d{{1,2}})\.?\s+({_W}{{3,}})")
_D_TH_M_Y = re.compile(r"(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2})\s*,?\s*(?:năm\s+)?(\d{4})(?!\d)", re.IGNORECASE)
_WEEKDAY = re.compile(
    rf"^{_W}+\.?,\s*|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?\s+(?={_W}|\d)|^{_W}+(?:\s{_W}+)?[.,]?\s+(?=\d)",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:^|[T,\s|(–—-]|\bat\b|à|um)\s*(\d{1,2})\s*[:.hH]\s*(\d\d)(?:\s*[:.m]\s*(\d\d)(?:[.,:](\d{1,12}))?)?(?!\d|[./]\d)\s*(?:Uhr\b|s\b|([ap])\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_COMPACT_TIME = re.compile(r"^T\s*(\d\d)(\d\d)?(\d\d)?(?:[.,](\d{1,12}))?(?![\d:])", re.IGNORECASE)
_HOUR = re.compile(r"(?:^|[T,\s]|\bat\b)\s*(\d{1,2})()()()\s*([ap])\.?\s?m\b\.?", re.IGNORECASE)
_EAST_TIME = re.compile(
    r"(?:午前|上午|凌晨|오전|(午後|下午|晚上|오후))?\s*(\d{1,2})\s*[:時时點点시]\s*(\d{1,2})(?!\d)\s*[分분]?(?:[:\s]*(\d{1,2})\s*[秒초])?"
)
_OFFSET = re.compile(
    r"^\s*\(?(?:GMT|UTC|UT|Z)?\s*([+\u2212-])\s*(\d{1,2})(?::?(\d\d))?(?::?\d\d)?(?!\d)", re.IGNORECASE
)
# What nearly every feed writes: RFC 3339, and RFC 822 as RSS asks for it. Anything else takes the long way below.
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_RFC822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d\d?) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) (?:GMT|UTC|([+-]\d{4}))", re.ASCII
)
_ENGLISH = {
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6,
    "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12,
}  # fmt: skip
_IANA = re.compile(r"\[?([A-Z][A-Za-z_]+/[A-Za-z_+\-/0-9]{2,40})\]?")
_NAME = re.compile(r"^\s*\(?([A-Za-zА-я]{1,5})\b")
_NO_ZONE = frozenset(("AM", "PM", "UHR", "HRS", "H"))
# Where a date may begin in a longer text. Each alternative is short, so the search stays linear.
_START = re.compile(
    rf"(?<![\w/.:-])(?:\d{{4}}\s?[-/.年년]|\d{{4}}\s+{_W}|\d{{1,2}}\s?[-/.]\s?(?:\d|{_W})|\d{{1,2}}(?:st|nd|rd|th|er|[ºª°])?[.,]?\s*{_W}|{_W}{{2,15}}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|(?:令和|平成|民國|民国))"
)
_CLOCK_BEFORE = re.compile(
    r"(?<![\d.:])(\d{1,2})[:.h](\d\d)\s*(?:Uhr|([ap])\.?m\.?)?[\s,|·•–—-]*(?:(?:on|am|den|le|el|em|il)\s+)?$",
    re.IGNORECASE,
)


class Stamp(Struct, frozen=True, kw_only=True):
    """What a written date says. moment: aware, UTC; time: it gave hours and minutes; zone: it said in which zone.

    offset: minutes east of UTC of that zone, or of the one that the caller gave; None where the text was read as UTC.
    day: False where it gave only a month or a year, of which the first day then stands for all.
    """

    moment: datetime
    time: bool = False
    zone: bool = False
    offset: int | None = None
    day: bool = True


def parse(text: str, *, zone: str | None = None, language: str = "") -> datetime | None:
    """The moment that `text` names, aware and in UTC; None where it names none or one outside [1990, 2100).

    zone: IANA name ("Europe/Paris") or offset ("+02:00") for a text that has none; without it such a text is UTC.
    language: BCP 47, of the text. `01/02/2026` is a different day on two sides of an ocean: None, unless that tells.
    A day alone is its first moment. The Buddhist, the Persian and the Japanese calendar are read too. Never raises.

    >>> parse("Mon, 02 Mar 2026 10:00:00 EST").isoformat(), parse("01/02/2026", language="fr").isoformat()
    ('2026-03-02T15:00:00+00:00', '2026-02-01T00:00:00+00:00')
    """
    stamp = examine(text, zone=zone, language=language)
    return stamp.moment if stamp else None


def has_time(text: str) -> bool:
    """True when `text` is a date with a time of day, not only a day."""
    stamp = examine(text)
    return stamp is not None and stamp.time


def sensible(moment: datetime, now: datetime) -> bool:
    """True when something on the web can have been published then: from 1990 to a day ahead of `now`."""
    return EARLIEST <= moment <= now + timedelta(hours=24)


def examine(text: str, *, zone: str | None = None, language: str = "") -> Stamp | None:
    """Like parse, and says how exact the text was."""
    if not isinstance(text, str) or not 4 <= len(text) <= 4 * _LONGEST:
        return None
    try:
        stamp = _standard(text) or _digits(text := _tidy(text))
        if not stamp and (found := _written(text, zone, language)):
            stamp = found[0]
    except (ValueError, OverflowError):  # a 31st of February, a year 0, an offset past the calendar's ends
        return None
    return stamp if stamp and EARLIEST <= stamp.moment < LATEST else None


def within(text: str, *, language: str = "") -> Iterator[tuple[Stamp, str, str]]:
    """Every date that stands in a longer text, in order, each with the text before it and the text after it.

    A time of day may stand before the date or behind it. Time linear in the length of `text`.
    """
    text, at = _plain(text), 0
    while match := _START.search(text, at):
        start, at = match.start(), match.start() + 1
        try:
            found = _written(text[start : start + _REACH], None, language, at_start=True)
        except (ValueError, OverflowError):
            found = None
        if not found or not EARLIEST <= found[0].moment < LATEST:
            while at < len(text) and text[at].isalnum():
                at += 1
            continue
        stamp, rest = found
        before, at = text[:start], start + len(text[start : start + _REACH]) - len(rest)
        if not stamp.time and (clock := _CLOCK_BEFORE.search(before[-24:])):
            stamp, before = _with_clock(stamp, clock), before[: len(before) - len(clock[0])]
        yield stamp, before, text[at:]


def _with_clock(stamp: Stamp, match: re.Match[str]) -> Stamp:
    hour, minute = int(match[1]), int(match[2])
    if match[3]:
        hour = hour % 12 + (12 if match[3] in "pP" else 0)
    if hour > 23 or minute > 59:
        return stamp
    return Stamp(moment=stamp.moment + timedelta(hours=hour, minutes=minute), time=True)


def _tidy(text: str) -> str:
    text = " ".join(_plain(text).split())
    return text if len(text) <= _LONGEST else ""


def _plain(text: str) -> str:
    """With compatible forms and the digits of every script as ASCII has them, and names of months as words.py does."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text)
    if len(text) > 4:  # a number of a year alone is a machine's, and in ASCII
        text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    text = re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text).replace("،", ",")
    text = re.sub("(?<=[\u0e00-\u0e7f])\\.(?=[\u0e00-\u0e7f])", "", text)
    for split, joined in words.SPLIT:
        text = text.replace(split, joined)
    return text


def _standard(text: str) -> Stamp | None:
    """What is written exactly as RFC 3339 or RFC 822 say; None for all else, and for a day or an hour that is none."""
    try:
        if _RFC3339.fullmatch(text):
            local = datetime.fromisoformat(text)
        elif (match := _RFC822.fullmatch(text)) and match[2] in _ENGLISH:
            day, month, year, clock, offset = match.groups("Z")
            local = datetime.fromisoformat(f"{year}-{_ENGLISH[month]:02}-{day:0>2}T{clock}{offset}")
        else:
            return None
        return Stamp(moment=local.astimezone(UTC), time=True, zone=True, offset=_minutes(local))
    except (ValueError, OverflowError):
        return None


def _minutes(moment: datetime) -> int:
    """Minutes east of UTC."""
    ahead = moment.utcoffset()
    return ahead.days * 1440 + ahead.seconds // 60 if ahead else 0


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
            return Stamp(moment=datetime.fromtimestamp(number / scale, UTC), time=True, zone=True, offset=0)
    return None


def _parts(run: str) -> tuple[int, ...]:
    return int(run[:4]), *(int(run[i : i + 2]) for i in range(4, len(run), 2))


def _written(text: str, zone: str | None, language: str, *, at_start: bool = False) -> tuple[Stamp, str] | None:
    """What is written at the start of `text`, and what follows. at_start: not even a weekday may be before it."""
    found = _day(text, language)
    if not found and not at_start:
        found = _day(_WEEKDAY.sub("", text, count=1), language)
    if not found:
        return None
    day, rest, whole = found
    clock, time, rest = _clock(rest)
    said = _zone(rest) if time else None
    local = (day + clock).replace(tzinfo=said or _given(zone))
    offset = _minutes(local) if said or zone else None
    return Stamp(moment=local.astimezone(UTC), time=time, zone=said is not None, offset=offset, day=whole), rest


_Day = tuple[datetime, str, bool]  # midnight, naive; what follows; whether the day itself was given


def _day(text: str, language: str) -> _Day | None:
    """The day at the start of `text`. Raises ValueError on a day that is none."""
    if match := _WEEK.match(text):
        return datetime.fromisocalendar(int(match[1]), int(match[2]), int(match[3] or 1)), text[match.end() :], True
    if match := _ORDINAL.match(text):
        number = int(match[2])
        if not 1 <= number <= 366:
            raise ValueError("day of the year")
        return datetime(int(match[1]), 1, 1) + timedelta(days=number - 1), text[match.end() :], True  # noqa: DTZ001
    if match := _YMD.match(text):
        day_given = bool(match[4])
        return _date(match[1], int(match[3]), match[4] or 1, local=match[2] == "/"), text[match.end() :], day_given
    if match := _COMPACT.match(text):
        return _date(match[1], int(match[2]), match[3]), text[match.end() :], True
    if match := _DMY.match(text) or (words.day_first(language) and _DMY_SHORT.match(text)) or None:
        first, second = int(match[1]), int(match[3])
        if match[2] != "." and first <= 12 and second <= 12 and first != second:
            european = words.day_first(language)
            if european is None:
                return None
            day, month = (first, second) if european else (second, first)
        else:
            day, month = (first, second) if second <= 12 else (second, first)
        return _date(match[4], month, day, local=True), text[match.end() :], True
    if re.fullmatch(r"(?:19|20)\d\d", text):
        return _date(text, 1, 1), "", False
    if match := _EAST.match(text):
        year = (1 if match[2] == "元" else int(match[2])) + _ERAS.get(match[1], 0)
        return _date(f"{year:04}", int(match[3]), match[4]), text[match.end() :], True
    return _named_month(text, language)


def _named_month(text: str, language: str) -> _Day | None:
    if match := _D_TH_M_Y.match(text):
        return _date(match[3], int(match[2]), match[1]), text[match.end() :], True
    for form, day, name, year in (
        (_D_MON_Y, 1, 2, 3),
        (_MON_D_Y, 2, 1, 3),
        (_MON_D_TIME_Y, 2, 1, 4),
        (_Y_MON_D, 3, 2, 1),
        (_Y_D_MON, 2, 3, 1),
    ):
        if match := form.match(text):
            rest = text[match.end() :] if form is not _MON_D_TIME_Y else f" {match[3]} {text[match.end() :]}"
            if match[name] in words.JALALI and len(match[year]) == 4:
                return _persian(int(match[year]), words.JALALI[match[name]], int(match[day])), rest, True
            if month := words.month(match[name], language):
                return _date(match[year], month, match[day], local=not match[name].isascii()), rest, True
    return None


def _date(year: str, month: int, day: str | int, *, local: bool = False) -> datetime:
    """local: written as machines do not, so that it may be a year of the Buddhist or of the Persian calendar."""
    number = int(year)
    if len(year) == 2:  # RFC 2822, section 4.3, with the pivot that POSIX uses
        number += 1900 if number >= 69 else 2000
    if local and 2533 <= number < 2643:
        number -= 543  # the Buddhist calendar, of Thailand
    if local and 1368 <= number < 1411:
        return _persian(number, month, int(day))
    return datetime(number, month, int(day))  # noqa: DTZ001 -- the zone follows


def _persian(year: int, month: int, day: int) -> datetime:
    """A day of the Persian solar calendar, years 1368 to 1410. Raises ValueError on one that is none.

    Every year of those that leaves 1, 5, 9, 13, 17, 22, 26 or 30 when divided by 33 has a leap day; the year 1400 began
    on 21 March 2021. Source: Borkowski, "The Persian calendar for 3000 years", Earth, Moon, and Planets 74 (1996).
    """
    if not (1368 <= year < 1411 and 1 <= month <= 12 and 1 <= day <= (31 if month <= 6 else 30)):
        raise ValueError("day of the Persian calendar")
    leaps = sum(y % 33 in (1, 5, 9, 13, 17, 22, 26, 30) for y in range(min(year, 1400), max(year, 1400)))
    days = 365 * (year - 1400) + (leaps if year > 1400 else -leaps)
    days += 31 * min(month - 1, 6) + 30 * max(month - 7, 0) + day - 1
    found = date(2021, 3, 21) + timedelta(days=days)
    return datetime(found.year, found.month, found.day)  # noqa: DTZ001 -- the zone follows


def _clock(rest: str) -> tuple[timedelta, bool, str]:
    """Time since midnight, whether one was given, and what follows it."""
    if not rest.isascii() and (match := _EAST_TIME.search(rest)):
        hour = int(match[2]) % 12 + 12 if match[1] else int(match[2])
        return _since_midnight(hour, int(match[3]), int(match[4] or 0)), True, rest[match.end() :]
    match = _COMPACT_TIME.match(rest) or _TIME.search(rest) or _HOUR.search(rest)
    if not match:
        return timedelta(), False, rest
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    half = match[5] if match.re is not _COMPACT_TIME else None
    if half:
        hour = hour % 12 + (12 if half in "pP" else 0)
    part = float(f"0.{match[4]}") if match[4] else 0.0
    clock = _since_midnight(hour, minute, second) + timedelta(microseconds=int(part * 1_000_000))
    return clock, True, rest[match.end() :]


def _since_midnight(hour: int, minute: int, second: int) -> timedelta:
    """Raises ValueError on a time of day that is none."""
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        raise ValueError("time of day")
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _zone(rest: str) -> tzinfo | None:
    """The zone that `rest` starts with; a name alone that nobody knows is UTC (RFC 2822, section 4.3)."""
    if match := _OFFSET.match(rest):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        return timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes))  # ValueError past 24 hours
    if (match := _IANA.search(rest)) and (named := iana(match[1])):
        return named
    if match := _NAME.match(rest):
        name = match[1].lower()
        if name in words.NAMED:
            return timezone(timedelta(minutes=words.NAMED[name]))
        if name in words.AMERICAN:
            return iana(words.AMERICAN[name])
        if match[1].isupper() and match[1] not in _NO_ZONE and not rest[match.end() :].strip(" )"):
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
def iana(name: str) -> ZoneInfo | None:
    """The zone of an IANA name; None where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
