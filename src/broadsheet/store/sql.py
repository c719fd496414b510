"""The one implementation of Store, in SQLAlchemy Core: SQLite and PostgreSQL differ in upserts and leases alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, Table, and_, bindparam, case, func, or_, select
from sqlalchemy import insert as plain_insert
from sqlalchemy import update as sql_update
from sqlalchemy.dialects import postgresql, sqlite

from .. import text as words
from ..errors import StoreError
from ..types import Article, Decision, Entry, Outcome, Page, Placed, Source, Struct, Validators
from . import Claim, Imported, Run, SourceState
from .engine import WRITES, border
from .schema import ARTICLES, DECISIONS, ENTRIES, IMPORTS, OUTCOMES, PLACED, RUNS, SOURCES

ALWAYS_DUE = datetime(1970, 1, 1, tzinfo=UTC)  # when a new source became due
CHUNK = 1_000  # keys in one IN list; SQLite allows 32,766 parameters, PostgreSQL 65,535
MOST_ERROR = 500  # characters kept of a failure's reason

T = TypeVar("T")
_Row = dict[str, Any]
_encode = msgspec.json.Encoder().encode


def _decoder(kind: type[T]) -> Callable[[str], T]:
    decode = msgspec.json.Decoder(kind).decode

    def read(data: str) -> T:
        try:
            return decode(data)
        except msgspec.MsgspecError as exc:
            raise StoreError(f"a stored {kind.__name__} cannot be read: {exc}", "", "restore a backup") from exc

    return read


_article, _decision, _entry, _imported = _decoder(Article), _decoder(Decision), _decoder(Entry), _decoder(Imported)
_placed, _run, _source = _decoder(Placed), _decoder(Run), _decoder(Source)


def entry_key(entry: Entry) -> str:
    """What tells apart the entries of one source: SHA-256, in hex, of the link.

    An entry without a link goes by its id, and one without either by what it says; no link looks like those. A digest
    because PostgreSQL indexes 2,704 bytes at most, and a source and a link may have 2,048 each.
    """
    said = "\n".join((entry.title, entry.published_raw, entry.summary))
    name = entry.url or (f"id {entry.id}" if entry.id else f"said {said}")
    return hashlib.sha256(name.encode()).hexdigest()


class SqlStore:
    """See Store. One thread at a time uses the connection of SQLite; PostgreSQL gives each thread its own."""

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine, self._where = engine, where
        self._writer = engine.execution_options(**{WRITES: True})
        self._insert: Callable[[Table], Any] = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert

    # --- sources and entries

    def put_sources(self, sources: Sequence[Source]) -> None:
        rows = [
            {"url": source.url, "data": _json(source), "enabled": True, "due_at": ALWAYS_DUE}
            for source in {source.url: source for source in sources}.values()
        ]
        with self._write() as db:
            known = set(db.scalars(select(SOURCES.c.url).where(SOURCES.c.enabled)))
            gone = [{"gone": url} for url in sorted(known.difference(row["url"] for row in rows))]
            if gone:
                db.execute(sql_update(SOURCES).where(SOURCES.c.url == bindparam("gone")).values(enabled=False), gone)
            self._put(db, SOURCES, rows, self._same_or_forgotten_validators(), keep=("due_at",))

    def _same_or_forgotten_validators(self) -> dict[str, ColumnElement[Any]]:
        """A source that is read in another way than before must come in full once more."""
        new = self._insert(SOURCES).excluded
        same = SOURCES.c.data == new.data
        return {name: case((same, SOURCES.c[name]), else_="") for name in ("etag", "last_modified")}

    def claim_sources(self, now: datetime, worker: str, limit: int, lease: timedelta) -> tuple[Claim, ...]:
        free = or_(SOURCES.c.worker.in_(["", worker]), SOURCES.c.lease_until <= now)
        due = (
            select(SOURCES.c.url, SOURCES.c.data, SOURCES.c.etag, SOURCES.c.last_modified, SOURCES.c.claims)
            .where(SOURCES.c.enabled, SOURCES.c.due_at <= now, free)
            .order_by(SOURCES.c.due_at, SOURCES.c.url)
            .limit(limit)
            .with_for_update(skip_locked=True)  # PostgreSQL; SQLite has the one lock of BEGIN IMMEDIATE and ignores it
        )
        with self._write() as db:
            rows = db.execute(due).all()
            taken = [
                {"taken": row.url, "claims": row.claims + 1, "token": f"{row.claims + 1} {worker}"}
                | {"worker": worker, "lease_until": now + lease}
                for row in rows
            ]
            if taken:
                db.execute(sql_update(SOURCES).where(SOURCES.c.url == bindparam("taken")), taken)
        return tuple(
            Claim(
                source=_source(row.data),
                validators=Validators(etag=row.etag, last_modified=row.last_modified),
                token=mark["token"],
            )
            for row, mark in zip(rows, taken, strict=True)
        )

    def note_fetch(self, claim: Claim, page: Page, entries: Sequence[Entry], now: datetime, due_at: datetime) -> int:
        seen = _validators(claim, page)
        facts = {"due_at": due_at, "last_ok_at": now, "failures": 0, "last_error": ""}
        rows: dict[str, _Row] = {}
        for entry in entries:  # of two that are the same, the first: feeds list the newest first
            row = {"source": claim.source.url, "key": entry_key(entry), "url": entry.url, "data": _json(entry)}
            rows.setdefault(row["key"], row | {"first_seen": now})
        count = select(func.count()).select_from(ENTRIES).where(ENTRIES.c.source == claim.source.url)
        with self._write() as db:
            if not self._end_lease(db, claim, facts | {"etag": seen.etag, "last_modified": seen.last_modified}):
                return 0
            if not rows:
                return 0
            before = db.scalars(count).one()
            self._put(db, ENTRIES, rows.values(), keep=("first_seen",))
            return db.scalars(count).one() - before

    def note_failure(self, claim: Claim, reason: str, due_at: datetime) -> None:
        facts = {"due_at": due_at, "failures": SOURCES.c.failures + 1, "last_error": words.clean(reason)[:MOST_ERROR]}
        with self._write() as db:
            self._end_lease(db, claim, facts)

    def _end_lease(self, db: Connection, claim: Claim, facts: Mapping[str, Any]) -> bool:
        """Set `facts` and free the source, if the lease is still the claim's."""
        held = and_(SOURCES.c.url == claim.source.url, SOURCES.c.token == claim.token, SOURCES.c.token != "")
        free = {"worker": "", "token": "", "lease_until": None}
        return db.execute(sql_update(SOURCES).where(held).values(**facts, **free)).rowcount > 0

    def pending(self, now: datetime, limit: int) -> tuple[Entry, ...]:
        due = and_(OUTCOMES.c.state == "waiting", or_(OUTCOMES.c.retry_at.is_(None), OUTCOMES.c.retry_at <= now))
        first = (
            select(ENTRIES.c.url, func.min(ENTRIES.c.source).label("source"), func.min(ENTRIES.c.key).label("key"))
            .select_from(ENTRIES.outerjoin(OUTCOMES, OUTCOMES.c.url == ENTRIES.c.url))
            .where(ENTRIES.c.url != "", or_(OUTCOMES.c.url.is_(None), due))
            .group_by(ENTRIES.c.url)
            .order_by(ENTRIES.c.url)
            .limit(limit)
            .subquery()
        )
        of_first = and_(ENTRIES.c.source == first.c.source, ENTRIES.c.key == first.c.key)  # one URL has one key
        query = select(ENTRIES.c.data).join(first, of_first).order_by(ENTRIES.c.url)
        return tuple(_entry(row.data) for row in self._rows(query))

    def sightings(self, urls: Sequence[str]) -> dict[str, tuple[Entry, ...]]:
        query = select(ENTRIES.c.url, ENTRIES.c.data).order_by(ENTRIES.c.url, ENTRIES.c.source)
        found: dict[str, tuple[Entry, ...]] = {}
        for row in self._rows(query, ENTRIES.c.url, urls):
            found[row.url] = (*found.get(row.url, ()), _entry(row.data))
        return found

    def source_states(self) -> tuple[SourceState, ...]:
        count = select(ENTRIES.c.source, func.count().label("n")).group_by(ENTRIES.c.source).subquery()
        query = select(SOURCES, func.coalesce(count.c.n, 0).label("n")).outerjoin(
            count, count.c.source == SOURCES.c.url
        )
        return tuple(
            SourceState(
                source=_source(row.data),
                enabled=row.enabled,
                due_at=row.due_at,
                last_ok_at=row.last_ok_at,
                failures=row.failures,
                last_error=row.last_error,
                entries=row.n,
            )
            for row in self._rows(query.order_by(SOURCES.c.url))
        )

    # --- articles and what became of entries

    def put_articles(self, articles: Iterable[Article], outcomes: Iterable[Outcome]) -> None:
        rows, states = _article_rows(articles), _outcome_rows(outcomes)
        new = self._insert(ARTICLES).excluded
        # The text goes with the article: which of two comes first must not change what is stored in the end.
        again = and_(new.text == "", new.original_url == ARTICLES.c.original_url)
        with self._write() as db:
            self._put(
                db,
                ARTICLES,
                rows,
                {"text": case((again, ARTICLES.c.text), else_=new.text)},
                only=new.original_url <= ARTICLES.c.original_url,
            )
            self._put(db, OUTCOMES, states)

    def put_curation(self, articles: Iterable[Article], placed: Iterable[Placed]) -> None:
        rows, places = _article_rows(articles), _placed_rows(placed)
        with self._write() as db:
            self._replace_articles(db, rows)
            self._put(db, PLACED, places)

    def put_imports(
        self,
        imports: Iterable[Imported],
        articles: Iterable[Article],
        placed: Iterable[Placed],
        outcomes: Iterable[Outcome],
        decisions: Iterable[Decision],
    ) -> None:
        rows, places, states = _article_rows(articles), _placed_rows(placed), _outcome_rows(outcomes)
        records = {one.url: {"url": one.url, "data": _json(one)} for one in imports}
        acts = [_decision_row(decision) for decision in decisions]
        with self._write() as db:
            self._replace_articles(db, rows)
            self._put(db, PLACED, places)
            self._put(db, IMPORTS, records.values())
            self._put(db, OUTCOMES, states)
            if acts:
                db.execute(self._insert(DECISIONS).on_conflict_do_nothing(index_elements=["key"]), acts)

    def _replace_articles(self, db: Connection, rows: Sequence[_Row]) -> None:
        new = self._insert(ARTICLES).excluded
        self._put(db, ARTICLES, rows, {"text": case((new.text == "", ARTICLES.c.text), else_=new.text)})

    def put_outcomes(self, outcomes: Iterable[Outcome]) -> int:
        states = _outcome_rows(outcomes)
        with self._write() as db:
            return self._put(db, OUTCOMES, states)

    def articles(
        self, since: datetime | None = None, urls: Sequence[str] | None = None, text: bool = False
    ) -> tuple[Article, ...]:
        query = select(ARTICLES.c.data, *([ARTICLES.c.text] if text else [])).order_by(ARTICLES.c.url)
        if since is not None:
            query = query.where(ARTICLES.c.published_at >= since)
        rows = self._rows(query, ARTICLES.c.url, urls)
        if not text:
            return tuple(_article(row.data) for row in rows)
        return tuple(msgspec.structs.replace(_article(row.data), text=row.text) for row in rows)

    def placed(self, urls: Sequence[str] | None = None) -> tuple[Placed, ...]:
        query = select(PLACED.c.data).order_by(PLACED.c.url)
        return tuple(_placed(row.data) for row in self._rows(query, PLACED.c.url, urls))

    def imports(self) -> tuple[Imported, ...]:
        return tuple(_imported(row.data) for row in self._rows(select(IMPORTS.c.data).order_by(IMPORTS.c.url)))

    def decisions(self) -> tuple[Decision, ...]:
        query = select(DECISIONS.c.data).order_by(DECISIONS.c.at, DECISIONS.c.seq)
        return tuple(_decision(row.data) for row in self._rows(query))

    def outcomes(self, urls: Sequence[str] | None = None) -> tuple[Outcome, ...]:
        rows = self._rows(select(OUTCOMES).order_by(OUTCOMES.c.url), OUTCOMES.c.url, urls)
        return tuple(
            Outcome(
                url=row.url,
                state=row.state,
                reason=row.reason,
                article=row.article,
                attempts=row.attempts,
                retry_at=row.retry_at,
            )
            for row in rows
        )

    # --- runs

    def put_run(self, run: Run) -> None:
        with self._write() as db:
            db.execute(plain_insert(RUNS), {"started_at": run.started_at, "data": _json(run)})

    def runs(self, limit: int) -> tuple[Run, ...]:
        query = select(RUNS.c.data).order_by(RUNS.c.started_at.desc(), RUNS.c.seq.desc()).limit(limit)
        return tuple(_run(row.data) for row in self._rows(query))

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    # --- transactions and statements

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with border("cannot write to the store", self._where), self._writer.begin() as db:
            yield db

    def _rows(
        self, query: Select[Any], key: ColumnElement[str] | None = None, urls: Sequence[str] | None = None
    ) -> list[Row[Any]]:
        """The rows of a query, or only those whose `key` is one of `urls`, in the query's order."""
        with border("cannot read the store", self._where), self._engine.begin() as db:
            if key is None or urls is None:
                return list(db.execute(query))
            wanted = sorted(set(urls))  # Python's order of text is the byte order of UTF-8, so chunks stay in order
            chunks = (wanted[at : at + CHUNK] for at in range(0, len(wanted), CHUNK))
            return [row for chunk in chunks for row in db.execute(query.where(key.in_(chunk)))]

    def _put(
        self,
        db: Connection,
        table: Table,
        rows: Iterable[_Row],
        values: Mapping[str, ColumnElement[Any]] | None = None,
        *,
        keep: Sequence[str] = (),
        only: ColumnElement[bool] | None = None,
    ) -> int:
        """Insert rows or update those whose primary key is there; returns how many were new or changed.

        values: what to set in place of the new row's own value. keep: columns that stay as they were first set.
        only: update where this holds. A row that would stay the same is not written.
        """
        given = sorted(rows, key=lambda row: [row[column.name] for column in table.primary_key])  # no deadlocks
        if not given:
            return 0
        statement = self._insert(table)
        fixed = {*keep, *(column.name for column in table.primary_key)}
        sets = {name: statement.excluded[name] for name in given[0] if name not in fixed} | dict(values or {})
        differs = or_(*(table.c[name].is_distinct_from(value) for name, value in sets.items()))
        upsert = statement.on_conflict_do_update(
            index_elements=list(table.primary_key), set_=sets, where=differs if only is None else and_(only, differs)
        )
        return int(db.execute(upsert, given, execution_options={"preserve_rowcount": True}).rowcount)


