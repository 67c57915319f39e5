"""Who may say yes to what somebody asked for; where nobody in front of this screen can, that is said instead."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from services.errors import NotAllowed
from services.operations.journal.persons import LOCAL

from dashboard.locale import _, sentence
from dashboard.words import formats


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at what waits: their name in the journal, and whether they may say yes to others.

    `hindrance` says of who asked, and from where, why this person is no second one for sure.
    """

    name: str
    may_approve: bool
    buyers: bool
    """Whether they may see buyers' names whole."""
    hindrance: Callable[[str, str], NotAllowed | None]


@dataclass(frozen=True, slots=True)
class Say:
    """What a reader may answer; `own`: they asked for it themselves, so that declining is withdrawing."""

    yes: bool
    no: bool
    own: bool


def say_of(reader: Reader, asked_by: str, asked_from: str, own_words: str) -> Say:
    """What of yes and no is offered; says why where not both. `own_words` stand over what is their own."""
    own = asked_by == reader.name
    if own:
        alone = _("Nobody has to sign in here, so there is no second person who could approve it.")
        st.caption(alone if reader.name == LOCAL else own_words)
        return Say(yes=False, no=True, own=True)
    if not reader.may_approve:
        st.caption(_("Your role does not approve."))
        return Say(yes=False, no=False, own=False)
    if hindrance := reader.hindrance(asked_by, asked_from):
        st.caption(formats.escape(sentence(hindrance)))
    return Say(yes=hindrance is None, no=True, own=False)
