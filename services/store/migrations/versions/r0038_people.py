"""Tokens for the command line; when people signed in last, and with what."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    op.create_table(
        "person_token",
        sa.Column("id", sa.Integer(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("email", "name")),
        sa.Column("hash", sa.String(), nullable=False, unique=True),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("made_at", "expires_at")),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("used_at", "revoked_at")),
        sa.Column("revoked_by", sa.String(), nullable=True),
    )
    op.create_index("ix_person_token_email", "person_token", ["email"])
    op.add_column("identity", sa.Column("seen_at", sa.BigInteger(), nullable=True))
    op.add_column("person_session", sa.Column("agent", sa.String(), nullable=True))
