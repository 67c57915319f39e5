"""Columns of the exports: V1's names, and where each comes from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from services.balances.kept import telling_pgs
from services.receipts.receipt_list import LEFT, STATE
from services.store.lists.facets import TOOK_MONEY
from services.store.lists.refunds import MOVED
from services.store.lists.subscriptions import AMOUNTS as OF_SUBSCRIPTIONS


class Shape(StrEnum):
    """How a value is written."""

    TEXT = "text"
    MONEY = "money"
    TIME = "time"
    NUMBER = "number"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading in V1's spelling, its SQL, its shape; `buyer` ones need the right to see buyers."""

    name: str
    sql: str
    shape: Shape = Shape.TEXT
    buyer: bool = False
    currency: str = "p.currency"
    """SQL of the currency that an amount is in."""
    hidden: bool = False
    """Whether phones and mail addresses in it are hidden."""
    of_stores: bool = False
    """Whether it is in a file by itself only where there are sub-stores."""
    told: str = ""
    """SQL of what a workbook says instead; a column that says nothing new there is left out of it."""


def _texts(words: str, *, buyer: bool = False, alias: str = "p") -> tuple[Column, ...]:
    return tuple(Column(word, f"{alias}.{word}", buyer=buyer) for word in words.split())


def _of(shape: Shape, words: str, alias: str = "p") -> tuple[Column, ...]:
    return tuple(Column(word, f"{alias}.{word}", shape) for word in words.split())


WORDS = frozenset({"name", "reason", "cancel_reason", "fail_reason", "message", "note", "customer_uid"})
"""Columns in which others may have written a phone or a mail address."""
_TOOK_MONEY = TOOK_MONEY.format("p")
_PAID_BY = ("primary", "secondary", "discount")
_PARTS = ("tax_free", "supply", "vat", "service")


def _balance(name: str, *summed: str) -> Column:
    """A sum of what a payment is made up of after refunds; nothing where no PG tells it, or nobody read it."""
    tells = ", ".join(f"'{pg}'" for pg in sorted(telling_pgs()))
    sums = f"(SELECT b.{' + b.'.join(summed)} FROM payment_balance b WHERE b.imp_uid = p.imp_uid)"
    return Column(f"balance_{name}", f"(CASE WHEN p.pg_provider IN ({tells}) THEN {sums} END)", Shape.MONEY,
                  currency="'KRW'")  # fmt: skip


