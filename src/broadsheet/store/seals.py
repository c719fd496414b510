"""What is kept of sealed text: each article's own key, and the value that is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import Connection, Row, and_, or_, select
from sqlalchemy import update as sql_update

from ..types import Struct
from .schema import ARTICLES, SEALS


class Sealed(Struct, frozen=True, kw_only=True):
    """One sealed text. key: of this article alone, base64; empty once it was erased. text_hash: of what it holds."""

    url: str
    key: str
    value: str = ""
    text_hash: str = ""


class Seals(Protocol):
    """Any method may raise StoreError."""

    def due(self) -> dict[str, str]:
        """URL -> hash of the text, of every article whose text is not sealed as it is now; none that was erased."""

    def find(self, urls: Sequence[str] | None = None) -> tuple[Sealed, ...]:
        """By URL."""

    def values(self) -> dict[str, str]:
        """URL -> sealed value, of all that were not erased."""

    def put(self, seals: Iterable[Sealed]) -> None:
        """Insert or replace by URL, all or none; one that was erased stays so."""

    def erase(self, urls: Sequence[str]) -> int:
        """Forget texts, keys and values of articles, for good: they are never sealed again. Returns how many were not
        erased before."""


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
        query = joined.where(ARTICLES.c.text != "", or_(SEALS.c.url.is_(None), stale)).order_by(ARTICLES.c.url)
        return {row.url: row.text_hash for row in self._rows(query)}

    def find(self, urls: Sequence[str] | None = None) -> tuple[Sealed, ...]:
        found = self._rows(select(SEALS).order_by(SEALS.c.url), SEALS.c.url, urls)
        return tuple(Sealed(**row._mapping) for row in found)

    def values(self) -> dict[str, str]:
        query = select(SEALS.c.url, SEALS.c.value).where(SEALS.c.value != "").order_by(SEALS.c.url)
        return {row.url: row.value for row in self._rows(query)}

    def put(self, seals: Iterable[Sealed]) -> None:
        rows = [{"url": s.url, "key": s.key, "value": s.value, "text_hash": s.text_hash} for s in seals]
        if rows:
            with self._write() as db:
                self._put(db, SEALS, rows, only=SEALS.c.key != "")

    def erase(self, urls: Sequence[str]) -> int:
        rows = [{"url": url, "key": "", "value": "", "text_hash": ""} for url in urls]
        with self._write() as db:
            for url in urls:
                db.execute(sql_update(ARTICLES).where(ARTICLES.c.url == url).values(text="", text_hash=""))
            return self._put(db, SEALS, rows)
