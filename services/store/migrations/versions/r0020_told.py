"""That a buyer was told, on a payment's notes."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("note", sa.Column("told", sa.String()))
