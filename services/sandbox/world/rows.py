"""Payments and schedules in V1's spelling, with every field that the description names."""

from decimal import Decimal
from typing import Any

from services.sandbox.world.shelf import Facts, Row

Money = int | Decimal

BUYER = ("buyer_name", "buyer_email", "buyer_tel", "buyer_addr", "buyer_postcode")
_TIME_OF = {"paid": "paid_at", "cancelled": "cancelled_at", "failed": "failed_at"}


def _blank(names: str) -> Row:
    return dict.fromkeys(names.split())


_PAYMENT: Row = _blank(
    """
    imp_uid merchant_uid pay_method channel pg_provider emb_pg_provider pg_tid pg_id sandbox escrow
    apply_num bank_code bank_name card_code card_name card_issuer_code card_issuer_name
    card_publisher_code card_publisher_name card_quota card_number card_type vbank_code vbank_name
    vbank_num vbank_holder vbank_date vbank_issued_at name amount cancel_amount currency buyer_name
    buyer_email buyer_tel buyer_addr buyer_postcode custom_data user_agent status started_at paid_at
    failed_at cancelled_at fail_reason cancel_reason receipt_url cancel_history cancel_receipt_urls
    cash_receipt_issued customer_uid customer_uid_usage promotion
    """
) | {
    "sandbox": False, "escrow": False, "card_quota": 0, "vbank_date": 0, "vbank_issued_at": 0, "cancel_amount": 0,
    "currency": "KRW", "status": "ready", "paid_at": 0, "failed_at": 0, "cancelled_at": 0, "cancel_history": [],
    "cancel_receipt_urls": [], "cash_receipt_issued": False, "channel": "pc",
}  # fmt: skip
_SCHEDULE: Row = _blank(
    """
    customer_uid merchant_uid imp_uid pg_provider pg_id customer_id schedule_at executed_at revoked_at
    amount currency name buyer_name buyer_email buyer_tel buyer_addr buyer_postcode custom_data
    schedule_status payment_status fail_reason promotion_id
    """
) | {"executed_at": 0, "revoked_at": 0, "currency": "KRW", "schedule_status": "scheduled"}


def payment_row(imp_uid: str, merchant_uid: str, amount: Money, started_at: int, **more: Any) -> Row:
    """A payment whose window was opened; `more` are V1 fields."""
    own = {"imp_uid": imp_uid, "merchant_uid": merchant_uid, "amount": amount, "started_at": started_at}
    return {**_PAYMENT, **own, **more}


def schedule_row(customer_uid: str, merchant_uid: str, at: int, amount: Money, **more: Any) -> Row:
    """A booked payment; `more` are V1 fields."""
    own = {"customer_uid": customer_uid, "merchant_uid": merchant_uid, "schedule_at": at, "amount": amount}
    return {**_SCHEDULE, **own, **more}


def approved(row: Row, at: int) -> Row:
    """The payment once a PG has agreed to it."""
    number = row["imp_uid"][4:]
    return row | {
        "status": "paid", "paid_at": at, "failed_at": 0, "fail_reason": None,
        "apply_num": number[-8:], "pg_tid": f"{row['pg_provider'][:6]}{number}",
        "receipt_url": f"https://receipts.example.com/{row['pg_provider']}/{number}",
    }  # fmt: skip


def discount_of(row: Row) -> Money:
    """What a promotion took off a payment's amount."""
    return (row["promotion"] or {}).get("discount") or 0


def refund_row(row: Row, amount: Money, reason: str, at: int, *, discount: Money = 0) -> Row:
    """The payment after a refund of `amount`; only a whole refund changes its status and its time.

    `discount` was never paid: the rest is the whole.
    """
    number = len(row["cancel_history"]) + 1
    tail = f"{row['imp_uid'][4:]}{number:02d}"
    entry = {
        "pg_tid": f"cnl{tail}",
        "amount": amount,
        "cancelled_at": at,
        "reason": reason,
        "cancellation_id": f"cancellation-{tail}",
        "receipt_url": f"https://receipts.example.com/cancel/{tail}",
    }
    cancelled = row["cancel_amount"] + amount
    whole = cancelled >= row["amount"] - discount
    return row | {
        "cancel_amount": cancelled,
        "cancel_history": [*row["cancel_history"], entry],
        "cancel_receipt_urls": [*row["cancel_receipt_urls"], entry["receipt_url"]],
        "cancel_reason": reason,
        "cancelled_at": at if whole else row["cancelled_at"],
        "status": "cancelled" if whole else row["status"],
    }


def status_time(row: Row) -> int:
    """The time that belongs to a payment's final status."""
    return int(row[_TIME_OF.get(row["status"], "started_at")] or row["started_at"])


def payment_facts(row: Row) -> Facts:
    """What lists of payments go by; the sortings are started and paid."""
    return Facts(status_time(row), row["status"], (row["started_at"], row["paid_at"]))


def schedule_facts(row: Row) -> Facts:
    """What lists of schedules go by: the booked time."""
    return Facts(row["schedule_at"], row["schedule_status"], (row["schedule_at"],))
