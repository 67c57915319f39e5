"""Roles that administrators put together of the table of permissions."""

from collections.abc import Callable

import streamlit as st
from services.errors import JangbuError
from services.people.staff import MadeRole

from dashboard.access import NOT_GIVEN, Made, Permission
from dashboard.kit.fields import Fields
from dashboard.locale import _
from dashboard.words import formats
from dashboard.words.access.permission_words import permission, permissions_told

Make = Callable[[MadeRole], JangbuError | None]
_ALWAYS = Permission.SEE_PAYMENTS
_GIVEN = tuple(one.value for one in Permission if one not in NOT_GIVEN and one != _ALWAYS)
_NEW = ""


def made_roles(made: Made, make: Make) -> None:
    """Those there are, and the form of one."""
    for name, may in sorted(made.items()):
        with st.container(gap=None):
            st.text(name)
            st.caption(formats.escape(permissions_told(may)))
    with st.expander(_("Put a role together"), icon=":material/tune:"):
        st.caption(_("Everybody sees payments. Giving roles and typing cards are the administrator's alone."))
        which = {_NEW: _("a new role")} | {name: name for name in sorted(made)}
        chosen = Fields("made_role").pick("which", _("Role"), which, width=320) or _NEW
        _form(Fields(f"made_role_{chosen}_{'_'.join(made.get(chosen, ()))}"), chosen, made, make)


def _form(fields: Fields, chosen: str, made: Made, make: Make) -> None:
    with st.form(fields.key("form"), border=False, enter_to_submit=False):
        name = chosen or fields.text("name", _("Name"), required=True, persist_state="page", max_chars=30, width=320)
        with fields.place("may"):
            may = st.pills(
                _("May do"),
                _GIVEN,
                selection_mode="multi",
                default=[one for one in _GIVEN if one in made.get(chosen, ())],
                format_func=permission,
                key=fields.key("may"),
            )
        reason = fields.text("reason", _("Reason"), required=True, persist_state="page", max_chars=200, width=480)
        with st.container(horizontal=True):
            keeps = st.form_submit_button(_("Save the role"), type="primary", key=fields.key("save"))
            ends = chosen and st.form_submit_button(
                _("Remove the role"), icon=":material/delete:", key=fields.key("end")
            )
    if not (keeps or ends):
        return
    error = make(MadeRole(name, None if ends else {*may, _ALWAYS.value}, reason))
    if error is None:
        st.rerun()
    fields.say(error)
