"""Giving somebody a role: what is typed, looked at once more, and then done."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st
from services.errors import InvalidRequest, JangbuError
from services.people.staff import Appointment, checked_address, checked_reason

from dashboard.access import Made
from dashboard.kit.fields import Fields
from dashboard.kit.session import Slot
from dashboard.locale import _
from dashboard.screens.people.people_desk import PersonRow
from dashboard.screens.people.people_list import role_word, stores_told
from dashboard.settings import Role
from dashboard.words import formats, labels
from dashboard.words.access.permission_words import permissions_told

Appoint = Callable[[Appointment], JangbuError | None]
NOBODY = PersonRow("", None)
"""Whose form is that of somebody new."""
_NONE = ""
_LINE: Mapping[str, Any] = {"persist_state": "page", "width": 480}
_WANTED: Slot[dict[str, Appointment]] = Slot("appointments", dict)
"""What was typed and is looked at once more, by whose form it is."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be given: second roles in these stores, by code with their names, and roles that were put together."""

    tiers: Mapping[str, str]
    made: Made
    known: Collection[str] = ()
    """Addresses that have a role already."""


def appointment_form(person: PersonRow, appoint: Appoint, choices: Choices) -> None:
    """The role of one person, or of somebody new with NOBODY; runs anew once it is done."""
    fields = Fields(f"person_{person.address}_{person.role}_{stores_told(person.stores, {})}")
    if wanted := _WANTED.get().get(person.address):
        _last_look(person, wanted, appoint, choices.tiers)
        return
    # What was drawn goes away again once it is looked at: a rerun would be one of a drawer alone, or of the whole page.
    drawn = st.empty()
    with drawn.container(), st.form(fields.key("form"), border=False, enter_to_submit=False):
        typed = person.address or fields.text("address", _("Mail address"), required=True, **_LINE)
        role = _role_field(fields, person, choices.made)
        stores = _store_fields(fields, person, choices)
        reason = fields.text("reason", _("Reason"), required=True, max_chars=200, **_LINE)
        done = st.form_submit_button(_("Review"), icon=":material/visibility:", key=fields.key("review"))
    if not done:
        return
    try:
        wanted = _read(typed, role, stores, reason, () if person.address else choices.known)
    except InvalidRequest as problem:
        fields.say(problem)
        return
    _WANTED.get()[person.address] = wanted
    drawn.empty()
    _last_look(person, wanted, appoint, choices.tiers)


def _read(typed: str, role: str | None, stores: Mapping[str, str], reason: str, known: Collection[str]) -> Appointment:
    address = checked_address(typed)
    if address in known:
        raise InvalidRequest("They have a role already: click on them in the list.", field="address")
    if role is None:
        raise InvalidRequest("Choose a role.", field="role")
    return Appointment(address, role or None, checked_reason(reason), stores if role else {})


def _role_field(fields: Fields, person: PersonRow, made: Made) -> str | None:
    roles: list[str] = [*Role, *sorted(made), *([_NONE] if person.address else [])]
    with fields.place("role"):
        return st.radio(
            fields.marked(_("Role")),
            roles,
            index=roles.index(person.role) if person.role in roles else None,
            format_func=role_word,
            captions=[formats.escape(_what_it_may(role, made)) for role in roles],
            key=fields.key("role"),
        )


def _store_fields(fields: Fields, person: PersonRow, choices: Choices) -> dict[str, str]:
    """A second role in each sub-store, which takes and never gives."""
    found = {}
    words = {_NONE: _("the same as everywhere")} | {role: labels.role(role) for role in (*Role, *sorted(choices.made))}
    for tier, name in choices.tiers.items():
        at_present = person.stores.get(tier, _NONE)
        own = list(words).index(at_present) if at_present in words else 0
        label = _("In the store {name}, at most").format(name=formats.escape(name))
        if there := fields.pick(f"store_{tier}", label, words, index=own, width=320):
            found[tier] = there
    return found


def _what_it_may(role: str, made: Made) -> str:
    if role in made:
        return permissions_told(made[role])
    return {
        Role.VIEWER: _("Sees payments, with buyers masked."),
        Role.SUPPORT: _("Sees buyers; refunds, charges, schedules, cash receipts, deliveries, virtual accounts."),
        Role.FINANCE: _("The same, and approves, exports, closes months, confirms Naver Pay orders."),
        Role.MANAGER: _("Sees payments, revenue and the system, with buyers masked; exports without them."),
        Role.ADMIN: _("Everything, and gives roles."),
        _NONE: _("Out at once everywhere, with all sessions and tokens; what they did stays."),
    }[role]


def _last_look(person: PersonRow, wanted: Appointment, appoint: Appoint, tiers: Mapping[str, str]) -> None:
    if not person.address:
        st.text(wanted.address)
    st.markdown(f"{_told(person.role, person.stores, tiers)} → **{_told(wanted.role, wanted.stores, tiers)}**")
    st.caption(formats.escape(_("Reason: {reason}").format(reason=wanted.reason)))
    if person.role and wanted.role != person.role:
        st.warning(_("Their sessions end at once, on all devices."), icon=":material/logout:")
    if wanted.role == Role.ADMIN:
        st.warning(_("They may do everything, and take your role away."), icon=":material/shield_person:")
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(_("Change something"), key=f"back_{person.address}", on_click=_forget, args=(person,))
        words = _("Give this role") if wanted.role else _("Take access away")
        pressed = st.button(words, type="primary", key=f"appoint_{person.address}", icon=":material/check:")
    if pressed:
        error = appoint(wanted)
        if error is None:
            _forget(person)
            st.rerun()
        st.error(formats.told(error), icon=":material/error:")


def own_role(person: PersonRow) -> None:
    """Why there is no form for the one who looks."""
    st.markdown(f"**{formats.escape(role_word(person.role))}**")
    st.caption(_("Nobody changes their own role: another administrator does."))


def _forget(person: PersonRow) -> None:
    _WANTED.get().pop(person.address, None)


def _told(role: str | None, stores: Mapping[str, str], tiers: Mapping[str, str]) -> str:
    words = [role_word(role), stores_told(stores, tiers)]
    return formats.escape(" · ".join(one for one in words if one))
