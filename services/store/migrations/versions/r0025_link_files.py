"""Files of which links were made: each row makes one, however often its file is brought."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "checkout_file",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("digest", sa.String(), nullable=False, unique=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
    )
    op.add_column("checkout", sa.Column("file_id", sa.Integer()))
    op.add_column("checkout", sa.Column("file_row", sa.Integer()))
    known = sa.text("file_id IS NOT NULL")
    op.create_index(
        "checkout_of_file", "checkout", ["file_id", "file_row"], unique=True, sqlite_where=known, postgresql_where=known
    )
