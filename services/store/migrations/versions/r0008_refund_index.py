"""A refund finds the operation that made it: without an index each row of the list walked all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    where = sa.text("cancellation_id IS NOT NULL")
    op.create_index(
        "operation_cancellation", "operation", ["imp_uid", "cancellation_id"],
        sqlite_where=where, postgresql_where=where,
    )  # fmt: skip
