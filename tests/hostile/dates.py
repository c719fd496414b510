"""Times that cannot be: an entry keeps what was said, and is undated."""

from __future__ import annotations

from functools import partial

from .behaviour import Document, document
from .expected import Held, Listed
from .writing import MOON, TIDE, feed, item, page

dates = partial(document, "dates")

# Name, what a feed says, and the time that it means; empty for none. The clock stands at noon of 2 March 2026, UTC.
_DATES = {
    "good": ("Sun, 01 Mar 2026 10:00:00 GMT", "2026-03-01T10:00:00+00:00"),
    "year-0001": ("0001-01-01T00:00:00+14:00", ""),
    "year-9999": ("9999-12-31T23:59:59-12:00", ""),
    "year-negative": ("-0001-03-01T10:00:00Z", ""),
    "year-zero": ("0000-00-00T00:00:00Z", ""),
    "year-1970": ("Thu, 01 Jan 1970 00:00:00 GMT", ""),
    "year-2099": ("2099-01-01T00:00:00Z", ""),
    "tomorrow": ("2026-03-03T08:00:00Z", "2026-03-03T08:00:00+00:00"),
    "day-after-tomorrow": ("2026-03-04T12:00:01Z", ""),
    "number-of-14-digits": ("99999999999999", ""),
    "number-of-seconds": ("1772359200", "2026-03-01T10:00:00+00:00"),
    "number-of-milliseconds": ("1772359200000", "2026-03-01T10:00:00+00:00"),
    "without-zone": ("2026-03-01T10:00:00", "2026-03-01T10:00:00+00:00"),
    "32nd-of-february": ("Wed, 32 Feb 2026 10:00:00 GMT", ""),
    "29th-of-february": ("2026-02-29T10:00:00Z", ""),
    "hour-25": ("2026-03-01T25:00:00Z", ""),
    "leap-second": ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59+00:00"),
    "of-two-oceans": ("01/02/2026", ""),
    "weekday-wrong": ("Fri, 01 Mar 2026 10:00:00 GMT", "2026-03-01T10:00:00+00:00"),
    "zone-of-99-hours": ("2026-03-01T10:00:00+99:99", ""),
    "zone-unknown": ("Sun, 01 Mar 2026 10:00:00 TIDE", "2026-03-01T10:00:00+00:00"),
    "of-words": ("when the tide was out", ""),
    "of-nothing": ("", ""),
    "of-10000-characters": ("2026-03-01T10:00:00Z" + " and so on" * 1_000, ""),
    "of-digits": ("1" * 10_000, ""),
}


def _date(name: str, raw: str, meant: str) -> None:
    def make() -> Document:
        return Document(feed(item(TIDE, more=f"<pubDate>{raw}</pubDate>"), item(MOON)))

    shown = raw if len(raw) < 50 else f"{raw[:20]}... ({len(raw)} characters)"
    dates(Listed(titles=(TIDE, MOON), published=(meant, "")), name=f"date-{name}", does=f"`{shown}`")(make)


for _name, (_raw, _meant) in _DATES.items():
    _date(_name, _raw, _meant)


@dates(Listed(count=20, published=("2026-03-03T08:00:00+00:00",) * 20))
def dates_all_ahead() -> Document:
    """Every item is dated 20 hours ahead, to stay on top: taken as said, and ordered by when it was first seen."""
    ahead = "<pubDate>Tue, 03 Mar 2026 08:00:00 GMT</pubDate>"
    return Document(feed(*(item(f"{TIDE} {n}", more=ahead) for n in range(20))))


def _page_date(name: str, does: str, said: str) -> None:
    def make() -> Document:
        made = page()
        assert isinstance(made.body, str)
        return Document(made.body.replace("2026-03-01T09:00:00Z", said), made.content_type)

    dates(Held(dated=False), name=f"page-dated-{name}", does=does, purpose="page")(make)


_page_date("2099", "A page of the year 2099: dated when it was first seen", "2099-01-01T00:00:00Z")
_page_date("0001", "A page of the year 1", "0001-01-01T00:00:00Z")
_page_date("in-words", "A page dated in words", "when the tide was out")
