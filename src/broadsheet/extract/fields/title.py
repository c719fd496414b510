"""The title: what most places agree on, without the name of the site."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ... import providers, text
from ...errors import ParseError
from ..said import Said
from . import Found, candidates

_BREAK = re.compile(r"\s+[|–—·•»«:›‹~⋆/-]+\s+|\s*[|｜]\s*|\s+::\s+|:\s+")


def find(saids: Sequence[Said], sites: Sequence[str]) -> Found[str]:
    """The title that most origins agree on (one may be the beginning of another); the first of those, and its origin.

    Headings and metas are each wrong at times (a section's name, a teaser for search engines), rarely in one way.
    """
    found: list[tuple[str, str, str]] = []
    told: list[tuple[str, str]] = []
    named = {text.fold(site) for site in sites}
    for said in saids:
        own: set[str] = set()
        for raw, place in said.titles[:4]:
            line = clean(raw, sites)
            told.append((line, place))
            key = text.fold(line)
            if key and key not in own and key not in named:
                own.add(key)
                found.append((key, line, place))
    if not found:
        line, place = next(
            ((clean(t.value, ()), t.place) for s in saids for t in s.titles if t.value.strip()), ("", "")
        )
        return Found(line, place, candidates("title", told))
    votes = [sum(_same(key, other) for other, _, _ in found) for key, _, _ in found]
    best = votes.index(max(votes))
    return Found(found[best][1], found[best][2], candidates("title", told))


def _same(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) >= 10 and (one.startswith(other) or other.startswith(one)))


def clean(raw: str, sites: Iterable[str]) -> str:
    """One line without the name of the site, which many add at one end behind a dash, bar or colon."""
    line = text.one_line(raw[: 4 * text.TITLE])
    names = {key for name in sites if (key := _letters(name))}
    for _ in range(3):
        breaks = list(_BREAK.finditer(line))
        if not breaks:
            break
        if _names_site(line[breaks[-1].end() :], names):
            line = line[: breaks[-1].start()].strip()
        elif _names_site(line[: breaks[0].start()], names):
            line = line[breaks[0].end() :].strip()
        else:
            break
    return line


def _names_site(part: str, names: set[str]) -> bool:
    key = _letters(part)
    return bool(key) and any(
        key == name or (len(name) > 4 and key.startswith(name) and len(key) < 2 * len(name)) for name in names
    )


def _letters(name: str) -> str:
    """What is compared of a name: "The Harbour Post" and "harbour-post" are one."""
    return text.fold(name).removeprefix("the ").removeprefix("www ").replace(" ", "")


def site_names(claimed: Iterable[str], url: str) -> tuple[str, ...]:
    """What a page calls its site and what its domain does, cleaned; the claimed ones first."""
    found = [text.one_line(name.lstrip("@")[:200]) for name in claimed]
    try:
        domain = providers.domain(url)
        found += [domain, domain.split(".")[0]]
    except ParseError:
        pass
    return tuple(dict.fromkeys(name for name in found if name))
