"""Tables of payments: columns, formats, masks; they return the row that was picked."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st
from services.store.lists.keyset import Page
from services.store.lists.payments import PaymentRow

from dashboard.kit.columns import Column, MoneyColumn, pick_rows, state_column
from dashboard.kit.filters.hits import hit_words
from dashboard.kit.list_order import ListOrder
from dashboard.locale import _
from dashboard.words import formats, labels

_KEY = "payments.columns"
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
    "sandbox",
)
_FIRST = _COLUMNS[:9]
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


def recall_columns(address: Mapping[str, str], *, entered: bool) -> dict[str, str]:
    """Columns that an address asks for come into the session; returns the parameter that keeps the choice."""
    asked = address.get("columns", "").split(",")
    if entered and (known := [name for name in _COLUMNS if name in asked]):
        st.session_state[_KEY] = known
    chosen = st.session_state.setdefault(_KEY, list(_FIRST))
    ordered = [name for name in _COLUMNS if name in chosen]
    return {} if ordered in ([], list(_FIRST)) else {"columns": ",".join(ordered)}


def view_choice(order: ListOrder, *, searching: bool, with_test: bool) -> list[str]:
    """Draws the choice of order and columns; returns the columns.

    A search adds where it was found, test rows add the column that marks them.
    """
    choice = st.popover(_("View"), icon=":material/view_column:", on_change="rerun", key="columns")
    if choice.open:
        with choice:
            order.choose()
            st.pills(
                _("Columns"),
                _COLUMNS,
                selection_mode="multi",
                format_func=labels.field,
                key=_KEY,
                persist_state="session",
            )
    chosen = st.session_state[_KEY]
    ordered = [name for name in _COLUMNS if name in chosen] or list(_FIRST)
    added = [name for name, wanted in (("hits", searching), ("sandbox", with_test)) if wanted and name not in ordered]
    return [*ordered[:2], *added, *ordered[2:]]


def payment_table(
    found: Page[PaymentRow],
    columns: Sequence[str],
    *,
    buyers: bool,
    key: str,
    order: ListOrder | None = None,
    text: str = "",
) -> str | None:
    """A page of payments, as they come, where they were found by `text`; returns the imp_uid of the one picked."""
    ordered = order is not None and order.by(found) is not None
    alt = _("Payments in the order chosen, times in Korea") if ordered else _("Payments, newest first, times in Korea")
    shown = [_column(name, buyers, text) for name in columns]
    picked = pick_rows(found, shown, alt=alt, key=key, order=order, whole=True)
    return picked[0].imp_uid if picked else None


def _column(name: str, buyers: bool, text: str) -> Column[PaymentRow]:
    label = labels.field(name)
    if name == "status":
        return state_column(name, label, labels.state, lambda row: row.state)
    if amount := _AMOUNTS.get(name):
        return MoneyColumn(name, label, lambda row: (amount(row), row.currency))
    return Column(name, label, partial(_cell, name=name, buyers=buyers, text=text))


def _cell(row: PaymentRow, name: str, buyers: bool, text: str) -> Any:
    if name == "hits":
        return ", ".join(hit_words(row, text))
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
