"""V1's codes in words; a code without a word is shown as it is."""

from collections.abc import Callable, Mapping
from functools import cache

from services.plain_text import harmless

from dashboard.locale import _, current_language
from dashboard.words import formats
from dashboard.words.names import pg_names
from dashboard.words.states import Look, States

Words = dict[str, str]


def once_a_language(words: Callable[[], Words]) -> Callable[[str], str]:
    """A lookup in a table that is translated once: lists look up thousands of words in a run."""

    @cache
    def table(_language: str) -> Words:
        return words()

    def look_up(code: str) -> str:
        return table(current_language()).get(code) or harmless(code)

    return look_up


@States
def state() -> Mapping[str, Look]:
    """The state of a payment, partly refunded among them."""
    return {
        "ready": Look("○", "yellow", _("Unpaid")),
        "paid": Look("✓", "green", _("Paid")),
        "partly_refunded": Look("◐", "orange", _("Partly refunded")),
        "cancelled": Look("↩", "gray", _("Refunded")),
        "registered": Look("◇", "violet", _("Registered, not charged")),
        "revoked": Look("⊘", "gray", _("Revoked before payment")),
        "failed": Look("✕", "red", _("Failed")),
        "pending": Look("…", "blue", _("Pending")),
    }


@States
def key_state() -> Mapping[str, Look]:
    """How a billing key stands."""
    return {
        "active": Look("✓", "green", _("Active")),
        "failing": Look("✕", "red", _("Failing")),
        "unused": Look("○", "blue", _("Unused")),
        "deleted": Look("⊘", "gray", _("Deleted")),
    }


@once_a_language
def provider() -> Words:
    """A PG by its name."""
    return pg_names.providers()


@once_a_language
def method() -> Words:
    """A pay method by its name."""
    return pg_names.methods()


@once_a_language
def kind() -> Words:
    """What a payment was for."""
    return {
        "one_off": _("One-off"),
        "recurring": _("Recurring"),
        "registration": _("Key registration"),
    }


@once_a_language
def live() -> Words:
    """Which channels' rows are shown."""
    return {"live": _("Live"), "test": _("Test"), "all": _("Live and test")}


def channel(pg_provider: str, pg_id: str | None, *, sandbox: bool) -> str:
    """A channel where one is chosen: its PG, its MID, and whether it is a test's."""
    return formats.line(provider(pg_provider), pg_id, live("test" if sandbox else "live"))


@once_a_language
def channel_type() -> Words:
    """What a channel is for."""
    words = {"payment": _("Payments in the window"), "api_payment": _("Billing keys")}
    return words | {code.upper(): word for code, word in words.items()}


@once_a_language
def basis() -> Words:
    """Which time a list of payments goes by."""
    return {"paid": _("Day of payment"), "status": _("Time of the status"), "started": _("Time of the request")}


@once_a_language
def part() -> Words:
    """Whether a refund gave the whole payment back at once."""
    return {"full": _("Full"), "partial": _("Partial")}


@once_a_language
def role() -> Words:
    """A role by its name."""
    return {
        "viewer": _("Viewer"),
        "support": _("Support"),
        "finance": _("Finance"),
        "manager": _("Manager"),
        "admin": _("Administrator"),
    }


@once_a_language
def field() -> Words:
    """A field by its heading."""
    return (
        _payment_fields()
        | _balance_fields()
        | _operation_fields()
        | _recurring_fields()
        | _subscription_fields()
        | _receipt_fields()
    )


def _payment_fields() -> Words:
    return {
        "imp_uid": "imp_uid",
        "merchant_uid": _("Order number"),
        "apply_num": _("Approval number"),
        "buyer_name": _("Buyer"),
        "buyer_tel": _("Phone"),
        "buyer_email": _("E-mail"),
        "name": _("Product"),
        "amount": _("Amount"),
        "cancel_amount": _("Refunded"),
        "cancel_reason": _("Refund reason"),
        "card_number": _("Card number"),
        "fail_reason": _("Failure reason"),
        "status": _("State"),
        "payment_state": _("State in the list"),
        "part": _("Full or partial"),
        "payment_amount": _("Payment's amount"),
        "remaining": _("Remaining"),
        "made_at": _("Paid, or tried"),
        "status_at": _("Time of the status"),
        "started_at": _("Requested"),
        "paid_at": _("Paid at"),
        "failed_at": _("Failed at"),
        "cancelled_at": _("Refunded at"),
        "pg_provider": _("PG"),
        "pay_method": _("Payment method"),
        "card_name": _("Card name"),
        "buyer_addr": _("Address"),
        "buyer_postcode": _("Postcode"),
        "currency": _("Currency"),
        "pg_id": _("Channel"),
        "pg_tid": _("PG's number"),
        "channel": _("Device"),
        "card_quota": _("Instalments"),
        "bank_name": _("Bank"),
        "vbank_name": _("Virtual account's bank"),
        "vbank_num": _("Virtual account's number"),
        "vbank_holder": _("Holder"),
        "customer_uid_usage": _("Used as"),
        "kind": _("Kind"),
        "hits": _("Found in"),
        "sandbox": _("Test"),
        "tier": _("Sub-store"),
    }


