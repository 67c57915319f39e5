"""Tables of payments: columns, formats, masks; they return the row that was picked."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from services.store.lists.keyset import Page
from services.store.lists.payments import PaymentRow

from dashboard.kit.filters.hits import hits_column
from dashboard.kit.lists.columns import Column, MoneyColumn, state_column
from dashboard.kit.lists.list_order import ListOrder
from dashboard.kit.lists.pick import key_of_rows, pick_rows
from dashboard.kit.lists.store_column import store_column
from dashboard.locale import _
from dashboard.screens.payments.filters import KEPT
from dashboard.words import formats, labels
from dashboard.words.names.stores import NO_TIERS

_COLUMNS = (
    "made_at",
    "amount",
    "buyer_name",
    "status",
    "cancel_amount",
    "name",
    "pay_method",
    "merchant_uid",
    "imp_uid",
    "pg_provider",
    "buyer_tel",
    "buyer_email",
    "card_name",
    "card_number",
    "apply_num",
    "status_at",
    "started_at",
    "paid_at",
    "cancelled_at",
    "failed_at",
    "cancel_reason",
    "fail_reason",
    "customer_uid",
    "hits",
    "sandbox",
)
FIRST = _COLUMNS[:9]
_TIMES = frozenset({"made_at", "status_at", "started_at", "paid_at", "cancelled_at", "failed_at"})
_AMOUNTS: dict[str, Callable[[PaymentRow], int | None]] = {
    "amount": lambda row: row.amount,
    "cancel_amount": lambda row: row.refunded or None,
}
_MASKS: dict[str, Callable[[str | None], str | None]] = {
    "buyer_name": formats.mask_name,
    "buyer_tel": formats.mask_phone,
    "buyer_email": formats.mask_email,
}


def payment_columns(
    *, buyers: bool, names: Sequence[str] = _COLUMNS, tiers: Mapping[str, str] = NO_TIERS
) -> list[Column[PaymentRow]]:
    """Columns by their names, or every column there is; that of the store where there are sub-stores."""
    return [*(_column(name, buyers) for name in names), *store_column(tiers)]


def payment_table(
    found: Page[PaymentRow],
    columns: Sequence[Column[PaymentRow]],
    *,
    key: str,
    order: ListOrder | None = None,
    whole: bool = False,
) -> str | None:
    """A page of payments as in picked_payments; returns the imp_uid of the row picked."""
    picked = picked_payments(found, columns, key=key, order=order, whole=whole)
    return picked[0] if picked else None


def picked_payments(
    found: Page[PaymentRow],
    columns: Sequence[Column[PaymentRow]],
    *,
    key: str,
    order: ListOrder | None = None,
    whole: bool = False,
    several: bool = False,
) -> list[str]:
    """A page of payments, `whole` where the person chose the columns; the imp_uids of the rows picked.

    One, unless `several` may be chosen.
    """
    ordered = order is not None and order.by(found) is not None
    alt = _("Payments in the order chosen, times in Korea") if ordered else _("Payments, newest first, times in Korea")
    key = key_of_rows(f"{key}_several", [row.imp_uid for row in found.rows]) if several else key
    return [row.imp_uid for row in pick_rows(found, columns, alt=alt, key=key, order=order, whole=whole, many=several)]


def _column(name: str, buyers: bool) -> Column[PaymentRow]:
    label = labels.field(name)
    if name == "hits":
        return hits_column(KEPT)
    if name == "status":
        return state_column(name, label, labels.state, lambda row: row.state)
    if amount := _AMOUNTS.get(name):
        return MoneyColumn(name, label, lambda row: (amount(row), row.currency), less=name == "cancel_amount")
    return Column(name, label, partial(_cell, name=name, buyers=buyers))


def _cell(row: PaymentRow, name: str, buyers: bool) -> Any:
    value = getattr(row, name)
    if name in _TIMES:
        return formats.short_time(value)
    if name == "sandbox":
        return labels.live("test") if value else ""
    if name in _MASKS and not buyers:
        return _MASKS[name](value)
    return _word(name, value)


def _word(name: str, value: Any) -> Any:
    if name == "pg_provider":
        return labels.provider(value or "")
    return labels.method(value or "") if name == "pay_method" else value
