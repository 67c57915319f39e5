"""A maintenance window: what is moved out of it, and taken back if it is called off."""

import time
from collections.abc import Mapping

import streamlit as st
from services.operations.files import outage
from services.operations.files.bulk import BulkRow
from services.operations.files.run import Run
from services.tables.journal import RefundBatch
from sqlalchemy import Connection

from dashboard.kit.session import Slot
from dashboard.locale import _
from dashboard.screens.asking.many import ManyDraft
from dashboard.screens.schedules.outage_form import WindowTyping, back_button
from dashboard.words import formats

DRAFT: Slot[ManyDraft[Run[BulkRow]]] = Slot("outage.draft", ManyDraft)


def look_out(draft: ManyDraft[Run[BulkRow]], typing: WindowTyping) -> None:
    """What is booked in the window and where each would go; sends nothing."""

    def make(conn: Connection, token: str) -> Run[BulkRow]:
        window, to = typing.window(), typing.moved_to()
        words = _("Window from {first} to {last} KST")
        name = words.format(first=formats.time(window.from_at), last=formats.time(window.to_at))
        return outage.moved_out(conn, token, name, window, to=to, now=time.time())

    draft.look(make)


def look_back(draft: ManyDraft[Run[BulkRow]], batch: RefundBatch) -> None:
    """What a list has moved and still stands there, to where each stood before; sends nothing."""
    name = _("Back: {name}").format(name=batch.name)
    draft.look(lambda conn, token: outage.moved_back(conn, token, name, batch.id, now=time.time()))


def offer_back(draft: ManyDraft[Run[BulkRow]], batch: RefundBatch, counts: Mapping[str, int]) -> None:
    """The way to the look at moving back, under the card of a list."""
    if back_button(batch, counts):
        look_back(draft, batch)
        st.rerun()
