"""Tokens for the command line: those there are, and a new one, which is shown once."""

from collections.abc import Callable, Sequence

import streamlit as st
from services.errors import JangbuError
from services.people.tokens import LASTS
from services.tables.staff.tokens import PersonToken

from dashboard.kit.fields import Fields
from dashboard.kit.lists.columns import Column, whole_text
from dashboard.kit.session import Slot
from dashboard.locale import _, ngettext
from dashboard.screens.people.ticked_list import End, ticked_list
from dashboard.words import formats

Issue = Callable[[str, int], str | JangbuError]
_USUAL = 90
NEW: Slot[str] = Slot("new_token", lambda: "")
"""What was made just now, for as long as its person looks at it."""


def token_table(found: Sequence[PersonToken], revoke: End[PersonToken], *, whose: bool) -> None:
    """Tokens, the latest first; with `whose` those of different people."""
    columns: list[Column[PersonToken]] = [
        Column("name", _("What for"), lambda one: one.name, whole_text),
        Column("made_at", _("Made (KST)"), lambda one: formats.time(one.made_at)),
        Column("used_at", _("Last used (KST)"), lambda one: formats.time(one.used_at)),
        Column("expires_at", _("Good until (KST)"), lambda one: formats.time(one.expires_at)),
    ]
    if whose:
        columns.insert(0, Column("email", _("Person"), lambda one: one.email, whole_text))
    alt = _("Tokens of others, the latest first") if whose else _("Your tokens, the latest first")
    ticked_list(
        found,
        columns,
        [str(one.id) for one in found],
        revoke,
        name="others_tokens" if whose else "own_tokens",
        alt=alt,
        hint=_("Tick tokens to revoke them."),
        button=lambda n: ngettext("Revoke {n} token", "Revoke {n} tokens", n).format(n=f"{n:,}"),
        icon=":material/key_off:",
    )


def new_token(count: int, issue: Issue) -> None:
    """The form of a new one; once it is made, the token instead."""
    if token := NEW.get():
        _shown_once(token)
        return
    fields = Fields(f"token_{count}")
    with st.form(fields.key("form"), border=False, enter_to_submit=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = fields.text("name", _("What for"), required=True, persist_state="page", max_chars=40, width=320)
            with fields.place("days"):
                days = st.selectbox(
                    _("Lasts"), LASTS, index=LASTS.index(_USUAL), format_func=_days, key=fields.key("days"), width=160
                )
        pressed = st.form_submit_button(_("Make a token"), icon=":material/key:", key="make_token")
    if not pressed:
        return
    made = issue(name, days)
    if isinstance(made, str):
        NEW.put(made)
        st.rerun()
    fields.say(made)


def _shown_once(token: str) -> None:
    st.success(_("Copy it now: it is shown this once. Whoever has it acts in your name."), icon=":material/key:")
    st.code(token, language=None, wrap_lines=True)
    st.caption(
        _("In a terminal, so that it stands in no history: this line first, then paste the token and press Enter.")
    )
    st.code("read -rs JANGBU_TOKEN && export JANGBU_TOKEN", language=None, wrap_lines=True)
    if st.button(_("I have kept it"), type="primary", icon=":material/check:", key="token_kept"):
        NEW.put("")
        st.rerun()


def _days(days: int) -> str:
    return ngettext("{n} day", "{n} days", days).format(n=days)
