"""Many changes at once: the template of a file of refunds, what each row would do, the files with how far they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd
import streamlit as st
from services.errors import JangbuError
from services.exports.csv_text import ListFile, csv_text, list_file
from services.forbidden_numbers import hide_forbidden
from services.operations.actions.by_kind import action_of
from services.operations.files.batches import COLUMNS, OPTIONAL, DryRun
from services.operations.files.refund_lines import DryRow
from services.operations.journal.journal import asked
from services.operations.journal.persons import SCREEN
from services.operations.journal.states import TERMINAL
from services.tables.journal import Operation, RefundBatch
from services.tables.journal import OperationState as State

from dashboard.access import Permission, User
from dashboard.kit.export_reason import file_for_reason
from dashboard.kit.lists.money_cells import money_cells, money_column
from dashboard.locale import _, ngettext, sentence
from dashboard.screens.needs_person.second_person import Reader, say_of
from dashboard.words import formats, kinds, labels, operation_labels

_TALL = 96
"""Pixels of a row that tells several faults."""
_OWN = ("imp_uid", "merchant_uid", "amount", "reason", "requester", "state", "cancellation_id", "message")
RESULT = ("row", *_OWN, "why")
"""The columns of the file that comes back."""
_EXAMPLE = ("imp_000000000000", "3000", "단순 변심", "customer")


class FileAct(StrEnum):
    """What a person may do about a file."""

    APPROVE = "approve"
    DECLINE = "decline"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class FileChoice:
    """What a person chose for a file, and why."""

    batch_id: int
    digest: str
    act: FileAct
    note: str


def template_button() -> None:
    """An empty file with the right first line."""
    lines = csv_text([(*COLUMNS, *OPTIONAL), (*_EXAMPLE, *("" for _one in OPTIONAL))])
    st.download_button(
        _("Template (CSV)"), lines, "jangbu-refunds.csv", "text/csv", icon=":material/download:", on_click="ignore"
    )
    st.caption(
        _("One row a refund: imp_uid, amount in won, reason, requester (customer or admin).")
        + " "
        + _("The other columns may stay empty where a payment does not need them.")
    )


def dry_run_table(run: DryRun) -> None:
    """Each row: what it would do, or what stands in its way."""
    good = sum(row.problem is None for row in run.rows)
    words = ngettext("{good} of {n} row can be sent", "{good} of {n} rows can be sent", len(run.rows))
    says = words.format(good=f"{good:,}", n=f"{len(run.rows):,}")
    st.markdown(f"**{formats.escape(says)}** · {formats.escape(formats.money(run.amount, 'KRW'))}")
    amounts, amount_column = _amounts(run.rows)
    data = {
        _("Row"): [row.number for row in run.rows],
        "imp_uid": [row.imp_uid for row in run.rows],
        _("Amount"): amounts,
        _("Reason"): [_as_typed(row, "reason") for row in run.rows],
        _("Who wanted it"): [_as_typed(row, "requester") for row in run.rows],
        _("What it would do"): [
            " ".join(["✕", *map(sentence, row.problems)]) if row.problems else "✓ " + _("would be refunded")
            for row in run.rows
        ],
    }
    if run.sums:
        words = ngettext(
            "Row {rows} only adds others up: left out.", "Rows {rows} only add others up: left out.", len(run.sums)
        )
        st.caption(words.format(rows=", ".join(map(str, run.sums))))
    config, title = {_("Amount"): amount_column}, _("What each row would do")
    # A low row shows the beginning of a long cell alone; a tall one wraps it.
    tall = _TALL if any(len(row.problems) > 1 for row in run.rows) else None
    st.dataframe(
        pd.DataFrame(formats.cells(data)), hide_index=True, column_config=config, placeholder="", alt=title,
        row_height=tall,
    )  # fmt: skip


def _amounts(rows: Sequence[DryRow]) -> tuple[list[Any], Any]:
    """The cells and their column: text where one cannot be read, which then stands as it was typed."""
    money = [(row.amount, row.currency or "KRW") for row in rows]
    if all(row.amount is not None for row in rows):
        return money_cells(money), money_column(None, money)
    texts = [
        _as_typed(row, "amount") if amount is None else formats.money(amount, currency)
        for row, (amount, currency) in zip(rows, money, strict=True)
    ]
    return texts, st.column_config.TextColumn(alignment="right")


def _as_typed(row: DryRow, name: str) -> str:
    """A cell of the file; numbers that must not be kept are refused, and not shown either."""
    return hide_forbidden(row.typed.get(name, ""))


def batch_card(
    batch: RefundBatch,
    counts: Mapping[str, int],
    *,
    user: User,
    reader: Reader,
    rows: Callable[[], Sequence[Operation]],
    error: JangbuError | None,
) -> FileChoice | None:
    """A file: what it is, who brought and approved it, how far it is; returns what the person chose."""
    with st.container(border=True):
        _facts(batch, counts)
        if error:
            st.error(formats.told(error), icon=":material/error:")
        if waits := not (batch.approved_at or batch.declined_at):
            _rows(batch, rows)
        if user.may(Permission.EXPORT) or batch.asked_by == reader.name:
            file_for_reason(
                _("Rows (CSV)") if waits else _("Result (CSV)"),
                lambda: result_file(rows()),
                f"jangbu-{batch.kind}-{batch.id}.csv",
                user,
                what="operations",
                columns=RESULT,
                key=f"result_{batch.id}",
            )
        if waits:
            return _approval(batch, reader)
        if batch.approved_at and counts.get(State.AWAITING_APPROVAL):
            return _stopping(batch)
    return None


def result_file(operations: Sequence[Operation]) -> ListFile:
    """What became of each row, as CSV that a spreadsheet reads as text."""
    rows = [
        (one.batch_row, *(getattr(one, name) for name in _OWN), operation_labels.reason(one.state, one.why))
        for one in operations
    ]
    return list_file(RESULT, rows)


def _facts(batch: RefundBatch, counts: Mapping[str, int]) -> None:
    money = formats.money(batch.amount, "KRW")
    words = ngettext("{n} row", "{n} rows", batch.rows).format(n=f"{batch.rows:,}")
    kind = kinds.of(batch.kind)
    parts = [formats.escape(part) for part in (kind.noun, words, *([money] if kind.has_sum else ()))]
    st.markdown(" · ".join((f"**{formats.escape(batch.name)}**", *parts)))
    brought = _("Brought by {who} at {time} KST · file {n}")
    st.text(brought.format(who=operation_labels.person(batch.asked_by), time=formats.time(batch.asked_at), n=batch.id))
    if batch.approved_by:
        approved = _("Approved by {who} at {time} KST")
        st.text(approved.format(who=operation_labels.person(batch.approved_by), time=formats.time(batch.approved_at)))
    if batch.declined_at:
        st.text(_("Ended without approval at {time} KST").format(time=formats.time(batch.declined_at)))
    if action_of(batch.kind).MOVES_MONEY:
        st.caption(_("SHA-256 of the file: what is approved is exactly this"))
        st.code(batch.digest, language=None, wrap_lines=True)
    if batch.approved_at:
        ended = sum(n for state, n in counts.items() if State(state) in TERMINAL)
        states = " · ".join(f"{operation_labels.state.badge(state)} {n:,}" for state, n in sorted(counts.items()))
        st.progress(ended / max(batch.rows, 1), text=formats.escape(states))


def _rows(batch: RefundBatch, rows: Callable[[], Sequence[Operation]]) -> None:
    """What is to be approved, row by row."""
    opened = st.expander(_("What its rows do"), icon=":material/list:", on_change="rerun", key=f"rows_{batch.id}")
    if not opened.open:
        return
    found = rows()
    money = [(one.amount, one.currency) for one in found]
    data = {
        _("Row"): [one.batch_row for one in found],
        "imp_uid": [one.imp_uid for one in found],
        labels.field("merchant_uid"): [one.merchant_uid for one in found],
        _("Amount"): money_cells(money),
        _("Reason"): [one.reason for one in found],
        _("Who wanted it"): [operation_labels.requester(one.requester) if one.requester else None for one in found],
        _("Particulars"): [" · ".join(operation_labels.particulars(asked(one), one.currency)) for one in found],
    }
    config, title = {_("Amount"): money_column(None, money)}, _("What its rows do")
    frame = pd.DataFrame(formats.cells(data))
    opened.dataframe(frame, hide_index=True, column_config=config, placeholder="", alt=title)


def _approval(batch: RefundBatch, reader: Reader) -> FileChoice | None:
    own = _("You brought this yourself: somebody else has to approve it. You may withdraw it.")
    say = say_of(reader, batch.asked_by, SCREEN, own)
    if not say.no:
        return None
    with st.form(f"file_{batch.id}", border=False, enter_to_submit=False):
        note = st.text_input(_("Reason, kept with it"), key=f"file_note_{batch.id}", max_chars=200)
        with st.container(horizontal=True):
            yes = say.yes and st.form_submit_button(
                _("Approve this file"), type="primary", icon=":material/check:", key=f"approve_file_{batch.id}"
            )
            label = _("Withdraw") if say.own else _("Decline")
            no = st.form_submit_button(label, icon=":material/close:", key=f"decline_file_{batch.id}")
    act = FileAct.APPROVE if yes else FileAct.DECLINE
    return FileChoice(batch.id, batch.digest, act, (note or "").strip()) if yes or no else None


def _stopping(batch: RefundBatch) -> FileChoice | None:
    """While rows wait for their turn: the rest can still be held back."""
    with st.form(f"stop_{batch.id}", border=False, enter_to_submit=False):
        note = st.text_input(_("Reason, kept with it"), key=f"stop_note_{batch.id}", max_chars=200)
        label, icon = _("Stop: send nothing more of it"), ":material/stop_circle:"
        pressed = st.form_submit_button(label, icon=icon, key=f"stop_file_{batch.id}")
    return FileChoice(batch.id, batch.digest, FileAct.STOP, (note or "").strip()) if pressed else None
