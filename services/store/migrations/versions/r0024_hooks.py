"""How often a webhook was read in vain, what a person ticks of a channel, and links that wait for a person."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("webhook", sa.Column("looks", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("webhook_outcome", "webhook", ["outcome", "id"])
    op.create_table(
        "channel_tick",
        sa.Column("pg_provider", sa.String(), primary_key=True),
        sa.Column("pg_id", sa.String(), primary_key=True),
        sa.Column("sandbox", sa.Boolean(), primary_key=True),
        sa.Column("part", sa.String(), primary_key=True),
        sa.Column("ticked_by", sa.String(), nullable=False),
        sa.Column("ticked_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "link_alarm",
        sa.Column("imp_uid", sa.String(), primary_key=True),
        sa.Column("what", sa.String(), primary_key=True),
        sa.Column("merchant_uid", sa.String(), nullable=False),
        sa.Column("checkout_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text()),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("noted_by", sa.String()),
        sa.Column("noted_at", sa.BigInteger()),
        sa.Column("note", sa.Text()),
    )
    waits = sa.text("noted_at IS NULL")
    op.create_index("link_alarm_waiting", "link_alarm", ["seen_at"], sqlite_where=waits, postgresql_where=waits)
