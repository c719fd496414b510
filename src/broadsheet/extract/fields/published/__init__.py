"""When it was published and last changed: every claim, what speaks against it, and the zone of a time that has none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

import lxml.html

from .... import dates
from ....types import Claim, Entry
from ...said import Said
from .. import LONGEST_CANDIDATE, MOST_CANDIDATES, Found
from . import embedded, visible, zones
from .zones import Dated

# The article's own node first; the page's last, whose dates are often those of the template.
ORDER = ("told", "graph", "items", "metas", "plain", "page")

_SHIFT = timedelta(hours=26)  # two notations of one moment, one of them without its zone, differ by no more
_RENDERED = timedelta(minutes=10)  # a claim this near to the time of fetching may be the clock of the page's server
_DAY = timedelta(days=1)
_AMBIGUOUS = re.compile(r"\D*\d{1,2}([-/])\d{1,2}\1\d{4}\b")
_IN_PATH = re.compile(r"/((?:19|20)\d\d)([/-])(0[1-9]|1[0-2]|[1-9])\2(0[1-9]|[12]\d|3[01]|[1-9])(?=[/_.-]|$)")
_IN_PATH_NAMED = re.compile(r"/((?:19|20)\d\d)/([a-z]{3,9})/(\d{1,2})(?=/|$)", re.IGNORECASE)
_IN_PATH_COMPACT = re.compile(r"(?<![\d.])(20[0-3]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")


def find(
    saids: Sequence[Said],
    entry: Entry | None,
    root: lxml.html.HtmlElement,
    url: str,
    now: datetime,
    *,
    zone: str = "",
) -> tuple[Found[datetime | None], Found[datetime | None]]:
    """When it was published, and when it was last changed; None where nothing says so. zone: its provider's, IANA name.

    Claims in their order: the markup's, what the page shows by its headline, its feed, its address, what it shows
    elsewhere, its scripts; what it calls its last change comes at the very end, and its place then says so. The first
    that can be true is taken, told more exactly by a later one of the same day. So the page's own exact claim wins; a
    feed tells the minute where the page gives the day, and loses where the page gives another day (a feed that dates
    everything anew at each fetch does no harm). What speaks against a claim is in its note:

    - outside [1990, a day from now], or no date at all;
    - as old as the fetch, to minutes, while another is older: the clock of the server;
    - older than the last change while a second claim is older still: a date of some import;
    - a date shown by the headline is an earlier day: it was published then, and put into this system later.
    """
    language = _language(saids)
    told = [(raw, place) for said in saids for raw, place in said.published[:3]]
    told.sort(key=lambda pair: pair[1].endswith("reated"))  # stable: when it was begun says least
    edits = [(raw, place) for said in saids for raw, place in said.updated[:2]]
    claims = _read(told, language)
    changes = _read(edits, language)
    claims = [_within_time(claim, now) for claim in claims]
    fed = _fed(entry)
    known = [claim for claim in claims if not claim.note]
    seen = visible.read(root, language, near=bool(known))
    shown = [Dated(s.text, s.place, s.stamp) for s in seen if not s.changed and s.points >= visible.STRONG][:3]
    shown = [_within_time(claim, now) for claim in shown]
    weak = [Dated(s.text, s.place, s.stamp) for s in seen if not s.changed and s.points < visible.STRONG][:3]
    changes += [Dated(s.text, s.place, s.stamp) for s in seen if s.changed][:3]
    claims = _refreshed(claims, shown, changes, now)
    claims += shown + fed
    if day := _of_address(url):
        claims.append(day)
    claims += [_within_time(claim, now) for claim in weak]
    usable = [claim for claim in claims if not claim.note]
    if not usable or not any(claim.stamp.time and claim.stamp.zone for claim in _near(usable)):
        claims += [
            _within_time(claim, now) for claim in _read([(raw, "script") for raw in embedded.read(root)], language)
        ]
        usable = [claim for claim in claims if not claim.note]
    changes = [_within_time(claim, now) for claim in changes]
    evidence = [*usable, *(claim for claim in changes if not claim.note)]
    if not usable:  # what it calls its last change is then all there is
        last = [claim for claim in changes if not claim.note]
        usable = [claim._replace(place=f"{claim.place}, the only date") for claim in last[:1]]
    if not usable:
        return Found(None, "", _candidates("published", claims)), _changed(changes, entry, None, now, evidence, zone)
    chosen = zones.settled(_best(_near(usable)), evidence, fed, zone)
    published: Found[datetime | None] = Found(chosen.stamp.moment, chosen.place, _candidates("published", claims))
    return published, _changed(changes, entry, chosen.stamp.moment, now, evidence, zone)


def _language(saids: Sequence[Said]) -> str:
    """The page's language (BCP 47), the one that says which of 01/02 is the day, if any does."""
    tags = [tag.strip().replace("_", "-") for said in reversed(saids) for tag, _ in said.languages]
    return next((tag for tag in tags if dates.words.day_first(tag) is not None), tags[0] if tags else "")


