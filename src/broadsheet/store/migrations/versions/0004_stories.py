"""What happens to stories after they were placed, what is learnt from them, and what editions showed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _text(name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, PLAIN, nullable=False, **options)


def upgrade() -> None:
    op.create_table(
        "regroupings",
        sa.Column("seq", sa.Integer, primary_key=True),
        _text("key", unique=True),
        sa.Column("at", PLAIN, nullable=False),
        _text("data"),
    )
    for table, key in (("features", "url"), ("vocabularies", "language")):
        op.create_table(table, _text(key, primary_key=True), sa.Column("data", sa.LargeBinary, nullable=False))
    for table in ("learnt", "fronts"):
        op.create_table(table, sa.Column("at", PLAIN, primary_key=True, nullable=False), _text("data"))
    op.create_table(
        "engagements",
        _text("url", primary_key=True),
        sa.Column("at", PLAIN, primary_key=True, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
    )
