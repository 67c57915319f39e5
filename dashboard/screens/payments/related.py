"""What belongs to a payment or a billing key: other attempts, the key, its schedules and charges."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from services.store.lists.keyset import Page
from services.store.lists.payments import PaymentRow
from services.store.lists.schedules import ScheduleRow
from services.tables.keys import KeySummary
from services.tables.v1 import Schedule

from dashboard.kit.lists.list_order import heads
from dashboard.kit.lists.money_cells import money_cells, money_column
from dashboard.kit.lists.page_buttons import part_buttons, part_cursor
from dashboard.kit.lists.tables import OPENS, picked_row
from dashboard.locale import _
from dashboard.navigation import Place, link_to
from dashboard.screens.payments.tables import payment_columns, payment_table
from dashboard.words import formats, labels
from dashboard.words.schedule_labels import due_state
from dashboard.words.schedule_labels import state_of as state_of_schedule

_OF_CHARGES = ("status_at", "status", "amount", "cancel_amount", "name", "fail_reason", "merchant_uid", "imp_uid")


def attempts_table(attempts: Sequence[PaymentRow], imp_uid: str) -> str | None:
    """Every payment under one order number; returns another one's imp_uid when it was picked."""
    money = [(row.amount, row.currency) for row in attempts]
    data = {
        labels.field("started_at"): [formats.time(row.started_at) for row in attempts],
        labels.field("status"): [_attempt(row, here=row.imp_uid == imp_uid) for row in attempts],
        labels.field("amount"): money_cells(money),
        labels.field("fail_reason"): [row.fail_reason for row in attempts],
        "imp_uid": [row.imp_uid for row in attempts],
    }
    picked = st.dataframe(
        pd.DataFrame(formats.cells(data)),
        hide_index=True,
        placeholder="",
        column_config={labels.field("amount"): money_column(None, money)},
        key=f"attempts_{imp_uid}",
        alt=_("Payments under the same order number"),
        **OPENS,
    )
    place = picked_row(picked, len(attempts))
    chosen = None if place is None else attempts[place].imp_uid
    return chosen if chosen != imp_uid else None


def _attempt(row: PaymentRow, *, here: bool) -> str:
    badge = labels.state.badge(row.state)
    return _("{state} (this payment)").format(state=badge) if here else badge


def billing_key_lines(customer_uid: str, key: KeySummary | None) -> None:
    """The subscription that a payment belongs to: its key with its state, and when it is charged next."""
    with st.container(horizontal=True, vertical_alignment="center"):
        link_to(customer_uid, Place.BILLING_KEY, customer_uid=customer_uid)
        if key is not None:
            st.markdown(labels.key_state.markdown(key.state), width="content")
    if key is not None and key.next_at:
        money = formats.money(key.next_amount or 0, key.next_currency or "KRW")
        words = _("Next charge: {amount} at {time} KST").format(amount=money, time=formats.short_time(key.next_at))
        st.text(formats.shown(words))


def charges_table(found: Page[PaymentRow], *, buyers: bool, name: str) -> str | None:
    """A page of a billing key's payments, registrations among them; returns the imp_uid of the one that was picked."""
    if not found.rows:
        st.caption(_("None yet."))
        return None
    columns = payment_columns(buyers=buyers, names=_OF_CHARGES)
    opened = payment_table(found, columns, key=f"{name}_{part_cursor(name)}")
    part_buttons(found, name)
    return opened


def schedules_table(
    schedules: Sequence[Schedule | ScheduleRow], *, key: str, found: Page[ScheduleRow] | None = None
) -> str | None:
    """The schedules of a billing key, all or a page; returns the order number of the one that was picked."""
    if not schedules:
        st.caption(_("No schedule is known for this key."))
        return None
    money = [(row.amount, row.currency) for row in schedules]
    data = {
        _("Time in Korea"): [formats.short_time(row.schedule_at) for row in schedules],
        _("State"): [due_state.badge(state_of_schedule(row)) for row in schedules],
        _("Amount"): money_cells(money),
        labels.field("name"): [row.name for row in schedules],
        labels.field("merchant_uid"): [row.merchant_uid for row in schedules],
        labels.field("fail_reason"): [row.fail_reason for row in schedules],
    }
    picked = st.dataframe(
        pd.DataFrame(formats.cells(data)),
        hide_index=True,
        column_config={_("Amount"): money_column(None, money)},
        placeholder="",
        alt=_("Schedules of this billing key"),
        **heads(key, found or Page(())),
    )
    place = picked_row(picked, len(schedules))
    return None if place is None else schedules[place].merchant_uid
