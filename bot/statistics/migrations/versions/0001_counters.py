"""Counters for each published table, the published cells, the nonces of deliveries, and facts of the store itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

COUNTED = (
    *("conversations", "topics", "drempels", "routes", "unmet", "outcome"),
    *("channels", "turns", "not_understood", "crisis"),
    *("wijk_topics", "wijk_drempels", "wijk_routes", "wijk_unmet"),
    *("language_topics", "language_drempels", "language_routes"),
)


def upgrade() -> None:
    for name in COUNTED:
        _create(f"count_{name}", *_cell(), sa.Column("n", sa.Integer, nullable=False))
    _create("published", sa.Column("name", sa.String(32), primary_key=True), *_cell(), sa.Column("n", sa.Integer))
    _create("nonces", sa.Column("nonce", sa.String(64), primary_key=True), sa.Column("day", sa.Date, nullable=False))
    key = sa.Column("key", sa.String(32), primary_key=True)
    _create("meta", key, sa.Column("value", sa.String(64), nullable=False))
    # Always there, so that a count and a publication have a row to lock: the first week that is not published yet.
    op.execute("INSERT INTO meta (key, value) VALUES ('open_from', '')")


def downgrade() -> None:
    for name in ("meta", "nonces", "published", *(f"count_{name}" for name in COUNTED)):
        op.drop_table(name)


def _cell() -> tuple[sa.Column, ...]:
    sizes = {"period": 8, "side": 64, "id": 64}
    return tuple(sa.Column(name, sa.String(size), primary_key=True) for name, size in sizes.items())


def _create(name: str, *columns: sa.Column) -> None:
    op.create_table(name, *columns, sqlite_with_rowid=False)
