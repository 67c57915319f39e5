"""The list of what waits for money: tiles, what it comes to, rows, pages, and what to do where there is none."""

from functools import partial

import streamlit as st
from services.store.lists.keyset import Page
from services.vbanks.store_number import METHOD, said_number
from services.vbanks.waiting_list import COUNTED, WaitingFilter, WaitingRow, WaitingState, WaitingTotals

from dashboard.kit.filters.no_rows import longer, nothing_in_days
from dashboard.kit.lists.columns import Column, MoneyColumn, state_column
from dashboard.kit.lists.page_buttons import page_buttons
from dashboard.kit.lists.pick import key_of_rows, pick_rows
from dashboard.kit.lists.tiles import count_tiles
from dashboard.locale import _, ngettext
from dashboard.screens.vbanks import waiting_filters
from dashboard.words import formats, labels
from dashboard.words.vbanks import waiting_labels


def waiting_tiles(totals: WaitingTotals, chosen: WaitingFilter, *, counted: bool) -> None:
    """How many are in each state under the other filters."""
    shown = totals.states if counted and not totals.more else None
    toggle = partial(waiting_filters.KEPT.toggle, "states")
    count_tiles(list(waiting_labels.state), waiting_labels.state, shown, chosen.states, toggle)


def sums_line(totals: WaitingTotals) -> None:
    """What is waited for; test rows, and other currencies, are left out."""
    words = ngettext("{n} waits", "{n} wait", totals.rows).format(n=formats.counted(totals.rows, more=totals.more))
    parts = [f"{formats.escape(words)} **{formats.escape(formats.money(totals.amount, 'KRW'))}**"]
    if totals.more:
        parts.append(formats.escape(_("of the first {n} rows").format(n=f"{COUNTED:,}")))
    with st.container(horizontal=True, key="totals"):
        st.markdown(" · ".join(parts), width="content")


def waiting_table(found: Page[WaitingRow], now: float, *, buyers: bool, key: str, many: bool) -> list[WaitingRow]:
    """A page of rows, the ones that end first on top; those that were picked, with `many` by boxes."""
    alt = _("What waits for money, the earliest end first")
    boxes = key_of_rows(key, [row.imp_uid for row in found.rows]) if many else key
    return pick_rows(found, waiting_columns(now, buyers=buyers), alt=alt, key=boxes, many=many)


def waiting_pager(found: Page[WaitingRow]) -> None:
    """Later and earlier rows; the arrow keys turn pages too."""
    page_buttons(found, waiting_filters.KEPT.turn_page, labels=(_("Previous"), _("Next")))


def none_waits(chosen: WaitingFilter, today: int, now: float) -> None:
    """Says what to do next."""
    days = chosen.from_day or today, chosen.to_day or today
    words = _("Virtual accounts and convenience store numbers stand here until they are paid or revoked.")
    form = waiting_filters.waiting_filter_form(today, now)
    nothing_in_days(form, words, days, longer((90, 400), days[0], today))


def overdue_note(totals: WaitingTotals) -> None:
    """What those are that never changed, where there are any."""
    if totals.states.get(WaitingState.OVERDUE):
        st.caption(waiting_labels.overdue_words())


def waiting_columns(now: float, *, buyers: bool) -> list[Column[WaitingRow]]:
    """Every column there is."""
    field, time = labels.field, formats.short_time
    return [
        Column("vbank_date", _("Pay until"), lambda row: time(row.vbank_date) if row.vbank_date else None),
        Column("left", _("Time left"), lambda row: waiting_labels.time_left(row.vbank_date, now)),
        state_column("state", field("state"), waiting_labels.state, lambda row: row.state),
        MoneyColumn("amount", field("amount"), lambda row: (row.amount, row.currency)),
        Column("buyer_name", field("buyer_name"), lambda row: formats.buyer(row.buyer_name, buyers)),
        Column("buyer_tel", field("buyer_tel"), lambda row: row.buyer_tel if buyers else None),
        Column("name", field("name"), lambda row: row.name),
        Column("bank", _("Bank"), lambda row: row.vbank_name or labels.method(row.pay_method or "")),
        Column("vbank_num", _("Account or store number"), lambda row: _number(row, buyers)),
        Column("merchant_uid", field("merchant_uid"), lambda row: row.merchant_uid),
        Column("started_at", _("Issued at"), lambda row: time(row.started_at)),
        Column("pg_provider", field("pg_provider"), lambda row: labels.provider(row.pg_provider or "")),
        Column("sandbox", field("sandbox"), lambda row: labels.test_mark(row.sandbox)),
    ]


def _number(row: WaitingRow, buyers: bool) -> str | None:
    number = row.vbank_num or (said_number(row.extra).number if row.pay_method == METHOD else None)
    return number if buyers else formats.mask_rest(number)
