"""What came of asking for pictures."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _text(name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, PLAIN, nullable=False, **options)


def upgrade() -> None:
    op.create_table(
        "pictures",
        _text("url", primary_key=True),
        _text("use", primary_key=True),
        _text("state"),
        _text("kind"),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        _text("hash"),
        _text("reason"),
        sa.Column("fetched_at", PLAIN, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("retry_at", PLAIN),
    )
