"""The filters of a payments list: what a person chose, kept in the session and carried by the address.

The address is read when the page is entered and written after every run; Streamlit's own binding of
widgets to parameters would lose the choice on each change of page.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st
from services.amounts import read_amount
from services.clock import date_to_day, day_to_date
from services.errors import InvalidRequest
from services.money import to_major
from services.payment_states import PaymentKind
from services.store.lists.filters import AmountOrder, Live, PaymentFilter
from services.store.lists.keyset import Page
from services.store.lists.payments import AMOUNTS, PaymentRow
from services.store.lists.totals import FacetValues
from services.tables.v1 import Basis

from dashboard.kit.list_order import ListOrder
from dashboard.locale import _, ngettext
from dashboard.screens.payments.filter_url import (
    FIRST_DAY,
    View,
    default_filter,
    from_params,
    has_view,
)
from dashboard.words import formats, labels, periods

_KEY = "payments."


def payment_filters(values: FacetValues, params: Mapping[str, str], *, entered: bool, today: int, buyers: bool) -> View:
    """Draws the filters and returns the view they ask for; `buyers` False leaves buyers out of the search."""
    if (entered and has_view(params)) or _KEY + "text" not in st.session_state:
        remember(from_params(params, today, AMOUNTS), today)
    _search_box(buyers=buyers)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _period(today)
        _choice(_("By"), "basis", [Basis.PAID, Basis.STATUS, Basis.STARTED], labels.basis)
        # Its label never changes: a popover with another label closes while somebody is at it.
        more = st.popover(_("More filters"), icon=":material/tune:", on_change="rerun", key=_KEY + "more")
        if more.open:
            with more:
                _more(values)
        if used := _used():
            words = ngettext("{n} of them in use", "{n} of them in use", used)
            st.caption(words.format(n=used), width="content")
            st.button(_("Clear filters"), type="tertiary", key="clear", on_click=forget_filters, args=(today,))
    try:
        return _view(today, buyers=buyers)
    except InvalidRequest as problem:
        # No list stands under a filter that it does not follow.
        st.warning(formats.told(problem), icon=":material/filter_alt_off:")
        st.stop()


def remember(view: View, today: int) -> None:
    """Puts a view into the session, as the widgets of the next run will show it."""
    chosen, state = view.chosen, st.session_state
    currency = chosen.currency or "KRW"
    days = (chosen.from_day or today, chosen.to_day or today)
    values: dict[str, Any] = {
        "text": chosen.text,
        "basis": chosen.basis,
        "period": periods.period_of(days, today),
        "days": (day_to_date(days[0]), day_to_date(days[1])),
        "states": sorted(chosen.states),
        "pg": sorted(chosen.pg_providers),
        "method": sorted(chosen.pay_methods),
        "kinds": sorted(chosen.kinds),
        "live": chosen.live,
        "currency": chosen.currency,
        "min": _written(chosen.amount_from, currency),
        "max": _written(chosen.amount_to, currency),
        "customer_uid": chosen.customer_uid,
        "order": str(chosen.order or ""),
        "before": view.before,
        "after": view.after,
    }
    for name, value in values.items():
        state[_KEY + name] = value


def forget_filters(today: int) -> None:
    """Back to the view a list starts with."""
    remember(View(default_filter(today)), today)


def turn_page(*, before: str | None = None, after: str | None = None) -> None:
    """The list's next run shows the rows older than `before`, or newer than `after`."""
    st.session_state[_KEY + "before"], st.session_state[_KEY + "after"] = before, after


def at_the_top(view: View, found: Page[PaymentRow]) -> View:
    """Paging up to the newest rows ends in the view a list starts with: they may grow on top."""
    if view.after and found.newer is None:
        turn_page()
        return replace(view, after=None)
    return view


def payment_order() -> ListOrder:
    """What the list is in order by."""
    amounts = {name: labels.field(name) for name in AMOUNTS}
    return ListOrder(_KEY + "order", {"": _("Newest first")}, amounts, turn_page)


def toggle_state(state: str) -> None:
    """Takes one state of payments into the filter, or out of it."""
    chosen = set(st.session_state[_KEY + "states"])
    st.session_state[_KEY + "states"] = sorted(chosen ^ {state})
    turn_page()


def look_back(days: int, today: int) -> None:
    """Widens the list to the last `days` days."""
    st.session_state[_KEY + "period"] = periods.CUSTOM
    st.session_state[_KEY + "days"] = (day_to_date(today - days + 1), day_to_date(today))
    turn_page()


def _search_box(*, buyers: bool) -> None:
    with_buyers = _("imp_uid, order or approval number, name, phone, e-mail, last four, amount, refund reason")
    without = _("imp_uid, order or approval number, product, last four, amount, refund reason")
    st.text_input(
        _("Search"),
        key=_KEY + "text",
        type="search",
        icon=":material/search:",
        placeholder=with_buyers if buyers else without,
        label_visibility="collapsed",
        on_change=turn_page,
        persist_state="session",
    )


