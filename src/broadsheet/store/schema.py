"""The tables, the same on every engine, and how text and times are kept in them.

Facts that SQL must see have columns of their own; the rest of each value is JSON in `data`, as msgspec prints it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, Column, Dialect, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

HEAD = "0005"  # the newest file in migrations/versions; a store that says so is opened without loading Alembic


class Unstorable(ValueError):
    """A value that no database here can hold as it is."""


def plain_text(value: str | None) -> str | None:
    """The text as a driver gets it. Raises Unstorable."""
    if value is not None and "\0" in value:
        raise Unstorable("text holds a NUL character")
    return value


@lru_cache(maxsize=1_024)
def utc_text(value: datetime | None) -> str | None:
    """The moment as a driver gets it, see Utc. Raises Unstorable."""
    if value is None:
        return None
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise Unstorable(f"time without a zone: {value.isoformat()}")
        value = value.astimezone(UTC)
    return value.isoformat(timespec="microseconds")


class Plain(TypeDecorator[str]):
    """Text compared byte by byte: in SQLite by its nature, in PostgreSQL by COLLATE "C", whatever the database has.

    NUL is refused on both, since PostgreSQL cannot hold it and SQLite's own functions stop at it.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Text(collation="C") if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (SQLAlchemy's)
        return plain_text(value)


