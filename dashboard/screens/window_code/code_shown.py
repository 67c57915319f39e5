"""The code that was written: it stays until something else is chosen or written."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from services.checkout.snippet import SERVER, snippet
from services.errors import InvalidRequest

from dashboard.kit.fields import Fields
from dashboard.locale import _
from dashboard.screens.window_code.code_choice import Choice

_ANY_CODE = "imp00000000"
"""Stands where the shop's own code is not known."""


def server_field(fields: Fields) -> str:
    """Where the shop's own server takes the result."""
    return fields.text(
        "server", _("Address on your server that takes imp_uid and merchant_uid"), required=True, value=SERVER
    )  # fmt: skip


def write(request: Mapping[str, Any], choice: Choice, user_code: str, server: str, fields: Fields) -> None:
    """Writes the code of a checked request, and keeps it."""
    if not server.strip():
        fields.say(InvalidRequest("Say where your server takes the result.", field="server"))
        return
    pg = choice.channel.pg_provider
    made = snippet(request, pg=pg, user_code=user_code or _ANY_CODE, server=server.strip())
    st.session_state[fields.key("made")] = (_of(choice), made)
    # The form is taller than the screen: without a word nothing seems to happen.
    st.toast(_("The code stands below the form."), icon=":material/code:")


def show(choice: Choice, user_code: str, fields: Fields) -> None:
    """The code, with what has to be done around it."""
    of, made = st.session_state.get(fields.key("made"), (None, None))
    if made is None or of != _of(choice):
        return
    if not user_code:
        unknown = _("Your identification code is not known here: put that of PortOne's console in the place of {code}.")
        st.warning(unknown.format(code=_ANY_CODE), icon=":material/warning:")
    st.header(_("The page with the button"))
    st.caption(
        _("For every attempt your server writes a new merchant_uid and registers its amount first. What was paid is "
          "known only once your server has read it back.")
    )  # fmt: skip
    _code(made.page)
    if made.back:
        st.header(_("The page that buyers come back to"))
        _code(made.back)


def _code(text: str) -> None:
    st.code(text, language="html", height=480)


def _of(choice: Choice) -> tuple[object, ...]:
    return choice.kind, choice.old_sdk, choice.channel.id, tuple(sorted(choice.given.items()))
