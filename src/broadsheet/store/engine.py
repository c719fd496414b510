"""Open the database: driver, pragmas, schema; and turn what it refuses into a StoreError.

SQLite before 3.51.3 can damage a database in WAL mode when a second connection writes or checks-points at the moment
in which the log is reset (https://sqlite.org/wal.html#walresetbug). So a store has ONE SQLite connection, which does
all writing and all check-points; threads take turns at it. That no second process opens the same file is the business
of the folder's lock, which whoever runs a cycle takes first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError, StatementError

from ..errors import StoreError
from .schema import HEAD, Unstorable

BUSY_TIMEOUT = 5.0  # seconds to wait for another process that writes
CONNECT_TIMEOUT = 10  # seconds, for a server
WRITES = "broadsheet_writes"  # execution option of connections whose transactions write

_MIGRATIONS = Path(__file__).with_name("migrations")
_MIGRATION_LOCK = 0x62726F6164  # PostgreSQL advisory lock: two workers that start together migrate one after the other
_ADVICE = (
    ("database is locked", "another broadsheet is running here: wait for it or end it"),
    ("file is not a database", "this file is no store: move it away or name another one"),
    ("unable to open database file", "check that its folder can be written"),
    ("readonly database", "check that the file and its folder can be written"),
    ("disk is full", "free some space and run again; nothing is half-written"),
    ("malformed", "the file is damaged: restore a backup"),
    ("connection failed", "check that the server runs and that the address is right"),
    ("connection timeout", "check that the server runs and that the address is right"),
    ("no schema has been selected", "create the schema that search_path names"),
    ("surrogates not allowed", "text must be cleaned before it is stored"),
    ("NUL character", "text must be cleaned before it is stored"),
)


def open_engine(url: str) -> tuple[Engine, str]:
    """An engine whose schema is up to date, and the name of its place for messages. Raises StoreError."""
    address = _address(url)
    where = _where(address)
    try:
        engine = _sqlite(address) if address.get_backend_name() == "sqlite" else _postgresql(address)
    except OSError as exc:
        raise StoreError(f"cannot make the store's folder: {exc.strerror}", where, _ADVICE[2][1]) from exc
    except ImportError as exc:
        raise StoreError("PostgreSQL needs psycopg", where, "pip install 'broadsheet[postgres]'") from exc
    with ExitStack() as undo:
        undo.callback(engine.dispose)
        with border("cannot open the store", where):
            _bring_up_to_date(engine, where)
        undo.pop_all()
    return engine, where


@contextmanager
def border(what: str, where: str) -> Iterator[None]:
    """Nothing of SQLAlchemy or msgspec leaves this block but as StoreError, in one line."""
    try:
        yield
    except (SQLAlchemyError, UnicodeEncodeError, msgspec.MsgspecError, Unstorable) as exc:
        cause = exc.orig if isinstance(exc, StatementError) and exc.orig else exc
        reason = next(iter(str(cause).strip().splitlines()), type(cause).__name__)
        advice = next((advice for sign, advice in _ADVICE if sign in reason), "")
        raise StoreError(f"{what}: {reason}", where, advice) from exc


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as exc:
        raise StoreError("not the address of a store", url[:200], "sqlite:///path or postgresql://host/name") from exc
    driver = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
    if address.drivername not in (*driver, *driver.values()):
        raise StoreError(f"no such kind of store: {address.drivername}", "", "choose sqlite or postgresql")
    return address.set(drivername=driver.get(address.drivername, address.drivername))


def _where(address: URL) -> str:
    """The file, or the server's address without password and options."""
    if address.get_backend_name() == "sqlite":
        return address.database or "memory"
    return address.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def _sqlite(address: URL) -> Engine:
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    patience: dict[str, Any] = {} if "timeout" in address.query else {"timeout": BUSY_TIMEOUT}
    engine = create_engine(
        address,
        poolclass=QueuePool,  # of one connection: a second thread waits its turn
        pool_size=1,
        max_overflow=0,
        connect_args={"check_same_thread": False} | patience,
    )
    event.listen(engine, "connect", _set_up_connection)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up_connection(connection: sqlite3.Connection, _record: object) -> None:
    # The driver shall begin nothing by itself: it would leave tables and reads outside of transactions. The recipe is
    # SQLAlchemy's: https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#sqlite-transactions
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # NORMAL may lose the last transactions when power fails
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(db: Connection) -> None:
    # IMMEDIATE: a transaction that read first and then wants to write is refused at once, without busy_timeout.
    db.exec_driver_sql("BEGIN IMMEDIATE" if db.get_execution_options().get(WRITES) else "BEGIN")


def _postgresql(address: URL) -> Engine:
    options = {"connect_timeout": CONNECT_TIMEOUT, "application_name": "broadsheet"}
    return create_engine(
        address,
        pool_pre_ping=True,  # a server that was started anew costs one reconnect, not one failed cycle
        connect_args={name: value for name, value in options.items() if name not in address.query},
    )


def _bring_up_to_date(engine: Engine, where: str) -> None:
    with engine.connect() as db:
        if _version(db) == HEAD:
            return
    # Alembic takes a while to load and is needed once in a store's life between releases.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.execution_options(**{WRITES: True}).begin() as db:
        if db.dialect.name == "postgresql":
            db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        version = _version(db)
        config.attributes["connection"] = db
        try:
            command.upgrade(config, "head")
        except CommandError as exc:
            raise StoreError(f"the store has schema {version}, newer than {HEAD}", where, "update Broadsheet") from exc


def _version(db: Connection) -> str | None:
    if not inspect(db).has_table("alembic_version"):
        return None
    found: str | None = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