def _json(value: Struct) -> str:
    try:
        return _encode(value).decode()
    except (UnicodeEncodeError, msgspec.MsgspecError) as exc:
        raise StoreError(
            f"cannot store a {type(value).__name__}: {exc}", getattr(value, "url", ""), "clean its text first"
        ) from exc


def _validators(claim: Claim, page: Page) -> Validators:
    """Those of the page; a 304 that does not repeat them leaves the old ones in force (RFC 9110, section 15.4.5).

    One that holds what no header may hold is forgotten: to fetch in full is better than to stop.
    """
    given = page.validators
    if page.status == 304:
        old = claim.validators
        given = Validators(etag=given.etag or old.etag, last_modified=given.last_modified or old.last_modified)
    return Validators(
        etag=given.etag if words.clean(given.etag) == given.etag else "",
        last_modified=given.last_modified if words.clean(given.last_modified) == given.last_modified else "",
    )


def _article_rows(articles: Iterable[Article]) -> list[_Row]:
    return [
        {
            "url": article.url,
            "original_url": article.original_url,
            "published_at": article.published,
            "data": _json(msgspec.structs.replace(article, text="")),
            "text": article.text,
        }
        for article in articles
    ]


def _outcome_rows(outcomes: Iterable[Outcome]) -> list[_Row]:
    return list({outcome.url: msgspec.structs.asdict(outcome) for outcome in outcomes}.values())


def _placed_rows(placed: Iterable[Placed]) -> list[_Row]:
    return [
        {"url": one.url, "name": one.name, "story": one.membership.story if one.membership else "", "data": _json(one)}
        for one in {one.url: one for one in placed}.values()
    ]


def _decision_row(decision: Decision) -> _Row:
    data = _json(decision)
    key = hashlib.sha256(data.encode()).hexdigest()
    return {"key": key, "target": decision.target, "at": decision.at, "data": data}
