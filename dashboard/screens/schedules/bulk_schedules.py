"""Many booked payments changed at once: which change, its fields, the template, and what each row would do."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from services.exports.csv_text import csv_text
from services.operations.actions.schedule_changes import CHANGES, TIMED, Change
from services.operations.files.bulk import COLUMNS, OPTIONAL, BulkRow
from services.operations.files.run import Run
from services.tables.journal import OperationKind as Kind

from dashboard.kit.fields import Fields, TypedTime, Typing
from dashboard.kit.lists.money_cells import money_cells
from dashboard.locale import _, ngettext
from dashboard.screens.asking.many_rows import rows_table
from dashboard.screens.schedules.schedule_form import untimed_field
from dashboard.words import formats, kinds, labels
from dashboard.words.schedule_labels import due_state, state_of

_EXAMPLE = ("SUB202612310000001", "2027-01-04 10:00")


@dataclass(frozen=True, slots=True)
class BulkTyping(Typing):
    """What stands in the fields at this moment."""

    change: Change
    at: TypedTime | None

    def time(self) -> int | None:
        """One time for all, where the rows do not bring their own. Raises InvalidRequest."""
        return self.at.read() if self.at and self.at.value else None


def bulk_buttons(orders: Sequence[str]) -> str | None:
    """What may be done with the rows that were chosen in a list; returns the change that was pressed."""
    if not orders:
        return None
    n = len(orders)
    words = ngettext("{n} chosen", "{n} chosen", n).format(n=f"{n:,}")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.caption(words, width="content")
        pressed = [one for one in CHANGES if st.button(_choice(one), icon=kinds.of(one).icon, key=f"bulk_{one}")]
    return pressed[0] if pressed else None


def template_button() -> None:
    """A file with the right first line."""
    lines = csv_text([(*COLUMNS, *OPTIONAL), _EXAMPLE])
    name = "jangbu-schedules.csv"
    st.download_button(_("Template (CSV)"), lines, name, "text/csv", icon=":material/download:", on_click="ignore")
    st.caption(_("One row a schedule: merchant_uid; schedule_at in Korea where each has a time of its own."))


def change_fields(fields: Fields, kind: Kind) -> BulkTyping:
    """The fields of a change, the same for all rows."""
    with st.form(fields.key("form"), border=False):
        at, reason = None, ""
        if kind in TIMED:
            at = fields.time("schedule_at", _("Day and time for all of them, in Korea"), None)
            st.caption(_("Rows of a file with a time of their own keep it."))
        else:
            at_once = _("Each is charged at once: a second person has to approve the whole list first.")
            reason = untimed_field(kind, fields, at_once)
        with fields.place("file"):
            label, icon = _("Look at each row"), ":material/visibility:"
            done = st.form_submit_button(label, type="primary", icon=icon, key="look_at_rows")
    return BulkTyping(fields, done, Change(kind, reason), at)


def kind_choice(fields: Fields, first: str | None) -> Kind:
    """Which change; `first` where an address or a list says."""
    chosen = st.segmented_control(
        _("What is to be done with them"),
        list(CHANGES),
        default=Kind(first) if first in list(CHANGES) else Kind.MOVE,
        required=True,
        format_func=_choice,
        key=fields.key("kind"),
        persist_state="session",
    )
    return Kind(chosen or Kind.MOVE)


def dry_run_table(run: Run[BulkRow]) -> None:
    """Each row: what it would do, or what stands in its way; and what those come to that can be sent."""
    money = [(row.schedule.amount, row.schedule.currency) if row.schedule else (None, "") for row in run.rows]
    facts = {
        labels.field("merchant_uid"): [row.merchant_uid for row in run.rows],
        _("State"): [due_state.badge(state_of(row.schedule)) if row.schedule else None for row in run.rows],
        labels.field("schedule_at"): [
            formats.time(row.schedule.schedule_at) if row.schedule else None for row in run.rows
        ],
        _("Amount"): money_cells(money),
        labels.field("name"): [row.schedule.name if row.schedule else None for row in run.rows],
    }
    rows_table(run, facts, money)


def _choice(kind: str) -> str:
    return kinds.of(kind).choice