def _period(today: int) -> None:
    chosen = _choice(_("Period"), "period", periods.PERIODS, periods.period_label)
    if chosen == periods.CUSTOM:
        st.date_input(
            _("Days in Korea"),
            key=_KEY + "days",
            min_value=day_to_date(FIRST_DAY),
            max_value=day_to_date(today),
            format="YYYY-MM-DD",
            on_change=turn_page,
            persist_state="session",
            width=250,
        )


def _choice(label: str, name: str, options: Collection[Any], words: Any) -> Any:
    """One of a few options, one always chosen."""
    return st.segmented_control(
        label,
        list(options),
        required=True,
        format_func=words,
        key=_KEY + name,
        on_change=turn_page,
        persist_state="session",
    )


def _more(values: FacetValues) -> None:
    _several(_("PG"), "pg", values.pg_providers, labels.provider)
    _several(_("Method"), "method", values.pay_methods, labels.method)
    st.pills(
        _("Kind"),
        list(PaymentKind),
        selection_mode="multi",
        format_func=labels.kind,
        key=_KEY + "kinds",
        on_change=turn_page,
        persist_state="session",
    )
    _choice(_("Channels"), "live", list(Live), labels.live)
    st.selectbox(
        _("Currency"),
        _with_chosen(values.currencies, st.session_state[_KEY + "currency"]),
        index=None,
        placeholder=_("Any"),
        key=_KEY + "currency",
        on_change=turn_page,
        persist_state="session",
    )
    with st.container(horizontal=True):
        for name, label in (("min", _("Amount from")), ("max", _("Amount to"))):
            with st.container(gap="xsmall", width=200):
                st.text_input(
                    label,
                    key=_KEY + name,
                    help=_("In won, or in the currency chosen above."),
                    on_change=turn_page,
                    persist_state="session",
                )
                try:
                    _typed_amount(name)
                except InvalidRequest as problem:
                    st.error(formats.told(problem), icon=":material/error:")


def _several(label: str, name: str, options: Collection[str], words: Any) -> None:
    known = _with_chosen(options, *st.session_state[_KEY + name])
    st.multiselect(
        label,
        known,
        format_func=words,
        key=_KEY + name,
        placeholder=_("Any"),
        on_change=turn_page,
        persist_state="session",
    )


def _with_chosen(options: Collection[str], *chosen: str | None) -> list[str]:
    """The options, and what an address asked for though no row has it."""
    return [*options, *(value for value in chosen if value and value not in options)]


def _used() -> int:
    """How many of the filters behind the button are in use."""
    state = st.session_state
    used = sum(bool(state[_KEY + name]) for name in ("pg", "method", "kinds", "currency", "min", "max", "customer_uid"))
    return int(used + (state[_KEY + "live"] != Live.LIVE))


def _view(today: int, *, buyers: bool) -> View:
    state = st.session_state
    get = {name: state[_KEY + name] for name in ("text", "basis", "states", "pg", "method", "kinds", "live")}
    low, high, currency = _typed_amount("min"), _typed_amount("max"), state[_KEY + "currency"]
    if low is not None or high is not None:
        # An amount means something in one currency only.
        currency = currency or "KRW"
    from_day, to_day = _days(today)
    chosen = replace(
        PaymentFilter(from_day=from_day, to_day=to_day),
        text=(get["text"] or "").strip(),
        basis=get["basis"],
        states=frozenset(get["states"]),
        pg_providers=frozenset(get["pg"]),
        pay_methods=frozenset(get["method"]),
        kinds=frozenset(get["kinds"]),
        live=get["live"],
        currency=currency,
        amount_from=low,
        amount_to=high,
        customer_uid=state[_KEY + "customer_uid"],
        order=AmountOrder.read(state[_KEY + "order"], AMOUNTS),
        search_buyers=buyers,
    )
    return View(chosen, before=state[_KEY + "before"], after=state[_KEY + "after"])


def _days(today: int) -> tuple[int, int]:
    period = st.session_state[_KEY + "period"]
    if period != periods.CUSTOM:
        return periods.period_days(period, today)
    # While a range is being picked it has one end.
    ends = st.session_state[_KEY + "days"] or (day_to_date(today),)
    return date_to_day(ends[0]), date_to_day(ends[-1])


def _typed_amount(name: str) -> int | None:
    """An end of the amounts in the smallest unit. Raises InvalidRequest."""
    return read_amount(st.session_state[_KEY + name] or "", st.session_state[_KEY + "currency"] or "KRW", name)


def _written(amount: int | None, currency: str) -> str:
    return "" if amount is None else f"{to_major(amount, currency):f}"