class Utc(TypeDecorator[datetime]):
    """A moment as ISO 8601 text in UTC, always 32 characters, so that text order is time order on every engine.

    Text rather than a native timestamp: SQLite has none, and this one is exact to the microsecond on both.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Text(collation="C") if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return utc_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return datetime.fromisoformat(value) if value else None


metadata = MetaData()


def _text(name: str, **options: Any) -> Column[str]:
    return Column(name, Plain, nullable=False, **options)


SOURCES = Table(
    "sources",
    metadata,
    _text("url", primary_key=True),
    _text("data"),  # Source
    Column("enabled", Boolean, nullable=False),
    _text("stopped", default=""),  # why it is never asked again; empty while it is
    Column("due_at", Utc, nullable=False),
    _text("health", default="{}"),  # Health
    _text("etag", default=""),
    _text("last_modified", default=""),
    Column("claims", Integer, nullable=False, default=0),  # ever made; each one makes a token that never was before
    Column("unfinished", Integer, nullable=False, default=0),  # in a row, of claims that ended with the program
    _text("worker", default=""),  # who holds the lease; empty when it is free, and then token is, too
    _text("token", default=""),
    Column("lease_until", Utc),
    Index("sources_due", "enabled", "due_at", "url"),
)

ENTRIES = Table(
    "entries",
    metadata,
    Column("source", Plain, ForeignKey("sources.url"), primary_key=True),
    _text("key", primary_key=True),  # see Listed: a digest, since two long URLs do not fit a PostgreSQL index
    _text("url"),  # empty for an entry without a link: it is kept and counted, and has no outcome
    _text("id", default=""),
    _text("title", default=""),
    _text("date", default=""),
    Column("changes", Integer, nullable=False, default=0),  # times that its source changed it
    Column("first_seen", Utc, nullable=False),
    _text("data"),  # Entry
    Index("entries_url", "url"),
    Index("entries_seen", "source", "first_seen"),
)

OUTCOMES = Table(
    "outcomes",
    metadata,
    _text("url", primary_key=True),
    _text("state"),
    _text("reason"),
    _text("article"),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", Utc),
)
_WAITS = OUTCOMES.c.state == "waiting"
Index("outcomes_waiting", OUTCOMES.c.retry_at, OUTCOMES.c.url, sqlite_where=_WAITS, postgresql_where=_WAITS)

HOSTS = Table("hosts", metadata, _text("origin", primary_key=True), _text("data"))  # HostState

SUBSCRIPTIONS = Table("subscriptions", metadata, _text("source", primary_key=True), _text("data"))  # Subscription

PICTURES = Table(
    "pictures",
    metadata,
    _text("url", primary_key=True),
    _text("use", primary_key=True),
    _text("state"),
    _text("kind"),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    _text("hash"),
    _text("reason"),
    Column("fetched_at", Utc, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", Utc),
)

ARTICLES = Table(
    "articles",
    metadata,
    _text("url", primary_key=True),
    _text("original_url"),
    Column("published_at", Utc, nullable=False),
    _text("data"),  # Article without its text
    _text("text"),
    _text(
        "text_hash", default=""
    ),  # of text and authors; empty where there is none, and where an earlier version stored it
    Index("articles_published", "published_at"),
)

PLACED = Table(
    "placed",
    metadata,
    _text("url", primary_key=True),
    _text("name"),  # empty until the article has a record
    _text("story"),
    _text("data"),  # Placed
)
Index("placed_name", PLACED.c.name, unique=True, sqlite_where=PLACED.c.name != "", postgresql_where=PLACED.c.name != "")

IMPORTS = Table("imports", metadata, _text("url", primary_key=True), _text("data"))  # Imported

DECISIONS = Table(
    "decisions",
    metadata,
    Column("seq", Integer, primary_key=True),  # order of two acts of one moment
    _text("key", unique=True),  # digest of data: the same event is kept once, however often it is imported
    _text("target"),
    Column("at", Utc, nullable=False),
    _text("data"),  # Decision
)

REGROUPINGS = Table(
    "regroupings",
    metadata,
    Column("seq", Integer, primary_key=True),  # order of two events of one moment
    _text("key", unique=True),  # digest of data
    Column("at", Utc, nullable=False),
    _text("data"),  # Regrouping
)

FEATURES = Table(
    "features",
    metadata,
    _text("url", primary_key=True),
    Column("data", LargeBinary, nullable=False),  # what grouping needs of a placed article, as cluster/ packs it
)

VOCABULARIES = Table(
    "vocabularies",
    metadata,
    _text("language", primary_key=True),
    Column("data", LargeBinary, nullable=False),  # how rare its terms are, as cluster/ packs it
)

LEARNT = Table("learnt", metadata, Column("at", Utc, primary_key=True), _text("data"))  # Learnt

FRONTS = Table("fronts", metadata, Column("at", Utc, primary_key=True), _text("data"))  # Front

ENGAGEMENTS = Table(
    "engagements",
    metadata,
    _text("url", primary_key=True),
    Column("at", Utc, primary_key=True),
    Column("count", Integer, nullable=False),
)

PRINTINGS = Table(
    "printings",
    metadata,
    _text("story", primary_key=True),
    Column("at", Utc, nullable=False),
    _text("data"),  # Printing
    Index("printings_at", "at"),
)

SEALS = Table(
    "seals",
    metadata,
    _text("url", primary_key=True),
    _text("key"),  # of this article alone; empty once it was erased, and then nothing opens what was sealed with it
    _text("value"),  # what is sealed now
    _text("text_hash"),  # of what it holds, see articles
    _text(
        "publication"
    ),  # its address when the value was sealed: without it a site that moves opens nothing of its own
)

SUBSCRIBERS = Table(
    "subscribers",
    metadata,
    _text("address", primary_key=True),
    _text("token", unique=True),  # what its links carry
    _text("state"),
    _text("data"),
)

ISSUES = Table("issues", metadata, _text("id", primary_key=True), Column("at", Utc, nullable=False), _text("data"))

DELIVERIES = Table(
    "deliveries",
    metadata,
    _text("issue", primary_key=True),
    _text("address", primary_key=True),
    _text("state"),
    Column("at", Utc, nullable=False),
    _text("data"),
    Index("deliveries_state", "issue", "state"),
)

SUPPRESSIONS = Table(
    "suppressions",
    metadata,
    _text("digest", primary_key=True),  # of an address that is never written to again
    Column("at", Utc, nullable=False),
    _text("data"),
)

RUNS = Table(
    "runs",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("started_at", Utc, nullable=False),
    _text("data"),  # Run
)
