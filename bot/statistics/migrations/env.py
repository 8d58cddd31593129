"""Alembic's way in: runs the migrations on the connection that bot/statistics/database.py hands over."""

from __future__ import annotations

from alembic import context

# A name of its own: the running conversations may lie in the same database, with migrations of their own.
context.configure(connection=context.config.attributes["connection"], version_table="statistics_version")
with context.begin_transaction():
    context.run_migrations()
