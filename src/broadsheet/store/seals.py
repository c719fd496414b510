"""What is kept of sealed text: each article's own key, and the value that is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from msgspec.structs import replace
from sqlalchemy import Connection, Row, and_, or_, select
from sqlalchemy import update as sql_update

from ..types import Struct
from .bulk import chunks
from .rows import as_json, read_entry
from .schema import ARTICLES, ENTRIES, OUTCOMES, PLACED, SEALS


class Sealed(Struct, frozen=True, kw_only=True):
    """One sealed text. key: of this article alone, base64; empty once it was erased. text_hash: of what it holds.
    publication: its address when it was sealed."""

    url: str
    key: str
    value: str = ""
    text_hash: str = ""
    publication: str = ""


class Seals(Protocol):
    """Any method may raise StoreError."""

    def due(self) -> dict[str, str]:
        """URL -> hash of the text, of every article with a record whose text is not sealed as it is now; none that was
        erased."""

    def find(self, urls: Sequence[str] | None = None) -> tuple[Sealed, ...]:
        """By URL."""

    def values(self) -> dict[str, str]:
        """URL -> sealed value, of all that were not erased."""

    def put(self, seals: Iterable[Sealed]) -> None:
        """Insert or replace by URL, all or none; one that was erased stays so."""

    def erase(self, urls: Sequence[str]) -> int:
        """Forget keys, values and texts of articles, those that feeds gave included, for good: they are never sealed
        again. Returns how many were not erased before."""

    def erase_again(self) -> int:
        """Forget texts of erased articles that were read again since; returns how many."""


class SqlSeals:
    """See Seals. rows, write, put: those of the store, see sql.py."""

    def __init__(
        self,
        rows: Callable[..., list[Row[Any]]],
        write: Callable[[], AbstractContextManager[Connection]],
        put: Callable[..., int],
    ) -> None:
        self._rows, self._write, self._put = rows, write, put

    def due(self) -> dict[str, str]:
        joined = select(ARTICLES.c.url, ARTICLES.c.text_hash).outerjoin(SEALS, SEALS.c.url == ARTICLES.c.url)
        stale = and_(SEALS.c.key != "", SEALS.c.text_hash != ARTICLES.c.text_hash)
        query = joined.join(PLACED, and_(PLACED.c.url == ARTICLES.c.url, PLACED.c.name != ""))
        query = query.where(ARTICLES.c.text != "", or_(SEALS.c.url.is_(None), stale)).order_by(ARTICLES.c.url)
        return {row.url: row.text_hash for row in self._rows(query)}

    def find(self, urls: Sequence[str] | None = None) -> tuple[Sealed, ...]:
        found = self._rows(select(SEALS).order_by(SEALS.c.url), SEALS.c.url, urls)
        return tuple(Sealed(**row._mapping) for row in found)

    def values(self) -> dict[str, str]:
        query = select(SEALS.c.url, SEALS.c.value).where(SEALS.c.value != "").order_by(SEALS.c.url)
        return {row.url: row.value for row in self._rows(query)}

    def put(self, seals: Iterable[Sealed]) -> None:
        rows = [
            {"url": s.url, "key": s.key, "value": s.value, "text_hash": s.text_hash, "publication": s.publication}
            for s in seals
        ]
        if rows:
            with self._write() as db:
                self._put(db, SEALS, rows, only=SEALS.c.key != "")

    def erase(self, urls: Sequence[str]) -> int:
        empty = {"key": "", "value": "", "text_hash": "", "publication": ""}
        with self._write() as db:
            listed = set(urls)
            for some in chunks(urls):
                db.execute(sql_update(ARTICLES).where(ARTICLES.c.url.in_(some)).values(text="", text_hash=""))
                listed |= set(db.scalars(select(ARTICLES.c.original_url).where(ARTICLES.c.url.in_(some))))
                listed |= set(db.scalars(select(OUTCOMES.c.url).where(OUTCOMES.c.article.in_(some))))
            for some in chunks(listed):
                query = select(ENTRIES.c.source, ENTRIES.c.key, ENTRIES.c.data).where(ENTRIES.c.url.in_(some))
                for row in db.execute(query).all():
                    bare = as_json(replace(read_entry(row.data), content=""))
                    here = (ENTRIES.c.source == row.source, ENTRIES.c.key == row.key)
                    db.execute(sql_update(ENTRIES).where(*here).values(data=bare))
            return self._put(db, SEALS, [{"url": url} | empty for url in urls])

    def erase_again(self) -> int:
        erased = select(SEALS.c.url).join(ARTICLES, ARTICLES.c.url == SEALS.c.url).where(SEALS.c.key == "")
        back = [row.url for row in self._rows(erased.where(ARTICLES.c.text != ""))]
        if back:
            self.erase(back)
        return len(back)
