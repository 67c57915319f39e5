"""Cash receipts: what V1 tells of each, and never whose number it went to."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "cash_receipt",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("external", sa.Boolean(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("imp_uid", sa.String()),
        sa.Column("merchant_uid", sa.String(), nullable=False),
        sa.Column("name", sa.String()),
        sa.Column("pg_provider", sa.String()),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("identifier_kind", sa.String()),
        sa.Column("identifier_end", sa.String()),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("vat", sa.BigInteger(), nullable=False),
        sa.Column("tax_free", sa.BigInteger()),
        sa.Column("apply_num", sa.String(), nullable=False),
        sa.Column("receipt_tid", sa.String()),
        sa.Column("receipt_url", sa.String()),
        sa.Column("applied_at", sa.BigInteger(), nullable=False),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=False),
        sa.Column("operation_id", sa.Integer()),
        sa.Column("issued_by", sa.String()),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("cash_receipt_one", "cash_receipt", ["external", "about", "apply_num"], unique=True)
    op.create_index("cash_receipt_time", "cash_receipt", ["applied_at", "id"])
    known = sa.text("imp_uid IS NOT NULL")
    op.create_index("cash_receipt_payment", "cash_receipt", ["imp_uid"], sqlite_where=known, postgresql_where=known)
    op.create_index("cash_receipt_order", "cash_receipt", ["merchant_uid"])
