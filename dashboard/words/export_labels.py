"""Headings and codes of an export as the screens write them: times say KST, amounts say where their currency stands."""

from collections.abc import Callable, Mapping, Sequence
from contextvars import copy_context
from functools import partial

from services.exports.columns import BY_KIND, Column, Shape, currency_of

from dashboard.locale import _
from dashboard.words import (
    kinds,
    labels,
    operation_labels,
    recovery_labels,
    schedule_labels,
    subscription_labels,
)
from dashboard.words.names.stores import store_name
from dashboard.words.receipts import receipt_labels
from dashboard.words.vbanks import waiting_labels

Lookup = Callable[[str], str]
STATES: dict[str, Lookup] = {
    "payments": labels.state,
    "refunds": labels.state,
    "schedules": schedule_labels.due_state,
    "billing-keys": labels.key_state,
    "subscriptions": subscription_labels.state,
    "operations": operation_labels.state,
    "receipts": receipt_labels.state,
    "waiting": waiting_labels.state,
}
"""The states that each list is narrowed by."""
_CODES: dict[str, Lookup] = {
    "status": labels.state,
    "payment_state": labels.state,
    "payment_status": labels.state,
    "schedule_status": schedule_labels.due_state,
    "key_state": labels.key_state,
    "pg_provider": labels.provider,
    "pay_method": labels.method,
    "channel": labels.device,
    "customer_uid_usage": labels.usage,
    "part": labels.part,
    "requester": operation_labels.requester,
    "why": operation_labels.why,
    "kind": lambda kind: kinds.of(kind).noun,
    "asked_by": operation_labels.person,
    "approved_by": operation_labels.person,
    "noted_by": operation_labels.person,
    "unit": recovery_labels.unit,
    "churn": subscription_labels.churn,
    "receipt_state": receipt_labels.state,
    "receipt_type": receipt_labels.type_of,
    "identifier_kind": receipt_labels.number_kind,
    "issued_by": operation_labels.person,
}


def labels_of(kind: str, names: Sequence[str] = ()) -> dict[str, str]:
    """A heading for each of a kind's columns, by V1's name, in the language of the moment.

    `names` are the columns of the file, all for none.
    """
    return {column.name: _heading(kind, column, names) for column in BY_KIND[kind]}


def codes_of(kind: str, tiers: Mapping[str, str]) -> dict[str, Lookup]:
    """What the codes of a kind's columns mean, by V1's name, in the language of the moment: whoever asks later.

    `tiers` are the names of sub-stores; the main store has none of these codes.
    """
    here, stores = copy_context(), partial(store_name, names=tiers)
    codes = _CODES | ({"asked_by": _refunded_by} if kind == "refunds" else {})

    def kept(words: Lookup) -> Lookup:
        return lambda code: here.run(words, code) if code or words in (stores, _refunded_by) else ""

    found = (
        codes
        | {"state": STATES[kind], "tier": stores}
        | {one.name: yes_or_no for one in BY_KIND[kind] if one.shape == Shape.FLAG}
    )
    return {column.name: kept(found[column.name]) for column in BY_KIND[kind] if column.name in found}


def _refunded_by(person: str) -> str:
    """What no operation of ours asked for was refunded elsewhere."""
    return operation_labels.person(person) if person else _("elsewhere")


@labels.once_a_language
def yes_or_no() -> labels.Words:
    """Whether something is so."""
    return {"true": _("Yes"), "false": _("No")}


def _heading(kind: str, column: Column, names: Sequence[str]) -> str:
    # Of operations only refunds have a refund's reason.
    own = {("operations", "reason"): _("Reason given"), ("receipts", "apply_num"): _("Number at the tax office")}
    own[("receipts", "cancelled_at")] = _("Cancelled at")
    own[("refunds", "remaining")] = _("Remaining now")
    words = own.get((kind, column.name)) or labels.field(column.name)
    if column.shape == Shape.TIME:
        return f"{words} (KST)"
    if column.shape != Shape.MONEY:
        return words
    beside = currency_of(kind, column)
    if beside is None:
        return f"{words} (KRW)"
    return f"{words} ({labels.field('currency')})" if beside in (names or (beside,)) else words
