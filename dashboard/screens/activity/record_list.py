"""The list of what was done besides operations: limits, roles, files, closings."""

import streamlit as st
from services.store.lists.keyset import Page
from services.store.lists.records import Record, RecordFilter

from dashboard.kit.columns import Column, pick_rows
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


def record_table(found: Page[Record], *, key: str) -> None:
    """A page of entries, as they come."""
    columns: list[Column[Record]] = [
        Column("at", _("Time in Korea"), lambda one: formats.time(one.at)),
        Column("actor", labels.field("asked_by"), lambda one: one.actor),
        Column("action", _("What"), lambda one: record_labels.action(one.action)),
        Column(
            "detail",
            _("Detail"),
            lambda one: record_labels.particulars(one.action, one.detail),
            lambda label, _cells: st.column_config.TextColumn(label, width="large"),
        ),
        Column("origin", _("From"), lambda one: one.origin),
    ]
    pick_rows(found, columns, alt=_("What was done besides operations, the latest first"), key=key)


def record_pager(found: Page[Record]) -> None:
    """Newer and older rows; the arrow keys turn pages too."""
    page_buttons(found, KEPT.turn_page)


def no_records(chosen: RecordFilter, today: int) -> None:
    """Says what to do next."""
    days = chosen.from_day or today, chosen.to_day or today
    words = _("Limits, roles, files and closings stand here once somebody changes one.")
    nothing_in_days(record_form(today), words, days, longer((90, 400), days[0], today))
