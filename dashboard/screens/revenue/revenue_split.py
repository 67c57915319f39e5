"""What revenue is split by, and the rows behind one part of it."""

from typing import get_args

import streamlit as st
from services.revenue.splits import By

from dashboard.locale import _
from dashboard.screens.overview.overview import PAID_STATES
from dashboard.words import labels

_PARAMETERS = {"pg_provider": "pg", "pay_method": "method"}


def choose_split() -> By:
    """PG, method, product or card."""
    chosen: By = st.segmented_control(
        _("By"),
        get_args(By),
        default="pg_provider",
        required=True,
        format_func=labels.field,
        key="revenue.by",
        label_visibility="collapsed",
        persist_state="session",
    )
    return chosen


def has_rows(by: By) -> bool:
    """Whether the list of payments filters by it."""
    return by in _PARAMETERS


def rows_of(by: By, value: str) -> dict[str, str]:
    """The parameters of the list of payments behind one PG or method."""
    return {_PARAMETERS[by]: value, "state": PAID_STATES}
