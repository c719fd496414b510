"""The title: what most places agree on, without the name of the site."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import filterfalse
from typing import NamedTuple
from urllib.parse import unquote

from ... import providers, text, urls
from ...errors import ParseError
from ..said import Said, Told
from . import Found, candidates

# Decides between claims of one weight alone.
ORDER = ("told", "graph", "metas", "items", "plain", "cards", "fed")

# A hyphen without spaces parts only what is written without them.
_BREAK = re.compile(
    r"\s+[|–—·•»«:›‹~⋆/-]+\s+|\s*[|｜：]\s*|\s+::\s+|:\s+|(?<=[\u3040-\u9fff\uac00-\ud7a3])[-_–—]+(?=[\u3040-\u9fff\uac00-\ud7a3])"
)

# What a place counts. A reader sees the first heading; og:title is written for readers too; the title element and what
# repeats it are often written for search engines. Chosen on 793 pages of guides and blogs and 105 of news together. Fitted
# to one half of the sites, weights like these lose about 3 titles of 100 in the other half of the first, and 10 to 17 of
# 100 in that of the news pages, which are few and whose editors differ: so round numbers, and no more places than these.
_WEIGHTS = {
    "h1": 2.5, "h2": 2.0, "h3": 2.0, "og:title": 2.0, "feed title": 1.5, "json-ld headline": 1.2, "title element": 1.0,
    "microdata headline": 1.0, "json-ld name": 0.3, "h1 aside": 0.3,
}  # fmt: skip
_OTHER = 0.1
_LATER = 0.7  # of a second value of the same place, of a third that again
_ALIKE = 0.5  # of a value that shares all its words, in proportion
_KICKED = 0.6  # of a value that has the other behind a kicker ("Ferries: ..."), either way round
_REPEATED = 0.75  # of what the head of a page says again: one plug-in writes all of it from one field
_SLUG = 1.7
_HEAD = frozenset(["og:title", "title element", "json-ld name"])
_MOST_LINES = 16
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "æ": "ae", "ł": "l", "ı": "i", "đ": "d"})


class _Line(NamedTuple):
    """One claim of the title. key: folded, for comparing. weight: what its place counts. slot: its place."""

    key: str
    line: str
    place: str
    weight: float
    slot: str


def find(saids: Sequence[Said], sites: Sequence[str], url: str = "") -> Found[str]:
    """The title that has most weight: of its own places, of those that say it in other words, and of the address.

    Headings and metas are each wrong at times (a section's name, a kicker, a teaser for search engines), rarely in one
    way. url: the page's own address; where it holds a slug, this is mostly made of the headline.
    """
    told = [claim for said in saids for claim in said.titles]
    named = {text.fold(name) for name in sites}
    names = (*sites, *_endings([claim for claim in told if text.fold(claim.value) not in named]))
    cleaned = [(clean(raw, names), place) for raw, place in told]
    known = candidates("title", ((line, place) for line, place in cleaned if place not in ("h2", "h3")))
    lines = _lines(cleaned, {text.fold(name) for name in names})
    if not lines:
        line, place = next(((clean(raw, ()), place) for raw, place in told if raw.strip()), ("", ""))
        return Found(line, place, known)
    words = {one.key: frozenset(text.tokens(one.key)) for one in lines}
    slug = _slug_words(url)
    scores = [_support(one.key, lines, words) + _SLUG * _slug_share(one.line, slug) for one in lines]
    best = lines[scores.index(max(scores))]
    return Found(best.line, best.place, known)


def _lines(cleaned: Sequence[tuple[str, str]], named: set[str]) -> list[_Line]:
    """The claims that can be a title, each with what its place counts. `named`: what the site is called, folded.

    Of the headings of lower levels only the first counts that says what another place says too, or that with a kicker
    before it: where the first level only tells the place in the site's tree, the headline is one of these.
    """
    keyed = [(text.fold(line), line, place) for line, place in cleaned]
    keyed = [claim for claim in keyed if claim[0] and claim[0] not in named]
    upper = {key: line for key, line, place in reversed(keyed) if place not in ("h1", "h2", "h3")}
    found: list[_Line] = []
    seen: dict[str, int] = {}
    for key, line, place in keyed:
        if place in ("h2", "h3"):
            same = (
                key
                if key in upper or _ends_any(key, upper)
                else max((k for k in upper if _ends(key, k)), key=len, default="")
            )
            if not same or "h2" in seen or "h3" in seen:
                continue
            key, line = same, upper.get(same, line)
        nth = seen.get(place, 0)
        seen[place] = nth + 1
        if len(found) < _MOST_LINES:
            found.append(_Line(key, line, place, _WEIGHTS.get(place, _OTHER) * _LATER**nth, place))
    if not found:  # nothing but such headings
        found = [_Line(key, line, place, 1.0, place) for key, line, place in keyed[:1]]
    return found


def _support(key: str, lines: Sequence[_Line], words: dict[str, frozenset[str]]) -> float:
    """What all places together say for one line; of each place its strongest value counts."""
    said: dict[str, float] = {}
    for one in lines:
        if _same(key, one.key):
            share = 1.0
        else:
            share = _ALIKE * _alike(words[key], words[one.key])
            if _ends(key, one.key) or _ends(one.key, key):
                share = max(share, _KICKED)
        said[one.slot] = max(said.get(one.slot, 0.0), one.weight * share)
    head = [said.pop(place) for place in tuple(said) if place in _HEAD]
    return sum(said.values()) + (max(head) + _REPEATED * (sum(head) - max(head)) if head else 0.0)


def _same(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) >= 10 and (one.startswith(other) or other.startswith(one)))


def _ends(longer: str, shorter: str) -> bool:
    return len(shorter) >= 10 and longer.endswith(f" {shorter}")


def _ends_any(shorter: str, keys: Iterable[str]) -> bool:
    return any(_ends(key, shorter) for key in keys)


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of words in common, 0 to 1 (Dice)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _slug_words(url: str) -> frozenset[str]:
    """Words of the longest slug in the path of an address; empty for fewer than three, which are a section's name."""
    segments = unquote(urls.parse(url).pathname[:1_000]).split("/") if url else []
    slugs = [_plain_words(re.sub(r"\.\w{2,5}$", "", segment)) for segment in segments]
    longest = max(slugs, key=len, default=frozenset())
    return longest if len(longest) >= 3 else frozenset()


def _slug_share(line: str, slug: frozenset[str]) -> float:
    """How much of the slug the line says, 0 to 1; a slug of fewer than eight words may say anything and counts less."""
    return min(1.0, len(slug) / 8) * _alike(_plain_words(line), slug) if slug else 0.0


def _plain_words(line: str) -> frozenset[str]:
    spelt = line.lower()
    if not spelt.isascii():
        decomposed = unicodedata.normalize("NFKD", spelt.translate(_SPELT))
        spelt = "".join(filterfalse(unicodedata.combining, decomposed))
    words = re.split(r"[\W_]+", spelt)
    return frozenset(word for word in words if len(word) > 1 and not re.search(r"\d{3}", word))


def _endings(told: Sequence[Told]) -> list[str]:
    """What the title element adds to another claim behind a break: the site as the page calls it there."""
    whole = next((text.one_line(raw[: 4 * text.TITLE]) for raw, place in told if place == "title element"), "")
    found: list[str] = []
    for start in {
        text.one_line(raw[: 4 * text.TITLE]) for raw, place in told if place in ("h1", "json-ld headline", "og:title")
    }:
        rest = whole[len(start) :] if len(start) >= 10 and whole.startswith(start) else ""
        if (mark := _BREAK.match(rest)) and 2 <= len(rest) - mark.end() <= 40:
            found.append(rest[mark.end() :])
    return sorted(found)


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
