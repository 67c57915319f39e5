"""Deleting a billing key: what stands in the way, what will be revoked, who wanted it and why, how it went."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pandas as pd
import streamlit as st
from services import stated
from services.operations.actions import key_deletions, revocations
from services.operations.actions.refunds import REQUESTERS
from services.operations.journal.journal import Wanted
from services.tables.journal import Operation
from services.tables.v1 import Schedule

from dashboard.kit.fields import Fields, Typing, review_button
from dashboard.kit.lists.money_cells import money_cells, money_column
from dashboard.locale import _, ngettext
from dashboard.screens.asking.outcome import outcome
from dashboard.words import formats, labels, operation_labels, reason_labels


@dataclass(frozen=True, slots=True)
class DeletionTyping(Typing):
    """What stands in the fields at this moment."""

    reason: str
    requester: str | None


def blocked(booked: Sequence[Schedule]) -> bool:
    """Says that the key cannot be deleted yet; whether the person wants to end all of it."""
    n = len(booked)
    title = ngettext("{n} payment is booked on this key", "{n} payments are booked on this key", n)
    st.warning(
        _("It cannot be deleted as long as they are. Revoke them first, or end the subscription as a whole."),
        title=title.format(n=f"{n:,}"),
        icon=":material/event_busy:",
    )
    booked_table(booked)
    return st.button(_("End the subscription"), icon=":material/event_busy:", key="end")


def booked_table(booked: Sequence[Schedule]) -> None:
    """Exactly what is booked: when, how much, under which order number; and what it comes to."""
    money = [(one.amount, one.currency) for one in booked]
    data = {
        _("Time in Korea"): [formats.time(one.schedule_at) for one in booked],
        _("Amount"): money_cells(money),
        labels.field("name"): [one.name for one in booked],
        labels.field("merchant_uid"): [one.merchant_uid for one in booked],
    }
    config, title = {_("Amount"): money_column(None, money)}, _("Booked on this key")
    st.dataframe(pd.DataFrame(formats.cells(data)), hide_index=True, column_config=config, placeholder="", alt=title)
    words = ngettext("{n} payment booked", "{n} payments booked", len(booked)).format(n=f"{len(booked):,}")
    st.caption(f"{words} · {formats.escape(_sums(booked))}")


def deletion_fields(
    fields: Fields, booked: Sequence[Schedule], reasons: Mapping[str, str], cancel: Callable[[], None]
) -> DeletionTyping:
    """Who wanted it, with no default, and why; above them what will be revoked.

    `reasons` and `cancel` as in refund_fields.
    """
    if booked:
        with fields.place("merchant_uid"):
            st.header(_("These are revoked, then the billing key is deleted"))
            booked_table(booked)
    label = _("Why the subscription ends") if booked else _("Why the key is deleted")
    why = fields.reason(label, reason_labels.deletion, reasons, stated.ASKED_BY)
    requester = fields.choice("requester", _("Who wants it"), REQUESTERS, operation_labels.requester)
    with st.form(fields.key("form"), border=False):
        reason = fields.told(reasons.get(why), _("Details (passed on to the PG)"))
        with fields.place("customer_uid"):
            done = review_button(fields, cancel)
    return DeletionTyping(fields, done, reason, requester)


def as_typed(operation: Operation) -> dict[str, object]:
    """The fields that a deletion was asked for with, by their names."""
    code, details = stated.apart(operation.reason or "", stated.DELETION)
    return {"reason": code or reason_labels.OTHER, "note": details, "requester": operation.requester}


def says(booked: Sequence[Schedule]) -> str:
    """What the last look asks."""
    if not booked:
        return _("Delete this billing key. It cannot be undone: the buyer would have to register anew.")
    words = ngettext(
        "Revoke {n} booked payment ({sum}), then delete the billing key. It cannot be undone.",
        "Revoke {n} booked payments ({sum}), then delete the billing key. It cannot be undone.",
        len(booked),
    )
    return words.format(n=f"{len(booked):,}", sum=_sums(booked))


def requests(deletion: Wanted, revocation: Wanted | None) -> dict[str, Any]:
    """Both calls as they will be sent."""
    path = f"DELETE /subscribe/customers/{quote(deletion.customer_uid or '', safe='')}"
    calls: dict[str, Any] = {}
    if revocation:
        calls["POST /subscribe/payments/unschedule"] = revocations.as_sent(revocation)
    return calls | {path: key_deletions.as_sent(deletion)}


def steps_result(steps: Sequence[Operation]) -> None:
    """How each step went, in their order."""
    for number, one in enumerate(steps, 1):
        if len(steps) > 1:
            st.header(_("Step {n} of {all}").format(n=number, all=len(steps)))
        outcome(one)


def _sums(booked: Sequence[Schedule]) -> str:
    sums: dict[str, int] = {}
    for one in booked:
        sums[one.currency] = sums.get(one.currency, 0) + one.amount
    return " + ".join(formats.money(amount, currency) for currency, amount in sums.items())
