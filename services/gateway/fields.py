"""V1's fields: which there are, how each is read however it is written, which values are known."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from unicodedata import normalize

Reader = Callable[[Any], Any]
MOST = 10**16
"""No number is that high: sums of hundreds of them still fit their column."""
COUNT_MOST = 2**31
LAST_MOMENT = 253_402_300_799
"""The end of the year 9999 in UNIX seconds; what lies beyond is no time in seconds."""


def text(value: Any) -> str:
    """An `exact` string in the one spelling that Unicode prefers (NFC)."""
    return composed(exact(value))


def composed(value: str) -> str:
    """NFC: syllables that came in letters are put together."""
    return value if value.isascii() else normalize("NFC", value)


def exact(value: Any) -> str:
    """A string, or a number written as one. A NUL, which no database takes, becomes its picture."""
    if isinstance(value, str):
        return value.replace("\0", "\u2400") if "\0" in value else value
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError
    return str(value)


def currency(value: Any) -> str:
    """A currency's code as ISO 4217 writes it: some shops send `krw`."""
    return text(value).strip().upper()


def whole(value: Any) -> int:
    """A whole number, or a string that is one."""
    if isinstance(value, bool):
        raise ValueError
    number = Decimal(value)
    if not -MOST < number < MOST or number != int(number):
        raise ValueError
    return int(number)


def count(value: Any) -> int:
    """A small whole number."""
    number = whole(value)
    if not -COUNT_MOST <= number < COUNT_MOST:
        raise ValueError
    return number


def moment(value: Any) -> int:
    """A UNIX time in seconds; 0 means never."""
    number = whole(value)
    if not 0 <= number <= LAST_MOMENT:
        raise ValueError
    return number


def flag(value: Any) -> bool:
    """A yes or no in one of its spellings."""
    if isinstance(value, bool):
        return value
    known = {"true": True, "false": False, "1": True, "0": False, "y": True, "n": False}
    return known[str(value).lower()]


def _names(words: str, reader: Reader) -> dict[str, Reader]:
    return dict.fromkeys(words.split(), reader)


_PERSON = "buyer_name buyer_email buyer_tel buyer_addr buyer_postcode"
_CARD = "card_code card_name card_number " + (
    "card_issuer_code card_issuer_name card_publisher_code card_publisher_name"
)
_ROUTE = "pay_method channel pg_provider emb_pg_provider pg_tid pg_id apply_num bank_code bank_name"

READERS: dict[str, dict[str, Reader]] = {
    "payment": {
        **_names("imp_uid merchant_uid", exact),
        **_names("currency", currency),
        **_names(f"status {_ROUTE} {_CARD} {_PERSON}", text),
        **_names("vbank_code vbank_name vbank_num vbank_holder name custom_data user_agent", text),
        **_names("fail_reason cancel_reason receipt_url", text),
        **_names("customer_uid", exact),
        **_names("customer_uid_usage", text),
        **_names("sandbox escrow cash_receipt_issued", flag),
        **_names("card_quota card_type", count),
        **_names("vbank_date vbank_issued_at started_at paid_at failed_at cancelled_at", moment),
    },
    "cancellation": {
        **_names("cancellation_id pg_tid reason receipt_url", text),
        **_names("cancelled_at", moment),
    },
    "schedule": {
        **_names("customer_uid merchant_uid imp_uid", exact),
        **_names("currency", currency),
        **_names("pg_provider pg_id customer_id name", text),
        **_names(f"{_PERSON} custom_data schedule_status payment_status fail_reason", text),
        **_names("schedule_at executed_at revoked_at", moment),
    },
    "billing_key": {
        **_names("customer_uid", exact),
        **_names(f"pg_provider pg_id customer_id {_CARD}", text),
        **_names("customer_name customer_tel customer_email customer_addr customer_postcode", text),
        **_names("sandbox", flag),
        **_names("card_type", count),
        **_names("inserted updated", moment),
    },
    "channel": {
        **_names("pg_provider pg_id type channel_name channel_key", text),
        **_names("sandbox", flag),
    },
    "receipt": {
        **_names("imp_uid merchant_uid", exact),
        **_names("apply_num type receipt_tid receipt_url", text),
        **_names("amount vat", whole),
        **_names("applied_at cancelled_at", moment),
    },
    "delivery": {
        **_names("company invoice", text),
        **_names("sent_at applied_at", moment),
    },
}

DEFAULTS: dict[str, dict[str, Any]] = {
    "payment": {
        "merchant_uid": "", "currency": "KRW", "status": "unknown", "sandbox": False,
        "started_at": 0, "paid_at": 0, "failed_at": 0, "cancelled_at": 0,
    },
    "cancellation": {"cancelled_at": 0},
    "schedule": {
        "currency": "KRW", "schedule_status": "unknown", "executed_at": 0, "revoked_at": 0, "schedule_at": 0,
    },
    "billing_key": {"sandbox": False, "inserted": 0, "updated": 0},
    "channel": {"pg_provider": "", "pg_id": "", "sandbox": False, "type": ""},
    "receipt": {"type": "person", "amount": 0, "vat": 0, "applied_at": 0, "cancelled_at": 0},
    "delivery": {"company": "", "sent_at": 0, "applied_at": 0},
}  # fmt: skip

WITHOUT_COLUMN: dict[str, frozenset[str]] = {
    "payment": frozenset({"promotion", "deposit_history", "cancel_receipt_urls"}),
    "schedule": frozenset({"promotion_id"}),
    "billing_key": frozenset({"succeededChannels", "failedChannels", "channelGroupId"}),
}
"""Fields of the vendor's that are kept in `extra` unless they are empty."""

KNOWN_VALUES = {
    "payment": {
        "status": frozenset({"ready", "paid", "cancelled", "failed", "pending"}),
        "customer_uid_usage": frozenset({"issue", "payment", "payment.scheduled"}),
    },
    "schedule": {
        "schedule_status": frozenset({"scheduled", "executed", "revoked"}),
        "payment_status": frozenset({"paid", "failed", "cancelled"}),
    },
}
