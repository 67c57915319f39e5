"""The list of refunds: sums, rows with who asked and why, pages, and what to do when nothing is there."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st
from services.store.filters import PaymentFilter
from services.store.paging import Page
from services.store.refunds import RefundRow, RefundTotal

from dashboard.components import formats, labels, operation_labels, refund_filters
from dashboard.components.paging import page_buttons
from dashboard.components.tables import amount_cell, list_height, money_column
from dashboard.locale import _, ngettext

_REQUESTER = st.column_config.TextColumn(width=130)


def refund_totals_line(totals: Sequence[RefundTotal], chosen: PaymentFilter) -> None:
    """Count and sum of the whole filter, a line for each currency."""
    if chosen.text:
        return
    for total in totals:
        amount = formats.escape(formats.money(total.amount, total.currency))
        words = ngettext("{n} refund", "{n} refunds", total.refunds).format(n=f"{total.refunds:,}")
        st.markdown(f"{words} · :red[**{amount}**]")
    st.caption(_("By the day of each refund in Korea; of the whole filter, not of this page."))


def refund_table(rows: Sequence[RefundRow], *, buyers: bool, key: str) -> str | None:
    """The refunds; returns the imp_uid of the row that was picked."""
    currencies = {row.currency for row in rows}
    data = {
        labels.field("cancelled_at"): [formats.time(row.cancelled_at) for row in rows],
        labels.field("amount"): [amount_cell(row.amount, row.currency, currencies) for row in rows],
        **_asked(rows, currencies),
        labels.field("part"): [labels.part("full" if row.whole else "partial") for row in rows],
        labels.field("payment_amount"): [amount_cell(row.payment_amount, row.currency, currencies) for row in rows],
        labels.field("remaining"): [amount_cell(row.left, row.currency, currencies) for row in rows],
        labels.field("reason"): [row.reason for row in rows],
        _("Who wanted it"): [operation_labels.requester(row.requester) if row.requester else None for row in rows],
        _("Entered by"): [row.asked_by or _("elsewhere") for row in rows],
        labels.field("name"): [row.name for row in rows],
        labels.field("buyer_name"): [row.buyer_name if buyers else formats.mask_name(row.buyer_name) for row in rows],
        labels.field("pay_method"): [labels.method(row.pay_method or "") for row in rows],
        labels.field("pg_provider"): [labels.provider(row.pg_provider or "") for row in rows],
        labels.field("merchant_uid"): [row.merchant_uid for row in rows],
        "imp_uid": [row.imp_uid for row in rows],
        labels.field("cancellation_id"): [row.cancellation_id for row in rows],
    }
    if any(row.sandbox for row in rows):
        data[labels.field("sandbox")] = [labels.live("test") if row.sandbox else "" for row in rows]
    picked = st.dataframe(
        pd.DataFrame(formats.cells(data)),
        hide_index=True,
        column_config={
            **{
                labels.field(name): money_column(labels.field(name), currencies)
                for name in ("amount", "payment_amount", "remaining")
            },
            _("Who wanted it"): _REQUESTER,
            _("Asked for"): money_column(_("Asked for"), currencies),
        },
        on_select="rerun",
        selection_mode="single-row",
        placeholder="",
        height=list_height(len(rows)),
        key=key,
        alt=_("Refunds, newest first, times in Korea"),
    )
    chosen = picked["selection"]["rows"]
    return rows[chosen[0]].imp_uid if chosen and chosen[0] < len(rows) else None


def _asked(rows: Sequence[RefundRow], currencies: set[str]) -> dict[str, list[Any]]:
    """What was asked for, where a promotion or points made any of them another amount."""
    if all(row.asked in (None, row.amount) for row in rows):
        return {}
    cells = [amount_cell(-row.asked, row.currency, currencies) if row.asked is not None else None for row in rows]
    return {_("Asked for"): cells}


def refund_pager(found: Page[RefundRow]) -> None:
    """Newer and older rows; the arrow keys turn pages too."""
    page_buttons(found, refund_filters.turn_page, _("A click on the box of a row opens its payment."))


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
                st.button(label, key=f"look_{further}", on_click=refund_filters.look_back, args=(further, today))
        st.button(_("Clear filters"), key="clear_all", on_click=refund_filters.forget_filters, args=(today,))
