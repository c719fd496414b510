"""Addresses: the canonical URL, and the one on another site that a page repeats."""

from __future__ import annotations

from collections.abc import Iterable

from ... import providers, urls
from ...errors import ParseError
from ..said import Said

UNKNOWN = "unknown.invalid"  # host of a page whose address nobody knows (a saved file)


def find(final_url: str, canonical: str, claims: Iterable[str]) -> tuple[str, str]:
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
    found = (_canonical(absolute(address, base)) for address in said.taken_from)
    return next((address for address in found if address and providers.domain(address) != domain), "")


def _canonical(url: str) -> str:
    try:
        found = urls.canonical(url) if url else ""
        return "" if not found or urls.host(found) == UNKNOWN or "." not in urls.host(found) else found
    except ParseError:
        return ""


def canonical(url: str, base: str) -> str:
    """The same as urls.canonical prints it."""
    try:
        return urls.canonical(url, base or None) if url else ""
    except ParseError:
        return ""


def absolute(url: str, base: str) -> str:
    """An address against the page's own; empty where no http(s) address comes of it."""
    try:
        return str(urls.parse(url, base or None).href) if url else ""
    except ParseError:
        return ""
