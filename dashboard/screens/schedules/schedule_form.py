"""Changing one booked payment: which change, its fields, and the sentence of the last look."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st
from services.clock import DAY
from services.operations.actions.schedule_changes import TIMED
from services.operations.journal.journal import Wanted
from services.tables.journal import OperationKind as Kind
from services.tables.v1 import Schedule

from dashboard.kit.fields import Fields, TypedTime, Typing, review_button
from dashboard.locale import _
from dashboard.words import formats, kinds


@dataclass(frozen=True, slots=True)
class Typed:
    """What was filled in; a time in UNIX seconds, 0 where the change has none."""

    at: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChangeTyping(Typing):
    """What stands in the fields at this moment."""

    at: TypedTime | None = None
    reason: str = ""

    def form(self) -> Typed:
        """As a form. Raises InvalidRequest where a time is none."""
        return Typed(self.at.read() if self.at else 0, self.reason)


def kind_buttons(offered: Sequence[Kind], chosen: str | None, choose: Callable[[str], None]) -> None:
    """What may be done; the one that is being filled in stands out."""
    with st.container(horizontal=True, gap="xsmall"):
        for kind in offered:
            st.button(
                kinds.of(kind).choice,
                icon=kinds.of(kind).icon,
                type="primary" if kind == chosen else "secondary",
                key=f"do_{kind}",
                on_click=choose,
                args=(kind.value,),
            )


def change_fields(kind: str, schedule: Schedule, fields: Fields, *, proposed: int | None, now: float) -> ChangeTyping:
    """The fields of a change; `proposed` (UNIX seconds) is the time that stands there at first."""
    with st.form(fields.key("form"), border=False):
        st.markdown(f"**{formats.escape(kinds.of(kind).choice)}**")
        at, reason = None, ""
        if kind in TIMED:
            first = proposed or (schedule.schedule_at if kind == Kind.MOVE else _next_time(schedule.schedule_at, now))
            at = fields.time("schedule_at", fields.marked(_("New day and time, in Korea")), first)
        else:
            at_once = _("It is charged at once, with its own amount and under its own order number.")
            reason = untimed_field(kind, fields, at_once)
        with fields.place("merchant_uid"):
            done = review_button(fields)
    return ChangeTyping(fields, done, at, reason)


def untimed_field(kind: str, fields: Fields, at_once: str) -> str:
    """What is filled in for a change without a time: why; nothing for a retry, which is charged `at_once`."""
    if kind == Kind.REVOKE:
        return fields.text("reason", _("Why? Kept in the journal, not sent"), required=True, max_chars=200)
    if kind == Kind.RETRY:
        st.caption(at_once)
        return ""
    raise ValueError(f"{kind} has no fields")


def change_sentence(wanted: Wanted, schedule: Schedule) -> str:
    """`Move 9,900원 for 사과 정기배송 from 2026-11-24 10:00:00 to 2026-11-25 10:00:00 (KST).`"""
    values = {
        "amount": formats.money(wanted.amount, wanted.currency),
        "name": schedule.name or schedule.merchant_uid,
        "due": formats.time(schedule.schedule_at),
        "at": formats.time(wanted.request.get("schedule_at")),
    }
    return kinds.of(wanted.kind).sentence.format(**values)


def _next_time(due: int, now: float) -> int:
    """The next day that is still ahead, at the same time of day."""
    days = max(int((now - due) // DAY), 0) + 1
    return due + days * DAY
