"""One statement for many rows, past SQLAlchemy's handling of each value."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import Any

from sqlalchemy import Connection, Table

from .schema import Plain, Utc, plain_text, utc_text


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
