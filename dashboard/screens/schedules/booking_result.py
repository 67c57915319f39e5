"""The schedules that a booking made, each with the way to it."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from services.operations.journal.journal import asked
from services.tables.journal import Operation
from services.tables.v1 import Schedule

from dashboard.kit.lists.money_cells import money_cells, money_column
from dashboard.kit.lists.tables import OPENS, picked_row
from dashboard.locale import _
from dashboard.words import formats, labels
from dashboard.words.schedule_labels import due_state, state_of


def booking_result(operation: Operation, booked: Sequence[Schedule]) -> str | None:
    """What was asked for and how it stands now; returns the order number of the row that was picked."""
    known = {one.merchant_uid: one for one in booked}
    orders = {one["merchant_uid"]: one for one in asked(operation)["schedules"]}
    money = [(one["amount"], operation.currency) for one in orders.values()]
    data = {
        _("Time in Korea"): [formats.time(one["schedule_at"]) for one in orders.values()],
        _("State"): [due_state.badge(state_of(known[order])) if order in known else None for order in orders],
        _("Amount"): money_cells(money),
        labels.field("merchant_uid"): list(orders),
    }
    picked = st.dataframe(
        pd.DataFrame(formats.cells(data)),
        hide_index=True,
        column_config={_("Amount"): money_column(None, money)},
        placeholder="",
        key=f"booked_{operation.id}",
        alt=_("What was booked"),
        **OPENS,
    )
    place = picked_row(picked, len(orders))
    return None if place is None else list(orders)[place]
