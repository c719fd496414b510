"""The first tables. Never edited: what changes later is a new file beside this one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # byte order on both engines


def _text(name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, PLAIN, nullable=False, **options)


def _when(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, PLAIN, nullable=nullable)


def upgrade() -> None:
    _upgrade_sources()
    op.create_table(
        "outcomes",
        _text("url", primary_key=True),
        _text("state"),
        _text("reason"),
        _text("article"),
        sa.Column("attempts", sa.Integer, nullable=False),
        _when("retry_at", nullable=True),
    )
    op.create_table(
        "articles",
        _text("url", primary_key=True),
        _text("original_url"),
        _when("published_at"),
        _text("data"),
        _text("text"),
    )
    op.create_index("articles_published", "articles", ["published_at"])
    op.create_table("placed", _text("url", primary_key=True), _text("name"), _text("story"), _text("data"))
    named = sa.text("name != ''")
    op.create_index("placed_name", "placed", ["name"], unique=True, sqlite_where=named, postgresql_where=named)
    op.create_table("imports", _text("url", primary_key=True), _text("data"))
    op.create_table(
        "decisions",
        sa.Column("seq", sa.Integer, primary_key=True),
        _text("key", unique=True),
        _text("target"),
        _when("at"),
        _text("data"),
    )
    op.create_table("runs", sa.Column("seq", sa.Integer, primary_key=True), _when("started_at"), _text("data"))


def _upgrade_sources() -> None:
    op.create_table(
        "sources",
        _text("url", primary_key=True),
        _text("data"),
        sa.Column("enabled", sa.Boolean, nullable=False),
        _when("due_at"),
        _when("last_ok_at", nullable=True),
        sa.Column("failures", sa.Integer, nullable=False),
        _text("last_error"),
        _text("etag"),
        _text("last_modified"),
        sa.Column("claims", sa.Integer, nullable=False),
        _text("worker"),
        _text("token"),
        _when("lease_until", nullable=True),
    )
    op.create_index("sources_due", "sources", ["enabled", "due_at", "url"])
    op.create_table(
        "entries",
        sa.Column("source", PLAIN, sa.ForeignKey("sources.url"), primary_key=True),
        _text("key", primary_key=True),
        _text("url"),
        _when("first_seen"),
        _text("data"),
    )
    op.create_index("entries_url", "entries", ["url"])
