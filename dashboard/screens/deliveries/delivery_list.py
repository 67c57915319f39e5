"""The list of escrow deliveries: tiles, rows, pages, and what to do where there is none."""

from collections.abc import Mapping
from functools import partial

import streamlit as st
from services.escrow.delivery_list import DeliveryFilter, DeliveryRow
from services.store.lists.keyset import Page
from services.store.lists.totals import Count

from dashboard.kit.filters.no_rows import longer, nothing_in_days
from dashboard.kit.gateway_notice import gateway_warning
from dashboard.kit.lists.columns import Column, MoneyColumn, state_column
from dashboard.kit.lists.page_buttons import page_buttons
from dashboard.kit.lists.pick import pick_rows
from dashboard.kit.lists.tiles import count_tiles
from dashboard.kit.watch import watch_reading
from dashboard.locale import _, ngettext
from dashboard.screens.deliveries import delivery_filters
from dashboard.screens.deliveries.delivery_desk import waiting
from dashboard.words import formats, labels, periods
from dashboard.words.deliveries import delivery_labels
from dashboard.words.operation_labels import person


def delivery_tiles(states: Mapping[str, Count], chosen: DeliveryFilter, *, counted: bool) -> None:
    """How many payments are in each state under the other filters; no numbers where there are more than are counted."""
    capped = any(count.capped for count in states.values())
    shown = {state: count.n for state, count in states.items()} if counted and not capped else None
    toggle = partial(delivery_filters.KEPT.toggle, "states")
    count_tiles(list(delivery_labels.state), delivery_labels.state, shown, chosen.states, toggle)


def delivery_table(found: Page[DeliveryRow], *, buyers: bool, key: str) -> DeliveryRow | None:
    """A page of payments; returns the one that was picked."""
    picked = pick_rows(found, delivery_columns(buyers=buyers), alt=_("Escrow deliveries"), key=key)
    return picked[0] if picked else None


def elsewhere_line(chosen: DeliveryFilter, today: int) -> None:
    """A button that asks PortOne about those that wait, and what came of it."""
    days = f"{chosen.from_day or periods.FIRST_DAY}:{chosen.to_day or today}"
    if waiting.is_asking(days):
        watch_reading(partial(waiting.is_asking, days), _("Asking PortOne which of them were entered elsewhere …"))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        words = _("Entered elsewhere? Ask PortOne")
        st.button(words, icon=":material/sync:", key="ask_there", on_click=waiting.begin, args=(days,))
        told = waiting.told(days)
        if told and told.error:
            gateway_warning(told.error)
        elif told and told.found is not None:
            found = ngettext("{n} was entered elsewhere.", "{n} were entered elsewhere.", told.found)
            st.caption(formats.escape(found.format(n=f"{told.found:,}")), width="content")


def delivery_pager(found: Page[DeliveryRow]) -> None:
    """Newer and older rows; the arrow keys turn pages too."""
    page_buttons(found, delivery_filters.KEPT.turn_page, labels=(_("Previous"), _("Next")))


def no_deliveries(chosen: DeliveryFilter, today: int) -> None:
    """Says what to do next."""
    days = chosen.from_day or today, chosen.to_day or today
    words = _("Paid escrow payments of PGs that take deliveries through PortOne stand in this list.")
    nothing_in_days(delivery_filters.delivery_filter_form(today), words, days, longer((90, 400), days[0], today))


def delivery_columns(*, buyers: bool) -> list[Column[DeliveryRow]]:
    """Every column there is."""
    field, time = labels.field, formats.short_time
    return [
        Column("paid_at", field("paid_at"), lambda row: time(row.paid_at)),
        state_column("state", field("state"), delivery_labels.state, lambda row: row.state),
        Column("company", _("Courier"), lambda row: delivery_labels.courier(row.company) if row.company else None),
        Column("invoice", _("Tracking number"), lambda row: row.invoice),
        Column("sent_at", _("Sent at"), lambda row: time(row.sent_at) if row.sent_at else None),
        Column("buyer_name", field("buyer_name"), lambda row: formats.buyer(row.buyer_name, buyers)),
        Column("name", field("name"), lambda row: row.name),
        MoneyColumn("amount", field("amount"), lambda row: (row.amount - row.cancel_amount, row.currency)),
        Column("merchant_uid", field("merchant_uid"), lambda row: row.merchant_uid),
        Column("pg_provider", field("pg_provider"), lambda row: labels.provider(row.pg_provider or "")),
        Column("entered_by", _("Delivery entered by"), lambda row: person(row.entered_by) if row.entered_by else None),
        Column("sandbox", field("sandbox"), lambda row: labels.test_mark(row.sandbox)),
    ]
