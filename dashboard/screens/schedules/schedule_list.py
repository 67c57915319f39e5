"""The list of schedules: tiles, sums, rows by their due time, pages, and what to do when nothing is there."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import streamlit as st
from services.clock import day_to_date
from services.store.lists.keyset import Page
from services.store.lists.schedule_filters import ScheduleFilter
from services.store.lists.schedules import ScheduleRow, ScheduleSum
from services.store.lists.totals import Count

from dashboard.kit.list_order import heading, heads, order_told
from dashboard.kit.money_cells import money_cells, money_column
from dashboard.kit.page_buttons import page_buttons
from dashboard.kit.tables import badge_column, list_height
from dashboard.kit.tiles import count_tiles
from dashboard.locale import _, ngettext
from dashboard.screens.schedules import schedule_filters
from dashboard.words import formats, labels, periods
from dashboard.words.schedule_labels import SIGNS, TILES, due_badge, state_of

_SHOWN = (
    "schedule_at",
    "state",
    "amount",
    "name",
    "buyer_name",
    "fail_reason",
    "pg_provider",
    "merchant_uid",
    "customer_uid",
)


def state_tiles(counts: Mapping[str, int], chosen: ScheduleFilter) -> None:
    """How many are in each state under the other filters; a click filters by it. No numbers beside a text or key."""
    shown = counts if chosen.counted_by_facets else None
    count_tiles(TILES, due_badge, shown, chosen.states, schedule_filters.toggle_state)


def totals_line(totals: Sequence[ScheduleSum] | None) -> None:
    """Count and sum of the whole filter, a line for each currency."""
    if totals is None:
        st.caption(_("A text or one billing key has no sums; take it away to see them."))
    for total in totals or ():
        amount = formats.escape(formats.money(total.amount, total.currency))
        words = ngettext("{n} schedule", "{n} schedules", total.schedules).format(n=f"{total.schedules:,}")
        st.markdown(f"{words} · **{amount}**")


def days_line(chosen: ScheduleFilter, *, exact: bool) -> None:
    """Which days the list holds, by which time, and whose clock; or that it goes by an exact id."""
    if exact:
        st.caption(_("An exact id: shown whatever the dates and filters say."))
        return
    first, last = (day_to_date(day or 0).isoformat() for day in (chosen.from_day, chosen.to_day))
    words = _("{first} – {last} · by the time they are due · times in Korea (KST)").format(first=first, last=last)
    st.caption(formats.escape(words))


def schedule_table(found: Page[ScheduleRow], *, buyers: bool, several: bool, key: str) -> list[str]:
    """A page of schedules, as they come; returns the order numbers of the picked rows: one, unless `several`."""
    rows, order = found.rows, schedule_filters.schedule_order()
    by, money = order_told(order, found), [(row.amount, row.currency) for row in rows]
    shown = [*_SHOWN[:2], *(["hits"] if any(row.hits for row in rows) else []), *_SHOWN[2:]]
    if any(row.sandbox for row in rows):
        shown.append("sandbox")
    data = {name: [_cell(row, name, buyers) for row in rows] for name in shown} | {
        "amount": money_cells(money, paged=True)
    }
    picked = st.dataframe(
        pa.table(formats.cells(data)),
        hide_index=True,
        column_config={name: _config(name, data[name]) for name in shown}
        | {"amount": money_column(heading(labels.field("amount"), "amount", by), money)},
        placeholder="",
        height=list_height(len(rows)),
        alt=_("Schedules, times in Korea"),
        **heads(f"{key}_{several}", found, order, "multi-row" if several else "single-row"),
    )
    return [rows[number].merchant_uid for number in picked["selection"]["rows"] if number < len(rows)]


def schedule_pager(found: Page[ScheduleRow], count: Count, *, several: bool) -> None:
    """Earlier and later rows, and how many there are; the arrow keys turn pages too."""
    words = ngettext("{n} schedule", "{n} schedules", count.n)
    words = words.format(n=f"{count.n:,}{'+' if count.capped else ''}")
    hint = _("Choose rows by their boxes.") if several else _("A click on the box of a row opens it.")
    page_buttons(found, schedule_filters.turn_page, f"{words} · {hint}", labels=(_("Earlier"), _("Later")))


def no_schedules(chosen: ScheduleFilter, today: int) -> None:
    """Says what to do next."""
    days = (chosen.to_day or today) - (chosen.from_day or today) + 1
    st.info(
        _("No schedule matches. Look at other days, or take filters away."),
        title=_("Nothing in these {days} days").format(days=max(days, 1)),
        icon=":material/search_off:",
    )
    with st.container(horizontal=True):
        for period in ("this_month", "next_month", "last_month"):
            if periods.due_days(period, today) != (chosen.from_day, chosen.to_day):
                label, args = periods.period_label(period), (period, today)
                st.button(label, key=f"look_{period}", on_click=schedule_filters.show_period, args=args)
        st.button(_("Clear filters"), key="clear_all", on_click=schedule_filters.forget_filters, args=(today,))


def _cell(row: ScheduleRow, name: str, buyers: bool) -> Any:
    match name:
        case "schedule_at":
            return formats.time(row.schedule_at)
        case "state":
            return [due_badge(state_of(row))]
        case "buyer_name":
            return row.buyer_name if buyers else formats.mask_name(row.buyer_name)
        case "hits":
            return ", ".join(labels.field(field) for field in row.hits)
        case "pg_provider":
            return labels.provider(row.pg_provider or "")
        case "sandbox":
            return labels.live("test") if row.sandbox else ""
    return getattr(row, name)


def _config(name: str, cells: Sequence[Any]) -> Any:
    label = labels.field(name)
    if name == "state":
        colors = {due_badge(code): color for code, (_sign, color) in SIGNS.items()}
        return badge_column(label, [cell[0] for cell in cells], colors)
    return st.column_config.TextColumn(label)
