"""Payments are listed by the buyer's name, however many there are."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_index("payment_buyer", "payment", ["buyer_name", "position"])
