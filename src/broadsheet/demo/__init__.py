"""A small invented news web about power from the sea, and a publication that watches it: the whole job, offline.

`web.serve(day)` serves the sites over real HTTP on loopback; `publication_files()` is the folder of the publication;
`expected(day)` says what a run over them should find.
"""

from __future__ import annotations

from collections import Counter
from importlib import resources
from importlib.resources.abc import Traversable

from ..types import Struct
from . import content
from .content import CLOCK

__all__ = ["CLOCK", "Expected", "expected", "publication_files"]


class Expected(Struct, frozen=True, kw_only=True):
    """Facts about the web on one day. Pieces are named by the addresses of their pages."""

    articles: int  # pieces served
    words: dict[str, int]  # address -> length of its text, see text.count_words
    kinds: dict[str, int]  # see content.Piece
    stories: dict[str, tuple[str, ...]]  # name -> its pieces, newest first; only those of two providers or more
    reprints: dict[str, str]  # reprint -> what it repeats
    copies: dict[str, str]  # second address of a piece -> the first
    forms: dict[str, int]  # sources by form, see content.Feed
    languages: tuple[str, ...]
    gone: tuple[str, ...]  # links of feeds that answer 404
    not_articles: tuple[str, ...]  # links of feeds that lead to a page which lists others


def publication_files() -> dict[str, bytes]:
    """The files of the demo's publication folder: relative path with forward slashes -> bytes."""
    found: dict[str, bytes] = {}

    def collect(folder: Traversable, prefix: str) -> None:
        for entry in sorted(folder.iterdir(), key=lambda e: e.name):
            if entry.is_dir():
                collect(entry, f"{prefix}{entry.name}/")
            elif not entry.name.startswith("."):
                found[f"{prefix}{entry.name}"] = entry.read_bytes()

    collect(resources.files(__package__) / "publication", "")
    return found


def expected(day: int) -> Expected:
    """What is out there on day 1 or 2."""
    out = content.published(day)
    by_key = {piece.key: piece for piece in out}
    sites = content.sites()
    stories: dict[str, list[content.Piece]] = {}
    for piece in out:
        if piece.story:
            stories.setdefault(piece.story, []).append(piece)
    extras = [e for s in sites.values() for f in s.feed for e in f.extra if e.at <= CLOCK[day - 1]]
    return Expected(
        articles=len(out),
        words={content.url(piece): piece.words for piece in out},
        kinds=dict(Counter(piece.kind for piece in out)),
        stories={
            name: tuple(content.url(piece) for piece in told)
            for name, told in sorted(stories.items())
            if len({piece.provider for piece in told}) > 1
        },
        reprints={content.url(p): content.url(by_key[p.of]) for p in out if p.kind == "reprint"},
        copies={sites[p.provider].origin + p.copy: content.url(p) for p in out if p.copy},
        forms=dict(Counter(feed.form for site in sites.values() for feed in site.feed)),
        languages=tuple(sorted({sites[piece.provider].language for piece in out})),
        gone=tuple(e.url for e in extras if e.kind == "gone"),
        not_articles=tuple(e.url for e in extras if e.kind == "tag-page"),
    )
