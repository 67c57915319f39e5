"""The month that the Closing page shows, and closing it."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from services.errors import InvalidRequest, NotSaved
from services.revenue.closed_months import Closed, close_month, closing_of, month_figures
from services.revenue.known import Known
from sqlalchemy import Connection

from dashboard.access import Permission, User
from dashboard.kit.plots import month_name
from dashboard.locale import _, sentence
from dashboard.process.executor import actor_of
from dashboard.process.resources import open_store
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


def read_month(conn: Connection, month: int) -> Month:
    """How it stands."""
    return Month(month, month_figures(conn, month), closing_of(conn, month))


def closing_form(shown: Month, user: User) -> None:
    """The button with its note, for those who may; a refusal stands under it, and what was typed stays."""
    if not user.may(Permission.CLOSE_MONTH) or not shown.moved:
        return
    name = f"{_KEY}{shown.month}."
    with st.form(name + "form", border=False):
        st.caption(
            _(
                "Closing writes the figures above down as they are, with your name. The month can still change: what "
                "changes is listed below, and it can be closed again."
            )
        )
        note: str = st.text_area(_("Note, kept with the closing"), key=name + "note", max_chars=500)
        again = shown.closed is not None
        label = _("Close {month} again") if again else _("Close {month}")
        pressed = st.form_submit_button(
            label.format(month=month_name(shown.month)), icon=":material/lock:", type="primary", key=name + "close"
        )
    if pressed:
        try:
            close_month(open_store(), shown.month, actor_of(user), note.strip(), time.time())
        except (InvalidRequest, NotSaved) as error:
            st.error(formats.escape(sentence(error)), icon=":material/error:")
        else:
            st.rerun()
