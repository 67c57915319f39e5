"""Chains of payments and failed schedules; triggers note which keys changed, and every key begins as one that did."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_MOVES = ("payments", "failures", "paid_at", "failed_at", "state", "pg_provider", "sandbox", "booked", "next_at")
_NOTE = (
    "INSERT INTO chain_change (customer_uid, changes) VALUES (NEW.customer_uid, 1) "
    "ON CONFLICT (customer_uid) DO UPDATE SET changes = chain_change.changes + 1"
)


def upgrade() -> None:
    op.create_table(
        "chain_change",
        sa.Column("customer_uid", sa.String(), primary_key=True),
        sa.Column("changes", sa.Integer(), nullable=False),
    )
    _chain()
    _failed_schedule()
    _triggers()
    op.execute("INSERT INTO chain_change (customer_uid, changes) SELECT customer_uid, 1 FROM key_summary")


def _chain() -> None:
    op.create_table(
        "chain",
        sa.Column("customer_uid", sa.String(), primary_key=True),
        *(_column(name, sa.String()) for name in ("pg_provider", "currency")),
        *(_column(name, sa.Boolean()) for name in ("sandbox", "deleted", "broken")),
        *(_column(name, sa.BigInteger()) for name in ("amount", "charged_at", "paid_at", "last_at")),
        _column("confidence", sa.Float()),
        _column("evidence", sa.Text()),
        *(_column(name, sa.Integer(), True) for name in ("every", "day_of_month")),
        *(_column(name, sa.String(), True) for name in ("unit", "name", "last_result", "fail_reason")),
        *(_column(name, sa.BigInteger(), True) for name in ("due_at", "lapses_at", "next_at")),
    )
    _index("chain_broken", "chain", ["lapses_at", "customer_uid"], "broken")


def _failed_schedule() -> None:
    op.create_table(
        "failed_schedule",
        sa.Column("merchant_uid", sa.String(), primary_key=True),
        *(_column(name, sa.String()) for name in ("customer_uid", "pg_provider", "currency", "action")),
        *(_column(name, sa.Boolean()) for name in ("sandbox", "ended")),
        *(_column(name, sa.BigInteger()) for name in ("amount", "failed_at", "last_failed_at")),
        _column("tries", sa.Integer()),
        *(_column(name, sa.String(), True) for name in ("name", "fail_reason", "recovered_imp_uid", "recovered_by")),
        *(_column(name, sa.BigInteger(), True) for name in ("booked_at", "recovered_at", "recovered_amount")),
        _column("recovered_month", sa.Integer(), True),
    )
    op.create_index("ix_failed_schedule_customer_uid", "failed_schedule", ["customer_uid"])
    _index("failed_open", "failed_schedule", ["failed_at", "merchant_uid"], "recovered_at IS NULL")
    _index("failed_booked", "failed_schedule", ["booked_at"], "booked_at IS NOT NULL")
    covered = ["recovered_month", "sandbox", "recovered_by", "currency", "recovered_amount"]
    _index("failed_recovered", "failed_schedule", covered, "recovered_at IS NOT NULL")


def _column(name: str, kind: Any, nullable: bool = False) -> Any:
    return sa.Column(name, kind, nullable=nullable)


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _triggers() -> None:
    """Payments and deletions show in the key's summary; a schedule may come revoked before it was ever seen booked."""
    lite = op.get_bind().dialect.name == "sqlite"
    if not lite:
        op.execute(
            "CREATE FUNCTION jangbu_note_chain() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {_NOTE}; RETURN NULL; END $$"
        )
    before, after = (", ".join(f"{row}.{name}" for name in _MOVES) for row in ("OLD", "NEW"))
    differs = f"({before}) IS {'NOT' if lite else 'DISTINCT FROM'} ({after})"
    named = "NEW.customer_uid <> ''"
    for name, when, condition in (
        ("chain_of_new_key", "INSERT ON key_summary", "NEW.customer_uid <> ''"),
        ("chain_of_key", f"UPDATE OF {', '.join(_MOVES)} ON key_summary", differs),
        ("chain_of_new_schedule", "INSERT ON schedule", named),
        ("chain_of_schedule", "UPDATE ON schedule", named),
    ):
        body = f"BEGIN {_NOTE}; END" if lite else "EXECUTE FUNCTION jangbu_note_chain()"
        op.execute(f"CREATE TRIGGER {name} AFTER {when} FOR EACH ROW WHEN ({condition}) {body}")
