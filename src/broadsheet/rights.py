"""What a publisher lets us do with a page, read from the opt-out signals of its headers, its metas and its site.

Signals only take away: whatever one of them forbids stays forbidden, whatever the others say.
Sources: Google Search Central, "Robots meta tag, data-nosnippet, and X-Robots-Tag specifications"; W3C Community Group
report "TDM Reservation Protocol (TDMRep)", 10 May 2024; Content Signals Policy (contentsignals.org, 2025). `noai` and
`noimageai` have no standard: they are meant as DeviantArt, which brought them up in 2022, describes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import msgspec

from . import dates, urls
from .types import Rights, Struct

AGENT = "broadsheet"  # our product token, lower-case
_LONGEST = 4_000  # characters of one header or meta that are looked at
_MOST_RULES = 2_000  # of one tdmrep.json
_WORDS = 200  # characters of one piece of evidence

_PLAIN = {
    "noindex": Rights(listed=False),
    "none": Rights(listed=False),  # noindex, nofollow
    "nosnippet": Rights(text=False, excerpt=0),
    "noarchive": Rights(text=False),
    "nocache": Rights(text=False),  # Bing's name for it
    "noai": Rights(text=False),
    "noimageai": Rights(images=False),
    "noimageindex": Rights(images=False),
}
_WITHOUT_EFFECT = ("all", "index", "follow", "nofollow", "archive", "noodp", "noydir", "notranslate", "indexifembedded")
_VALUED = ("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after")
_DIRECTIVES = frozenset((*_PLAIN, *_WITHOUT_EFFECT, *_VALUED))
_SIGNALS = {
    "ai-train": Rights(text=False, images=False),
    "ai-input": Rights(text=False, images=False),
    "search": Rights(listed=False),
}
_RESERVED = Rights(text=False, images=False)


def combined(*all_rights: Rights) -> Rights:
    """What every one of them allows; their evidence in this order, each piece once."""
    limits = [rights.excerpt for rights in all_rights if rights.excerpt >= 0]
    return Rights(
        listed=all(rights.listed for rights in all_rights),
        text=all(rights.text for rights in all_rights),
        images=all(rights.images for rights in all_rights),
        excerpt=min(limits, default=-1),
        evidence=tuple(dict.fromkeys(piece for rights in all_rights for piece in rights.evidence)),
    )


def of_headers(headers: Mapping[str, str], now: datetime) -> Rights:
    """What HTTP headers say. headers: lower-case names, several values of one name joined by ", ".

    Read are X-Robots-Tag, tdm-reservation with tdm-policy, and Content-Signal.
    """
    return combined(
        _robots(headers.get("x-robots-tag", ""), "X-Robots-Tag", now),
        _reservation(headers.get("tdm-reservation", ""), headers.get("tdm-policy", ""), "header"),
        of_signals((headers.get("content-signal", ""),), "header"),
    )


def of_metas(metas: Mapping[str, Sequence[str]], now: datetime) -> Rights:
    """What the meta elements of a page say. metas: contents by lower-case name, as `extract.markup` collects them."""
    named = ("robots", AGENT)
    policy = next(iter(metas.get("tdm-policy", ())), "")
    return combined(
        *(_robots(content, f"meta {name}", now, agents=False) for name in named for content in metas.get(name, ())),
        *(_reservation(value, policy, "meta") for value in metas.get("tdm-reservation", ())),
    )


def of_signals(values: Iterable[str], place: str) -> Rights:
    """What Content-Signal values (`search=yes, ai-train=no`) say. place: where they stood, such as `robots.txt`."""
    found = []
    for value in values:
        for part in value[:_LONGEST].lower().split(","):
            name, _, answer = (word.strip() for word in part.partition("="))
            if name in _SIGNALS and answer == "no":
                found.append(_told(_SIGNALS[name], f"{place} Content-Signal: {name}=no"))
    return combined(*found)


def of_tdm_file(text: str, url: str) -> Rights:
    """What a site's /.well-known/tdmrep.json reserves for `url`. A file that breaks the format reserves nothing.

    Of its rules the first whose location matches counts (TDMRep, section "TDM file on the origin server").
    """
    try:
        rules: Any = msgspec.json.decode(text) if text else ()
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return Rights()
    path = _path(url)
    for rule in rules[:_MOST_RULES] if isinstance(rules, list) else ():
        location = rule.get("location") if isinstance(rule, dict) else None
        if isinstance(location, str) and matches(location, path):
            policy = rule.get("tdm-policy", "")
            return _reservation(rule.get("tdm-reservation"), policy, "tdmrep.json", f" for {location}")
    return Rights()


def matches(pattern: str, path: str) -> bool:
    """True when a pattern of robots.txt (`*` any characters, `$` the end) covers `path`. Time linear in both.

    Both are compared with their escapes taken off. Source: RFC 9309, section 2.2.3.
    """
    if not pattern.startswith(("/", "*")):
        return False
    whole = pattern.endswith("$")
    first, *rest = (unquote(part) for part in pattern.removesuffix("$").split("*"))
    path = unquote(path)
    if not rest:
        return path == first if whole else path.startswith(first)
    *middle, last = rest
    at = len(first)
    if not path.startswith(first):
        return False
    for part in middle:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return path.endswith(last) and len(path) - len(last) >= at if whole else path.find(last, at) >= 0


def _path(url: str) -> str:
    parsed = urls.parse(url)
    return f"{parsed.pathname}{parsed.search}"


def _told(rights: Rights, words: str) -> Rights:
    return msgspec.structs.replace(rights, evidence=(" ".join(words.split())[:_WORDS],))


def _reservation(value: object, policy: object, place: str, where: str = "") -> Rights:
    """TDMRep: 1 reserves the rights of text and data mining; any other value says nothing."""
    if str(value).strip() != "1" or isinstance(value, bool):
        return Rights()
    offered = f" (policy {policy.strip()})" if isinstance(policy, str) and policy.strip() else ""
    return _told(_RESERVED, f"{place} tdm-reservation: 1{where}{offered}")


# --- directives of X-Robots-Tag and of robots metas ------------------------------------------------------------------


class _Directive(Struct, frozen=True):
    agent: str  # to whom it is said, lower-case; empty: to all
    name: str
    value: str = ""


def _robots(content: str, place: str, now: datetime, *, agents: bool = True) -> Rights:
    found = []
    for said in _directives(content[:_LONGEST], agents):
        if said.agent in ("", "*", AGENT):
            to_us = f"{AGENT}: " if said.agent == AGENT else ""
            value = f": {said.value}" if said.value else ""
            if (effect := _effect(said, now)) != Rights():
                found.append(_told(effect, f"{place}: {to_us}{said.name}{value}"))
    return combined(*found)


def _effect(said: _Directive, now: datetime) -> Rights:
    match said.name:
        case "max-snippet" if re.fullmatch(r"\d{1,9}", said.value, re.ASCII):
            return Rights(text=False, excerpt=int(said.value))
        case "max-image-preview" if said.value.lower() == "none":
            return Rights(images=False)
        case "unavailable_after" if (moment := dates.parse(said.value)) and moment <= now:
            return Rights(listed=False)
    return _PLAIN.get(said.name, Rights())


def _directives(content: str, agents: bool) -> Iterator[_Directive]:
    """Directives in order. An agent's name in front governs those behind it until the next name.

    So does it in one header; of several headers, which come joined, one for all belongs in front of one for a single
    agent. agents: such names may stand there. A date (`unavailable_after: Monday, 02-Mar-26 ...`) may hold commas.
    """
    agent = ""
    pieces = [piece.strip() for piece in content.split(",")]
    for number, piece in enumerate(pieces):
        before, colon, value = piece.partition(":")
        words, value = before.lower().split(), value.strip()
        while agents and colon and words and words[-1] not in _VALUED:  # `name: directive`, `name: max-snippet: 3`
            before, more, rest = value.partition(":")
            first = before.lower().split()
            if not first or first[0] not in _DIRECTIVES:
                break  # a directive that nobody knows, with its value
            agent, words, colon, value = words[-1], first, more, rest.strip()
        if not colon:
            yield from (_Directive(agent, word) for word in words)
            continue
        yield from (_Directive(agent, word) for word in words[:-1])
        name = words[-1] if words else ""
        if name == "unavailable_after":
            yield _Directive(agent, name, _date(value, pieces[number + 1 : number + 3]))
        elif name in _VALUED:
            yield _Directive(agent, name, next(iter(value.split()), ""))
            yield from (_Directive(agent, word) for word in value.lower().split()[1:])


def _date(value: str, following: Sequence[str]) -> str:
    """`value`, or as many of the pieces cut off at commas with it as make a date; empty where none do."""
    tries = (", ".join((value, *following[:count])) for count in range(len(following) + 1))
    return next((text for text in tries if dates.parse(text)), "")
