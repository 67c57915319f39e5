"""The search of every screen: a dialog that finds payments, keys, subscriptions, schedules, refunds and pages.

What is typed stays in the session: it goes into no address and no log.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st
from services.clock import day_of
from services.errors import InvalidFilter
from services.mirror.look_up import is_id
from services.store.lists.filters import Live

from dashboard.access import Permission, User
from dashboard.kit import session
from dashboard.kit.filters.days import Days, show_days
from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.query import Part, read_query
from dashboard.kit.reader import resume
from dashboard.kit.script_turns import script_turn
from dashboard.locale import _
from dashboard.navigation import ENTRIES, Place, link_to, open_page, title
from dashboard.screens.keys.key_filters import key_form
from dashboard.screens.palette.found_rows import Group, groups_of
from dashboard.screens.palette.page_names import is_called
from dashboard.screens.palette.palette_desk import read_anything
from dashboard.screens.payments.filters import payment_form
from dashboard.screens.refunds.refund_filters import refund_form
from dashboard.screens.revenue.subscription_list import subscription_form
from dashboard.screens.revenue.subscription_scope import forget_scope
from dashboard.screens.schedules.schedule_filters import schedule_form
from dashboard.visits import EVERYTHING, forget_search, note_search
from dashboard.words import formats

_TEXT = "palette.text"
_ASKED_FOR = ()
"""In the place of the address above which it is open, which another one closes."""


def palette(user: User, page: str, now: float) -> None:
    """The button that opens the search, and the search while it is open above this page."""
    here = page, tuple(sorted(st.query_params.to_dict().items()))
    with st.sidebar:
        st.button(
            _("Search"),
            icon=":material/search:",
            shortcut="Ctrl+K",
            key="palette",
            width="stretch",
            on_click=_open,
        )
    if session.SEARCHING.get() == _ASKED_FOR:
        # The address was written anew after its button was drawn.
        session.SEARCHING.put(here)
    if session.SEARCHING.get() == here:
        st.dialog(_("Search everything"), width="large", on_dismiss=_close)(_searched)(user, day_of(now))
    else:
        _close()


def _open() -> None:
    forget_search(EVERYTHING)
    st.session_state[_TEXT] = ""
    session.SEARCHING.put(_ASKED_FOR)


def _close() -> None:
    session.SEARCHING.put(None)


def _searched(user: User, today: int) -> None:
    with script_turn():
        resume()
        _search(user, today)


def _search(user: User, today: int) -> None:
    buyers = user.may(Permission.SEE_BUYERS)
    hint = _("Name, phone, order, amount, product, key, page") if buyers else _("Order, id, product, key, amount, page")
    text = st.text_input(
        _("Search"),
        type="search",
        icon=":material/search:",
        key=_TEXT,
        label_visibility="collapsed",
        placeholder=hint,
        live="300ms",
    ).strip()
    if not text:
        st.caption(_("Found while you type; ↓ or Enter goes to what was found, Enter opens it, Esc closes."))
        return
    if parts := read_query(text).parts:
        _hand_on(parts, text, today, buyers)
        return
    pages = _pages(user, text)
    try:
        found = read_anything(text, buyers=buyers)
    except InvalidFilter as refused:
        if not pages:
            st.caption(formats.told(refused))
        return
    note_search(user, EVERYTHING, text)
    groups = groups_of(found, text, buyers=buyers)
    for group in groups:
        _draw(group, user)
        if group.more:
            _go_on(_("All of them: {list}").format(list=title(group.page)), group.page, text, today, buyers)
    if is_id(text) and not found.payments.rows and user.may(Permission.READ_AGAIN):
        _go_on(_("Ask the gateway for this id"), Place.PAYMENTS, text, today, buyers)
    elif not groups and not pages:
        st.caption(_("Nothing of what is here holds this, whatever the day"))


def _draw(group: Group, user: User) -> None:
    st.caption(title(group.page))
    with st.container(gap=None):
        for line in group.lines:
            with st.container(horizontal=True, gap="small"):
                link_to(line.words, line.page, **line.about)
                if line.deed and user.may(line.deed.permission):
                    link_to(line.deed.label, line.deed.page, icon=line.deed.icon, **line.about, **line.deed.more)


def _pages(user: User, text: str) -> bool:
    """Links to the pages that are called so; whether there are any."""
    entries = [one for one in ENTRIES if not one.hidden and user.may(one.permission) and is_called(one.name, text)]
    if entries:
        st.caption(_("Pages"))
        for one in entries:
            link_to(title(one.name), one.name)
    return bool(entries)


def _hand_on(parts: Sequence[Part], text: str, today: int, buyers: bool) -> None:
    """Filters that are typed by name belong to lists: buttons to those that have them all."""
    knowing = [page for page, form in _forms(today, buyers).items() if form.knows(parts)]
    for page in knowing:
        _go_on(_("With these filters: {list}").format(list=title(page)), page, text, today, buyers)
    if not knowing:
        names = ", ".join(dict.fromkeys(part.name for part in parts))
        st.caption(_("No list has all of these filters: {names}").format(names=formats.escape(names)))


def _go_on(label: str, page: Place, text: str, today: int, buyers: bool) -> None:
    """A button to a list that looks for the text in all days, among test rows too, as was done here."""
    if not st.button(label, icon=":material/arrow_forward:", type="tertiary", key=f"palette.{page}"):
        return
    if page == Place.SUBSCRIPTIONS:
        forget_scope()
    form = _forms(today, buyers)[page]
    form.forget()
    form.kept["text"] = text
    for field in form.every:
        if isinstance(field, Days):
            show_days(form.kept, field.earliest, field.latest)
        elif field.name == "live":
            form.kept[field.name] = Live.ALL
    open_page(page)


def _forms(today: int, buyers: bool) -> dict[Place, FilterForm[Any]]:
    return {
        Place.PAYMENTS: payment_form(today, buyers=buyers),
        Place.BILLING_KEYS: key_form(buyers=buyers),
        Place.SUBSCRIPTIONS: subscription_form(buyers=buyers),
        Place.SCHEDULES: schedule_form(today, buyers=buyers),
        Place.REFUNDS: refund_form(today, buyers=buyers),
    }
