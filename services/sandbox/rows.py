"""Rows in V1's spelling, with every field that the description names."""

from decimal import Decimal
from typing import Any

from services.sandbox.people import Buyer

Row = dict[str, Any]

_BLANK: Row = dict.fromkeys(
    [
        "pay_method",
        "channel",
        "pg_provider",
        "emb_pg_provider",
        "pg_tid",
        "pg_id",
        "apply_num",
        "bank_code",
        "bank_name",
        "card_code",
        "card_name",
        "card_issuer_code",
        "card_issuer_name",
        "card_publisher_code",
        "card_publisher_name",
        "card_number",
        "card_type",
        "vbank_code",
        "vbank_name",
        "vbank_num",
        "vbank_holder",
        "name",
        "buyer_name",
        "buyer_email",
        "buyer_tel",
        "buyer_addr",
        "buyer_postcode",
        "custom_data",
        "user_agent",
        "fail_reason",
        "cancel_reason",
        "receipt_url",
        "customer_uid",
        "customer_uid_usage",
        "promotion",
    ]
)
CARDS = (
    ("361", "비씨카드"),
    ("366", "신한카드"),
    ("365", "삼성카드"),
    ("381", "국민카드"),
    ("367", "현대카드"),
)
BANKS = (
    ("004", "국민은행"),
    ("088", "신한은행"),
    ("020", "우리은행"),
    ("011", "농협은행"),
    ("090", "카카오뱅크"),
)
PG_IDS = {
    "naverpay": "np_jangbu", "html5_inicis": "INIpayTest", "kakaopay": "TC0ONETIME", "tosspayments": "tvivarepublica",
    "nice_v2": "nictest04m", "payco": "PARTNERTEST", "danal": "A010002002", "paypal_v2": "jangbu-usd",
}  # fmt: skip


def payment_row(imp_uid: str, merchant_uid: str, amount: int | Decimal, started_at: int, **more: Any) -> Row:
    """A payment whose window was opened; `more` are V1 fields."""
    return (
        _BLANK
        | {
            "imp_uid": imp_uid,
            "merchant_uid": merchant_uid,
            "amount": amount,
            "cancel_amount": 0,
            "currency": "KRW",
            "status": "ready",
            "sandbox": False,
            "escrow": False,
            "card_quota": 0,
            "vbank_date": 0,
            "vbank_issued_at": 0,
            "started_at": started_at,
            "paid_at": 0,
            "failed_at": 0,
            "cancelled_at": 0,
            "cash_receipt_issued": False,
            "cancel_history": [],
            "cancel_receipt_urls": [],
            "channel": "pc",
            "user_agent": "sandbox",
        }
        | more
    )


def buyer_fields(buyer: Buyer) -> Row:
    """The buyer's fields of a payment or a schedule."""
    return {
        "buyer_name": buyer.name,
        "buyer_tel": buyer.tel,
        "buyer_email": buyer.email,
        "buyer_addr": buyer.addr,
        "buyer_postcode": buyer.postcode,
    }


def schedule_row(customer_uid: str, merchant_uid: str, at: int, amount: int, name: str, **more: Any) -> Row:
    """A booked payment."""
    return {
        "customer_uid": customer_uid,
        "merchant_uid": merchant_uid,
        "imp_uid": None,
        "customer_id": None,
        "schedule_at": at,
        "executed_at": 0,
        "revoked_at": 0,
        "amount": amount,
        "currency": "KRW",
        "name": name,
        "buyer_name": None,
        "buyer_email": None,
        "buyer_tel": None,
        "buyer_addr": None,
        "buyer_postcode": None,
        "custom_data": None,
        "schedule_status": "scheduled",
        "payment_status": None,
        "fail_reason": None,
    } | more


def refund_row(row: Row, amount: int | Decimal, reason: str, at: int, number: int) -> Row:
    """The payment after a refund of `amount`; fully refunded ones become cancelled."""
    entry = {
        "pg_tid": f"cancel_{row['imp_uid'][4:]}_{number}",
        "amount": amount,
        "cancelled_at": at,
        "reason": reason,
        "cancellation_id": f"cancellation_{row['imp_uid'][4:]}_{number}",
        "receipt_url": f"https://sandbox.invalid/receipts/{row['imp_uid']}/{number}",
    }
    cancelled = row["cancel_amount"] + amount
    whole = cancelled >= row["amount"]
    return row | {
        "cancel_amount": cancelled,
        "cancel_history": [*row["cancel_history"], entry],
        "cancel_receipt_urls": [*row["cancel_receipt_urls"], entry["receipt_url"]],
        "cancel_reason": reason,
        "cancelled_at": at if whole else row["cancelled_at"],
        "status": "cancelled" if whole else row["status"],
    }
