"""The filters of the list of billing keys: what a person chose, kept in the session and carried by the address."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st
from services.store.lists.filters import Live
from services.store.lists.key_filters import KeyFilter, KeyOrder
from services.store.lists.keys import KeyRow, KeyValues
from services.store.lists.keyset import Page

from dashboard.kit.list_order import ListOrder
from dashboard.locale import _
from dashboard.screens.keys.key_url import KeyView, from_params, has_view, read_order
from dashboard.words import labels

_KEY = "billing_keys."


def key_filters(values: KeyValues, params: Mapping[str, str], *, entered: bool, buyers: bool) -> KeyView:
    """Draws the filters and returns the view they ask for; `buyers` False leaves buyers out of the search."""
    if (entered and has_view(params)) or _KEY + "text" not in st.session_state:
        _remember(from_params(params))
    everything = _("customer_uid, buyer's name, phone, e-mail, card's last four")
    st.text_input(
        _("Search"),
        type="search",
        icon=":material/search:",
        placeholder=everything if buyers else "customer_uid",
        label_visibility="collapsed",
        **_kept("text"),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key_order().choose()
        chosen = st.session_state[_KEY + "pg"]
        known = [*values.pg_providers, *(one for one in chosen if one not in values.pg_providers)]
        any_of = {"format_func": labels.provider, "placeholder": _("Any"), **_kept("pg")}
        st.multiselect(_("PG"), known, width=260, **any_of)
        live = {"required": True, "format_func": labels.live, **_kept("live")}
        st.segmented_control(_("Channels"), list(Live), **live)
        hint = _("Another key has the same buyer's phone, or the same buyer's card.")
        st.toggle(_("Duplicates only"), help=hint, **_kept("duplicates"))
        if any(st.session_state[_KEY + name] for name in ("pg", "states", "duplicates")):
            st.button(_("Clear filters"), type="tertiary", key="clear", on_click=forget_filters)
    return _view(buyers=buyers)


def forget_filters() -> None:
    """Back to the view the list starts with."""
    _remember(KeyView(KeyFilter()))


def turn_page(*, before: str | None = None, after: str | None = None) -> None:
    """The list's next run shows the rows after `before`, or before `after`."""
    st.session_state[_KEY + "before"], st.session_state[_KEY + "after"] = before, after


def toggle_state(state: str) -> None:
    """Takes one state of keys into the filter, or out of it."""
    st.session_state[_KEY + "states"] = sorted(set(st.session_state[_KEY + "states"]) ^ {state})
    turn_page()


def at_the_top(view: KeyView, found: Page[KeyRow]) -> KeyView:
    """Paging up to the first rows ends in the view the list starts with: there may be new ones on top."""
    if view.after and found.newer is None:
        turn_page()
        return replace(view, after=None)
    return view


def key_order() -> ListOrder:
    """What the list is in order by."""
    own = {KeyOrder.NEWEST.value: _("Newest first"), KeyOrder.NEXT_CHARGE.value: _("Next charge first")}
    return ListOrder(_KEY + "order", own, {"booked_won": _("Won booked")}, turn_page)


def _remember(view: KeyView) -> None:
    chosen = view.chosen
    values: dict[str, Any] = {
        "text": chosen.text,
        "states": sorted(chosen.states),
        "pg": sorted(chosen.pg_providers),
        "duplicates": chosen.only_duplicates,
        "live": chosen.live,
        "order": str(chosen.order),
        "before": view.before,
        "after": view.after,
    }
    for name, value in values.items():
        st.session_state[_KEY + name] = value


def _kept(name: str) -> dict[str, Any]:
    return {"key": _KEY + name, "on_change": turn_page, "persist_state": "session"}


def _view(*, buyers: bool) -> KeyView:
    names = ("text", "states", "pg", "duplicates", "live", "order", "before", "after")
    get = {name: st.session_state[_KEY + name] for name in names}
    chosen = KeyFilter(
        text=(get["text"] or "").strip(),
        states=frozenset(get["states"]),
        pg_providers=frozenset(get["pg"]),
        only_duplicates=get["duplicates"],
        live=get["live"],
        order=read_order(get["order"]),
        search_buyers=buyers,
    )
    return KeyView(chosen, before=get["before"], after=get["after"])
