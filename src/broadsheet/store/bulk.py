"""Upserts: one statement for many rows, past SQLAlchemy's handling of each value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, or_

from .schema import Plain, Utc, plain_text, utc_text

CHUNK = 1_000  # keys in one IN list; SQLite allows 32,766 parameters, PostgreSQL 65,535


def chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    """Keys in order, CHUNK at a time: Python's order of text is the byte order of UTF-8, so results stay in order."""
    wanted = sorted(set(keys))
    return (wanted[at : at + CHUNK] for at in range(0, len(wanted), CHUNK))


def upsert(
    db: Connection,
    insert: Callable[[Table], Any],
    table: Table,
    rows: Iterable[dict[str, Any]],
    values: Mapping[str, ColumnElement[Any]] | None = None,
    *,
    keep: Sequence[str] = (),
    only: ColumnElement[bool] | None = None,
) -> int:
    """Insert rows or update those whose primary key is there; returns how many were new or changed.

    insert: the dialect's. values: what to set in place of the new row's own value. keep: columns that stay as they were
    first set. only: update where this holds. A row that would stay the same is not written.
    """
    given = sorted(rows, key=itemgetter(*(column.name for column in table.primary_key)))  # no deadlocks
    if not given:
        return 0
    statement = insert(table)
    fixed = {*keep, *(column.name for column in table.primary_key)}
    sets = {name: statement.excluded[name] for name in given[0] if name not in fixed} | dict(values or {})
    differs = or_(*(table.c[name].is_distinct_from(value) for name, value in sets.items()))
    update = statement.on_conflict_do_update(
        index_elements=list(table.primary_key), set_=sets, where=differs if only is None else and_(only, differs)
    )
    return execute_many(db, table, update, given)


def execute_many(db: Connection, table: Table, statement: Any, rows: Sequence[dict[str, Any]]) -> int:
    """Run an insert for many rows; returns how many were written.

    The statement is SQLAlchemy's, but rows go to the driver as they are: its own way with each value takes three times
    as long as all the rest of storing it.
    """
    absent = {c.name: getattr(c.default, "arg", None) for c in table.columns if c.default and c.name not in rows[0]}
    compiled = statement.compile(dialect=db.dialect, column_keys=[*rows[0], *absent])
    always = {name: value for name, value in compiled.params.items() if name not in rows[0]} | absent
    kinds = {column.name: type(column.type) for column in table.columns}
    columns = {name: _ready(kinds.get(name), [row[name] for row in rows]) for name in rows[0]}
    names = compiled.positiontup if compiled.positional else [*columns, *always]
    values: Any = list(zip(*(columns.get(name) or repeat(always[name], len(rows)) for name in names), strict=True))
    if not compiled.positional:
        values = [dict(zip(names, row, strict=True)) for row in values]
    done = db.exec_driver_sql(str(compiled), values, execution_options={"preserve_rowcount": True})
    return int(done.rowcount)


def _ready(kind: type | None, values: list[Any]) -> list[Any]:
    """The values of one column as a driver gets them. Raises Unstorable."""
    if kind is Utc:
        return [utc_text(value) for value in values]
    return [plain_text(value) for value in values] if kind is Plain and any("\0" in v for v in values if v) else values
