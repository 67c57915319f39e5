"""Payments are listed by the buyer's name, however many there are."""

from alembic import op

revision = "0020"
down_revision = "0018"


def upgrade() -> None:
    op.create_index("payment_buyer", "payment", ["buyer_name", "position"])
