"""The filters of the list of refunds: their days, full or partial, PG, method, currency, live or test, an exact id."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st
from services.clock import date_to_day, day_to_date
from services.store.lists.filters import AmountOrder, Live, PaymentFilter
from services.store.lists.keyset import Page
from services.store.lists.refunds import AMOUNTS, RefundRow
from services.store.lists.totals import FacetValues

from dashboard.kit.list_order import ListOrder
from dashboard.locale import _
from dashboard.screens.payments.filter_url import (
    FIRST_DAY,
    View,
    default_filter,
    from_params,
    has_view,
)
from dashboard.words import labels, periods

_KEY = "refunds."


def refund_filters(values: FacetValues, params: Mapping[str, str], *, entered: bool, today: int) -> View:
    """Draws the filters and returns the view they ask for."""
    if (entered and has_view(params)) or _KEY + "text" not in st.session_state:
        _remember(from_params(params, today, AMOUNTS), today)
    st.text_input(
        _("Search"),
        type="search",
        icon=":material/search:",
        placeholder=_("imp_uid, order number or refund's number, whole"),
        label_visibility="collapsed",
        **_kept("text"),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _period(today)
        _several(_("PG"), "pg", values.pg_providers, labels.provider)
        _several(_("Method"), "method", values.pay_methods, labels.method)
        st.segmented_control(_("Full or partial"), ["full", "partial"], format_func=labels.part, **_kept("part"))
        if len(values.currencies) > 1 or st.session_state[_KEY + "currency"]:
            _one(_("Currency"), "currency", values.currencies)
        live = {"required": True, "format_func": labels.live, **_kept("live")}
        st.segmented_control(_("Channels"), list(Live), **live)
    return _view(today)


def forget_filters(today: int) -> None:
    """Back to the view the list starts with."""
    _remember(View(default_filter(today)), today)


def turn_page(*, before: str | None = None, after: str | None = None) -> None:
    """The list's next run shows the refunds older than `before`, or newer than `after`."""
    st.session_state[_KEY + "before"], st.session_state[_KEY + "after"] = before, after


def refund_order() -> ListOrder:
    """What the list is in order by."""
    amounts = {name: labels.field(name) for name in AMOUNTS}
    return ListOrder(_KEY + "order", {"": _("Newest first")}, amounts, turn_page)


def at_the_top(view: View, found: Page[RefundRow]) -> View:
    """Paging up to the newest rows ends in the view the list starts with."""
    if view.after and found.newer is None:
        turn_page()
        return replace(view, after=None)
    return view


def look_back(days: int, today: int) -> None:
    """Widens the list to the last `days` days."""
    st.session_state[_KEY + "period"] = periods.CUSTOM
    st.session_state[_KEY + "days"] = (day_to_date(today - days + 1), day_to_date(today))
    turn_page()


def _remember(view: View, today: int) -> None:
    chosen = view.chosen
    days = (chosen.from_day or today, chosen.to_day or today)
    values: dict[str, Any] = {
        "text": chosen.text,
        "period": periods.period_of(days, today),
        "days": (day_to_date(days[0]), day_to_date(days[1])),
        "pg": sorted(chosen.pg_providers),
        "method": sorted(chosen.pay_methods),
        "live": chosen.live,
        "part": {None: None, True: "full", False: "partial"}[chosen.whole],
        "currency": chosen.currency,
        "order": str(chosen.order or ""),
        "before": view.before,
        "after": view.after,
    }
    for name, value in values.items():
        st.session_state[_KEY + name] = value


def _kept(name: str) -> dict[str, Any]:
    return {"key": _KEY + name, "on_change": turn_page, "persist_state": "session"}


def _period(today: int) -> None:
    words = {"required": True, "format_func": periods.period_label, **_kept("period")}
    if st.segmented_control(_("Days of the refund"), list(periods.PERIODS), **words) == periods.CUSTOM:
        ends: dict[str, Any] = {"min_value": day_to_date(FIRST_DAY), "max_value": day_to_date(today)}
        st.date_input(_("Days in Korea"), format="YYYY-MM-DD", width=250, **ends, **_kept("days"))


def _several(label: str, name: str, options: Collection[str], words: Any) -> None:
    chosen = st.session_state[_KEY + name]
    known = [*options, *(value for value in chosen if value not in options)]
    st.multiselect(label, known, format_func=words, placeholder=_("Any"), width=220, **_kept(name))


def _one(label: str, name: str, options: Collection[str]) -> None:
    chosen = st.session_state[_KEY + name]
    known = [*options, *([chosen] if chosen and chosen not in options else [])]
    st.selectbox(label, known, index=None, placeholder=_("Any"), width=140, **_kept(name))


def _view(today: int) -> View:
    get = {name: st.session_state[_KEY + name] for name in ("text", "pg", "method", "live", "period", "days")}
    days = periods.period_days(get["period"], today) if get["period"] != periods.CUSTOM else None
    if days is None:
        # While a range is being picked it has one end.
        ends = get["days"] or (day_to_date(today),)
        days = date_to_day(ends[0]), date_to_day(ends[-1])
    chosen = PaymentFilter(
        text=(get["text"] or "").strip(),
        from_day=days[0],
        to_day=days[1],
        pg_providers=frozenset(get["pg"]),
        pay_methods=frozenset(get["method"]),
        live=get["live"],
        currency=st.session_state[_KEY + "currency"],
        whole={"full": True, "partial": False}.get(st.session_state[_KEY + "part"]),
        order=AmountOrder.read(st.session_state[_KEY + "order"], AMOUNTS),
    )
    return View(chosen, before=st.session_state[_KEY + "before"], after=st.session_state[_KEY + "after"])
