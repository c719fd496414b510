"""What fetching for years needs: how each source and host fares, digests of entries, an outcome for every entry."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
LONG_AGO = "1970-01-01T00:00:00.000000+00:00"


def _text(name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, PLAIN, nullable=False, **options)


def upgrade() -> None:
    _upgrade_sources()
    _upgrade_entries()
    op.execute(
        sa.text(
            "INSERT INTO outcomes (url, state, reason, article, attempts, retry_at) "
            "SELECT DISTINCT url, 'waiting', 'not read yet', '', 0, :due FROM entries WHERE url <> '' "
            "AND NOT EXISTS (SELECT 1 FROM outcomes WHERE outcomes.url = entries.url)"
        ).bindparams(due=LONG_AGO)
    )
    op.execute(
        sa.text("UPDATE outcomes SET retry_at = :due WHERE state = 'waiting' AND retry_at IS NULL").bindparams(
            due=LONG_AGO
        )
    )
    waits = sa.text("state = 'waiting'")
    op.create_index("outcomes_waiting", "outcomes", ["retry_at", "url"], sqlite_where=waits, postgresql_where=waits)
    op.create_table("hosts", _text("origin", primary_key=True), _text("data"))
    op.create_table("subscriptions", _text("source", primary_key=True), _text("data"))


def _upgrade_sources() -> None:
    # No batch mode: it would make the table anew, and entries refer to it. SQLite drops columns since 3.35.
    op.add_column("sources", _text("stopped", server_default=""))
    op.add_column("sources", _text("health", server_default="{}"))
    op.add_column("sources", sa.Column("unfinished", sa.Integer, nullable=False, server_default="0"))
    db = op.get_bind()
    rows = db.execute(sa.text("SELECT url, last_ok_at, failures, last_error FROM sources")).all()
    for url, read, failures, error in rows:
        health = {"last_read": read, "failures": failures, "error": error}
        kept = json.dumps({name: value for name, value in health.items() if value})
        db.execute(sa.text("UPDATE sources SET health = :health WHERE url = :url"), {"health": kept, "url": url})
    for name in ("last_ok_at", "failures", "last_error"):
        op.drop_column("sources", name)


def _upgrade_entries() -> None:
    for name in ("id", "title", "date"):
        op.add_column("entries", _text(name, server_default=""))
    op.add_column("entries", sa.Column("changes", sa.Integer, nullable=False, server_default="0"))
    db = op.get_bind()
    rows = db.execute(sa.text("SELECT source, key, url, data FROM entries")).all()
    for source, key, url, data in rows:
        entry = json.loads(data)
        said = "\n".join(entry.get(name, "") for name in ("title", "published_raw", "summary"))
        guid = entry.get("id", "")
        new = _digest(url or (f"id {guid}" if guid else f"said {said}"))
        date = entry.get("published") or entry.get("published_raw", "")
        db.execute(
            sa.text(
                "UPDATE entries SET key = :new, id = :id, title = :title, date = :date "
                "WHERE source = :source AND key = :key"
            ),
            {"new": new, "id": _digest(guid), "title": _digest(entry.get("title", "")), "date": _digest(_utc(date))}
            | {"source": source, "key": key},
        )
    op.create_index("entries_seen", "entries", ["source", "first_seen"])


def _digest(value: str) -> str:
    return hashlib.blake2b(value.encode("utf-8", "replace"), digest_size=16).hexdigest() if value else ""


def _utc(date: str) -> str:
    return f"{date[:-1]}+00:00" if date.endswith("Z") else date