def _balance_fields() -> Words:
    return {
        "balance_tax_free": _("Tax-free, as the PG tells it"),
        "balance_supply": _("Supply value, as the PG tells it"),
        "balance_vat": _("VAT, as the PG tells it"),
        "balance_secondary": _("By points"),
        "balance_discount": _("Discount that the PG bore"),
    }


def _operation_fields() -> Words:
    return {
        "cancellation_id": _("Refund's number"),
        "reason": _("Refund reason"),
        "requester": _("Who wanted it"),
        "asked_by": _("Entered by"),
        "asked_at": _("Entered at"),
        "approved_by": _("Approved by"),
        "approved_at": _("Approved at"),
        "id": _("Operation"),
        "state": _("State"),
        "state_at": _("Time of the state"),
        "message": _("The gateway's words"),
        "why": _("Our own reason"),
        "receipt_url": _("Slip"),
        "noted_by": _("Settled by"),
        "noted_at": _("Settled at"),
        "note": _("Note"),
    }


def _recurring_fields() -> Words:
    return {
        "schedule_status": _("Schedule's state"),
        "payment_status": _("Payment's state"),
        "schedule_at": _("Booked for"),
        "executed_at": _("Ran at"),
        "revoked_at": _("Revoked at"),
        "inserted": _("Registered at"),
        "updated": _("Changed at"),
        "checked_at": _("Looked up at"),
        "deleted_at": _("Gone since"),
        "customer_name": _("Buyer"),
        "customer_tel": _("Phone"),
        "customer_email": _("E-mail"),
        "customer_uid": _("Billing key"),
        "key_state": _("Key's state"),
        "payments": _("Successful payments"),
        "failures": _("Failed attempts"),
        "last_paid_at": _("Last success"),
        "last_paid_amount": _("Amount of the last success"),
        "last_paid_currency": _("Currency of the last success"),
        "last_failed_at": _("Last failure"),
        "booked": _("Booked payments"),
        "booked_won": _("Booked on it"),
        "next_charge_at": _("Next charge"),
        "next_charge_amount": _("Amount of the next charge"),
        "next_charge_currency": _("Currency of the next charge"),
        "next_charge_merchant_uid": _("Order number of the next charge"),
        "duplicated": _("Duplicate"),
        "is_super": _("Super billing key"),
    }


def _subscription_fields() -> Words:
    return {
        "price": _("Price, a cycle"),
        "monthly": _("In MRR"),
        "every": _("Every how many"),
        "unit": _("Unit of the cadence"),
        "confidence": _("Confidence"),
        "confidence_percent": _("Confidence, %"),
        "evidence": _("Inferred from these days"),
        "since": _("Since"),
        "due_at": _("Due"),
        "churn": _("How it ended"),
        "ended_at": _("Ended"),
    }


def _receipt_fields() -> Words:
    return {
        "applied_at": _("Issued at"),
        "receipt_state": _("Receipt's state"),
        "receipt_type": _("Purpose of the receipt"),
        "vat": _("VAT"),
        "tax_free": _("Tax-free part"),
        "external": _("Sale made elsewhere"),
        "identifier_kind": _("Kind of number"),
        "identifier_end": _("Last four digits"),
        "issued_by": _("Issued by"),
    }


@once_a_language
def table() -> Words:
    """A table of the store."""
    return {
        "payments": _("Payments"),
        "refunds": _("Refunds"),
        "schedules": _("Schedules"),
        "billing_keys": _("Billing keys"),
    }


@once_a_language
def exported() -> Words:
    """A list that can be exported, by its kind."""
    return {
        "payments": _("Payments"),
        "refunds": _("Refunds"),
        "schedules": _("Schedules"),
        "billing-keys": _("Billing keys"),
        "subscriptions": _("Subscriptions"),
        "operations": _("Activity"),
        "receipts": _("Cash receipts"),
        "waiting": _("Waiting for money"),
    }


@once_a_language
def device() -> Words:
    """What a buyer paid on, or that the shop's server did it."""
    return {"pc": _("Computer"), "mobile": _("Mobile"), "api": "API"}


@once_a_language
def usage() -> Words:
    """What a billing key did in a payment."""
    return {
        "": "",
        "issue": _("Registration of a billing key; nothing was charged"),
        "payment": _("Charge of a billing key"),
        "payment.scheduled": _("Scheduled charge of a billing key"),
    }


def test_mark(sandbox: bool) -> str:
    """What marks a row of a test channel."""
    return live("test") if sandbox else ""
