"""Checkouts and their attempts, and webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "checkout",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token", sa.String(), nullable=False, unique=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("pg_provider", sa.String(), nullable=False),
        sa.Column("pg_id", sa.String(), nullable=False),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("customer_uid", sa.String()),
        sa.Column("buyer_name", sa.String()),
        sa.Column("buyer_tel", sa.String()),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("memo", sa.String(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("state_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_by", sa.String()),
    )
    op.create_index("checkout_time", "checkout", ["made_at", "id"])
    op.create_index("checkout_state", "checkout", ["state", "made_at", "id"])
    _partly("checkout_expiry", "checkout", ["expires_at"], "state IN ('open', 'started', 'failed', 'mismatch')")
    _partly("checkout_customer_uid", "checkout", ["customer_uid"], "customer_uid IS NOT NULL")
    op.create_table(
        "checkout_attempt",
        sa.Column("merchant_uid", sa.String(), primary_key=True),
        sa.Column("checkout_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("state_at", sa.BigInteger(), nullable=False),
        sa.Column("imp_uid", sa.String(), unique=True),
        sa.Column("paid", sa.BigInteger()),
        sa.Column("currency", sa.String()),
        sa.Column("fail_reason", sa.Text()),
        sa.Column("confirmed", sa.String()),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.String()),
        sa.Column("look_at", sa.BigInteger(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("checkout_attempt_checkout", "checkout_attempt", ["checkout_id", "began_at"])
    left = "look_at = 0 AND state IN ('started', 'checking', 'waiting', 'failed')"
    _partly("checkout_attempt_left", "checkout_attempt", ["began_at"], left)
    _partly("checkout_attempt_look", "checkout_attempt", ["look_at"], "look_at > 0")
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("imp_uid", sa.String(), nullable=False),
        sa.Column("merchant_uid", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("cancellation_id", sa.String(), nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("look_at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger()),
        sa.Column("outcome", sa.String()),
    )
    waiting = sa.text("outcome IS NULL")
    op.create_index(
        "webhook_waiting", "webhook", ["imp_uid"], unique=True, sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_index("webhook_payment", "webhook", ["imp_uid", "id"])
    op.create_index("webhook_read", "webhook", ["read_at"])


def _partly(name: str, of: str, columns: list[str], condition: str) -> None:
    told = sa.text(condition)
    op.create_index(name, of, columns, sqlite_where=told, postgresql_where=told)
