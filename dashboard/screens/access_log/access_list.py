"""The access log: the monthly review, a page of entries, and the file of them."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st
from services.clock import seoul
from services.exports.csv_text import ListFile, list_file
from services.people.access_list import MOST, Accessed, AccessFilter, Review
from services.store.lists.keyset import Page

from dashboard.access import User
from dashboard.kit.export_reason import file_for_reason
from dashboard.kit.filters.no_rows import longer, nothing_in_days
from dashboard.kit.lists.columns import Column, number, whole_text
from dashboard.kit.lists.page_buttons import page_buttons
from dashboard.kit.lists.pick import pick_rows
from dashboard.locale import _
from dashboard.screens.access_log.access_desk import Reviews
from dashboard.screens.access_log.access_filters import KEPT, access_form
from dashboard.words import formats, record_labels
from dashboard.words.access import access_labels
from dashboard.words.operation_labels import person


def review_line(found: Reviews, note: Callable[[str], None]) -> None:
    """Whether the log of the last month was looked through, by whom and when; the way to say so."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if found.now:
            st.badge(_("Reviewed: {month}").format(month=found.month), icon=":material/check:", color="green")
            st.caption(_reviewed(found.now))
        elif found.is_due:
            words = _("Not reviewed: {month}").format(month=found.month)
            st.badge(words, icon=":material/event_busy:", color="orange")
            st.caption(_reviewed(found.latest) if found.latest else _("The law asks for a review each month."))
        else:
            st.caption(_("The law asks for a review each month: the first one is due when this month has ended."))
            return
        behind = st.popover(_("Note a review"), icon=":material/fact_check:", on_change="rerun", key="access_review")
    if behind.open:
        with behind:
            _review_form(note)


def _review_form(note: Callable[[str], None]) -> None:
    st.caption(_("Downloads and their reasons first, then who looked at unusually many, and at odd hours."))
    with st.form("access_review_form", border=False):
        said = st.text_input(_("What was found, if anything"), key="access_review_note", max_chars=200)
        pressed = st.form_submit_button(_("Reviewed"), icon=":material/check:", type="primary")
    if pressed:
        note(said)


def _reviewed(review: Review) -> str:
    told = (review.month, person(review.person), f"{formats.time(review.at)} KST", review.note)
    return formats.escape(" · ".join(filter(None, told)))


def access_columns() -> list[Column[Accessed]]:
    """Every column there is."""
    return [
        Column("at", _("Time"), lambda one: formats.short_time(one.at)),
        Column("person", _("Person"), lambda one: person(one.person), whole_text),
        Column("kind", _("What was done"), lambda one: access_labels.kind(one.kind)),
        Column("what", _("Where"), lambda one: access_labels.what(one.kind, one.what)),
        Column("whose", _("Whose"), lambda one: access_labels.whose(one.whose), whole_text),
        Column("rows", _("Rows"), lambda one: one.row_count, number),
        Column("reason", _("Reason given"), lambda one: access_labels.reason(one.reason) if one.reason else None),
        Column("columns", _("Columns or kind of word"), _named),
        Column("origin", _("From where"), lambda one: record_labels.origin(one.origin)),
    ]


def access_table(found: Page[Accessed], *, key: str) -> None:
    """A page of entries; none of them opens anything."""
    pick_rows(found, access_columns(), alt=_("Access log, the latest first, times in Korea"), key=key)


def access_pager(found: Page[Accessed]) -> None:
    """Newer and older rows; the arrow keys turn pages too."""
    page_buttons(found, KEPT.turn_page)


def no_entries(chosen: AccessFilter, today: int) -> None:
    """Says what to do next."""
    days = chosen.from_day or today, chosen.to_day or today
    words = _("No entry matches. Look further back, or take filters away.")
    nothing_in_days(access_form(today), words, days, longer((90, 400), days[0], today))


def csv_button(read: Callable[[], Sequence[Accessed]], user: User) -> None:
    """The entries of the filter as a file."""
    words = _("CSV of these entries, {n} of the latest at most").format(n=f"{MOST:,}")
    file_for_reason(
        _("Export"),
        partial(_as_csv, read),
        "jangbu-access-log.csv",
        user,
        what="access_log",
        columns=Accessed._fields,
        key="access_csv",
        help=words,
    )


def _as_csv(read: Callable[[], Sequence[Accessed]]) -> ListFile:
    heads = (
        _("Number"), _("Time") + " (KST)", _("Person"), _("What was done"), _("Where"), _("Whose"), _("Rows"),
        _("Columns or kind of word"), _("Reason given"), _("From where"),
    )  # fmt: skip
    rows = [
        (
            one.id, f"{seoul(one.at):%Y-%m-%d %H:%M:%S}", person(one.person), access_labels.kind(one.kind),
            access_labels.what(one.kind, one.what), access_labels.whose(one.whose), one.row_count, _named(one),
            access_labels.reason(one.reason) if one.reason else "", record_labels.origin(one.origin),
        )
        for one in read()
    ]  # fmt: skip
    return list_file(heads, rows)


def _named(one: Accessed) -> str:
    return access_labels.named(one.kind, one.column_names)