def _read(told: Iterable[tuple[str, str]], language: str) -> list[Dated]:
    """Claims from pairs of text and place. A day that two readings give is the one that another claim agrees with."""
    pairs = list(told)
    sure = [stamp for raw, _ in pairs if (stamp := dates.examine(raw))]
    found = []
    for raw, place in pairs:
        stamp, note = dates.examine(raw), ""
        if stamp is None and _AMBIGUOUS.match(raw):
            readings = [dates.examine(raw, language=tag) for tag in ("en-US", "en-GB")]
            near = [r for r in readings if r and any(abs(r.moment - other.moment) <= _SHIFT for other in sure)]
            stamp = near[0] if near else dates.examine(raw, language=language)
            note = "" if stamp else "day or month first?"
        note = note or ("" if stamp else "no date since 1990")
        found.append(Dated(raw, place, stamp or zones.NONE, note))
    return found


def _within_time(claim: Dated, now: datetime) -> Dated:
    if claim.note or dates.sensible(claim.stamp.moment, now):
        return claim
    return claim._replace(note="in the future" if claim.stamp.moment > now else "before 1990")


def _refreshed(claims: list[Dated], shown: list[Dated], changes: list[Dated], now: datetime) -> list[Dated]:
    """The markup's claims, with a note on those that are later than the publishing itself."""
    older = [claim.stamp.moment for claim in (*claims, *shown) if not claim.note]
    if not older:
        return claims
    first = min(older)
    by_headline = shown[0].stamp if shown and not shown[0].note else None

    def agreed(stamp: dates.Stamp) -> bool:
        return any(_may_be_one(claim.stamp, stamp) for claim in shown)

    edited = next((claim.stamp.moment for claim in changes if not claim.note), None)
    found = []
    for claim in claims:
        moment, note = claim.stamp.moment, claim.note
        if not note and abs(moment - now) <= _RENDERED and first < moment - _DAY:
            note = "time of rendering"
        elif not note and edited and edited < moment - _DAY and first <= edited + _DAY:
            note = "later than the last change"
        elif not note and by_headline and by_headline.moment < moment - _SHIFT and not agreed(claim.stamp):
            note = "an earlier day is shown"
        found.append(claim._replace(note=note))
    return found


def _fed(entry: Entry | None) -> list[Dated]:
    if entry is None or entry.published is None:
        return []
    exact = entry.published.time() != datetime.min.time()
    stamp = dates.Stamp(moment=entry.published, time=exact, zone=exact, offset=0 if exact else None)
    return [Dated(entry.published_raw or entry.published.isoformat(), "feed", stamp)]


def _of_address(url: str) -> Dated | None:
    """The day in the path of its address, where it has one."""
    path = urlsplit(url).path[:2000]
    match = _IN_PATH.search(path) or _IN_PATH_NAMED.search(path) or _IN_PATH_COMPACT.search(path)
    if match and (stamp := dates.examine("-".join(part for part in match.groups() if part.isalnum()))):
        return Dated(match[0].strip("/"), "address", stamp)
    return None


def _near(usable: list[Dated]) -> list[Dated]:
    """The first claim, and those that may tell the same moment."""
    first = usable[0].stamp
    return [claim for claim in usable if _may_be_one(first, claim.stamp)]


def _may_be_one(first: dates.Stamp, other: dates.Stamp) -> bool:
    apart = other.moment - first.moment
    if first.time or not other.time:
        return abs(apart) <= _SHIFT
    if other.offset is None:
        return other.moment.date() == first.moment.date()
    if other.offset:  # it says on which day it was there
        return (other.moment + timedelta(minutes=other.offset)).date() == first.moment.date()
    return timedelta(hours=-14) <= apart < timedelta(hours=36)


def _best(near: list[Dated]) -> Dated:
    """The most exact of claims that may be of one moment; of equals the first."""
    return max(near, key=lambda claim: (claim.stamp.day, claim.stamp.time + claim.stamp.zone))


class _Rated(NamedTuple):
    moment: datetime
    place: str


def _changed(
    changes: list[Dated], entry: Entry | None, after: datetime | None, now: datetime, evidence: list[Dated], zone: str
) -> Found[datetime | None]:
    """When it was last changed: the first claim that can be and is later than `after`."""
    if entry and entry.updated:
        stamp = dates.Stamp(moment=entry.updated, time=True, zone=True, offset=0)
        changes = [*changes, _within_time(Dated(entry.updated.isoformat(), "feed", stamp), now)]
    settled = [zones.settled(claim, evidence, [], zone) if not claim.note else claim for claim in changes]
    noted = [
        c._replace(note="not after publishing") if after and not c.note and c.stamp.moment <= after else c
        for c in settled
    ]
    best = next((claim for claim in noted if not claim.note), None)
    return Found(best.stamp.moment if best else None, best.place if best else "", _candidates("updated", noted))


def _candidates(field: str, claims: Iterable[Dated]) -> tuple[Claim, ...]:
    """Each value once, with all places that give it and what speaks against it."""
    found: dict[tuple[str, str], list[str]] = {}
    for claim in claims:
        key = (claim.raw, claim.note)
        if claim.raw and (key in found or len(found) < MOST_CANDIDATES):
            places = found.setdefault(key, [])
            if claim.place not in places:
                places.append(claim.place)
    return tuple(
        Claim(field=field, value=raw[:LONGEST_CANDIDATE], places=tuple(places[:MOST_CANDIDATES]), note=note)
        for (raw, note), places in found.items()
    )
