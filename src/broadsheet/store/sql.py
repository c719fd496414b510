"""The one implementation of Store, in SQLAlchemy Core: SQLite and PostgreSQL differ in upserts and leases alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, Table, and_, bindparam, case, func, select
from sqlalchemy import insert as plain_insert
from sqlalchemy import update as sql_update
from sqlalchemy.dialects import postgresql, sqlite

from ..admission import Known
from ..stories import Arrival
from ..types import (
    Article,
    Decision,
    Engagement,
    Entry,
    Front,
    HostState,
    Hub,
    Learnt,
    Listed,
    Outcome,
    Picture,
    Placed,
    Printing,
    Regrouping,
    Source,
    Subscription,
)
from . import Claim, Imported, Reading, Run, Seen, SourceState, queries
from .bulk import chunks, upsert
from .engine import WRITES, border
from .letters import SqlLetters
from .rows import (
    article_rows,
    as_json,
    decision_row,
    event_row,
    listed_rows,
    outcome_rows,
    placed_rows,
    read_article,
    read_claim,
    read_decision,
    read_entry,
    read_front,
    read_health,
    read_host,
    read_imported,
    read_known,
    read_learnt,
    read_outcome,
    read_placed,
    read_printing,
    read_regrouping,
    read_run,
    read_state,
    read_subscription,
    source_facts,
)
from .schema import (
    ARTICLES,
    DECISIONS,
    ENGAGEMENTS,
    ENTRIES,
    FEATURES,
    FRONTS,
    HOSTS,
    IMPORTS,
    LEARNT,
    OUTCOMES,
    PICTURES,
    PLACED,
    PRINTINGS,
    REGROUPINGS,
    RUNS,
    SOURCES,
    SUBSCRIPTIONS,
    VOCABULARIES,
)  # fmt: skip
from .seals import SqlSeals

ALWAYS_DUE = datetime(1970, 1, 1, tzinfo=UTC)  # when a new source became due

_Row = dict[str, Any]
_KNOWN = tuple(ENTRIES.c[name] for name in ("source", "key", "url", "id", "title", "date", "changes"))


def _kept_text(new: Any, where: ColumnElement[bool]) -> _Row:
    """What an update sets: the text stays as stored `where` that holds, and so does its hash."""
    return {name: case((where, ARTICLES.c[name]), else_=new[name]) for name in ("text", "text_hash")}


class SqlStore:
    """See Store. One thread at a time uses the connection of SQLite; PostgreSQL gives each thread its own."""

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine, self._where = engine, where
        self._writer = engine.execution_options(**{WRITES: True})
        self._insert: Callable[[Table], Any] = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert
        self.letters = SqlLetters(self._write, self._rows, self._insert)
        self.seals = SqlSeals(self._rows, self._write, self._put)

    # --- sources and entries

    def put_sources(self, sources: Sequence[Source]) -> None:
        rows = [
            {"url": source.url, "data": as_json(source), "enabled": True, "due_at": ALWAYS_DUE}
            for source in {source.url: source for source in sources}.values()
        ]
        with self._write() as db:
            known = set(db.scalars(select(SOURCES.c.url).where(SOURCES.c.enabled)))
            gone = [{"gone": url} for url in sorted(known.difference(row["url"] for row in rows))]
            if gone:
                db.execute(
                    sql_update(SOURCES).where(SOURCES.c.url == bindparam("gone")).values(enabled=False, stopped=""),
                    gone,
                )
            self._put(db, SOURCES, rows, self._same_or_afresh(), keep=("due_at",))

    def _same_or_afresh(self) -> dict[str, ColumnElement[Any]]:
        """A source that is read in another way than before must come in full once more."""
        new = self._insert(SOURCES).excluded
        same = SOURCES.c.data == new.data
        return {name: case((same, SOURCES.c[name]), else_="") for name in ("etag", "last_modified", "stopped")}

    def claim_sources(self, now: datetime, worker: str, limit: int, lease: timedelta) -> tuple[Claim, ...]:
        with self._write() as db:
            rows = db.execute(queries.due_sources(now, worker, limit)).all()
            taken = [
                {"taken": row.url, "claims": row.claims + 1, "token": f"{row.claims + 1} {worker}"}
                | {"worker": worker, "lease_until": now + lease, "unfinished": row.unfinished + 1}
                for row in rows
            ]
            if taken:
                db.execute(sql_update(SOURCES).where(SOURCES.c.url == bindparam("taken")), taken)
        return tuple(read_claim(row, mark["token"]) for row, mark in zip(rows, taken, strict=True))

    def note_sources(self, readings: Sequence[Reading], now: datetime) -> tuple[str, ...]:
        if not readings:
            return ()
        with self._write() as db:
            held = self._held(db, [reading.claim for reading in readings])
            kept = [reading for reading in readings if reading.claim.source.url in held]
            facts = [source_facts(reading) for reading in kept]
            if facts:
                db.execute(sql_update(SOURCES).where(SOURCES.c.url == bindparam("of")), facts)
            rows = [row for r in kept for row in listed_rows(r.claim.source.url, r.entries, now)]
            self._put(db, ENTRIES, rows, {"changes": ENTRIES.c.changes + 1}, keep=("first_seen",))
            self._put(db, OUTCOMES, outcome_rows(outcome for reading in kept for outcome in reading.outcomes))
        return tuple(reading.claim.source.url for reading in readings if reading.claim.source.url not in held)

    def _held(self, db: Connection, claims: Sequence[Claim]) -> set[str]:
        """URLs of the sources whose lease is still that of the claim."""
        tokens = {claim.source.url: claim.token for claim in claims}
        query = select(SOURCES.c.url, SOURCES.c.token).where(SOURCES.c.token != "").with_for_update()
        rows = [row for chunk in chunks(tokens) for row in db.execute(query.where(SOURCES.c.url.in_(chunk)))]
        return {row.url for row in rows if tokens[row.url] == row.token}

    def seen(self, entries: Iterable[tuple[str, Listed]]) -> Seen:
        pairs = list(entries)
        linked = {entry.url for _, entry in pairs if entry.url}
        unlinked = {entry.key for _, entry in pairs if not entry.url}
        rows = self._rows(select(*_KNOWN), ENTRIES.c.url, linked)
        rows += self._rows(select(*_KNOWN).where(ENTRIES.c.url == ""), ENTRIES.c.key, unlinked) if unlinked else []
        known: dict[str, dict[str, Known]] = {}
        for row in rows:
            known.setdefault(row.source, {})[row.key] = read_known(row)
        states = self._rows(select(OUTCOMES.c.url), OUTCOMES.c.url, linked)
        return Seen(entries=known, urls=frozenset(row.url for row in (*rows, *states)))

    def listed_before(self, source: str, limit: int) -> tuple[Known, ...]:
        query = select(*_KNOWN).where(ENTRIES.c.source == source)
        return tuple(read_known(row) for row in self._rows(query.order_by(ENTRIES.c.first_seen.desc()).limit(limit)))

    def waiting(self, now: datetime, limit: int) -> tuple[Outcome, ...]:
        query = select(OUTCOMES).where(queries.is_due(now)).order_by(OUTCOMES.c.url)
        return tuple(map(read_outcome, self._rows(query.limit(limit))))

    def count_waiting(self, now: datetime) -> int:
        return int(self._rows(select(func.count().label("n")).select_from(OUTCOMES).where(queries.is_due(now)))[0].n)

    def hubs(self) -> tuple[Hub, ...]:
        query = select(SOURCES.c.url, SOURCES.c.health).where(SOURCES.c.enabled, SOURCES.c.stopped == "")
        found = [(row.url, read_health(row.health)) for row in self._rows(query.order_by(SOURCES.c.url))]
        return tuple(Hub(source=url, url=h.hub, topic=h.topic or h.address or url) for url, h in found if h.hub)

    def subscriptions(self) -> tuple[Subscription, ...]:
        query = select(SUBSCRIPTIONS.c.data).order_by(SUBSCRIPTIONS.c.source)
        return tuple(read_subscription(row.data) for row in self._rows(query))

    def put_subscription(self, subscription: Subscription) -> None:
        with self._write() as db:
            self._put(db, SUBSCRIPTIONS, [{"source": subscription.source, "data": as_json(subscription)}])

    def make_due(self, source: str) -> None:
        with self._write() as db:
            db.execute(sql_update(SOURCES).where(SOURCES.c.url == source).values(due_at=ALWAYS_DUE))

    def next_due(self) -> datetime | None:
        asked = select(func.min(SOURCES.c.due_at).label("at")).where(SOURCES.c.enabled, SOURCES.c.stopped == "")
        read = select(func.min(OUTCOMES.c.retry_at).label("at")).where(OUTCOMES.c.state == "waiting")
        return min((row.at for query in (asked, read) for row in self._rows(query) if row.at), default=None)

    def count_unlinked(self) -> int:
        return int(self._rows(select(func.count().label("n")).select_from(ENTRIES).where(ENTRIES.c.url == ""))[0].n)

    def hosts(self, origins: Sequence[str] | None = None) -> tuple[HostState, ...]:
        query = select(HOSTS.c.data).order_by(HOSTS.c.origin)
        return tuple(read_host(row.data) for row in self._rows(query, HOSTS.c.origin, origins))

    def put_hosts(self, hosts: Iterable[HostState]) -> None:
        if rows := [{"origin": host.origin, "data": as_json(host)} for host in hosts]:
            with self._write() as db:
                self._put(db, HOSTS, rows)

    def pictures(self, urls: Sequence[str] | None = None, since: datetime | None = None) -> tuple[Picture, ...]:
        query = select(PICTURES).order_by(PICTURES.c.url, PICTURES.c.use)
        if since is not None:
            query = query.where(PICTURES.c.fetched_at >= since)
        return tuple(Picture(**row._mapping) for row in self._rows(query, PICTURES.c.url, urls))

    def put_pictures(self, pictures: Iterable[Picture]) -> None:
        if rows := [msgspec.structs.asdict(picture) for picture in pictures]:
            with self._write() as db:
                self._put(db, PICTURES, rows)

    def sightings(self, urls: Sequence[str]) -> dict[str, tuple[Entry, ...]]:
        query = select(ENTRIES.c.url, ENTRIES.c.data).order_by(ENTRIES.c.url, ENTRIES.c.source)
        found: dict[str, tuple[Entry, ...]] = {}
        for row in self._rows(query, ENTRIES.c.url, urls):
            found[row.url] = (*found.get(row.url, ()), read_entry(row.data))
        return found

    def source_states(self) -> tuple[SourceState, ...]:
        return tuple(map(read_state, self._rows(queries.source_states())))

    def forget_content(self, urls: Sequence[str]) -> None:
        query = select(ENTRIES.c.source, ENTRIES.c.key, ENTRIES.c.data)
        held = [(row, read_entry(row.data)) for row in self._rows(query, ENTRIES.c.url, urls)] if urls else []
        bare = [
            {"of": row.source, "at": row.key, "data": as_json(msgspec.structs.replace(entry, content=""))}
            for row, entry in held
            if entry.content
        ]
        if bare:
            here = and_(ENTRIES.c.source == bindparam("of"), ENTRIES.c.key == bindparam("at"))
            with self._write() as db:
                db.execute(sql_update(ENTRIES).where(here), bare)

    # --- articles and what became of entries

    def put_articles(self, articles: Iterable[Article], outcomes: Iterable[Outcome]) -> None:
        rows, states = article_rows(articles), outcome_rows(outcomes)
        new = self._insert(ARTICLES).excluded
        # The text goes with the article: which of two comes first must not change what is stored in the end.
        again = and_(new.text == "", new.original_url == ARTICLES.c.original_url)
        with self._write() as db:
            self._put(
                db,
                ARTICLES,
                rows,
                _kept_text(new, again),
                only=new.original_url <= ARTICLES.c.original_url,
            )
            self._put(db, OUTCOMES, states)

    def put_curation(
        self,
        articles: Iterable[Article],
        placed: Iterable[Placed],
        regroupings: Iterable[Regrouping] = (),
        features: Mapping[str, bytes] | None = None,
        vocabularies: Mapping[str, bytes] | None = None,
    ) -> None:
        rows, places = article_rows(articles), placed_rows(placed)
        events = [event_row(event) for event in regroupings]
        packed = [{"url": url, "data": data} for url, data in (features or {}).items()]
        words = [{"language": language, "data": data} for language, data in (vocabularies or {}).items()]
        with self._write() as db:
            self._replace_articles(db, rows)
            self._put(db, PLACED, places)
            self._put_events(db, REGROUPINGS, events)
            self._put(db, FEATURES, packed)
            self._put(db, VOCABULARIES, words)

    def put_imports(
        self,
        imports: Iterable[Imported],
        articles: Iterable[Article],
        placed: Iterable[Placed],
        outcomes: Iterable[Outcome],
        decisions: Iterable[Decision],
    ) -> None:
        rows, places, states = article_rows(articles), placed_rows(placed), outcome_rows(outcomes)
        records = {one.url: {"url": one.url, "data": as_json(one)} for one in imports}
        with self._write() as db:
            self._replace_articles(db, rows)
            self._put(db, PLACED, places)
            self._put(db, IMPORTS, records.values())
            self._put(db, OUTCOMES, states)
            self._put_events(db, DECISIONS, [decision_row(decision) for decision in decisions])

    def _replace_articles(self, db: Connection, rows: Sequence[_Row]) -> None:
        new = self._insert(ARTICLES).excluded
        self._put(db, ARTICLES, rows, _kept_text(new, new.text == ""))

    def put_outcomes(self, outcomes: Iterable[Outcome]) -> int:
        if not (states := outcome_rows(outcomes)):
            return 0
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
            return tuple(read_article(row.data) for row in rows)
        return tuple(msgspec.structs.replace(read_article(row.data), text=row.text) for row in rows)

    def placed(self, urls: Sequence[str] | None = None) -> tuple[Placed, ...]:
        query = select(PLACED.c.data).order_by(PLACED.c.url)
        return tuple(read_placed(row.data) for row in self._rows(query, PLACED.c.url, urls))

    def places(self) -> dict[str, Arrival]:
        query = select(PLACED.c.url, PLACED.c.name, PLACED.c.story).order_by(PLACED.c.url)
        return {row.url: Arrival(row.name, row.story) for row in self._rows(query)}

    def unplaced(self) -> tuple[Article, ...]:
        return tuple(read_article(row.data) for row in self._rows(queries.unplaced()))

    def stale(self, fingerprint: str) -> tuple[str, ...]:
        return tuple(row.url for row in self._rows(queries.stale(fingerprint)))

    def printed(self) -> frozenset[str]:
        return frozenset(row.article for row in self._rows(queries.printed()))

    def imports(self) -> tuple[Imported, ...]:
        return tuple(read_imported(row.data) for row in self._rows(select(IMPORTS.c.data).order_by(IMPORTS.c.url)))

    def decisions(self) -> tuple[Decision, ...]:
        query = select(DECISIONS.c.data).order_by(DECISIONS.c.at, DECISIONS.c.seq)
        return tuple(read_decision(row.data) for row in self._rows(query))

    def outcomes(self, urls: Sequence[str] | None = None) -> tuple[Outcome, ...]:
        return tuple(map(read_outcome, self._rows(select(OUTCOMES).order_by(OUTCOMES.c.url), OUTCOMES.c.url, urls)))

    def put_decisions(self, decisions: Iterable[Decision]) -> None:
        with self._write() as db:
            self._put_events(db, DECISIONS, [decision_row(decision) for decision in decisions])

    def _put_events(self, db: Connection, table: Table, rows: Sequence[_Row]) -> None:
        if rows:
            db.execute(self._insert(table).on_conflict_do_nothing(index_elements=["key"]), rows)

    def regroupings(self) -> tuple[Regrouping, ...]:
        query = select(REGROUPINGS.c.data).order_by(REGROUPINGS.c.at, REGROUPINGS.c.seq)
        return tuple(read_regrouping(row.data) for row in self._rows(query))

    def features(self, since: datetime) -> dict[str, bytes]:
        query = select(FEATURES).join(ARTICLES, ARTICLES.c.url == FEATURES.c.url).order_by(FEATURES.c.url)
        return {row.url: row.data for row in self._rows(query.where(ARTICLES.c.published_at >= since))}

    def vocabularies(self) -> dict[str, bytes]:
        return {row.language: row.data for row in self._rows(select(VOCABULARIES).order_by(VOCABULARIES.c.language))}

    def put_learnt(self, learnt: Learnt) -> None:
        with self._write() as db:
            self._put(db, LEARNT, [{"at": learnt.at, "data": as_json(learnt)}])

    def learnt(self, as_of: datetime) -> Learnt:
        query = select(LEARNT.c.data).where(LEARNT.c.at <= as_of).order_by(LEARNT.c.at.desc()).limit(1)
        return next((read_learnt(row.data) for row in self._rows(query)), Learnt())

    def put_front(self, front: Front) -> None:
        with self._write() as db:
            self._put(db, FRONTS, [{"at": front.at, "data": as_json(front)}])

    def fronts(self, since: datetime, before: datetime) -> tuple[Front, ...]:
        query = select(FRONTS.c.data).where(FRONTS.c.at >= since, FRONTS.c.at < before).order_by(FRONTS.c.at)
        return tuple(read_front(row.data) for row in self._rows(query))

    def closing_fronts(self, before: datetime) -> tuple[Front, ...]:
        return tuple(read_front(row.data) for row in self._rows(queries.closing_fronts(before)))

    def put_printings(self, printings: Iterable[Printing]) -> None:
        if rows := [{"story": one.story, "at": one.at, "data": as_json(one)} for one in printings]:
            with self._write() as db:
                db.execute(self._insert(PRINTINGS).on_conflict_do_nothing(index_elements=["story"]), rows)

    def printings(self, as_of: datetime) -> tuple[Printing, ...]:
        query = select(PRINTINGS.c.data).where(PRINTINGS.c.at <= as_of).order_by(PRINTINGS.c.at, PRINTINGS.c.story)
        return tuple(read_printing(row.data) for row in self._rows(query))

    def put_engagements(self, engagements: Iterable[Engagement]) -> None:
        with self._write() as db:
            self._put(db, ENGAGEMENTS, [msgspec.structs.asdict(one) for one in engagements])

    def engagements(self, as_of: datetime) -> dict[str, int]:
        query = select(ENGAGEMENTS).where(ENGAGEMENTS.c.at <= as_of).order_by(ENGAGEMENTS.c.url, ENGAGEMENTS.c.at)
        return {row.url: row._mapping["count"] for row in self._rows(query)}  # `row.count` is a method of tuples

    def put_run(self, run: Run) -> None:
        with self._write() as db:
            db.execute(plain_insert(RUNS), {"started_at": run.started_at, "data": as_json(run)})

    def runs(self, limit: int) -> tuple[Run, ...]:
        query = select(RUNS.c.data).order_by(RUNS.c.started_at.desc(), RUNS.c.seq.desc()).limit(limit)
        return tuple(read_run(row.data) for row in self._rows(query))

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
        self, query: Select[Any], key: ColumnElement[str] | None = None, urls: Collection[str] | None = None
    ) -> list[Row[Any]]:
        """The rows of a query, or only those whose `key` is one of `urls`, in the query's order."""
        with border("cannot read the store", self._where), self._engine.begin() as db:
            if key is None or urls is None:
                return list(db.execute(query))
            return [row for chunk in chunks(urls) for row in db.execute(query.where(key.in_(chunk)))]

    def _put(self, db: Connection, table: Table, rows: Iterable[_Row], *values: Any, **options: Any) -> int:
        return upsert(db, self._insert, table, rows, *values, **options)
