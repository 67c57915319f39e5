"""Alarms: what is the matter, and who was told of it."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "alarm_matter",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("gone_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
    )
    for name, columns, condition, unique in (
        ("alarm_matter_open", ["kind", "key"], "ended_at IS NULL", True),
        ("alarm_matter_ended", ["kind", "ended_at"], "ended_at IS NOT NULL", False),
    ):
        where = sa.text(condition)
        op.create_index(name, "alarm_matter", columns, unique=unique, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "alarm_telling",
        sa.Column("matter_id", sa.Integer(), primary_key=True),
        sa.Column("receiver", sa.String(), primary_key=True),
        sa.Column("about", sa.String(), primary_key=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
    )
    op.create_index("alarm_telling_told", "alarm_telling", ["receiver", "told_at"])
    failed = sa.text("error IS NOT NULL")
    op.create_index("alarm_telling_failed", "alarm_telling", ["receiver"], sqlite_where=failed, postgresql_where=failed)
