"""What the demo's web says: sites and pieces from the data files of this package, as frozen values.

All of it is invented. Times are fixed, so that the web is the same whenever it is served.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from .. import text
from ..types import Struct

CLOCK = (datetime(2026, 3, 3, 18, 0, tzinfo=UTC), datetime(2026, 3, 4, 18, 0, tzinfo=UTC))  # of day 1 and of day 2


class Extra(Struct, frozen=True, kw_only=True):
    """A link that a feed lists beside the site's own pieces. kind: tag-page, gone, repeat or amp."""

    title: str
    url: str
    at: datetime
    kind: str


class Feed(Struct, frozen=True, kw_only=True):
    """What a site offers to machines.

    form: rss, rss-full, rdf, atom, jsonfeed, sitemap, index; or gone (404), failing (500), moved (a page, no feed).
    quirks: relative, tracking, truncated, undated, full or windows-1251. sections: those listed; empty for all.
    """

    path: str
    form: str
    sections: tuple[str, ...] = ()
    quirks: tuple[str, ...] = ()
    extra: tuple[Extra, ...] = ()


class Site(Struct, frozen=True, kw_only=True):
    """A provider's site. look: its template. path: pattern of its pieces' paths. offset: hours its clock is ahead."""

    key: str
    name: str
    domain: str
    host: str = ""
    language: str = "en"
    offset: float = 0
    look: str
    path: str
    tagline: str = ""
    nav: tuple[str, ...] = ()
    feed: tuple[Feed, ...] = ()

    @property
    def origin(self) -> str:
        return f"http://{self.host or self.domain}"

    @property
    def zone(self) -> timezone:
        return timezone(timedelta(hours=self.offset))


class Piece(Struct, frozen=True, kw_only=True):
    """One article as its site prints it.

    kind: news, original (of reprints), reprint, market, homonym, off-topic or robots (its path is disallowed).
    of, edits, drop: it takes the text of `site/slug`, with replacements, and without that many paragraphs at the end.
    copy: a second path with the same page; copy_canonical says that this one names the first by rel=canonical.
    image: "scene WIDTHxHEIGHT". video: its length in seconds.
    """

    provider: str
    slug: str
    at: datetime
    title: str
    by: str = ""
    section: str
    image: str = ""
    lead: str = ""
    story: str = ""
    kind: str = "news"
    of: str = ""
    edits: tuple[tuple[str, str], ...] = ()
    drop: int = 0
    path: str = ""
    copy: str = ""
    copy_canonical: bool = False
    video: int = 0
    text: str = ""

    @property
    def key(self) -> str:
        return f"{self.provider}/{self.slug}"

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.text.strip().split("\n\n"))

    @property
    def summary(self) -> str:
        return self.lead or text.excerpt(self.paragraphs[0], 240)

    @property
    def words(self) -> int:
        return text.count_words(self.text)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of its picture in pixels; 0, 0 without one."""
        if not self.image:
            return 0, 0
        width, height = self.image.split()[1].split("x")
        return int(width), int(height)


@cache
def sites() -> dict[str, Site]:
    """Sites by key, in the order of their file."""
    found = msgspec.convert(_toml("sites.toml")["site"], tuple[Site, ...])
    return {site.key: site for site in found}


@cache
def pieces() -> tuple[Piece, ...]:
    """Every piece of both days, newest first, ties by key."""
    folder = resources.files(__package__) / "stories"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    found = [p for name in names for p in msgspec.convert(_toml(f"stories/{name}")["article"], tuple[Piece, ...])]
    by_key = {piece.key: piece for piece in found}
    return tuple(sorted((_reprinted(p, by_key) for p in found), key=lambda p: (-p.at.timestamp(), p.key)))


def published(day: int, site: Site | None = None) -> tuple[Piece, ...]:
    """Pieces out by the clock of day 1 or 2, newest first: of one site, or of all."""
    return tuple(p for p in pieces() if p.at <= CLOCK[day - 1] and (site is None or p.provider == site.key))


def url(piece: Piece) -> str:
    """Address of a piece, as its page names it."""
    site = sites()[piece.provider]
    at = piece.at.astimezone(site.zone)
    pattern = piece.path or site.path
    return site.origin + pattern.format(
        y=f"{at:%Y}", m=f"{at:%m}", d=f"{at:%d}", section=piece.section, slug=piece.slug
    )


def image_url(piece: Piece) -> str:
    """Address of its picture; empty without one."""
    width, height = piece.size
    return f"{sites()[piece.provider].origin}/images/{piece.slug}-{width}x{height}.png" if width else ""


def _toml(path: str) -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / path).read_text(encoding="utf-8"))


def _reprinted(piece: Piece, by_key: dict[str, Piece]) -> Piece:
    if not piece.of:
        return piece
    original = by_key[piece.of]
    body = original.text
    for old, new in piece.edits:
        if old not in body:
            raise ValueError(f"{piece.key}: {old!r} is not in {piece.of}")
        body = body.replace(old, new)
    kept = body.strip().split("\n\n")
    kept = kept[: len(kept) - piece.drop]
    return msgspec.structs.replace(piece, text="\n\n".join(kept), lead=piece.lead or original.lead)