_TIER = Column("tier", "p.tier", of_stores=True)
_STATE = "(SELECT f.state FROM facet f WHERE f.id = p.facet_id)"
PAYMENTS = (
    *_texts("imp_uid merchant_uid"),
    Column("status", "p.status", told=_STATE),
    Column("amount", f"(CASE WHEN {_TOOK_MONEY} THEN p.amount ELSE 0 END)", Shape.MONEY),
    Column("cancel_amount", f"(CASE WHEN {MOVED} THEN p.cancel_amount ELSE 0 END)", Shape.MONEY),
    *_texts("currency"),
    *_of(Shape.TIME, "paid_at started_at failed_at cancelled_at"),
    *_texts("pay_method pg_provider pg_id pg_tid channel apply_num name card_name"),
    *_of(Shape.NUMBER, "card_quota"),
    *_texts("bank_name vbank_name customer_uid customer_uid_usage cancel_reason fail_reason"),
    *_of(Shape.FLAG, "sandbox"),
    *_texts(
        "buyer_name buyer_tel buyer_email buyer_addr buyer_postcode card_number vbank_num vbank_holder",
        buyer=True,
    ),
    Column("payment_state", _STATE),
    *(_balance(part, *(f"{name}_{part}" for name in _PAID_BY)) for part in _PARTS[:3]),
    *(_balance(name, *(f"{name}_{part}" for part in _PARTS)) for name in _PAID_BY[1:]),
    _TIER,
)
_LEFT = "(CASE WHEN p.amount > p.cancel_amount THEN p.amount - p.cancel_amount ELSE 0 END)"
REFUNDS = (
    *_texts("imp_uid merchant_uid"),
    Column("cancellation_id", "c.cancellation_id"),
    Column("amount", "c.amount", Shape.MONEY),
    *_texts("currency"),
    Column("cancelled_at", "c.cancelled_at", Shape.TIME),
    Column("reason", "c.reason"),
    Column("requester", "o.requester"),
    Column("asked_by", "o.asked_by"),
    Column("pg_tid", "c.pg_tid"),
    *_texts("pay_method pg_provider name"),
    *_of(Shape.FLAG, "sandbox"),
    *_texts("buyer_name buyer_tel buyer_email", buyer=True),
    Column("part", "(CASE WHEN c.amount < p.amount THEN 'partial' ELSE 'full' END)"),
    Column("payment_amount", "p.amount", Shape.MONEY),
    Column("remaining", _LEFT, Shape.MONEY),
    _TIER,
)
SCHEDULES = (
    *_texts("merchant_uid customer_uid imp_uid schedule_status payment_status"),
    *_of(Shape.MONEY, "amount"),
    *_texts("currency"),
    *_of(Shape.TIME, "schedule_at executed_at revoked_at"),
    *_texts("name fail_reason pg_provider"),
    *_of(Shape.FLAG, "sandbox"),
    *_texts("buyer_name buyer_tel buyer_email", buyer=True),
    _TIER,
)
_LAST_PAID = "(CASE WHEN p.paid_at > 0 THEN p.paid_amount END)"
BILLING_KEYS = (
    *_texts("customer_uid pg_provider"),
    *_texts("pg_id", alias="k"),
    *_texts("card_name"),
    Column("key_state", "p.state"),
    *_of(Shape.TIME, "inserted updated checked_at deleted_at", "k"),
    *_of(Shape.NUMBER, "payments failures"),
    Column("last_paid_at", "p.paid_at", Shape.TIME),
    Column(
        "last_paid_amount", "(CASE WHEN p.paid_at > 0 THEN p.paid_amount END)", Shape.MONEY, currency="p.paid_currency"
    ),
    Column("last_paid_currency", "p.paid_currency"),
    Column("last_failed_at", "p.failed_at", Shape.TIME),
    Column("fail_reason", "p.fail_reason"),
    *_of(Shape.NUMBER, "booked"),
    Column("booked_won", "p.booked_won", Shape.MONEY, currency="'KRW'"),
    Column("next_charge_at", "p.next_at", Shape.TIME),
    Column("next_charge_amount", "p.next_amount", Shape.MONEY, currency="p.next_currency"),
    Column("next_charge_currency", "p.next_currency"),
    Column("next_charge_merchant_uid", "p.next_merchant_uid"),
    *_of(Shape.FLAG, "duplicated is_super sandbox"),
    *_texts("card_number", buyer=True),
    Column("customer_name", "p.buyer_name", buyer=True),
    Column("customer_tel", "p.buyer_tel", buyer=True),
    Column("customer_email", "p.buyer_email", buyer=True),
)
SUBSCRIPTIONS = (
    *_texts("customer_uid pg_provider name"),
    *_of(Shape.MONEY, "price"),
    Column("monthly", f"({OF_SUBSCRIPTIONS['monthly'].sql})", Shape.MONEY),
    *_texts("currency"),
    *_of(Shape.NUMBER, "every"),
    *_texts("unit"),
    Column("confidence_percent", "CAST(round(CAST(p.confidence * 100 AS numeric)) AS INTEGER)", Shape.NUMBER),
    Column("evidence", "c.evidence"),
    *_of(Shape.TIME, "since"),
    Column("next_charge_at", "c.next_at", Shape.TIME),
    Column("due_at", "c.due_at", Shape.TIME),
    *_texts("state churn"),
    *_of(Shape.TIME, "ended_at"),
    *_of(Shape.FLAG, "sandbox"),
    Column("customer_name", "k.buyer_name", buyer=True),
    Column("customer_tel", "k.buyer_tel", buyer=True),
    Column("customer_email", "k.buyer_email", buyer=True),
)
_STANDING = (
    "(CASE WHEN p.state = 'refused' AND p.why = 'withdrawn' THEN 'withdrawn' "
    "WHEN p.state = 'awaiting_approval' AND p.after_id IS NOT NULL THEN 'step_before' ELSE p.state END)"
)
_HAS_SUM = "(CASE WHEN p.kind <> 'delete_key' THEN {} END)"
_WHOSE = (
    "coalesce((SELECT b.buyer_name FROM payment b WHERE b.imp_uid = p.imp_uid), "
    "(SELECT b.buyer_name FROM key_summary b WHERE b.customer_uid = p.customer_uid))"
)
# What was asked for beside these, an account to refund to among it, is never exported.
OPERATIONS = (
    *_of(Shape.NUMBER, "id"),
    *_texts("kind"),
    Column("state", "p.state", told=_STANDING),
    *_texts("imp_uid merchant_uid customer_uid"),
    Column("amount", "p.amount", Shape.MONEY, told=_HAS_SUM.format("p.amount")),
    Column("currency", "p.currency", told=_HAS_SUM.format("p.currency")),
    *_texts("reason requester asked_by"),
    *_of(Shape.TIME, "asked_at"),
    *_texts("approved_by"),
    *_of(Shape.TIME, "approved_at state_at"),
    *_texts("message why"),
    *_of(Shape.MONEY, "cancel_amount"),
    *_texts("cancellation_id receipt_url noted_by"),
    *_of(Shape.TIME, "noted_at"),
    *_texts("note"),
    Column("buyer_name", _WHOSE, buyer=True),
)
RECEIPTS = (
    *_of(Shape.TIME, "applied_at"),
    Column("receipt_state", STATE),
    *_texts("apply_num"),
    Column("receipt_type", "p.type"),
    *(Column(name, f"p.{name}", Shape.MONEY, currency="'KRW'") for name in ("amount", "vat", "tax_free")),
    Column("remaining", LEFT, Shape.MONEY, currency="'KRW'"),
    *_texts("merchant_uid imp_uid name"),
    *_of(Shape.FLAG, "external"),
    *_texts("identifier_kind identifier_end", buyer=True),
    *_of(Shape.TIME, "cancelled_at"),
    *_texts("pg_provider"),
    *_of(Shape.FLAG, "sandbox"),
    *_texts("issued_by receipt_url"),
)
WAITING = (
    *_of(Shape.TIME, "vbank_date started_at"),
    *_of(Shape.MONEY, "amount"),
    *_texts("currency pay_method pg_provider merchant_uid imp_uid name vbank_name"),
    *_texts("buyer_name buyer_tel vbank_num vbank_holder", buyer=True),
    *_of(Shape.FLAG, "sandbox"),
)
BY_KIND = {
    "payments": PAYMENTS,
    "refunds": REFUNDS,
    "schedules": SCHEDULES,
    "billing-keys": BILLING_KEYS,
    "subscriptions": SUBSCRIPTIONS,
    "operations": OPERATIONS,
    "receipts": RECEIPTS,
    "waiting": WAITING,
}


def currency_of(kind: str, column: Column) -> str | None:
    """The name of the column that says what an amount is in; None where its heading does."""
    return next((one.name for one in BY_KIND[kind] if one.sql == column.currency), None)


def lacks_currency(kind: str, names: Sequence[str]) -> bool:
    """Whether columns of these names have amounts, and none that says what they are in."""
    amounts = (one for one in BY_KIND[kind] if one.shape == Shape.MONEY and one.name in names)
    return any(own not in names for one in amounts if (own := currency_of(kind, one)))


def as_told(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns of a workbook, each saying what people are told; none says what another one does."""
    found: dict[str, Column] = {}
    for column in columns:
        sql = column.told or column.sql
        found.setdefault(sql, replace(column, sql=sql))
    return tuple(found.values())
