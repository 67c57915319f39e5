"""Indexes for what is asked of the journal at each turn, and for lists by kind and by cancellation id."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_PARTIAL = (
    ("operation_alone", "operation", ["state", "asked_at", "id"], "state = 'awaiting_approval' AND batch_id IS NULL"),
    ("operation_rows", "operation", ["batch_id", "batch_row"], "state = 'awaiting_approval' AND batch_id IS NOT NULL"),
    ("refund_batch_waiting", "refund_batch", ["asked_at"], "approved_at IS NULL AND declined_at IS NULL"),
)


def upgrade() -> None:
    for name, table, columns, where in _PARTIAL:
        condition = sa.text(where)
        op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
    op.create_index("operation_kind", "operation", ["kind", "asked_at", "id"])
    op.create_index("cancellation_name", "cancellation", ["cancellation_id"])
