"""The list of what was done besides operations: limits, roles, files, closings."""

import pandas as pd
import streamlit as st
from services.store.lists.keyset import Page
from services.store.lists.records import Record, RecordFilter

from dashboard.kit.filters.days import Days
from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.kept import Kept
from dashboard.kit.filters.no_rows import longer, nothing_in_days
from dashboard.kit.page_buttons import page_buttons
from dashboard.locale import _
from dashboard.words import formats, labels, periods, record_labels

KEPT = Kept("records")


def record_form(today: int) -> FilterForm[RecordFilter]:
    """The filter's field."""
    days = Days(_("Days in Korea"), periods.PAST, today, periods.FIRST_DAY, today)
    return FilterForm(KEPT, RecordFilter, (days,))


def record_table(found: Page[Record]) -> None:
    """A page of entries, as they come; none of them opens anything."""
    cells = {
        _("Time in Korea"): [formats.time(one.at) for one in found.rows],
        labels.field("asked_by"): [one.actor for one in found.rows],
        _("What"): [record_labels.action(one.action) for one in found.rows],
        _("Detail"): [record_labels.particulars(one.action, one.detail) for one in found.rows],
        _("From"): [record_labels.origin(one.origin) for one in found.rows],
    }
    rows = pd.DataFrame({name: map(formats.escape, column) for name, column in cells.items()})
    alt = _("What was done besides operations, the latest first")
    st.table(rows, border="horizontal", hide_index=True, alt=alt)


def record_pager(found: Page[Record]) -> None:
    """Newer and older rows; the arrow keys turn pages too."""
    page_buttons(found, KEPT.turn_page)


def no_records(chosen: RecordFilter, today: int) -> None:
    """Says what to do next."""
    days = chosen.from_day or today, chosen.to_day or today
    words = _("Limits, roles, files and closings stand here once somebody changes one.")
    nothing_in_days(record_form(today), words, days, longer((90, 400), days[0], today))
