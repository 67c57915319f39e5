"""Everything the mirror keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:

    op.create_table(
        "billing_key",
        sa.Column("customer_uid", sa.String(), nullable=False),
        sa.Column("pg_provider", sa.String(), nullable=True),
        sa.Column("pg_id", sa.String(), nullable=True),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=True),
        sa.Column("card_name", sa.String(), nullable=True),
        sa.Column("card_code", sa.String(), nullable=True),
        sa.Column("card_issuer_code", sa.String(), nullable=True),
        sa.Column("card_issuer_name", sa.String(), nullable=True),
        sa.Column("card_publisher_code", sa.String(), nullable=True),
        sa.Column("card_publisher_name", sa.String(), nullable=True),
        sa.Column("card_number", sa.String(), nullable=True),
        sa.Column("card_type", sa.Integer(), nullable=True),
        sa.Column("customer_name", sa.String(), nullable=True),
        sa.Column("customer_tel", sa.String(), nullable=True),
        sa.Column("customer_email", sa.String(), nullable=True),
        sa.Column("customer_addr", sa.String(), nullable=True),
        sa.Column("customer_postcode", sa.String(), nullable=True),
        sa.Column("inserted", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.Column("checked_at", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("customer_uid"),
    )
    op.create_index(op.f("ix_billing_key_checked_at"), "billing_key", ["checked_at"], unique=False)
    op.create_table(
        "cancellation",
        sa.Column("imp_uid", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("cancellation_id", sa.String(), nullable=True),
        sa.Column("pg_tid", sa.String(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("receipt_url", sa.String(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("imp_uid", "seq"),
    )
    op.create_index("cancellation_time", "cancellation", ["cancelled_at", "imp_uid", "seq"], unique=False)
    op.create_table(
        "channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pg_provider", sa.String(), nullable=False),
        sa.Column("pg_id", sa.String(), nullable=False),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("channel_name", sa.String(), nullable=True),
        sa.Column("channel_key", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "daily_total",
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("facet_id", sa.Integer(), nullable=False),
        sa.Column("payments", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("cancel_amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("basis", "day", "facet_id"),
    )
    op.create_table(
        "facet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("partly_refunded", sa.Boolean(), nullable=False),
        sa.Column("pg_provider", sa.String(), nullable=False),
        sa.Column("pay_method", sa.String(), nullable=False),
        sa.Column("customer_uid_usage", sa.String(), nullable=False),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("payments", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "facet_key",
        "facet",
        [
            "status",
            "partly_refunded",
            "pg_provider",
            "pay_method",
            "customer_uid_usage",
            "sandbox",
            "currency",
        ],
        unique=True,
    )
    op.create_table(
        "mark",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "oddity",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "name"),
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("imp_uid", sa.String(), nullable=False),
        sa.Column("merchant_uid", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("facet_id", sa.Integer(), nullable=False),
        sa.Column("status_at", sa.BigInteger(), nullable=False),
        sa.Column("pay_method", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("pg_provider", sa.String(), nullable=True),
        sa.Column("emb_pg_provider", sa.String(), nullable=True),
        sa.Column("pg_tid", sa.String(), nullable=True),
        sa.Column("pg_id", sa.String(), nullable=True),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("escrow", sa.Boolean(), nullable=True),
        sa.Column("apply_num", sa.String(), nullable=True),
        sa.Column("bank_code", sa.String(), nullable=True),
        sa.Column("bank_name", sa.String(), nullable=True),
        sa.Column("card_code", sa.String(), nullable=True),
        sa.Column("card_name", sa.String(), nullable=True),
        sa.Column("card_issuer_code", sa.String(), nullable=True),
        sa.Column("card_issuer_name", sa.String(), nullable=True),
        sa.Column("card_publisher_code", sa.String(), nullable=True),
        sa.Column("card_publisher_name", sa.String(), nullable=True),
        sa.Column("card_quota", sa.Integer(), nullable=True),
        sa.Column("card_number", sa.String(), nullable=True),
        sa.Column("card_type", sa.Integer(), nullable=True),
        sa.Column("vbank_code", sa.String(), nullable=True),
        sa.Column("vbank_name", sa.String(), nullable=True),
        sa.Column("vbank_num", sa.String(), nullable=True),
        sa.Column("vbank_holder", sa.String(), nullable=True),
        sa.Column("vbank_date", sa.BigInteger(), nullable=True),
        sa.Column("vbank_issued_at", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("cancel_amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("buyer_name", sa.String(), nullable=True),
        sa.Column("buyer_email", sa.String(), nullable=True),
        sa.Column("buyer_tel", sa.String(), nullable=True),
        sa.Column("buyer_addr", sa.String(), nullable=True),
        sa.Column("buyer_postcode", sa.String(), nullable=True),
        sa.Column("custom_data", sa.String(), nullable=True),
        sa.Column("user_agent", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", sa.BigInteger(), nullable=False),
        sa.Column("failed_at", sa.BigInteger(), nullable=False),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=False),
        sa.Column("fail_reason", sa.String(), nullable=True),
        sa.Column("cancel_reason", sa.String(), nullable=True),
        sa.Column("receipt_url", sa.String(), nullable=True),
        sa.Column("cash_receipt_issued", sa.Boolean(), nullable=True),
        sa.Column("customer_uid", sa.String(), nullable=True),
        sa.Column("customer_uid_usage", sa.String(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("imp_uid"),
        sa.UniqueConstraint("position"),
    )
    op.create_index(op.f("ix_payment_merchant_uid"), "payment", ["merchant_uid"], unique=False)
    op.create_index(
        "payment_customer",
        "payment",
        ["customer_uid", "position"],
        unique=False,
        sqlite_where=sa.text("customer_uid IS NOT NULL"),
        postgresql_where=sa.text("customer_uid IS NOT NULL"),
    )
    op.create_index("payment_facet_position", "payment", ["facet_id", "position"], unique=False)
    op.create_index("payment_facet_started", "payment", ["facet_id", "started_at", "imp_uid"], unique=False)
    op.create_table(
        "schedule",
        sa.Column("merchant_uid", sa.String(), nullable=False),
        sa.Column("customer_uid", sa.String(), nullable=True),
        sa.Column("imp_uid", sa.String(), nullable=True),
        sa.Column("pg_provider", sa.String(), nullable=True),
        sa.Column("pg_id", sa.String(), nullable=True),
        sa.Column("customer_id", sa.String(), nullable=True),
        sa.Column("schedule_at", sa.BigInteger(), nullable=False),
        sa.Column("executed_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("buyer_name", sa.String(), nullable=True),
        sa.Column("buyer_email", sa.String(), nullable=True),
        sa.Column("buyer_tel", sa.String(), nullable=True),
        sa.Column("buyer_addr", sa.String(), nullable=True),
        sa.Column("buyer_postcode", sa.String(), nullable=True),
        sa.Column("custom_data", sa.String(), nullable=True),
        sa.Column("schedule_status", sa.String(), nullable=False),
        sa.Column("payment_status", sa.String(), nullable=True),
        sa.Column("fail_reason", sa.String(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("merchant_uid"),
    )
    op.create_index(op.f("ix_schedule_customer_uid"), "schedule", ["customer_uid"], unique=False)
    op.create_index(
        "schedule_status_time", "schedule", ["schedule_status", "schedule_at", "merchant_uid"], unique=False
    )
    op.create_index("schedule_time", "schedule", ["schedule_at", "merchant_uid"], unique=False)
    op.create_table(
        "schedule_total",
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("schedule_status", sa.String(), nullable=False),
        sa.Column("payment_status", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("schedules", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "schedule_status", "payment_status", "currency"),
    )
    op.create_table(
        "sync_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("payments", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("billing_keys", sa.Integer(), nullable=False),
        sa.Column("schedules", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("drift", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_sync_run_started_at"), "sync_run", ["started_at"], unique=False)
    op.create_table(
        "sync_window",
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("to_at", sa.BigInteger(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("drift", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("from_at"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE payment_gram USING fts5(t, content='', columnsize=0, detail=none, tokenize='trigram')"
        )
    else:
        op.execute("CREATE TABLE payment_gram (position BIGINT PRIMARY KEY, grams TEXT[] NOT NULL)")
        op.execute("CREATE INDEX payment_gram_grams ON payment_gram USING gin (grams)")
