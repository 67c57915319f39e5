"""The list of refunds: sums, rows with who asked and why, pages, and what to do when nothing is there."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from services.store.lists.filters import PaymentFilter
from services.store.lists.keyset import Page
from services.store.lists.refunds import AMOUNTS, RefundRow, RefundTotal

from dashboard.kit.filters.days import show_days
from dashboard.kit.list_order import ListOrder, heading, heads, order_told
from dashboard.kit.money_cells import Money, money_cells, money_column
from dashboard.kit.page_buttons import page_buttons
from dashboard.kit.tables import list_height
from dashboard.locale import _, ngettext
from dashboard.screens.refunds.refund_filters import KEPT, part_label, refund_form
from dashboard.words import formats, labels, operation_labels

_SHOWN = (
    "cancelled_at",
    "amount",
    "asked",
    "part",
    "payment_amount",
    "remaining",
    "reason",
    "requester",
    "asked_by",
    "name",
    "buyer_name",
    "pay_method",
    "pg_provider",
    "merchant_uid",
    "imp_uid",
    "cancellation_id",
    "sandbox",
)


def refund_totals_line(totals: Sequence[RefundTotal], chosen: PaymentFilter) -> None:
    """Count and sum of the whole filter, a line for each currency."""
    if chosen.text:
        return
    for total in totals:
        amount = formats.escape(formats.money(total.amount, total.currency))
        words = ngettext("{n} refund", "{n} refunds", total.refunds).format(n=f"{total.refunds:,}")
        st.markdown(f"{words} · :red[**{amount}**]")
    st.caption(_("By the day of each refund in Korea; of the whole filter, not of this page."))


def refund_table(found: Page[RefundRow], *, buyers: bool, key: str, order: ListOrder) -> str | None:
    """A page of refunds, as they come; returns the imp_uid of the row that was picked."""
    rows = found.rows
    by, money = order_told(order, found), _money(rows)
    data = {
        "cancelled_at": [formats.time(row.cancelled_at) for row in rows],
        **{name: money_cells(column, paged=True) for name, column in money.items()},
        "part": [part_label(row.whole) for row in rows],
        "reason": [row.reason for row in rows],
        "requester": [operation_labels.requester(row.requester) if row.requester else None for row in rows],
        "asked_by": [row.asked_by or _("elsewhere") for row in rows],
        "name": [row.name for row in rows],
        "buyer_name": [row.buyer_name if buyers else formats.mask_name(row.buyer_name) for row in rows],
        "pay_method": [labels.method(row.pay_method or "") for row in rows],
        "pg_provider": [labels.provider(row.pg_provider or "") for row in rows],
        "merchant_uid": [row.merchant_uid for row in rows],
        "imp_uid": [row.imp_uid for row in rows],
        "cancellation_id": [row.cancellation_id for row in rows],
    }
    if any(row.sandbox for row in rows):
        data["sandbox"] = [labels.live("test") if row.sandbox else "" for row in rows]
    config = {_heading(name): money_column(heading(_heading(name), name, by), column) for name, column in money.items()}
    picked = st.dataframe(
        pd.DataFrame(formats.cells({_heading(name): data[name] for name in _SHOWN if name in data})),
        hide_index=True,
        column_config=config | {_heading("requester"): st.column_config.TextColumn(width=130)},
        placeholder="",
        height=list_height(len(rows)),
        alt=_("Refunds, newest first, times in Korea") if by is None else _("Refunds by amount, times in Korea"),
        **heads(key, found, order),
    )
    chosen = picked["selection"]["rows"]
    return rows[chosen[0]].imp_uid if chosen and chosen[0] < len(rows) else None


def _money(rows: Sequence[RefundRow]) -> dict[str, list[Money]]:
    """The columns of amounts; what was asked for, where a promotion or points made any of them another amount."""
    money = {name: [(getattr(row, one.field), row.currency) for row in rows] for name, one in AMOUNTS.items()}
    if any(row.asked not in (None, row.amount) for row in rows):
        money["asked"] = [(row.asked, row.currency) for row in rows]
    return money


def _heading(name: str) -> str:
    own = {"asked": _("Asked for"), "requester": _("Who wanted it"), "asked_by": _("Entered by"), "imp_uid": "imp_uid"}
    return own.get(name) or labels.field(name)


def refund_pager(found: Page[RefundRow]) -> None:
    """Newer and older rows; the arrow keys turn pages too."""
    page_buttons(found, KEPT.turn_page, _("A click on the box of a row opens its payment."))


def no_refunds(chosen: PaymentFilter, today: int) -> None:
    """Says what to do next."""
    first = chosen.from_day or today
    st.info(
        _("No refund matches. Look further back, or take filters away."),
        title=_("Nothing in these {days} days").format(days=max((chosen.to_day or today) - first + 1, 1)),
        icon=":material/search_off:",
    )
    with st.container(horizontal=True):
        for further in (90, 400):
            if today - first + 1 < further:
                label = _("Look at {days} days").format(days=further)
                st.button(label, key=f"look_{further}", on_click=show_days, args=(KEPT, today - further + 1, today))
        st.button(_("Clear filters"), key="clear_all", on_click=refund_form(today).forget)
