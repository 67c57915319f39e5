"""The schedules that a booking made, each with the way to it."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from services.journal_models import Operation
from services.journal_models import OperationState as State
from services.models import Schedule
from services.operations.journal import asked

from dashboard.components import formats, labels
from dashboard.components.schedule_labels import due_badge, state_of
from dashboard.locale import _


def booking_result(operation: Operation, schedules: Sequence[Schedule]) -> str | None:
    """What was asked for and how it stands now; returns the order number of the row that was picked."""
    if operation.state != State.SUCCEEDED:
        return None
    known = {one.merchant_uid: one for one in schedules}
    entries = asked(operation)["schedules"]
    states = [known.get(one["merchant_uid"]) for one in entries]
    data = {
        _("Time in Korea"): [formats.time(one["schedule_at"]) for one in entries],
        _("State"): [due_badge(state_of(one)) if one else None for one in states],
        _("Amount"): [formats.money(one["amount"], operation.currency) for one in entries],
        labels.field("merchant_uid"): [one["merchant_uid"] for one in entries],
    }
    picked = st.dataframe(
        pd.DataFrame(data),
        hide_index=True,
        column_config={_("Amount"): st.column_config.TextColumn(alignment="right")},
        on_select="rerun",
        selection_mode="single-row",
        placeholder="",
        key=f"booked_{operation.id}",
        alt=_("What was booked"),
    )
    st.caption(_("A click on the box of a row opens it."))
    rows = picked["selection"]["rows"]
    return str(entries[rows[0]]["merchant_uid"]) if rows and rows[0] < len(entries) else None
