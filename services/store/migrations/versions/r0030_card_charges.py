"""Order numbers of charges by a card's number are used once, as those of billing keys are."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.drop_index("operation_order", "operation")
    kinds = sa.text("kind IN ('charge', 'card_charge')")
    op.create_index(
        "operation_order", "operation", ["merchant_uid"], unique=True, sqlite_where=kinds, postgresql_where=kinds
    )
