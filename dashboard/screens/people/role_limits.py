"""From which amount on a refund of a role waits for a second person."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st
from services.errors import InvalidRequest, JangbuError

from dashboard.access import Made
from dashboard.kit.fields import Fields
from dashboard.kit.lists.tiles import facts
from dashboard.locale import _
from dashboard.screens.people.people_list import may_refund
from dashboard.settings import Role
from dashboard.words import formats, labels

SetLimit = Callable[[str, int | None, str], JangbuError | None]


def role_limits(limits: Mapping[str, int], general: int | None, made: Made, set_limit: SetLimit) -> None:
    """What holds, and the form that changes it.

    Administrators have the limit of everybody, since nobody sets one for themselves.
    """
    roles = [role for role in (*Role, *sorted(made)) if may_refund(role, made) and role != Role.ADMIN]
    everybody = _("never") if general is None else formats.money(general, "KRW")
    own = [(labels.role(role), formats.money(limits[role], "KRW")) for role in roles if role in limits]
    facts([(_("Everybody (jangbu limits set)"), everybody), *own])
    with st.popover(_("Limit of a role"), icon=":material/tune:"):
        st.caption(_("Refunds of this amount or more wait for a second person; the lower of both limits holds."))
        _form(Fields(f"limit_{sorted(limits.items())}"), roles, set_limit)


def _form(fields: Fields, roles: Sequence[str], set_limit: SetLimit) -> None:
    with st.form(fields.key("form"), border=False, enter_to_submit=False):
        role = fields.pick("role", _("Role"), {role: labels.role(role) for role in roles})
        limit = fields.amount(
            "limit", _("Limit"), "KRW", persist_state="page", placeholder=_("empty: as for everybody")
        )
        reason = fields.text("reason", _("Reason"), required=True, persist_state="page", max_chars=200)
        pressed = st.form_submit_button(_("Set the limit"), type="primary", key="set_limit")
    if not pressed:
        return
    try:
        error = set_limit(role or "", limit.read(), reason)
    except InvalidRequest as problem:
        error = problem
    if error is None:
        st.rerun()
    fields.say(error)
