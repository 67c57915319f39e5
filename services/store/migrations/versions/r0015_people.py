"""Identities bound to addresses, and sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "identity",
        sa.Column("email", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("issuer", "subject")),
        sa.Column("bound_at", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("other_issuer", "other_subject")),
        sa.Column("other_at", sa.BigInteger(), nullable=True),
    )
    op.create_table(
        "person_session",
        sa.Column("id", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("email", "role")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("begun_at", "seen_at")),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
    )
    op.create_index("ix_person_session_email", "person_session", ["email"])
