"""Pictures: the lead image first, as the page claims it, without logos, icons and placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import lxml.html
from msgspec.structs import replace

from ... import providers
from ...types import Image
from ..said import Said
from . import Found, candidates, shown
from .address import absolute, canonical

# What is claimed of the article comes before what is claimed of the page, which may be the template's.
ORDER = ("told", "graph", "cards", "items", "metas", "page", "fed")

MOST_IMAGES = 10
_SMALL = 100  # pixels: a picture with a shorter side is an icon

_NO_PICTURE = re.compile(
    r"(?:^|[/_.-])(?:logo\w*|favicon\w*|sprite\w*|placeholder|blank|spacer|pixel|1x1|avatar\w*|gravatar|no[-_]?image|default[-_]?(?:image|img|share|og|social)|"
    r"(?:og|share|social|fb|facebook|twitter)[-_](?:default|logo|fallback))(?:[/_.?-]|$)|gravatar\.com|\.svg(?:\?|$)",
    re.IGNORECASE,
)


def find(saids: Sequence[Said], base: str, root: lxml.html.HtmlElement) -> Found[tuple[Image, ...]]:
    """The picture that the page shows at its head, then those that the origins claim, in their order.

    See shown.py for when the shown one comes first. Another rendition of the same asset is not kept beside it.
    """
    logos = [logo.url for said in saids for logo in said.logos]
    claimed = clean((image for said in saids for image in said.images), logos, base)
    told = [
        (absolute(image.url, base), f"{said.origin} image") for said in saids for image in said.images[:MOST_IMAGES]
    ]
    seen = shown.find(root, [image.url for image in claimed], base)
    lead = next(iter(clean([seen] if seen else [], logos, base)), None)
    if lead:
        told.append((lead.url, "picture at its head"))
        sized = next((image for image in claimed if image.url == lead.url and image.width), lead)
        claimed = (sized, *(image for image in claimed if not shown.is_same(image.url, lead.url)))[:MOST_IMAGES]
    place = next((place for address, place in told if claimed and address == claimed[0].url), "")
    return Found(claimed, place, candidates("images", told))


def clean(claimed: Iterable[Image], logos: Iterable[str], base: str) -> tuple[Image, ...]:
    """Absolute http(s) pictures, each once, without logos and icons. A size claimed once counts for all its mentions."""
    unwanted = {address for logo in logos if (address := absolute(logo, base))}
    found: dict[str, Image] = {}
    for image in claimed:
        address = absolute(image.url, base)
        if not address or address in unwanted or _NO_PICTURE.search(address.split("//", 1)[-1].partition("/")[2]):
            continue
        if 0 < min(image.width, image.height) < _SMALL:
            continue
        known = found.get(address)
        if known is None or (not known.width and image.width):
            found[address] = Image(url=address, width=image.width, height=image.height)
    return tuple(found.values())[:MOST_IMAGES]


def logos(saids: Sequence[Said], base: str) -> tuple[Image, ...]:
    """A small and a larger picture that the site shows of itself, absolute."""
    claims = ((canonical(logo.url, base), logo) for said in saids for logo in said.logos)
    return providers.logos(replace(logo, url=address) for address, logo in claims if address)
