"""Saved views of lists, and the columns that a list begins with for a person."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("list_name", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=True),
        sa.Column("deleted_by", sa.String(), nullable=True),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
    )
    for name, columns, condition, unique in (
        ("saved_view_own", ["list_name", "owner", "name"], "deleted_at IS NULL", True),
        ("saved_view_shared", ["list_name"], "shared AND deleted_at IS NULL", False),
    ):
        where = sa.text(condition)
        op.create_index(name, "saved_view", columns, unique=unique, sqlite_where=where, postgresql_where=where)
