"""What payments, schedules and the gateway say of a billing key, put into one row of `key_summary`."""

from collections.abc import Mapping
from typing import Any

from services.payment_states import only_registered
from services.store.fold import phone_digits
from services.store.sql import column_names
from services.tables.keys import KeyState, KeySummary

Row = dict[str, Any]
COLUMNS = column_names(KeySummary)
PLACE_BITS = 24
_LATEST_PLACE = 1 << 38  # a time beyond it would leave no room for the bits
_PAID = ("paid_at", "paid_imp_uid", "paid_amount", "paid_currency")
_FAILED = ("failed_at", "failed_imp_uid", "fail_reason")
_NO_PAYMENTS: Row = {
    "first_at": 0,
    "payments": 0,
    "failures": 0,
    "paid_at": 0,
    "paid_imp_uid": "",
    "paid_amount": 0,
    "paid_currency": None,
    "failed_at": 0,
    "failed_imp_uid": "",
    "fail_reason": None,
}
NOTHING_BOOKED: Row = {
    "booked": 0,
    "booked_won": 0,
    "next_at": None,
    "next_amount": None,
    "next_currency": None,
    "next_merchant_uid": None,
}
_BUYER = ("buyer_name", "buyer_tel", "buyer_email")
_SHORTEST_TEL = 8
_OF_SUPER_KEYS = ("channelGroupId", "succeededChannels")
"""Their names in `extra`: V1 says of such a key neither its PG nor whether it is of a test channel."""


def new_summary(customer_uid: str, number: int) -> Row:
    """The row of a key of which nothing is known."""
    row = dict.fromkeys(COLUMNS) | _NO_PAYMENTS | NOTHING_BOOKED
    return row | {"id": number, "customer_uid": customer_uid, "duplicated": False}


def without_payments(row: Row) -> Row:
    """The row before any payment was counted in."""
    return row | _NO_PAYMENTS


def count_in(row: Row, payment: Mapping[str, Any]) -> None:
    """Counts one more payment of the key into its row; the order in which they come makes no difference."""
    started = payment["started_at"]
    if started and (not row["first_at"] or started < row["first_at"]):
        row["first_at"] = started
    if only_registered(payment):
        return
    if payment["paid_at"]:
        row["payments"] += 1
        _keep_later(row, _PAID, [payment[name] for name in ("paid_at", "imp_uid", "amount", "currency")])
    elif payment["failed_at"]:
        row["failures"] += 1
        _keep_later(row, _FAILED, [payment[name] for name in ("failed_at", "imp_uid", "fail_reason")])


def _keep_later(row: Row, names: tuple[str, ...], values: list[Any]) -> None:
    if (values[0], values[1]) > (row[names[0]], row[names[1]]):
        row.update(zip(names, values, strict=True))


def describe(row: Row, key: Mapping[str, Any], latest: Mapping[str, Any], booked: Mapping[str, Any]) -> None:
    """Fills in who and what the key is: its own fields, else its latest payment's, else its next schedule's.

    All three have the names of `key_summary`; what is not known is missing or null.
    """
    for name in (*_BUYER, "card_name", "card_number"):
        row[name] = key.get(name) or latest.get(name) or booked.get(name)
    row["pg_provider"] = key.get("pg_provider") or latest.get("pg_provider") or booked.get("pg_provider") or ""
    row["is_super"] = any(name in (key.get("extra") or "") for name in _OF_SUPER_KEYS)
    told = key if key.get("checked_at") and not row["is_super"] else latest
    row["sandbox"] = bool(told.get("sandbox"))
    row["registered_at"] = key.get("inserted") or row["first_at"]
    row["position"] = (min(row["registered_at"], _LATEST_PLACE) << PLACE_BITS) + row["id"]
    row["state"] = _state(row, deleted=key.get("deleted_at") is not None).value
    row["same_tel"] = same_tel(row["buyer_tel"])
    row["same_card"] = (
        f"{row['buyer_name']}\n{row['card_number']}" if row["buyer_name"] and row["card_number"] else None
    )


def _state(row: Row, *, deleted: bool) -> KeyState:
    if deleted:
        return KeyState.DELETED
    if row["failed_at"] > row["paid_at"]:
        return KeyState.FAILING
    return KeyState.ACTIVE if row["paid_at"] or row["booked"] else KeyState.UNUSED


def same_tel(tel: str | None) -> str | None:
    """The digits by which two phones are the same; null for none and for 010-0000-0000 and its like."""
    number = phone_digits(tel or "")
    return number if len(number) >= _SHORTEST_TEL and len(set(number[3:])) > 1 else None
