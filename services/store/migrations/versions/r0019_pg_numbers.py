"""Payments and refunds by the number that their PG knows them by."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    known = sa.text("pg_tid IS NOT NULL")
    for table in ("payment", "cancellation"):
        op.create_index(f"{table}_pg_tid", table, ["pg_tid"], sqlite_where=known, postgresql_where=known)
