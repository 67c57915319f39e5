"""The inspection pack of some days, made at the click and taken away as one ZIP."""

from datetime import date

import streamlit as st
from services.clock import date_to_day, day_to_date
from services.errors import InvalidRequest, NotSaved
from services.inspection.rows import Span

from dashboard.access import User
from dashboard.kit.fields import Fields
from dashboard.locale import _, current_language
from dashboard.screens.window_code import code_desk
from dashboard.words import formats

_DAYS = 90


def pack_form(today: int, fields: Fields, user: User) -> None:
    """The days, and the button."""
    st.markdown(
        _("What Naver Pay's inspector asks, judged by what is kept here: violations first, then what nothing "
          "shows yet, what only you can fill in, and what is shown. A page that prints well, and every finding as CSV.")
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="top"):
        first = fields.day("from", _("From"), day_to_date(today - _DAYS + 1), max_value=day_to_date(today))
        last = fields.day("to", _("To"), day_to_date(today), max_value=day_to_date(today))
    span = _span(first, last, fields)
    if span is None:
        return
    asked = span, current_language()
    if st.button(_("Make the pack"), type="primary", icon=":material/fact_check:", key="make_pack"):
        with st.spinner(_("Looking through refunds, links and webhooks …")):
            _make(asked, fields.key("pack"), user)
    of, name, content = st.session_state.get(fields.key("pack"), (None, "", b""))
    if of == asked:
        st.download_button(
            _("Download {file}").format(file=name), content, name, "application/zip",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip


def _make(asked: tuple[Span, str], key: str, user: User) -> None:
    try:
        st.session_state[key] = (asked, *code_desk.pack(*asked, user))
    except NotSaved as problem:
        st.error(formats.told(problem), icon=":material/error:")


def _span(first: date | None, last: date | None, fields: Fields) -> Span | None:
    if first is None or last is None:
        return None
    try:
        return Span.of_days(date_to_day(first), date_to_day(last))
    except InvalidRequest as problem:
        fields.say(problem)
        return None
