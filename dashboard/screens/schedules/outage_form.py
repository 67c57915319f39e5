"""A maintenance window: its fields, and moving back what was moved out of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from services.operations.files.bulk import BulkRow
from services.operations.files.outage import Window
from services.operations.files.run import Run
from services.tables.journal import OperationState as State
from services.tables.journal import RefundBatch

from dashboard.kit.fields import Fields, TypedTime
from dashboard.locale import _
from dashboard.screens.asking.many_rows import send_button
from dashboard.screens.schedules.bulk_schedules import dry_run_table
from dashboard.words import labels


@dataclass(frozen=True, slots=True)
class WindowTyping:
    """What stands in the fields at this moment."""

    done: bool
    """Whether the person is done and wants to see what is inside."""
    from_at: TypedTime
    to_at: TypedTime
    to: TypedTime
    pg_provider: str | None

    def window(self) -> Window:
        """The window. Raises InvalidRequest where an end is missing."""
        return Window(self.from_at.read(), self.to_at.read(), self.pg_provider)

    def moved_to(self) -> int | None:
        """The time for all of them; None: the first minute after. Raises InvalidRequest."""
        return self.to.read() if self.to.value else None


def window_fields(fields: Fields, providers: Sequence[str]) -> WindowTyping:
    """From when to when, of which PG, and where to move what is inside."""
    with st.form(fields.key("form"), border=False):
        with st.container(horizontal=True):
            from_at = fields.time("from_at", _("It begins, in Korea"), None)
            to_at = fields.time("to_at", _("It ends, in Korea"), None)
        pg = st.selectbox(
            _("Only of this PG"),
            providers,
            index=None,
            format_func=labels.provider,
            placeholder=_("Any"),
            key=fields.key("pg"),
            persist_state="session",
            width=320,
        )
        to = fields.time("to", _("Move them to (empty: the first minute after it)"), None)
        label, icon = _("Look at what is booked inside"), ":material/visibility:"
        done = st.form_submit_button(label, type="primary", icon=icon, key="look_inside")
    return WindowTyping(done, from_at, to_at, to, pg)


def move_run(run: Run[BulkRow], fields: Fields) -> Run[BulkRow] | None:
    """What is inside with count and won, and what each row would do; returns what the person has sent."""
    if not run.rows:
        st.info(_("Nothing is booked inside: nothing has to be moved."), icon=":material/event_available:")
        return None
    dry_run_table(run)
    return send_button(run, fields, lambda _rows: _("Move all of them"))


def back_button(batch: RefundBatch, counts: Mapping[str, int]) -> bool:
    """Leads to the look at moving back what a list has moved."""
    return bool(counts.get(State.SUCCEEDED)) and st.button(
        _("Move them back …"), icon=":material/undo:", key=f"back_{batch.id}"
    )
