"""What was printed when, what is sealed, and who gets letters."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _text(name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, PLAIN, nullable=False, **options)


def upgrade() -> None:
    op.create_table("printings", _text("story", primary_key=True), _text("at"), _text("data"))
    op.create_index("printings_at", "printings", ["at"])
    op.add_column("articles", _text("text_hash", server_default=""))
    columns = ("key", "value", "text_hash", "publication")
    op.create_table("seals", _text("url", primary_key=True), *map(_text, columns))
    op.create_table(
        "subscribers", _text("address", primary_key=True), _text("token", unique=True), _text("state"), _text("data")
    )
    op.create_table("issues", _text("id", primary_key=True), _text("at"), _text("data"))
    op.create_table(
        "deliveries",
        _text("issue", primary_key=True),
        _text("address", primary_key=True),
        _text("state"),
        _text("at"),
        _text("data"),
    )
    op.create_index("deliveries_state", "deliveries", ["issue", "state"])
    op.create_table("suppressions", _text("digest", primary_key=True), _text("at"), _text("data"))
