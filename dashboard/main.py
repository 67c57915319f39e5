"""Streamlit's entry script: page config, language, sign-in gate, navigation."""

import streamlit as st
from services.operations.head import restored
from services.typed_text import is_storable

from dashboard.access import auth_configured, current_user, is_signed_in, providers
from dashboard.components.frame import choose_language, put_back_banner, sidebar, store_alarm
from dashboard.components.keys import search_key
from dashboard.locale import _
from dashboard.navigation import pages_for
from dashboard.resources import current_freshness, current_settings, open_store, store_is_standing

st.set_page_config(page_title="Jangbu", page_icon="📒", layout="wide")
choose_language()

if auth_configured() and not is_signed_in():
    st.title("Jangbu 장부")
    st.write(_("Payments of this merchant are shown to people who sign in."))
    for provider in providers():
        label = _("Sign in with {provider}").format(provider=provider) if provider else _("Sign in")
        if st.button(label, type="primary", icon=":material/login:"):
            st.login(provider)
    st.stop()

user = current_user(current_settings().roles)
if user is None:
    st.title(_("No access yet"))
    st.write(_("You are signed in, but no role is set for your address. Ask the person who runs Jangbu for one."))
    if st.button(_("Sign out"), icon=":material/logout:"):
        st.logout()
    st.stop()

# An address that no keyboard types names nothing: no page has to think of it.
if not all(is_storable(value) for value in st.query_params.to_dict().values()):
    st.query_params.from_dict({name: value for name, value in st.query_params.to_dict().items() if is_storable(value)})
store_alarm(standing=store_is_standing())
page = st.navigation(pages_for(user, waiting=current_freshness().waiting), expanded=True)
put_back_banner(restored(open_store(checked=False)))
st.session_state["user"] = user
st.session_state["entered"] = st.session_state.get("at") != page.url_path
st.session_state["at"] = page.url_path
sidebar(user, with_auth=auth_configured())
page.run()
search_key()
