"""My sessions and tokens: where somebody is signed in, what names them at the command line; and all of the others."""

from functools import partial

import streamlit as st
from dashboard.locale import _
from dashboard.screen import open_screen
from dashboard.screens.people import people_list, session_list, sessions_desk, token_list
from dashboard.words import formats

screen = open_screen(_("My sessions and tokens"))
found, lasting = sessions_desk.read_sessions(screen.user), screen.settings.lasting
if not found.signs_in:
    people_list.no_sign_in()
    st.stop()
if screen.entered:
    token_list.NEW.put("")
end, revoke = partial(sessions_desk.end, user=screen.user), partial(sessions_desk.revoke, user=screen.user)

st.header(_("Where you are signed in"))
session_list.session_table(found.own, found.here, lasting, end, whose=False)
words = _("A session ends {longest} after signing in, {idle} without you, and at once when it is ended here.")
st.caption(words.format(longest=formats.seconds(lasting.longest), idle=formats.seconds(lasting.idle)))

st.header(_("Tokens for the command line"))
words = _("A command with it in JANGBU_TOKEN acts as you: with your role, your limits and your name in the records.")
st.caption(words)
if found.tokens:
    token_list.token_table(found.tokens, revoke, whose=False)
token_list.new_token(len(found.tokens), partial(sessions_desk.issue, user=screen.user))

if found.others:
    st.header(_("Sessions of others"))
    session_list.session_table(found.others, found.here, lasting, end, whose=True)
if found.others_tokens:
    st.header(_("Tokens of others"))
    token_list.token_table(found.others_tokens, revoke, whose=True)
