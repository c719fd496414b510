"""What one kind of markup says about a page: raw strings in order of appearance, nothing trusted."""

from __future__ import annotations

from typing import NamedTuple

from ..types import Image, Struct
from .body.live import Update

MOST = 40  # values kept of one field; a page that says more is a list or a trap
LONGEST = 2_000  # characters of one value, texts and addresses apart


class Told(NamedTuple):
    """One raw value and the place that gives it: `json-ld headline`, `og:title`, `meta author`, `h1`, `feed title`."""

    value: str
    place: str


class Said(Struct, frozen=True, kw_only=True):
    """The claims of one origin ("json-ld", "og", "meta", "microdata", "html", "feed").

    people and bodies: names given as persons, and as organisations or without saying which. kinds: schema.org types,
    or og:type. slogans: how the site describes itself. credits: whom it credits as the source, by name. taken_from, first_at: addresses of what it repeats, and
    of the report that had the news first. text: the whole body as plain text, where the markup repeats it.
    free: values of isAccessibleForFree, the article's before its parts'. closed: CSS selectors of what is not free.
    updates: of a live blog.
    """

    origin: str
    titles: tuple[Told, ...] = ()
    descriptions: tuple[Told, ...] = ()
    people: tuple[Told, ...] = ()
    bodies: tuple[Told, ...] = ()
    published: tuple[Told, ...] = ()
    updated: tuple[Told, ...] = ()
    images: tuple[Image, ...] = ()
    logos: tuple[Image, ...] = ()
    sites: tuple[Told, ...] = ()
    slogans: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    taken_from: tuple[str, ...] = ()
    first_at: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    languages: tuple[Told, ...] = ()
    kinds: tuple[str, ...] = ()
    embeds: tuple[str, ...] = ()
    text: str = ""
    free: tuple[Told, ...] = ()
    closed: tuple[str, ...] = ()
    updates: tuple[Update, ...] = ()


class Claims(NamedTuple):
    """All that is said of one page, by who says it."""

    told: Said  # JSON-LD, of the article
    page: Said  # JSON-LD, of the page and its site
    graph: Said  # Open Graph
    cards: Said  # Twitter's cards
    metas: Said  # other metas
    items: Said  # microdata
    plain: Said  # HTML itself: headings, the title element, links, times
    fed: Said  # the feed, or another source that listed it

    def by(self, *order: str) -> tuple[Said, ...]:
        """Those of these names, in this order."""
        return tuple(getattr(self, name) for name in order)


def size(value: object) -> int:
    """Pixels of a claimed width or height: 1200, "1200", "1200px" or 1200.0; 0 for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return 0
    digits = str(value).strip().lower().removesuffix("px").strip().partition(".")[0]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 5 else 0
