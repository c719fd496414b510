"""One value of each field from what the origins say, by a fixed precedence, and whose value it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from .. import agencies, dates, language, providers, text, urls
from ..errors import ParseError
from ..types import Entry, Image
from . import fields
from .said import Said

UNKNOWN = "unknown.invalid"  # host of a page whose address nobody knows (a saved file)
_SHIFT = timedelta(hours=26)  # two notations of one moment, one of them without its zone, differ by no more


def title(saids: Sequence[Said], sites: Sequence[str]) -> tuple[str, str]:
    """The title that most origins agree on (one may be the beginning of another); the first of those, and its origin.

    Headings and metas are each wrong at times (a section's name, a teaser for search engines), rarely in one way.
    """
    found: list[tuple[str, str, str]] = []
    named = {text.fold(site) for site in sites}
    for said in saids:
        own: set[str] = set()
        for raw in said.titles[:4]:
            line = fields.title(raw, sites)
            key = text.fold(line)
            if key and key not in own and key not in named:
                own.add(key)
                found.append((key, line, said.origin))
    if not found:
        return next(((fields.title(t, ()), s.origin) for s in saids for t in s.titles if t.strip()), ("", ""))
    votes = [sum(_same(key, other) for other, _, _ in found) for key, _, _ in found]
    best = votes.index(max(votes))
    return found[best][1], found[best][2]


def _same(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) >= 10 and (one.startswith(other) or other.startswith(one)))


def excerpt(saids: Sequence[Said], heading: str, body: str) -> tuple[str, str]:
    """The description where it is a real one: not a repetition of the title, and longer than a label; else the text's start."""
    for said in saids:
        for raw in said.descriptions[:2]:
            line = text.one_line(raw)
            if len(line) >= 40 and text.fold(line) != text.fold(heading):
                return text.excerpt(line), said.origin
    return text.excerpt(body), "trafilatura"


def authors(saids: Sequence[Said]) -> tuple[tuple[str, ...], str]:
    """Authors of the first origin that names somebody; an organisation counts where no origin names a person."""
    for said in saids:
        if people := fields.authors(said.people):
            return people, said.origin
    for said in saids:
        if bodies := fields.authors(said.bodies):
            return bodies, said.origin
    return (), ""


def published(saids: Sequence[Said], entry: Entry | None, now: datetime) -> tuple[datetime | None, str]:
    """When it was published: the first origin's date, told more exactly by a later one of the same day.

    A page may give a day and its feed the minute, or a time without its zone here and with it there: what is nearest
    in meaning and most exact is taken. Dates outside the sensible window count only when there is no other.
    """
    stamps = [(stamp, said.origin) for said in saids for raw in said.published[:3] if (stamp := dates.examine(raw))]
    if entry and entry.published:
        midnight = entry.published.time() == datetime.min.time()
        stamps.append((dates.Stamp(moment=entry.published, time=not midnight, zone=not midnight), "feed"))
    stamps = [pair for pair in stamps if dates.sensible(pair[0].moment, now)] or stamps
    if not stamps:
        return None, ""
    first = stamps[0][0]
    near = [pair for pair in stamps if abs(pair[0].moment - first.moment) <= _SHIFT]
    stamp, origin = max(near, key=lambda pair: pair[0].time + pair[0].zone)  # of equals the first
    return stamp.moment, origin


def updated(saids: Sequence[Said], entry: Entry | None, after: datetime | None, now: datetime) -> datetime | None:
    """When it was last changed: the first sensible claim that is later than `after`."""
    claims = [moment for said in saids for raw in said.updated[:2] if (moment := dates.parse(raw))]
    claims += [entry.updated] if entry and entry.updated else []
    return next((m for m in claims if dates.sensible(m, now) and (after is None or m > after)), None)


def images(saids: Sequence[Said], base: str) -> tuple[tuple[Image, ...], str]:
    """All pictures that the origins claim, those of the first origin first."""
    logos = [logo.url for said in saids for logo in said.logos]
    found = fields.images((image for said in saids for image in said.images), logos, base)
    if not found:
        return (), ""
    origin = next((s.origin for s in saids if any(fields.absolute(i.url, base) == found[0].url for i in s.images)), "")
    return found, origin


def spoken(saids: Sequence[Said], body: str) -> tuple[str, str]:
    """Language of the text. A clear guess from the text wins over a claim: templates claim English whatever they hold."""
    guessed = language.guess(body)
    claims = [(tag, said.origin) for said in saids for raw in said.languages if (tag := language.primary(raw))]
    if guessed and claims and all(tag != guessed for tag, _ in claims):
        return guessed, "text"
    if guessed:
        return guessed, next((origin for tag, origin in claims if tag == guessed), "text")
    return claims[0] if claims else ("", "")


def site(saids: Sequence[Said], domain: str) -> str:
    """What the page calls its site; empty where it says nothing that can be a name of `domain`.

    The mere domain comes after any other name. An agency is named as the publisher of what it only wrote, so on
    another's site its name is passed over.
    """
    claimed = (providers.clean_name(name, domain) for said in saids for name in said.sites)
    names = [name for name in claimed if name and agencies.named(name) in ("", agencies.of_domain(domain))]
    return next((name for name in names if name.lower() != domain), names[0] if names else "")


def logos(saids: Sequence[Said], base: str) -> tuple[Image, ...]:
    """A small and a larger picture that the site shows of itself, absolute."""
    claims = ((fields.canonical(logo.url, base), logo) for said in saids for logo in said.logos)
    return providers.logos(replace(logo, url=address) for address, logo in claims if address)


def agency(saids: Sequence[Said], byline: str, elsewhere: str, body: str, domain: str) -> tuple[str, str]:
    """Domain of the wire agency whose report it is, and where that is said; empty for the site's own report.

    saids: the strongest first. byline: a line that was found otherwise. elsewhere: address that it was taken from.
    domain: the site's own; what an agency prints under its own domain is its own report and not agency copy.
    """
    addresses = [(elsewhere, "canonical"), *((a, "syndication-source") for said in saids for a in said.taken_from)]
    first = [address for said in saids for address in said.first_at]
    addresses += [(first[0], "original-source")] if len(first) == 1 else []  # several are mentions
    found: list[tuple[tuple[str, ...], str]] = []
    found += [((agencies.of_domain(_domain(address)),), where) for address, where in addresses]
    found += [(agencies.in_byline(name), f"{said.origin} credit") for said in saids for name in said.credits]
    found += [
        (agencies.in_byline(name), f"{said.origin} byline") for said in saids for name in said.people + said.bodies
    ]
    found += [(agencies.in_byline(byline), "byline")]
    found += [(agencies.in_dateline(body), "dateline"), (agencies.in_credit(body), "credit line")]
    own = agencies.of_domain(domain)
    for named, where in found:
        if own and own in named:
            break
        if named and named[0]:
            return named[0], where
    return (own, "its own address") if own and own != domain else ("", "")


def _domain(url: str) -> str:
    try:
        return providers.domain(url) if url else ""
    except ParseError:
        return ""


def address(final_url: str, canonical: str, claims: Iterable[str]) -> tuple[str, str]:
    """The canonical URL of a page, and the one on another site that it says it was taken from. Raises ParseError.

    canonical: address of its rel=canonical, absolute or empty. It is trusted within the registrable domain alone, and
    not where it sends every article to the home page. claims: other addresses, for a page whose own is unknown.
    """
    own = urls.canonical(final_url)
    told = _canonical(canonical)
    if urls.host(own) == UNKNOWN:
        return told or next(filter(None, map(_canonical, claims)), own), ""
    if not told or told == own:
        return own, ""
    if providers.domain(told) != providers.domain(own):
        return own, told
    home = urls.parse(told).pathname in ("", "/") and not urls.parse(told).search
    return (own if home and urls.parse(own).pathname not in ("", "/") else told), ""


def taken_from(said: Said, base: str, domain: str) -> str:
    """Canonical URL on another site that the page says it repeats (`syndication-source`); empty where it says none."""
    found = (_canonical(fields.absolute(address, base)) for address in said.taken_from)
    return next((address for address in found if address and providers.domain(address) != domain), "")


def _canonical(url: str) -> str:
    try:
        found = urls.canonical(url) if url else ""
        return "" if not found or urls.host(found) == UNKNOWN or "." not in urls.host(found) else found
    except ParseError:
        return ""
