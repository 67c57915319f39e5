"""The list of cash receipts: tiles, what they come to, rows, pages, and what to do where there is none."""

from functools import partial

import streamlit as st
from services.receipts.receipt_list import MOST, ReceiptFilter, ReceiptRow, ReceiptTotals
from services.store.lists.keyset import Page

from dashboard.kit.filters.no_rows import longer, nothing_in_days
from dashboard.kit.lists.columns import Column, MoneyColumn, state_column
from dashboard.kit.lists.page_buttons import page_buttons
from dashboard.kit.lists.pick import pick_rows
from dashboard.kit.lists.tiles import count_tiles
from dashboard.locale import _, ngettext
from dashboard.screens.receipts import receipt_filters
from dashboard.words import formats, labels
from dashboard.words.operation_labels import person
from dashboard.words.receipts import receipt_labels


def receipt_tiles(totals: ReceiptTotals, chosen: ReceiptFilter, *, counted: bool) -> None:
    """How many receipts are in each state under the other filters; no numbers where not all were looked at."""
    states = list(receipt_labels.state)
    shown = totals.states if counted and not totals.capped else None
    count_tiles(states, receipt_labels.state, shown, chosen.states, partial(receipt_filters.KEPT.toggle, "states"))


def sums_line(totals: ReceiptTotals) -> None:
    """What stands and what was cancelled; test receipts are left out."""
    live = ngettext("{n} receipt stands", "{n} receipts stand", totals.live).format(n=f"{totals.live:,}")
    gone = ngettext("{n} cancelled", "{n} cancelled", totals.cancelled).format(n=f"{totals.cancelled:,}")
    vat = _("VAT {amount}").format(amount=formats.money(totals.vat, "KRW"))
    parts = [
        f"{formats.escape(live)} **{formats.escape(formats.money(totals.amount, 'KRW'))}**",
        formats.escape(vat),
        f"{formats.escape(gone)} **{formats.escape(formats.money(totals.cancelled_amount, 'KRW'))}**",
    ]
    with st.container(horizontal=True, key="totals"):
        st.markdown(" · ".join(parts), width="content")
        if totals.capped:
            words = _("Of the latest {n} receipts of these days: choose fewer days to see all of them.")
            st.caption(formats.escape(words.format(n=f"{MOST:,}")), width="content")


def receipt_table(found: Page[ReceiptRow], *, buyers: bool, key: str) -> ReceiptRow | None:
    """A page of receipts, as they come; returns the one that was picked."""
    picked = pick_rows(found, receipt_columns(buyers=buyers), alt=_("Cash receipts, the latest first"), key=key)
    return picked[0] if picked else None


def receipt_pager(found: Page[ReceiptRow]) -> None:
    """Newer and older rows; the arrow keys turn pages too."""
    page_buttons(found, receipt_filters.KEPT.turn_page)


def no_receipts(chosen: ReceiptFilter, today: int) -> None:
    """Says what to do next."""
    days = chosen.from_day or today, chosen.to_day or today
    words = _("Receipts that were issued here, or read here, stand in this list. Issue one on a payment, or a new one.")
    nothing_in_days(receipt_filters.receipt_filter_form(today), words, days, longer((90, 400), days[0], today))


def receipt_columns(*, buyers: bool) -> list[Column[ReceiptRow]]:
    """Every column there is."""
    field, time = labels.field, formats.short_time
    return [
        Column("applied_at", _("Issued at"), lambda row: time(row.applied_at)),
        state_column("state", field("state"), receipt_labels.state, lambda row: row.state),
        MoneyColumn("amount", field("amount"), lambda row: (row.amount, "KRW")),
        MoneyColumn("left", field("remaining"), lambda row: (row.left, "KRW")),
        MoneyColumn("vat", _("VAT"), lambda row: (row.vat, "KRW")),
        Column("type", field("receipt_type"), lambda row: receipt_labels.type_of(row.type)),
        Column("apply_num", _("Number at the tax office"), lambda row: row.apply_num),
        Column("name", field("name"), lambda row: row.name),
        Column("merchant_uid", field("merchant_uid"), lambda row: row.merchant_uid),
        Column("origin", _("Sale"), lambda row: receipt_labels.origin("sale" if row.external else "payment")),
        Column("number", _("Goes to"), lambda row: _number(row, buyers)),
        Column("cancelled_at", _("Cancelled at"), lambda row: time(row.cancelled_at) if row.cancelled_at else None),
        Column("pg_provider", field("pg_provider"), lambda row: labels.provider(row.pg_provider or "")),
        Column("issued_by", _("Issued by"), lambda row: person(row.issued_by) if row.issued_by else None),
        Column("sandbox", field("sandbox"), lambda row: labels.test_mark(row.sandbox)),
    ]


def _number(row: ReceiptRow, buyers: bool) -> str:
    return receipt_labels.ended_in(row.identifier_kind, row.identifier_end if buyers else None)
