"""Several processes: which one holds the loops, under which number a call was made, and what is being read."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.create_table(
        "loop_lease",
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
    )
    op.execute("INSERT INTO loop_lease (number, holder, until) VALUES (0, '', 0)")
    op.create_table(
        "being_read",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
    )
    op.add_column("attempt", sa.Column("lease", sa.BigInteger(), nullable=True))
