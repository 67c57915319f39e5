"""What is kept of revenue, and the same counted from the rows alone, said a second time in plain Python."""

import re
from collections import Counter
from typing import Any

from sqlalchemy import Engine

from services.clock import day_of, day_to_date
from services.store.engine import reading, writing
from tests.worlds.recount import Rows, charged, stored_rows

Kept = dict[str, dict[Any, Any]]
_SUBSCRIBED = ("subscription", "mrr_movement")


def revenue_kept(engine: Engine) -> Kept:
    """Splits and both time bases; what is zero is left out."""
    with reading(engine) as conn:
        splits = conn.exec_driver_sql("SELECT field, currency, day, value, payments, gross, refunds FROM split_total")
        found: Kept = {"splits": {tuple(row[:4]): tuple(map(int, row[4:])) for row in splits}}
        bridge = conn.exec_driver_sql("SELECT what, currency, month, status_month, rows, amount FROM bridge_total")
        found["bridge"] = {tuple(row[:4]): tuple(map(int, row[4:])) for row in bridge}
    return {name: {key: sums for key, sums in every.items() if any(sums)} for name, every in found.items()}


def revenue_recounted(engine: Engine) -> Kept:
    """The same from payments and refunds."""
    with reading(engine) as conn:
        payments, refunds = stored_rows(conn)
    splits: Counter[Any] = Counter()
    bridge: Counter[Any] = Counter()
    for row in payments:
        if row["sandbox"] or not charged(row):
            continue
        _count(row, refunds.get(row["imp_uid"], []), splits, bridge)
    return {"splits": _folded(splits, 3), "bridge": _folded(bridge, 2)}


def _count(row: dict[str, Any], refunds: Rows, splits: Counter[Any], bridge: Counter[Any]) -> None:
    product, card = re.sub(r" 외 [0-9]+ ?[건개]$", " 외", row["name"] or "")[:200], row["card_name"] or ""
    currency, amount = row["currency"], row["amount"]
    if row["paid_at"]:
        for field, value in (("name", product), ("card_name", card)):
            splits[field, currency, day_of(row["paid_at"]), value, 0] += 1
            splits[field, currency, day_of(row["paid_at"]), value, 1] += amount
        _bridge(bridge, "gross", row, row["paid_at"], amount)
    if row["failed_at"] and not row["paid_at"]:
        splits["fail_reason", currency, day_of(row["failed_at"]), row["fail_reason"] or "", 0] += 1
        splits["fail_reason", currency, day_of(row["failed_at"]), row["fail_reason"] or "", 1] += amount
    if not row["paid_at"]:
        return
    given = [(one["cancelled_at"], one["amount"], one["reason"]) for one in refunds]
    if not given and row["cancel_amount"]:
        given = [(row["cancelled_at"] or row["paid_at"], row["cancel_amount"], row["cancel_reason"])]
    for at, refunded, reason in given:
        for field, value in (("name", product), ("card_name", card)):
            splits[field, currency, day_of(at), value, 2] += refunded
        splits["refund_reason", currency, day_of(at), reason or "", 0] += 1
        splits["refund_reason", currency, day_of(at), reason or "", 1] += refunded
        _bridge(bridge, "refunds", row, at, refunded)


def _bridge(bridge: Counter[Any], what: str, row: dict[str, Any], at: int, amount: int) -> None:
    key = (what, row["currency"], _month(at), _month(row["status_at"]))
    bridge[*key, 0] += 1
    bridge[*key, 1] += amount


def _month(at: int) -> int:
    when = day_to_date(day_of(at))
    return when.year * 100 + when.month


def _folded(sums: Counter[Any], places: int) -> dict[Any, Any]:
    keys = {key[:-1] for key in sums}
    found = {key: tuple(sums[*key, at] for at in range(places)) for key in keys}
    return {key: values for key, values in found.items() if any(values)}


def subscriptions_kept(engine: Engine) -> Kept:
    """Subscriptions, their movements, and the totals of those; what is zero is left out."""
    with reading(engine) as conn:
        found: Kept = {name: _rows(conn, name) for name in _SUBSCRIBED}
        totals = conn.exec_driver_sql(
            "SELECT field, currency, month, value, kind, churn, movements, amount, subscribers FROM mrr_total"
        )
        found["totals"] = {tuple(row[:6]): tuple(map(int, row[6:])) for row in totals if any(row[6:])}
        cohorts = conn.exec_driver_sql("SELECT currency, cohort, month, subscribers, amount FROM cohort_total")
        found["cohorts"] = {tuple(row[:3]): tuple(map(int, row[3:])) for row in cohorts if any(row[3:])}
    return found


def _rows(conn: Any, table: str) -> dict[Any, Any]:
    rows = [tuple(row) for row in conn.exec_driver_sql(f"SELECT * FROM {table}")]
    return dict.fromkeys(rows, True)


def forget_subscriptions(engine: Engine) -> None:
    """Nothing is kept any more, and every key is to be worked out."""
    with writing(engine) as conn:
        for table in (*_SUBSCRIBED, "mrr_total", "cohort_total", "chain", "failed_schedule"):
            conn.exec_driver_sql(f"DELETE FROM {table}")
        conn.exec_driver_sql("DELETE FROM chain_change")
        conn.exec_driver_sql("INSERT INTO chain_change SELECT customer_uid, 1 FROM key_summary")
