"""What is kept of revenue, filled from the payments that are there; subscriptions are worked out anew for every key."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_LIVE = "NOT p.sandbox AND coalesce(p.customer_uid_usage, '') <> 'issue'"
_REFUND = """(
    SELECT imp_uid, cancelled_at AS at, amount, reason FROM cancellation
    UNION ALL SELECT imp_uid, CASE WHEN cancelled_at > 0 THEN cancelled_at ELSE paid_at END, cancel_amount,
        cancel_reason
    FROM payment q WHERE cancel_amount > 0 AND NOT EXISTS (SELECT 1 FROM cancellation c WHERE c.imp_uid = q.imp_uid)
) r JOIN payment p ON p.imp_uid = r.imp_uid"""
_PAID = "payment p"
_FAILED = "p.failed_at > 0 AND p.paid_at = 0"
_SPLITS = (
    ("name", "coalesce(p.name, '')", _PAID, "p.paid_at", "p.amount", "p.paid_at > 0"),
    ("card_name", "coalesce(p.card_name, '')", _PAID, "p.paid_at", "p.amount", "p.paid_at > 0"),
    ("name", "coalesce(p.name, '')", _REFUND, "r.at", "r.amount", ""),
    ("card_name", "coalesce(p.card_name, '')", _REFUND, "r.at", "r.amount", ""),
    ("fail_reason", "coalesce(p.fail_reason, '')", _PAID, "p.failed_at", "p.amount", _FAILED),
    ("refund_reason", "coalesce(r.reason, '')", _REFUND, "r.at", "r.amount", "true"),
)
_BRIDGES = (
    ("gross", _PAID, "p.paid_at", "p.amount", "p.paid_at > 0"),
    ("refunds", _REFUND, "r.at", "r.amount", "true"),
)
_MORE_ITEMS = re.compile(r" 외 \d+\s?[건개]$")
_LONGEST = 200


def upgrade() -> None:
    _totals()
    _closing()
    _subscriptions()
    op.create_table(
        "forecast",
        *_key("currency", "span"),
        *_key("first_day", kind=sa.Integer()),
        *_sums("p10", "p50", "p90", "booked", "renewals"),
        sa.Column("actual", sa.BigInteger(), nullable=True),
    )
    fill_revenue(_LIVE, _LIVE)
    op.execute(
        "INSERT INTO chain_change (customer_uid, changes) SELECT customer_uid, 1 FROM key_summary WHERE true "
        "ON CONFLICT (customer_uid) DO UPDATE SET changes = chain_change.changes + 1"
    )


def _totals() -> None:
    op.create_table(
        "split_total",
        *_key("field", "currency"),
        *_key("day", kind=sa.Integer()),
        *_key("value"),
        *_sums("payments", "gross", "refunds"),
    )
    op.create_table(
        "bridge_total",
        *_key("what", "currency"),
        *_key("month", "status_month", kind=sa.Integer()),
        *_sums("rows", "amount"),
    )
    op.create_table(
        "mrr_total",
        *_key("field", "currency"),
        *_key("month", kind=sa.Integer()),
        *_key("value", "kind", "churn"),
        *_sums("movements", "amount", "subscribers"),
    )
    op.create_table(
        "cohort_total",
        *_key("currency"),
        *_key("cohort", "month", kind=sa.Integer()),
        *_sums("subscribers", "amount"),
    )


def _closing() -> None:
    op.create_table(
        "revenue_change",
        sa.Column("id", sa.Integer(), primary_key=True),
        *_sums("learnt_at", "amount"),
        *_texts("imp_uid", "what", "currency"),
        *_sums("day", "rows", kind=sa.Integer()),
    )
    op.create_index("revenue_change_day", "revenue_change", ["day", "id"])
    op.create_index("revenue_change_learnt", "revenue_change", ["learnt_at", "day"])
    op.create_table(
        "closing",
        sa.Column("id", sa.Integer(), primary_key=True),
        *_sums("month", kind=sa.Integer()),
        *_sums("closed_at", "changes"),
        *_texts("closed_by", "note"),
        sa.Column("figures", sa.Text(), nullable=False),
    )
    refunded = sa.text("cancel_amount > 0")
    for name, at in (("payment_refunded_paid", "paid_at"), ("payment_refunded_status", "status_at")):
        op.create_index(name, "payment", [at, "imp_uid"], sqlite_where=refunded, postgresql_where=refunded)
    op.create_index("ix_closing_month", "closing", ["month"])


def _subscriptions() -> None:
    op.create_table(
        "subscription",
        *_key("customer_uid"),
        *_texts("pg_provider", "currency", "name", "unit", "state"),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        *_sums("price", "monthly", "since"),
        sa.Column("churn", sa.String(), nullable=True),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("ended_at", "review_at")),
    )
    op.create_index("subscription_list", "subscription", ["since", "customer_uid"])
    op.create_index("subscription_state", "subscription", ["state", "since", "customer_uid"])
    known = sa.text("review_at IS NOT NULL")
    op.create_index("subscription_review", "subscription", ["review_at"], sqlite_where=known, postgresql_where=known)
    op.create_table(
        "mrr_movement",
        *_key("customer_uid"),
        *_key("month", kind=sa.Integer()),
        *_texts("kind", "churn", "currency", "pg_provider", "name"),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        *_sums("amount"),
        *_sums("subscribers", "cohort", kind=sa.Integer()),
    )
    op.create_index("mrr_movement_month", "mrr_movement", ["month", "kind", "customer_uid"])


def fill_revenue(paid: str, refunded: str) -> None:
    """Fills both tables from payments and refunds, each as far as a condition on `p` lets them through."""
    lives = {_PAID: paid, _REFUND: refunded}
    _fill_splits(lives)
    _fill_bridge(lives)


def _fill_splits(lives: Mapping[str, str]) -> None:
    sums: Counter[tuple[str, str, int, str, str]] = Counter()
    for field, value, source, at, amount, when in _SPLITS:
        refunded = source == _REFUND and field != "refund_reason"
        rows = _grouped(f"p.currency, {_day(at)}, {value}", source, amount, f"{lives[source]} AND {when or 'true'}")
        for currency, day, text, n, total in rows:
            short = (_MORE_ITEMS.sub(" 외", text) if field == "name" else text)[:_LONGEST]
            sums[field, currency, day, short, "payments"] += 0 if refunded else n
            sums[field, currency, day, short, "refunds" if refunded else "gross"] += int(total)
    keys = dict.fromkeys(key[:4] for key in sums)
    _insert("split_total", [(*key, *(sums[*key, name] for name in ("payments", "gross", "refunds"))) for key in keys])


def _fill_bridge(lives: Mapping[str, str]) -> None:
    sums: Counter[tuple[str, str, int, int, str]] = Counter()
    for what, source, at, amount, when in _BRIDGES:
        for currency, day, status_day, n, total in _grouped(
            f"p.currency, {_day(at)}, {_day('p.status_at')}", source, amount, f"{lives[source]} AND {when}"
        ):
            key = (what, currency, _month(day), _month(status_day))
            sums[*key, "rows"] += n
            sums[*key, "amount"] += int(total)
    keys = dict.fromkeys(key[:4] for key in sums)
    _insert("bridge_total", [(*key, sums[*key, "rows"], sums[*key, "amount"]) for key in keys])


def _grouped(by: str, source: str, amount: str, when: str) -> Iterable[Any]:
    sql = f"SELECT {by}, count(*), sum({amount}) FROM {source} WHERE {when} GROUP BY {by}"
    return op.get_bind().exec_driver_sql(sql).fetchall()


def _day(at: str) -> str:
    return f"(({at} + 32400) / 86400)"


def _month(day: int) -> int:
    when = date(1970, 1, 1) + timedelta(days=day)
    return when.year * 100 + when.month


def _insert(table: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        mark = "?" if op.get_bind().dialect.name == "sqlite" else "%s"
        sql = f"INSERT INTO {table} VALUES ({', '.join(mark for _ in rows[0])})"
        op.get_bind().exec_driver_sql(sql, rows)


def _key(*names: str, kind: Any = None) -> list[Any]:
    return [sa.Column(name, kind or sa.String(), primary_key=True, autoincrement=False) for name in names]


def _texts(*names: str) -> list[Any]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _sums(*names: str, kind: Any = None) -> list[Any]:
    return [sa.Column(name, kind or sa.BigInteger(), nullable=False) for name in names]
