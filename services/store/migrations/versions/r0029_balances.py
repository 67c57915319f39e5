"""What payments are made up of, and the names of banks and card companies."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

_INSTRUMENTS = ("cash_receipt", "primary", "secondary", "discount")
_PARTS = ("tax_free", "supply", "vat", "service")


def upgrade() -> None:
    won = [f"{instrument}_{part}" for instrument in _INSTRUMENTS for part in _PARTS]
    op.create_table(
        "payment_balance",
        sa.Column("imp_uid", sa.String(), primary_key=True),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("amount", *won, "cancel_amount", "read_at")),
    )
    op.create_table(
        "code_name",
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("code", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
    )
