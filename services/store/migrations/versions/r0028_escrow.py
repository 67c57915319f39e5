"""Deliveries of escrow payments, and an index of the paid ones among them."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "escrow_delivery",
        sa.Column("imp_uid", sa.String(), primary_key=True),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("invoice", sa.String(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("applied_at", sa.BigInteger(), nullable=False),
        sa.Column("operation_id", sa.Integer()),
        sa.Column("entered_by", sa.String()),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("escrow_delivery_invoice", "escrow_delivery", ["invoice"])
    paid = sa.text("escrow AND status = 'paid'")
    columns = ["paid_at", "imp_uid"]
    op.create_index("payment_escrow", "payment", columns, sqlite_where=paid, postgresql_where=paid)
