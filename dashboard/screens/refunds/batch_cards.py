"""The cards of files and lists on a screen, and what a person does about one of them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st
from services.tables.journal import RefundBatch

from dashboard.access import User
from dashboard.screens.needs_person import settle_desk
from dashboard.screens.refunds.batch_files import batch_card

Below = Callable[[RefundBatch, Mapping[str, int]], None]
"""What stands under a card."""


def batch_cards(
    batches: Sequence[tuple[RefundBatch, Mapping[str, int]]], user: User, below: Below | None = None
) -> None:
    """Draws each with how far it is; a choice is carried out, its error kept under the card, and the page run again."""
    errors, reader, chosen = settle_desk.FILE_ERRORS.get(), settle_desk.reader_of(user), None
    for batch, counts in batches:
        rows = partial(settle_desk.rows_of, batch.id)
        pressed = batch_card(batch, counts, user=user, reader=reader, rows=rows, error=errors.get(batch.id))
        chosen = pressed or chosen
        if below:
            below(batch, counts)
    if chosen:
        errors[chosen.batch_id] = settle_desk.settle_file(chosen, user)
        st.rerun()
