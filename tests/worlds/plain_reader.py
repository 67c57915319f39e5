"""V1 read by the plainest means (httpx and json), and the store's rows in the same shape: what must be equal."""

import json
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
from sqlalchemy import Engine

from services.clock import DAY
from services.store.engine import reading

Rows = dict[str, dict[str, Any]]
_CENTS = {"USD": 100}


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PAYMENT = _words(
    "imp_uid merchant_uid status currency amount cancel_amount started_at paid_at failed_at cancelled_at pay_method "
    "pg_provider pg_id pg_tid channel apply_num name card_name card_number card_quota buyer_name buyer_tel buyer_email "
    "customer_uid customer_uid_usage cancel_reason fail_reason"
)
REFUND = ("cancellation_id", "pg_tid", "amount", "cancelled_at", "reason")
SCHEDULE = _words(
    "merchant_uid customer_uid imp_uid schedule_at executed_at revoked_at amount currency name buyer_name "
    "schedule_status payment_status fail_reason"
)
KEY = ("customer_uid", "pg_provider", "card_name", "card_number", "customer_name", "customer_tel")


def everything_at(address: str, key: str, secret: str, *, days: int) -> dict[str, Rows]:
    """Payments, schedules and billing keys of a gateway."""
    now = int(time.time())
    with httpx.Client(base_url=address, trust_env=False, timeout=30) as http:
        token = http.post("/users/getToken", json={"imp_key": key, "imp_secret": secret}).json()["response"]
        http.headers["authorization"] = token["access_token"]
        payments = {row["imp_uid"]: payment_shape(row) for row in _payments(http, now, days)}
        booked = list(_schedules(http, now, days))
        schedules = {row["merchant_uid"]: schedule_shape(row) for row in booked}
        uids = {row["customer_uid"] for row in (*payments.values(), *schedules.values())} - {None}
        keys = {row["customer_uid"]: key_shape(row) for row in _keys(http, sorted(uids))}
    return {"payments": payments, "schedules": schedules, "billing_keys": keys}


def _payments(http: httpx.Client, now: int, days: int) -> Iterator[dict[str, Any]]:
    # Newest window first: what moves meanwhile moves there.
    for to_at in range(now + 5, now - (days + 1) * DAY, -90 * DAY):
        query = {"from": to_at - 90 * DAY + 1, "to": to_at, "limit": 1000, "sorting": "-started"}
        yield from _pages(http, "/payments/status/all", query)


def _schedules(http: httpx.Client, now: int, days: int) -> Iterator[dict[str, Any]]:
    for from_at in range(now - (days + 2) * DAY, now + 367 * DAY, 90 * DAY):
        query = {"schedule_from": from_at, "schedule_to": from_at + 90 * DAY, "limit": 1000}
        yield from _pages(http, "/subscribe/payments/schedule", query)


def _keys(http: httpx.Client, uids: list[str]) -> Iterator[dict[str, Any]]:
    for at in range(0, len(uids), 100):
        yield from _opened(http, "/subscribe/customers", {"customer_uid[]": uids[at : at + 100]}) or ()


def _pages(http: httpx.Client, path: str, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
    page = 1
    while page:
        found = _opened(http, path, query | {"page": page})
        yield from found["list"]
        page = found["next"]


def _opened(http: httpx.Client, path: str, query: dict[str, Any]) -> Any:
    answer = http.get(path, params=query)
    return json.loads(answer.content, parse_float=Decimal)["response"]


def payment_shape(row: dict[str, Any]) -> dict[str, Any]:
    """A payment of the gateway as the store holds it."""
    by = _CENTS.get(row["currency"], 1)
    shape = {name: row[name] for name in PAYMENT}
    shape |= {name: int(row[name] * by) for name in ("amount", "cancel_amount")}
    history = row["cancel_history"] or ()
    shape["refunds"] = [{name: one[name] for name in REFUND} | {"amount": int(one["amount"] * by)} for one in history]
    return shape


def schedule_shape(row: dict[str, Any]) -> dict[str, Any]:
    """A schedule of the gateway as the store holds it."""
    return {name: row[name] for name in SCHEDULE} | {"amount": int(row["amount"] * _CENTS.get(row["currency"], 1))}


def key_shape(row: dict[str, Any]) -> dict[str, Any]:
    """A billing key of the gateway as the store holds it."""
    return {name: row[name] for name in KEY}


def held(engine: Engine) -> dict[str, Rows]:
    """The store's rows in that shape; billing keys that are there and not deleted."""
    with reading(engine) as conn:

        def rows(names: Any, table: str, rest: str = "") -> list[dict[str, Any]]:
            sql = f"SELECT {', '.join(names)} FROM {table} {rest}"
            return [dict(row) for row in conn.exec_driver_sql(sql).mappings()]

        payments = {row["imp_uid"]: row | {"refunds": []} for row in rows(PAYMENT, "payment")}
        for row in rows(("imp_uid", *REFUND), "cancellation", "ORDER BY imp_uid, seq"):
            payments[row.pop("imp_uid")]["refunds"].append(row)
        schedules = {row["merchant_uid"]: row for row in rows(SCHEDULE, "schedule")}
        keys = rows(KEY, "billing_key", "WHERE deleted_at IS NULL AND checked_at IS NOT NULL")
    return {"payments": payments, "schedules": schedules, "billing_keys": {row["customer_uid"]: row for row in keys}}
