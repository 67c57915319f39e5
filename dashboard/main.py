"""Streamlit's entry script: page config, language, the door, navigation."""

import time

import streamlit as st
from services.operations.journal.head import restored
from services.typed_text import is_storable

from dashboard.access import auth_configured
from dashboard.icon import ICON
from dashboard.kit import session
from dashboard.kit.frame import choose_language, page_style, put_back_banner, sidebar, store_alarm
from dashboard.kit.gate import door
from dashboard.kit.page_script import page_script
from dashboard.kit.reader import read_by
from dashboard.kit.script_turns import script_turn
from dashboard.menu import is_back_or_forward, pages_for
from dashboard.process.resources import current_freshness, open_store, store_is_standing
from dashboard.process.sessions import current_user
from dashboard.screens.palette.palette import palette
from dashboard.visits import note_visit


def _draw() -> None:
    choose_language()
    page_style()

    user = current_user()
    if user is None:
        door()
        st.stop()

    store_alarm(standing=store_is_standing())
    # An address that no keyboard types names nothing: no page has to think of it.
    if not all(is_storable(value) for value in st.query_params.to_dict().values()):
        st.query_params.from_dict(
            {name: value for name, value in st.query_params.to_dict().items() if is_storable(value)}
        )
    fresh = current_freshness()
    session.FRESH.put(fresh)
    page = st.navigation(pages_for(user, waiting=fresh.waiting), expanded=True)
    put_back_banner(restored(open_store(checked=False)))
    read_by(user)
    # Back to what the page said last is back to what the session keeps of it, a name that stands in no address too.
    returned = is_back_or_forward() and st.query_params.to_dict() != session.SAID.get().get(page.url_path)
    session.RETURNED.put(returned)
    session.ENTERED.put(returned if is_back_or_forward() else session.AT.get() != page.url_path)
    session.AT.put(page.url_path)
    palette(user, page.url_path, time.time())
    sidebar(user, with_auth=auth_configured())
    # Before the page: one that has nothing more to show stops the script.
    page_script()
    note_visit(user, page.url_path)
    page.run()


st.set_page_config(page_title="Jangbu", page_icon=ICON, layout="wide")
with script_turn():
    _draw()
