"""The filters of schedules: list or calendar, due days, states, PG, live or test, a text or an exact id."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st
from services.clock import date_to_day, day_to_date
from services.store.lists.filters import AmountOrder, Live
from services.store.lists.keyset import Page
from services.store.lists.schedule_filters import ScheduleFilter
from services.store.lists.schedules import AMOUNTS, ScheduleRow, ScheduleValues

from dashboard.kit.list_order import ListOrder
from dashboard.locale import _
from dashboard.screens.schedules.schedule_url import (
    CALENDAR,
    FIRST,
    LAST,
    LIST,
    ScheduleView,
    default_view,
    from_params,
    has_view,
)
from dashboard.words import labels, periods

_KEY = "schedules."


def schedule_filters(
    values: ScheduleValues, params: Mapping[str, str], *, entered: bool, today: int, buyers: bool
) -> ScheduleView:
    """Draws the filters and returns the view they ask for; `buyers` False leaves buyers out of the search."""
    if (entered and has_view(params)) or _KEY + "text" not in st.session_state:
        _remember(from_params(params, today), today)
    words = {LIST: _("List"), CALENDAR: _("Calendar")}
    shape = st.segmented_control(
        _("View"),
        list(words),
        required=True,
        format_func=words.__getitem__,
        label_visibility="collapsed",
        **_kept("shape"),
    )
    if shape == LIST:
        _search_box(buyers=buyers)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if shape == LIST:
            _period()
        _several(_("PG"), "pg", values.pg_providers, labels.provider)
        live = {"required": True, "format_func": labels.live, **_kept("live")}
        st.segmented_control(_("Channels"), list(Live), **live)
        if shape == LIST and (uid := st.session_state[_KEY + "customer_uid"]):
            with st.container(width="content", gap="xxsmall"):
                st.caption(_("Of one billing key"))
                st.button(uid, icon=":material/close:", key="of_every_key", on_click=_of_every_key)
    return _view(today, buyers=buyers)


def forget_filters(today: int) -> None:
    """Back to the list that the page starts with."""
    _remember(default_view(today), today)


def turn_page(*, before: str | None = None, after: str | None = None) -> None:
    """The list's next run shows the schedules due after `before`, or up to `after`."""
    st.session_state[_KEY + "before"], st.session_state[_KEY + "after"] = before, after


def schedule_order() -> ListOrder:
    """What the list is in order by."""
    amounts = {name: labels.field(name) for name in AMOUNTS}
    return ListOrder(_KEY + "order", {"": _("Soonest first")}, amounts, turn_page)


def at_the_top(view: ScheduleView, found: Page[ScheduleRow]) -> ScheduleView:
    """Paging up to the first rows ends in the view the list starts with."""
    if view.after and found.newer is None:
        turn_page()
        return replace(view, after=None)
    return view


def toggle_state(state: str) -> None:
    """Takes one state into the filter, or out of it."""
    st.session_state[_KEY + "states"] = sorted(set(st.session_state[_KEY + "states"]) ^ {state})
    turn_page()


def show_period(period: str, today: int) -> None:
    """The list over another of the named periods."""
    days = periods.due_days(period, today)
    st.session_state[_KEY + "period"] = period
    st.session_state[_KEY + "days"] = (day_to_date(days[0]), day_to_date(days[1]))
    turn_page()


def show_day(day: int) -> None:
    """The list of one day of the calendar."""
    st.session_state[_KEY + "shape"], st.session_state[_KEY + "text"] = LIST, ""
    st.session_state[_KEY + "customer_uid"] = None
    st.session_state[_KEY + "period"] = periods.CUSTOM
    st.session_state[_KEY + "days"] = (day_to_date(day), day_to_date(day))
    turn_page()


def turn_month(month: date) -> None:
    """Another month of the calendar."""
    st.session_state[_KEY + "month"] = month


def _of_every_key() -> None:
    st.session_state[_KEY + "customer_uid"] = None
    turn_page()


def _remember(view: ScheduleView, today: int) -> None:
    chosen = view.chosen
    days = (chosen.from_day or today, chosen.to_day or today)
    values: dict[str, Any] = {
        "shape": view.shape,
        "month": view.month,
        "text": chosen.text,
        "period": periods.DUE.name_of(days, today),
        "days": (day_to_date(days[0]), day_to_date(days[1])),
        "states": sorted(chosen.states),
        "pg": sorted(chosen.pg_providers),
        "live": chosen.live,
        "customer_uid": chosen.customer_uid,
        "order": str(chosen.order or ""),
        "before": view.before,
        "after": view.after,
    }
    for name, value in values.items():
        st.session_state[_KEY + name] = value


def _kept(name: str) -> dict[str, Any]:
    return {"key": _KEY + name, "on_change": turn_page, "persist_state": "session"}


def _search_box(*, buyers: bool) -> None:
    with_buyers = _("Order number, billing key, product, name, phone, e-mail, amount")
    without = _("Order number, billing key, product, amount")
    st.text_input(
        _("Search"),
        type="search",
        icon=":material/search:",
        placeholder=with_buyers if buyers else without,
        label_visibility="collapsed",
        **_kept("text"),
    )


def _period() -> None:
    words = {"required": True, "format_func": periods.period_label, **_kept("period")}
    if st.segmented_control(_("Due"), list(periods.DUE.names), **words) == periods.CUSTOM:
        ends: dict[str, Any] = {"min_value": FIRST, "max_value": LAST}
        st.date_input(_("Days in Korea"), format="YYYY-MM-DD", width=250, **ends, **_kept("days"))


def _several(label: str, name: str, options: Collection[str], words: Any) -> None:
    chosen = st.session_state[_KEY + name]
    known = [*options, *(value for value in chosen if value not in options)]
    st.multiselect(label, known, format_func=words, placeholder=_("Any"), width=220, **_kept(name))


def _view(today: int, *, buyers: bool) -> ScheduleView:
    state = st.session_state
    month, in_list = state[_KEY + "month"], state[_KEY + "shape"] == LIST
    from_day, to_day = _days(today) if in_list else periods.month_days(month)
    chosen = ScheduleFilter(
        # The calendar knows neither: nothing is kept of a day for those.
        text=(state[_KEY + "text"] or "").strip() if in_list else "",
        customer_uid=state[_KEY + "customer_uid"] if in_list else None,
        from_day=from_day,
        to_day=to_day,
        states=frozenset(state[_KEY + "states"]),
        pg_providers=frozenset(state[_KEY + "pg"]),
        live=state[_KEY + "live"],
        soonest_first=True,
        order=AmountOrder.read(state[_KEY + "order"], AMOUNTS),
        search_buyers=buyers,
    )
    return ScheduleView(
        chosen,
        month=month,
        shape=state[_KEY + "shape"],
        before=state[_KEY + "before"],
        after=state[_KEY + "after"],
    )


def _days(today: int) -> tuple[int, int]:
    period = st.session_state[_KEY + "period"]
    if period != periods.CUSTOM:
        return periods.due_days(period, today)
    # While a range is being picked it has one end.
    ends = st.session_state[_KEY + "days"] or (day_to_date(today),)
    return date_to_day(ends[0]), date_to_day(ends[-1])
