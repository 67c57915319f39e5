"""Rows say which sub-store they are of, operations and links which one they go to; windows are read for each."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from services.store.migrations.versions.r0031_verifications import freeze_what_has_ended

revision = "0032"
down_revision = "0031"

_OF_A_STORE = ("payment", "billing_key", "schedule", "operation", "checkout", "facet")
_FACET = (
    "status", "state", "pg_provider", "pay_method", "card_name", "customer_uid_usage", "registered", "sandbox",
    "currency", "tier",
)  # fmt: skip


def upgrade() -> None:
    for name in _OF_A_STORE:
        op.add_column(name, sa.Column("tier", sa.String(), nullable=False, server_default=""))
    op.create_index("billing_key_store", "billing_key", ["tier", "customer_uid"])
    op.drop_index("facet_key", "facet")
    op.create_index("facet_key", "facet", list(_FACET), unique=True)
    _read_windows_for_each_store()
    freeze_what_has_ended()


def _read_windows_for_each_store() -> None:
    """Its key changes: the few rows go over by hand, which both databases do alike."""
    kept = op.get_bind().execute(sa.text("SELECT from_at, to_at, complete, drift FROM sync_window")).mappings().all()
    op.drop_table("sync_window")
    made: Any = op.create_table(
        "sync_window",
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("to_at", sa.BigInteger(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("drift", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tier", "from_at"),
    )
    if kept:
        op.bulk_insert(made, [{**row, "tier": "", "complete": bool(row["complete"])} for row in kept])
