"""The list of schedules: tiles, sums, rows by their due time, pages, and what to do when nothing is there."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st
from services.clock import day_to_date
from services.store.lists.keyset import Page
from services.store.lists.schedule_filters import ScheduleFilter
from services.store.lists.schedules import ScheduleRow
from services.store.lists.totals import Count, RowSum

from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.hits import hits_column, nothing_found
from dashboard.kit.filters.no_rows import OtherDays
from dashboard.kit.lists.columns import Column, MoneyColumn, state_column
from dashboard.kit.lists.list_order import ListOrder
from dashboard.kit.lists.page_buttons import page_buttons
from dashboard.kit.lists.pick import pick_rows
from dashboard.kit.lists.store_column import store_column
from dashboard.kit.lists.tiles import count_tiles
from dashboard.locale import _, ngettext
from dashboard.screens.schedules import schedule_filters
from dashboard.words import formats, labels, periods
from dashboard.words.schedule_labels import TILES, due_state, state_of


def state_tiles(counts: Mapping[str, int], chosen: ScheduleFilter) -> None:
    """How many are in each state under the other filters; a click filters by it. No numbers beside a text or key."""
    shown = counts if chosen.counted_by_facets else None
    count_tiles(TILES, due_state, shown, chosen.states, partial(schedule_filters.KEPT.toggle, "states"))


def totals_line(totals: Sequence[RowSum] | None, chosen: ScheduleFilter) -> None:
    """Count and sum of the whole filter in each currency, and which days by whose clock."""
    first, last = (day_to_date(day or 0).isoformat() for day in (chosen.from_day, chosen.to_day))
    words = _("{first} – {last} · by the time they are due · times in Korea (KST)").format(first=first, last=last)
    if chosen.text:
        words = _("A text is looked for in all days · times in Korea (KST)")
    notes = [formats.escape(words)]
    if totals is None:
        notes.append(_("A text or one billing key has no sums; take it away to see them."))
    with st.container(horizontal=True, vertical_alignment="center", key="totals"):
        for total in totals or ():
            amount = formats.escape(formats.money(total.amount, total.currency))
            words = ngettext("{n} schedule", "{n} schedules", total.rows).format(n=f"{total.rows:,}")
            st.markdown(f"{words} · **{amount}**", width="content")
        st.caption(" · ".join(notes), width="content")


def schedule_table(
    found: Page[ScheduleRow], columns: Sequence[Column[ScheduleRow]], *, several: bool, key: str, order: ListOrder
) -> list[str]:
    """A page of schedules, as they come; returns the order numbers of the picked rows: one, unless `several`."""
    picked = pick_rows(
        found,
        columns,
        alt=_("Schedules, times in Korea"),
        key=f"{key}_{several}",
        order=order,
        many=several,
    )
    return [row.merchant_uid for row in picked]


def schedule_pager(found: Page[ScheduleRow], count: Count, *, several: bool) -> None:
    """Earlier and later rows, and how many there are; the arrow keys turn pages too."""
    words = ngettext("{n} schedule", "{n} schedules", count.n)
    words = words.format(n=formats.counted(count.n, more=count.capped))
    if several:
        words = f"{words} · {_('Choose rows by their boxes.')}"
    page_buttons(found, schedule_filters.KEPT.turn_page, words, labels=(_("Earlier"), _("Later")))


def no_schedules(form: FilterForm[Any], chosen: ScheduleFilter, everywhere: Count | None, today: int) -> None:
    """Says what to do next; `everywhere`: how many hold its text, whatever the day."""
    days = chosen.from_day or today, chosen.to_day or today
    named = [(period, periods.due_days(period, today)) for period in ("this_month", "next_month", "last_month")]
    others = [OtherDays(name, periods.period_label(name), span, name) for name, span in named if span != days]
    words = _("No schedule matches. Look at other days, or take filters away.")
    nothing_found(form, chosen.text, everywhere, words, days, others)


def schedule_columns(*, buyers: bool, tiers: Mapping[str, str]) -> list[Column[ScheduleRow]]:
    """Every column there is; that of the store where there are sub-stores."""
    field = labels.field
    return [
        Column("schedule_at", field("schedule_at"), lambda row: formats.short_time(row.schedule_at)),
        hits_column(schedule_filters.KEPT),
        MoneyColumn("amount", field("amount"), lambda row: (row.amount, row.currency)),
        Column("buyer_name", field("buyer_name"), lambda row: formats.buyer(row.buyer_name, buyers)),
        state_column("state", field("state"), due_state, state_of),
        Column("name", field("name"), lambda row: row.name),
        Column("fail_reason", field("fail_reason"), lambda row: row.fail_reason),
        Column("pg_provider", field("pg_provider"), lambda row: labels.provider(row.pg_provider or "")),
        Column("merchant_uid", field("merchant_uid"), lambda row: row.merchant_uid),
        Column("customer_uid", field("customer_uid"), lambda row: row.customer_uid),
        Column("sandbox", field("sandbox"), lambda row: labels.test_mark(row.sandbox)),
        *store_column(tiers),
    ]
