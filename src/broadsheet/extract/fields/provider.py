"""Who prints it and whose report it is: the name of the site, and the wire agency."""

from __future__ import annotations

from collections.abc import Sequence

import lxml.html

from ... import agencies, providers, text
from ...errors import ParseError
from ..said import Claims, Said
from . import Found, candidates, masthead

# The article's publisher, then the site as the page has it; metas often name the software.
ORDER = ("told", "page", "graph", "items", "metas")


def find(claims: Claims, root: lxml.html.HtmlElement, domain: str) -> Found[str]:
    """What the page calls its site; empty where it says nothing that can be a name of `domain`.

    Of several names the one that the domain repeats: the others are a company, a section, the software. The mere domain
    comes after any other name, and after what the page shows as its name (see masthead.py). An agency is named as the
    publisher of what it only wrote, so on another's site its name is passed over.
    """
    told = [
        (name, place)
        for said in claims.by(*ORDER)
        for raw, place in said.sites
        if (name := providers.clean_name(raw, domain)) and agencies.named(name) in ("", agencies.of_domain(domain))
    ]
    named = [(name, place) for name, place in told if name.lower() != domain]
    if not named:
        shown, where = masthead.name(root, (*claims.plain.titles, *claims.graph.titles), domain)
        told = [(shown, where), *told] if shown else told
        return Found(*(told[0] if told else ("", "")), candidates("provider", told))
    own = _letters(providers.name_from(domain))
    name, place = named[0]
    if any(char.isascii() and char.isalpha() for char in name):  # no domain repeats a name of another script
        name, place = max(named, key=lambda one: (_likeness(_letters(one[0]), own), not one[0].islower()))
    return Found(name, place, candidates("provider", told))


def _letters(name: str) -> str:
    """What is compared of a name: "Tages-Anzeiger" and "tagesanzeiger" are one."""
    return text.fold(name).replace(" ", "")


def _likeness(name: str, own: str) -> float:
    """Share of letters that a name and a domain's label have in common, where one holds the other; 0 to 1."""
    shorter, longer = sorted((name, own), key=len)
    return len(shorter) / len(longer) if len(shorter) >= 4 and shorter in longer else 0.0


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
        (agencies.in_byline(name), f"{said.origin} byline") for said in saids for name, _ in said.people + said.bodies
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
