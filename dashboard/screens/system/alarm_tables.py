"""Alarms on the System page: what is the matter, who is told of what, and whether it arrives."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from services.alarms.receivers import Receiver
from services.alarms.tellings import State
from services.tables.alarms import Matter

from dashboard.alarms.people import CONCERNS
from dashboard.alarms.words import kind_word, line_of, why_word
from dashboard.locale import _, ngettext
from dashboard.words import formats


def matters_table(matters: Sequence[Matter]) -> None:
    """What is the matter, the oldest first."""
    data = {
        _("Since (KST)"): [formats.time(one.since) for one in matters],
        _("Alarm"): [kind_word(one.kind) for one in matters],
        _("What"): [line_of(one) for one in matters],
    }
    st.dataframe(pd.DataFrame(formats.cells(data)), hide_index=True, alt=_("What is the matter, the oldest first"))


def receivers_table(receivers: Sequence[tuple[Receiver, State]]) -> None:
    """Who is told; of Slack and a webhook no address, since it is a secret."""
    data = {
        _("Told to"): [receiver_word(one) for one, _state in receivers],
        _("Told last (KST)"): [formats.time(state.told_at) for _one, state in receivers],
        _("Arrives"): [_arrives(state) for _one, state in receivers],
        _("Told of"): [_of(one) for one, _state in receivers],
    }
    told = {name: [formats.escape(cell) for cell in cells] for name, cells in data.items()}
    st.table(pd.DataFrame(told), border="horizontal", hide_index=True, alt=_("Who is told of alarms"))


def receiver_word(receiver: Receiver) -> str:
    """A receiver by name."""
    words = {"slack": "Slack", "webhook": _("Webhook")}
    return words.get(receiver.name, receiver.address)


def _of(receiver: Receiver) -> str:
    if len(receiver.kinds) == len(CONCERNS):
        return _("all")
    return ", ".join(kind_word(kind) for kind in receiver.kinds)


def _arrives(state: State) -> str:
    if state.error is None:
        return _("yes") if state.told_at else formats.NOTHING
    words = ngettext("{why}: {n} alarm waits", "{why}: {n} alarms wait", state.failing)
    return words.format(why=why_word(state.error), n=f"{state.failing:,}")
