"""The fields of a look at a verification or of its erasure, and what is shown of one."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import streamlit as st
from services.gateway.payloads import Verification
from services.operations.journal.journal import Wanted

from dashboard.kit.fields import Fields
from dashboard.kit.lists.tiles import facts
from dashboard.kit.watch import looks_again
from dashboard.locale import _
from dashboard.words import formats, labels


@dataclass(frozen=True, slots=True)
class IdentityTyping:
    """What stands in the fields at this moment, and which button was pressed."""

    uid: str
    reason: str
    look: bool
    erase: bool


def identity_fields(fields: Fields) -> IdentityTyping:
    """Which verification, and why; the reason goes into the record of whoever looks."""
    with st.form(fields.key("form"), border=False, enter_to_submit=False):
        uid = fields.text(
            "verification_uid", _("imp_uid of the verification"), required=True, max_chars=64, persist_state="page"
        )
        reason = fields.text("reason", _("Why you look, or erase"), required=True, max_chars=200, persist_state="page")
        st.caption(_("Kept with your name and the time: no personal data belongs in it."))
        with st.container(horizontal=True, horizontal_alignment="right"):
            erase = st.form_submit_button(_("Erase it …"), icon=":material/delete_forever:", key="erase")
            look = st.form_submit_button(_("Show it"), type="primary", icon=":material/visibility:", key="look")
    return IdentityTyping(uid, reason, look, erase)


def verification_facts(found: Verification) -> None:
    """Name, year of birth, whether certified and when; the phone is masked, CI and DI were never read."""
    certified = _("Certified") if found.certified else _("Not certified")
    facts(
        (
            (labels.field("imp_uid"), found.imp_uid),
            (_("Name"), found.name),
            (_("Year of birth"), found.birth_year),
            (_("Phone"), found.phone),
            (_("Outcome of the verification"), certified),
            (_("Certified at"), formats.time(found.certified_at) if found.certified_at else None),
            (labels.field("pg_provider"), labels.provider(found.pg_provider)),
            (labels.field("merchant_uid"), found.merchant_uid),
        )
    )
    st.caption(_("Shown for a minute, and kept nowhere. CI and DI are not read."))


def until_over(is_over: Callable[[], bool]) -> None:
    """Takes it off the screen when its minute is over."""
    st.fragment(_until_over, run_every=5.0)(is_over, looks_again())


def _until_over(is_over: Callable[[], bool], again: Callable[[], bool]) -> None:
    if again() and is_over():
        st.rerun()


def says() -> str:
    """What the last look says of an erasure."""
    return _("Erase this verification at PortOne for good. It cannot be undone, and nobody can look at it any more.")


def request(wanted: Wanted) -> dict[str, object]:
    """The call as it will be sent."""
    return {f"DELETE /certifications/{quote(wanted.verification_uid or '', safe='')}": {}}
