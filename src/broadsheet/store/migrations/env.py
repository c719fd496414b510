"""Run the migrations on the connection that open_store hands over; there is no alembic.ini and no offline mode."""

from __future__ import annotations

from alembic import context

# Batch mode: SQLite cannot alter most things in place. The caller holds the transaction, so all is done or nothing.
context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
