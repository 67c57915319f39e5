"""Operations that wait for another one: a key is deleted after its schedules are revoked."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("operation", sa.Column("after_id", sa.Integer(), nullable=True))
