"""The fields of an erasure at KCP Quick: who, by which of KCP's codes, and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

import streamlit as st
from services.operations.actions.kcp import quick_members
from services.operations.journal.journal import Wanted, asked
from services.tables.journal import Operation

from dashboard.kit.fields import Fields, Typing, review_button
from dashboard.locale import _


@dataclass(frozen=True, slots=True)
class MemberTyping(Typing):
    """What stands in the fields at this moment."""

    member: Mapping[str, str]
    reason: str


def member_fields(fields: Fields, cancel: Callable[[], None]) -> MemberTyping:
    """KCP gave the shop these codes when it registered the buyer."""
    with st.form(fields.key("form"), border=False):
        member = {"member_id": fields.text("member_id", _("Member"), required=True, max_chars=80)}
        with st.container(horizontal=True):
            for name, label in _codes().items():
                member[name] = fields.text(name, label, required=True, max_chars=80, width=210)
        reason = fields.text("reason", _("Why it is erased"), required=True, max_chars=200)
        st.caption(_("Kept with your name and the time: no personal data belongs in it."))
        done = review_button(fields, cancel)
    return MemberTyping(fields, done, member, reason)


def as_typed(operation: Operation) -> dict[str, object]:
    """The fields that it was asked for with, by their names; whose id it was, is masked once it has ended."""
    given = {name: text for name, text in asked(operation).items() if name != "member_id"}
    return given | {"reason": operation.reason or ""}


def says(wanted: Wanted) -> str:
    """What the last look says."""
    words = _("Erase the member {member} and all their data at KCP Quick. It cannot be undone.")
    return words.format(member=wanted.request["member_id"])


def request(wanted: Wanted) -> dict[str, object]:
    """The call as it will be sent."""
    path = f"DELETE /kcpquick/members/{quote(wanted.request['member_id'], safe='')}"
    return {path: quick_members.as_sent(wanted)}


def _codes() -> dict[str, str]:
    return {"site_code": _("Site code"), "partner_type": _("Partner type"), "partner_subtype": _("Partner subtype")}
