"""The list of operations: when, what, of what, by whom, and what became of it."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st
from services.store.lists.keyset import Page
from services.store.lists.operations import OperationFilter
from services.tables.journal import Operation

from dashboard.kit.filters.no_rows import longer, nothing_in_days
from dashboard.kit.lists.columns import Column, MoneyColumn, state_column, whole_text
from dashboard.kit.lists.page_buttons import page_buttons
from dashboard.kit.lists.pick import pick_rows
from dashboard.locale import _
from dashboard.screens.activity.activity_filters import KEPT, activity_form
from dashboard.words import formats, kinds, labels, operation_labels


def operation_table(found: Page[Operation], columns: Sequence[Column[Operation]], *, key: str) -> Operation | None:
    """A page of operations, as they come; returns the row that was picked."""
    picked = pick_rows(found, columns, alt=_("Operations, the latest first, times in Korea"), key=key)
    return picked[0] if picked else None


def operation_pager(found: Page[Operation]) -> None:
    """Newer and older rows; the arrow keys turn pages too."""
    page_buttons(found, KEPT.turn_page)


def no_operations(chosen: OperationFilter, today: int) -> None:
    """Says what to do next."""
    days = chosen.from_day or today, chosen.to_day or today
    words = _("No operation matches. Look further back, or take filters away.")
    if chosen.text:
        words = _(
            "Only a complete number or key is found here, and no name: a buyer's payments tell who did what with each."
        )
    nothing_in_days(activity_form(today), words, days, longer((90, 400), days[0], today))


def said(operation: Operation) -> str:
    """The gateway's words as they came, else our own reason."""
    return operation.message or operation_labels.reason(operation.state, operation.why)


def operation_columns(buyers: Mapping[int, str | None], *, in_full: bool) -> list[Column[Operation]]:
    """Every column there is; `buyers` by the operation's id."""
    field, person = labels.field, operation_labels.person
    wide = partial(st.column_config.TextColumn, width=240)
    return [
        Column("asked_at", field("asked_at"), lambda one: formats.short_time(one.asked_at)),
        Column("kind", field("kind"), lambda one: kinds.of(one.kind).noun),
        MoneyColumn("amount", field("amount"), lambda one: (_sum(one), one.currency)),
        state_column("state", field("state"), operation_labels.state, operation_labels.standing_code),
        Column("buyer_name", field("buyer_name"), lambda one: formats.buyer(buyers[one.id], in_full)),
        Column("asked_by", field("asked_by"), lambda one: person(one.asked_by)),
        Column("approved_by", field("approved_by"), lambda one: person(one.approved_by or ""), whole_text),
        Column("of", _("Of what"), _about),
        Column("said", _("Gateway's words, or why"), said, lambda label, _cells: wide(label)),
        Column("reason", _("Reason given"), lambda one: one.reason),
        Column("note", field("note"), lambda one: one.note),
        Column("imp_uid", "imp_uid", lambda one: one.imp_uid),
        Column("id", field("id"), lambda one: str(one.id)),
    ]


def _about(operation: Operation) -> str | None:
    return operation.merchant_uid or operation.customer_uid or operation.imp_uid or operation.verification_uid


def _sum(operation: Operation) -> int | None:
    return operation.amount if kinds.of(operation.kind).has_sum else None
