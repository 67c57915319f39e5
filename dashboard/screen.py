"""The frame of a page, drawn in one call at its begin: who reads it, the title, how fresh what follows is."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st
from services.clock import day_of
from services.errors import InvalidFilter
from services.exports.export import count_export
from services.exports.query import ListFilter
from services.store.lists.filters import Live
from services.store.lists.keyset import Page
from services.store.lists.system import Freshness
from streamlit.delta_generator import DeltaGenerator

from dashboard.access import Permission, User
from dashboard.kit import session
from dashboard.kit.exports import export_choice
from dashboard.kit.filters.form import FilterForm
from dashboard.kit.frame import nothing_mirrored, rows_badge, strip
from dashboard.kit.lists.columns import Column
from dashboard.kit.reader import resume
from dashboard.kit.script_turns import script_turn
from dashboard.kit.views import view_button
from dashboard.kit.views.look import Look
from dashboard.kit.watch import looks_again
from dashboard.locale import current_language
from dashboard.menu import tabs
from dashboard.process.resources import current_freshness, current_settings, open_store
from dashboard.process.sessions import current_user
from dashboard.process.tickets import issue_ticket
from dashboard.settings import Settings
from dashboard.visits import note_look, note_search
from dashboard.words import formats


@dataclass(frozen=True, slots=True)
class Screen:
    """One run of a page: the person, what they may do there, the address, and the time at which it began."""

    user: User
    entered: bool
    """Whether the person came to the page just now, so that its address counts."""
    address: Mapping[str, str]
    now: float
    """UNIX seconds."""
    settings: Settings
    above: DeltaGenerator
    """Where the strip stands, and what belongs beside it."""

    @property
    def today(self) -> int:
        """The day in Korea."""
        return day_of(self.now)

    @property
    def buyers(self) -> bool:
        """Whether names, phones and addresses are shown in full."""
        return self.user.may(Permission.SEE_BUYERS)

    @property
    def may_read(self) -> bool:
        """Whether the person may have the gateway read."""
        return self.user.may(Permission.READ_AGAIN)

    @property
    def may_refund(self) -> bool:
        """Whether the person may ask for refunds."""
        return self.user.may(Permission.REFUND)

    @property
    def may_charge(self) -> bool:
        """Whether the person may ask for charges."""
        return self.user.may(Permission.CHARGE)

    @property
    def may_note(self) -> bool:
        """Whether the person may write notes: who acts on payments tells colleagues why, who only looks leaves none."""
        return self.may_refund or self.may_charge

    @property
    def may_book(self) -> bool:
        """Whether the person may book payments and change what is booked."""
        return self.user.may(Permission.SCHEDULE)

    @property
    def may_export(self) -> bool:
        """Whether the person may take lists along as files."""
        return self.user.may(Permission.EXPORT)

    def in_store(self, tier: str | None) -> "Screen":
        """The same page before what is of one store: a role there may be another one."""
        return replace(self, user=self.user.in_store(tier))

    def tell_live(self, live: Live) -> None:
        """Beside the strip: whether the rows of a filter are test rows too."""
        with self.above:
            rows_badge(shown=live != Live.LIVE)

    def needs_rows(self) -> Freshness:
        """How fresh the store is; ends the page where nothing is mirrored yet, and says what to do."""
        if (fresh := session.FRESH.get()).as_of is None:
            nothing_mirrored(fresh)
            st.stop()
        return fresh

    def set_address(self, params: Mapping[str, str]) -> None:
        """What the page shows, as its address says it."""
        session.SAID.get()[session.AT.get()] = dict(params)
        if self.address != params:
            st.query_params.from_dict(dict(params))

    def note_search(self, text: str, found: Page[Any]) -> None:
        """Before the rows of a list are shown: that they were looked for, in the access log."""
        note_search(self.user, session.AT.get() or "", text, len(found.rows))

    def note_look(self, whose: str = "") -> None:
        """Before a buyer of the page, or all of a part of it, stands there in full: that they do, in the access log."""
        note_look(self.user, whose)

    def look(self, form: FilterForm[Any], columns: Sequence[Column[Any]], first: tuple[str, ...] = ()) -> Look:
        """How a list looks, and what the address says of it; `first` are the columns it has by itself, all for none."""
        look = Look(form, columns, first)
        look.recall(self.address, entered=self.entered)
        return look

    def view_button(self, look: Look) -> None:
        """The button that says how the list looks, and changes it."""
        view_button.view_button(look)

    def export(self, kind: str, chosen: ListFilter, listed: Sequence[str] = ()) -> None:
        """The export of a list, for those who may take it along; `listed` are columns that were chosen for the list."""
        if self.may_export:
            ticket = partial(issue_ticket, chosen, user=self.user, language=current_language(), kind=kind)
            rows = partial(count_export, open_store(checked=False), kind, chosen)
            export_choice(
                kind,
                rows,
                lambda fmt, columns, reason: ticket(fmt, columns=columns, reason=reason),
                with_buyers=self.buyers,
                tiers=bool(self.settings.tiers),
                listed=listed,
            )


def open_screen(title: str, *, tab: str = "", test_rows: bool | None = None) -> Screen:
    """Begins a page: title and strip; `test_rows`: whether the figures below hold them, where that is said.

    `tab` is what the browser is told instead of a title that names a buyer: it keeps that in its history.
    """
    st.set_page_config(page_title=f"{tab or title} · Jangbu")
    with st.container(horizontal=True, vertical_alignment="center", key="head"):
        st.title(title, width="content")
        tabs()
        above = st.container(horizontal=True, vertical_alignment="center", width="content", key="above")
    address = st.query_params.to_dict()
    screen = Screen(session.USER.get(), session.ENTERED.get(), address, time.time(), current_settings(), above)
    with above:
        strip(session.FRESH.get(), current_freshness, sandbox=screen.settings.is_sandbox)
        if test_rows is not None:
            rows_badge(shown=test_rows)
    return screen


def open_list(title: str, draw: Callable[[Screen], None]) -> None:
    """The page of a list: what is clicked in it draws the list anew, and leaves the frame around it as it stands."""
    st.fragment(_draw_list)(open_screen(title), draw, looks_again())


def _draw_list(screen: Screen, draw: Callable[[Screen], None], again: Callable[[], bool]) -> None:
    with script_turn():
        if again():
            if current_user() != screen.user:
                st.rerun()
            resume()
            screen = replace(screen, entered=False, address=st.query_params.to_dict(), now=time.time())
        draw(screen)


@contextmanager
def readable_filter() -> Iterator[None]:
    """Around the reading of a list: a filter that cannot be read ends the page, and says what has to be mended."""
    refused = None
    try:
        yield
    except InvalidFilter as error:
        refused = error
    if refused:
        st.warning(formats.told(refused), icon=":material/filter_alt_off:")
        st.stop()
