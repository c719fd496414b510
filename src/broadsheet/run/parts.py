"""Articles of several pages: fetch the pages that follow the first, as politely as any other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from msgspec.structs import replace

from .. import extract, text
from ..errors import FetchError
from ..execute import Executor
from ..extract.body import foreign
from ..extract.body.block import Block
from ..extract.body.parts import MAX_PARTS, joined, part_of
from ..fetch import Request
from ..fetch.outside import Outside
from ..types import Article, Page, Struct
from .asking import reason


class Gathered(Struct, frozen=True):
    """What follows the first page of one article. following: what to ask for next. missing: what was not had, why."""

    said: tuple[Block, ...]  # by the first page
    following: str
    asked: frozenset[str]
    parts: tuple[extract.Part, ...] = ()
    missing: str = ""

    @property
    def claim(self) -> str:
        """For Article.claims: `3`, or `2, without https://…/3: HTTP 404`; empty where there is one page alone."""
        count = str(len(self.parts) + 1)
        return f"{count}, without {self.missing}" if self.missing else count if self.parts else ""


def gather(
    firsts: Mapping[str, tuple[Article, str]], outside: Outside, pool: Executor, now: datetime
) -> dict[str, Gathered]:
    """The pages that follow, by the same keys. firsts: each article, and the address of its second page.

    A page is asked for once. It ends with the last page, with one that says nothing new, that leads to another article,
    is not to be had or not to be kept, and with the tenth.
    """
    found = {
        url: Gathered(foreign.paragraphs(text.plain(article.text)), following, frozenset((article.url, url)))
        for url, (article, following) in firsts.items()
    }
    for _ in range(MAX_PARTS - 1):
        due = {url: one.following for url, one in found.items() if one.following and one.following not in one.asked}
        if not due:
            return found
        pages: list[tuple[str, Article, Page]] = []
        for url, address in due.items():
            found[url] = replace(found[url], asked=found[url].asked | {address})
        for batch in outside.answers((url, Request(url=address)) for url, address in due.items()):
            for url, value in batch:
                if isinstance(value, FetchError):
                    found[url] = _ended(found[url], reason(value))
                else:
                    pages.append((url, firsts[url][0], value))
        for (url, _, _), part in pool.map(partial(_go_on, now), pages):
            found[url] = _ended(found[url], reason(part)) if isinstance(part, Exception) else _with(found[url], part)
    for url, one in found.items():
        if one.following and one.following not in one.asked:
            found[url] = _ended(one, f"more than {MAX_PARTS} pages")
    return found


def is_later(url: str, canonical: str) -> bool:
    """True for the address of a page that calls itself a later one of the article at `canonical`."""
    part = part_of(url, canonical) if url and url != canonical else None
    return part is not None and (part.number or 0) > 1


def _go_on(now: datetime, item: tuple[str, Article, Page]) -> extract.Part:
    _, first, page = item
    return extract.go_on(page, first, now)


def _ended(one: Gathered, why: str) -> Gathered:
    return replace(one, following="", missing=f"{one.following}: {why}")


def _with(one: Gathered, part: extract.Part) -> Gathered:
    """With one more part. What says nothing new is none, and leads nowhere."""
    before = [one.said, *(known.blocks for known in one.parts)]
    if len(joined([*before, part.blocks])) == len(joined(before)):
        return replace(one, following="")
    return replace(one, parts=(*one.parts, part), following=part.following)
