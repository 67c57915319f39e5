"""The month that the Closing page shows, and closing it."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st
from services.clock import date_to_day, day_to_date
from services.errors import InvalidRequest, JangbuError, NotSaved
from services.months import month_name, month_span
from services.revenue.bridge import Bridge, BridgeRow, Side, bridge, bridge_rows
from services.revenue.closed_months import Closed, close_month, closing_of, month_figures
from services.revenue.known import Change, Known, as_known_on, changed_since
from services.revenue.periods import Period
from services.tables.revenue import What

from dashboard.access import Permission, User
from dashboard.kit.session import Slot
from dashboard.locale import _, sentence
from dashboard.process.executor import actor_of
from dashboard.process.resources import open_session, open_store
from dashboard.screens.revenue.closing_look import last_look
from dashboard.screens.revenue.closing_rows import ROWS, Part, last_seen, part_here
from dashboard.words import formats

_KEY = "closing."


@dataclass(frozen=True, slots=True)
class Month:
    """A month's figures by currency now, and its latest closing."""

    month: int
    now: Mapping[str, Known]
    closed: Closed | None

    @property
    def moved(self) -> bool:
        """Whether closing it would write something down."""
        return self.closed is None or self.closed.figures != dict(self.now)


@dataclass(frozen=True, slots=True)
class Look:
    """What a person looks at once more before it is closed."""

    month: int
    now: Mapping[str, Known]
    note: str


_LOOK: Slot[Look | None] = Slot("closing_look", lambda: None)


def choose_month(months: Sequence[int], address: Mapping[str, str], *, entered: bool) -> int:
    """One of the months that are over; an address that names one counts when it is entered, and any other is told."""
    named, asked = {month_name(month): month for month in months}, address.get("month", "")
    if _KEY + "month" not in st.session_state or (entered and "month" in address):
        st.session_state[_KEY + "month"] = named.get(asked, months[0])
    chosen: int = st.selectbox(
        _("Month"), months, format_func=month_name, key=_KEY + "month", persist_state="session", width=200
    )
    if entered and asked and asked not in named:
        _not_here(asked, months[0])
    return chosen


def _not_here(asked: str, shown: int) -> None:
    """Why another month stands here than the address names."""
    still_runs = re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", asked, re.ASCII) and asked > month_name(shown)
    running = _("{month} is not over yet, so it cannot be closed: {shown} is shown.")
    none = _("“{month}” is none of the months that can be chosen here: {shown} is shown.")
    words = (running if still_runs else none).format(month=asked, shown=month_name(shown))
    st.info(formats.escape(words), icon=":material/event_busy:")


def last_day(month: int, today: int) -> date:
    """The last day of a month; today while it runs."""
    return day_to_date(min(month_span(month)[1], today))


def read_month(month: int) -> Month:
    """How it stands."""
    with open_session() as session:
        return Month(month, month_figures(session, month), closing_of(session, month))


def read_changes(closed: Closed, month: int, currency: str) -> Part[Change]:
    """What changed in a month since it was closed, the page that is shown of it."""
    name = f"closing.changes.{closed.id}.{currency}"
    after = (last_seen(name) or (closed.changes,))[0]
    period = Period(*month_span(month))
    with open_session() as session:
        rows = changed_since(session, period, after, currency=currency, limit=ROWS + 1)
    return part_here(name, rows)


def read_known(month: int, day: date, currency: str) -> Known | InvalidRequest:
    """A month's sums as they were known at the end of a day, or why that cannot be told."""
    try:
        with open_session() as session:
            return as_known_on(session, Period(*month_span(month)), date_to_day(day), currency=currency)
    except InvalidRequest as problem:
        return problem


def read_bridge(month: int, currency: str) -> Sequence[Bridge]:
    """From one time basis to the other, for gross and for refunds."""
    with open_session() as session:
        return bridge(session, month, currency=currency)


def read_bridge_rows(month: int, item: What, side: Side, currency: str) -> Part[BridgeRow]:
    """The rows behind one item of that, the page that is shown of them."""
    name = f"closing.bridge.{month}.{currency}.{item}.{side}"
    with open_session() as session:
        after = last_seen(name)
        rows = bridge_rows(session, month, item, side, currency=currency, after=after, limit=ROWS + 1)
    return part_here(name, rows)


def closing_form(shown: Month, user: User) -> None:
    """The note, then a last look at what is closed, for those who may; a refusal stands under that."""
    if not user.may(Permission.CLOSE_MONTH) or not shown.moved:
        return
    look = _LOOK.get()
    if look is None or look.month != shown.month:
        _note_form(shown)
        return
    moved = look.now != shown.now
    closes = last_look(shown.month, shown.now, look.note, moved=moved)
    if closes is None:
        return
    if closes and moved:
        # What changed meanwhile is looked at before it is closed.
        _LOOK.put(replace(look, now=shown.now))
    elif closes and (refused := _close(look, user)):
        st.error(formats.escape(sentence(refused)), icon=":material/error:")
        return
    else:
        _LOOK.put(None)
        if closes:
            st.session_state[_note_key(look.month)] = ""
    st.rerun()


def _close(look: Look, user: User) -> JangbuError | None:
    try:
        close_month(open_store(), look.month, actor_of(user), look.note, time.time(), seen=look.now)
    except (InvalidRequest, NotSaved) as error:
        return error
    return None


def _note_form(shown: Month) -> None:
    name = f"{_KEY}{shown.month}."
    with st.form(name + "form", border=False):
        note: str = st.text_area(
            _("Note, kept with the closing"), key=_note_key(shown.month), max_chars=500, persist_state="session"
        )
        words = _("Close {month} again …") if shown.closed else _("Close {month} …")
        pressed = st.form_submit_button(
            words.format(month=month_name(shown.month)), icon=":material/lock:", key=name + "review"
        )
    if pressed:
        _LOOK.put(Look(shown.month, shown.now, note.strip()))
        st.rerun()


def _note_key(month: int) -> str:
    return f"{_KEY}{month}.note"
