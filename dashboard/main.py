"""Streamlit's entry script: page config, language, the door, navigation."""

import streamlit as st

from dashboard.access import auth_configured
from dashboard.components.frame import choose_language, page_style, sidebar
from dashboard.components.gate import door
from dashboard.components.keys import search_key
from dashboard.navigation import pages_for
from dashboard.resources import current_freshness
from dashboard.sessions import current_user

st.set_page_config(page_title="Jangbu", page_icon="📒", layout="wide")
choose_language()
page_style()

user = current_user()
if user is None:
    door()
    st.stop()

page = st.navigation(pages_for(user, waiting=current_freshness().waiting), expanded=True)
st.session_state["user"] = user
st.session_state["entered"] = st.session_state.get("at") != page.url_path
st.session_state["at"] = page.url_path
sidebar(user, with_auth=auth_configured())
page.run()
search_key()
