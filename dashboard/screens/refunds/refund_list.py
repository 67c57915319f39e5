"""The list of refunds: sums, rows with who asked and why, pages, and what to do when nothing is there."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st
from services.store.lists.filters import PaymentFilter
from services.store.lists.keyset import Page
from services.store.lists.refunds import RefundRow
from services.store.lists.totals import Count, RowSum

from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.hits import hits_column, nothing_found
from dashboard.kit.filters.no_rows import longer
from dashboard.kit.lists.columns import Column, MoneyColumn
from dashboard.kit.lists.list_order import ListOrder
from dashboard.kit.lists.page_buttons import page_buttons
from dashboard.kit.lists.pick import pick_rows
from dashboard.locale import _, ngettext
from dashboard.screens.refunds.refund_filters import KEPT, part_label
from dashboard.words import formats, labels, operation_labels


def refund_totals_line(totals: Sequence[RowSum], chosen: PaymentFilter) -> None:
    """Count and sum of the whole filter, a line for each currency."""
    if chosen.text:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="totals"):
        for total in totals:
            amount = formats.escape(formats.money(total.amount, total.currency))
            words = ngettext("{n} refund", "{n} refunds", total.rows).format(n=f"{total.rows:,}")
            st.markdown(f"{words} · :red[**{amount}**]", width="content")
        st.caption(_("By the day of each refund in Korea; of the whole filter, not of this page."), width="content")


def refund_table(
    found: Page[RefundRow], columns: Sequence[Column[RefundRow]], *, key: str, order: ListOrder
) -> str | None:
    """A page of refunds, as they come; returns the imp_uid of the row that was picked."""
    newest, by_amount = _("Refunds, newest first, times in Korea"), _("Refunds by amount, times in Korea")
    alt = newest if order.by(found) is None else by_amount
    # What was asked for, only where a promotion or points made any refund another amount.
    unlike = any(row.asked not in (None, row.amount) for row in found.rows)
    columns = [column for column in columns if unlike or column.name != "asked"]
    picked = pick_rows(found, columns, alt=alt, key=key, order=order, headed=True)
    return picked[0].imp_uid if picked else None


def refund_columns(*, buyers: bool) -> list[Column[RefundRow]]:
    """Every column there is."""
    field, requester = labels.field, operation_labels.requester
    narrow = partial(st.column_config.TextColumn, width=130)
    return [
        Column("cancelled_at", field("cancelled_at"), lambda row: formats.short_time(row.cancelled_at)),
        hits_column(KEPT),
        MoneyColumn("amount", field("amount"), lambda row: (row.amount, row.currency)),
        Column("buyer_name", field("buyer_name"), lambda row: formats.buyer(row.buyer_name, buyers)),
        Column("part", field("part"), lambda row: part_label(row.whole)),
        MoneyColumn("asked", _("Asked for"), lambda row: (row.asked, row.currency)),
        MoneyColumn("payment_amount", field("payment_amount"), lambda row: (row.payment_amount, row.currency)),
        MoneyColumn("remaining", field("remaining"), lambda row: (row.left, row.currency)),
        Column("reason", field("reason"), lambda row: row.reason),
        Column(
            "requester",
            _("Who wanted it"),
            lambda row: requester(row.requester) if row.requester else None,
            lambda label, _cells: narrow(label),
        ),
        Column("asked_by", _("Entered by"), _entered_by),
        Column("name", field("name"), lambda row: row.name),
        Column("pay_method", field("pay_method"), lambda row: labels.method(row.pay_method or "")),
        Column("pg_provider", field("pg_provider"), lambda row: labels.provider(row.pg_provider or "")),
        Column("merchant_uid", field("merchant_uid"), lambda row: row.merchant_uid),
        Column("imp_uid", "imp_uid", lambda row: row.imp_uid),
        Column("cancellation_id", field("cancellation_id"), lambda row: row.cancellation_id),
        Column("sandbox", field("sandbox"), lambda row: labels.test_mark(row.sandbox)),
    ]


def _entered_by(row: RefundRow) -> str:
    return operation_labels.person(row.asked_by) if row.asked_by else _("elsewhere")


def refund_pager(found: Page[RefundRow]) -> None:
    """Newer and older rows; the arrow keys turn pages too."""
    page_buttons(found, KEPT.turn_page)


def no_refunds(form: FilterForm[Any], chosen: PaymentFilter, everywhere: Count | None, today: int) -> None:
    """Says what to do next; `everywhere`: how many hold its text, whatever the day."""
    days = chosen.from_day or today, chosen.to_day or today
    words = _("No refund matches. Look further back, or take filters away.")
    nothing_found(form, chosen.text, everywhere, words, days, longer((90, 400), days[0], today))
