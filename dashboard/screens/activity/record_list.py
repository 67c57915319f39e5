"""The list of what was done besides operations: limits, roles, files, closings."""

import streamlit as st
from services.store.lists.keyset import Page
from services.store.lists.records import Record, RecordFilter

from dashboard.kit.filters.days import Days
from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.kept import Kept
from dashboard.kit.filters.no_rows import longer, nothing_in_days
from dashboard.kit.lists.page_buttons import page_buttons
from dashboard.locale import _
from dashboard.words import formats, operation_labels, periods, record_labels

KEPT = Kept("records")


def record_form(today: int) -> FilterForm[RecordFilter]:
    """The filter's field."""
    days = Days(_("Days in Korea"), periods.PAST, today, periods.FIRST_DAY, today)
    return FilterForm(KEPT, RecordFilter, (days,))


def record_lines(found: Page[Record]) -> None:
    """A page of entries, two lines each, as wide as there is room for; none of them opens anything."""
    for one in found.rows:
        action, detail = record_labels.action(one.action), record_labels.particulars(one.action, one.detail)
        with st.container(gap=None):
            st.markdown(f"**{formats.escape(action)}** {formats.escape(detail)}")
            told = (f"{formats.time(one.at)} KST", operation_labels.person(one.actor), record_labels.origin(one.origin))
            st.caption(" · ".join(map(formats.escape, told)))


def record_pager(found: Page[Record]) -> None:
    """Newer and older rows; the arrow keys turn pages too."""
    page_buttons(found, KEPT.turn_page)


def no_records(chosen: RecordFilter, today: int) -> None:
    """Says what to do next."""
    days = chosen.from_day or today, chosen.to_day or today
    words = _("Limits, roles, bulk files and closings stand here once somebody changes one.")
    nothing_in_days(record_form(today), words, days, longer((90, 400), days[0], today))
