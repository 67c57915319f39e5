"""The journal of operations, its attempts, batches of refunds, and the audit chain."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_OPEN = "state IN ('awaiting_approval', 'intent', 'sent', 'unknown', 'needs_person')"
_LEFT_ALONE = "state = 'expired' AND noted_at IS NULL"
_LEGAL = {
    "awaiting_approval": ("intent", "refused", "expired"),
    "intent": ("sent", "refused", "expired", "needs_person"),
    "sent": ("succeeded", "refused", "unknown", "expired"),
    "unknown": ("succeeded", "refused", "needs_person"),
    "needs_person": ("succeeded", "refused", "intent"),
}
_FIRST = "('awaiting_approval', 'intent')"
_TERMINAL = "('succeeded', 'refused', 'expired')"
_NOTE = ("noted_by", "noted_at", "note")
_ILLEGAL = "illegal operation state"
_FINAL = "an operation that has ended does not change"
_APPENDED = "audit entries are only ever appended"


def upgrade() -> None:
    columns = _operation_columns()
    op.create_table("operation", *columns, sa.PrimaryKeyConstraint("id"), sa.UniqueConstraint("token"))
    _operation_indexes()
    op.create_table(
        "attempt",
        sa.Column("operation_id", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("operation_id", "fence"),
    )
    op.create_table(
        "refund_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.Column("declined_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("operation_id", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_audit_entry_operation_id"), "audit_entry", ["operation_id"], unique=False)
    kept = ", ".join(column.name for column in columns if column.name not in _NOTE)
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_triggers(kept)
    else:
        _postgres_triggers(kept)


def _operation_columns() -> list[sa.Column[Any]]:
    text, number, big = sa.String, sa.Integer, sa.BigInteger
    wanted = {
        "id": number, "token": text, "kind": text, "state": text, "subject": text, "imp_uid": text,
        "merchant_uid": text, "customer_uid": text, "amount": big, "currency": text, "reason": text,
        "requester": text, "request": sa.Text, "balance": big, "known": sa.Text, "asked_by": text, "asked_at": big,
        "asked_from": text, "approved_by": text, "approved_at": big, "state_at": big, "fence": number,
        "claimed_by": text, "claimed_until": big, "looks": number, "look_at": big, "message": sa.Text, "why": text,
        "cancel_amount": big, "cancellation_id": text, "receipt_url": text, "batch_id": number,
        "batch_row": number, "noted_by": text, "noted_at": big, "note": text,
    }  # fmt: skip
    needed = {
        "id", "token", "kind", "state", "subject", "amount", "currency", "request", "asked_by", "asked_at",
        "asked_from", "state_at", "fence", "claimed_until", "looks", "look_at",
    }  # fmt: skip
    return [sa.Column(name, kind(), nullable=name not in needed) for name, kind in wanted.items()]


def _operation_indexes() -> None:
    for name, names, where, unique in (
        ("operation_open", ["subject"], _OPEN, True),
        ("operation_order", ["merchant_uid"], "kind = 'charge'", True),
        ("operation_left", ["asked_at"], _LEFT_ALONE, False),
    ):
        condition = sa.text(where)
        op.create_index(name, "operation", names, unique=unique, sqlite_where=condition, postgresql_where=condition)
    for name, names in (
        ("operation_state", ["state", "asked_at", "id"]),
        ("operation_time", ["asked_at", "id"]),
        ("operation_subject", ["subject", "id"]),
        ("operation_payment", ["imp_uid", "id"]),
        ("operation_batch", ["batch_id", "batch_row"]),
    ):
        op.create_index(name, "operation", names, unique=False)


def _illegal() -> str:
    steps = " OR ".join(f"(OLD.state = '{before}' AND NEW.state IN {after})" for before, after in _LEGAL.items())
    return f"NEW.state <> OLD.state AND NOT ({steps})"


def _sqlite_triggers(kept: str) -> None:
    for name, when, condition, words in (
        ("operation_begins", "INSERT ON operation", f"NEW.state NOT IN {_FIRST}", _ILLEGAL),
        ("operation_moves", "UPDATE OF state ON operation", _illegal(), _ILLEGAL),
        ("operation_ended", f"UPDATE OF {kept} ON operation", f"OLD.state IN {_TERMINAL}", _FINAL),
        ("operation_stays", "DELETE ON operation", "1", _FINAL),
        ("audit_changes", "UPDATE ON audit_entry", "1", _APPENDED),
        ("audit_goes", "DELETE ON audit_entry", "1", _APPENDED),
    ):
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{words}'); END")


def _postgres_triggers(kept: str) -> None:
    op.execute(
        "CREATE FUNCTION jangbu_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for name, when, condition, words in (
        ("operation_begins", "INSERT ON operation", f"WHEN (NEW.state NOT IN {_FIRST})", _ILLEGAL),
        ("operation_moves", "UPDATE OF state ON operation", f"WHEN ({_illegal()})", _ILLEGAL),
        ("operation_ended", f"UPDATE OF {kept} ON operation", f"WHEN (OLD.state IN {_TERMINAL})", _FINAL),
        ("operation_stays", "DELETE ON operation", "", _FINAL),
        ("audit_changes", "UPDATE ON audit_entry", "", _APPENDED),
        ("audit_goes", "DELETE ON audit_entry", "", _APPENDED),
    ):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when} FOR EACH ROW {condition} EXECUTE FUNCTION jangbu_refuse('{words}')"
        )
