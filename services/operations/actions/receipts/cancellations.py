"""Cancelling a cash receipt, whole: alone, or before its payment is refunded."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from services.errors import InvalidRequest, Moved, NotFound
from services.gateway import Gateway
from services.operations.actions.receipts.shown import read_shown, subject_of
from services.operations.journal.audit import Actor
from services.operations.journal.journal import (
    Wanted,
    asked,
    busy_with,
    open_operation,
    record_in,
    saving,
)
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome, Stop
from services.receipts.pg_rules import Ability, rule_of
from services.store.engine import reading
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.receipts import CashReceipt

MOVES_MONEY = False


def wanted_cancellation(token: str, receipt: CashReceipt, *, seen: int | None = None) -> Wanted:
    """The intent to cancel a receipt that is known here. Raises InvalidRequest where that is not done here."""
    if receipt.cancelled_at:
        raise InvalidRequest("This receipt is cancelled already.", field="receipt")
    ability = Ability.CANCEL_EXTERNAL if receipt.external else Ability.CANCEL
    if receipt.pg_provider and ability not in rule_of(receipt.pg_provider).can:
        raise InvalidRequest("PortOne cancels no receipts at this PG: only the PG itself does.", field="receipt")
    return Wanted(
        token=token,
        kind=OperationKind.CANCEL_RECEIPT,
        subject=subject_of(receipt.imp_uid, receipt.merchant_uid),
        amount=receipt.amount,
        currency="KRW",
        imp_uid=receipt.imp_uid,
        merchant_uid=receipt.merchant_uid,
        request={"apply_num": receipt.apply_num, "pg_provider": receipt.pg_provider},
        seen=seen,
    )


def cancel_then_refund(engine: Engine, receipt: CashReceipt, refund: Wanted, actor: Actor, now: float) -> Operation:
    """Writes both down together: once the receipt is cancelled the refund goes, and not at all where that fails.

    Raises InvalidRequest where a second person has to approve the refund, Busy, Moved, NotSaved.
    """
    if refund.needs_approval:
        raise InvalidRequest(
            "A second person approves this refund: cancel the receipt first, then ask for it.", field="receipt"
        )
    first = wanted_cancellation(f"{refund.token}:receipt", receipt)
    try:
        with saving(engine) as conn:
            cancelled = record_in(conn, first, actor, int(now))
            return record_in(conn, replace(refund, after_id=cancelled.id), actor, int(now))
    except IntegrityError:
        with reading(engine) as conn:
            found = open_operation(conn, refund.subject) or open_operation(conn, first.subject)
    if found is None:
        raise Moved("Somebody else moved it on meanwhile.")
    raise busy_with(found)


def as_sent(_wanted: Wanted) -> dict[str, Any]:
    """Nothing: V1 takes neither amount nor reason."""
    return {}


def prepare(gateway: Gateway, operation: Operation) -> str | None:
    """Reads the receipt again. Raises Stop where it does not stand any more, GatewayError."""
    try:
        shown = read_shown(gateway, operation)
    except NotFound:
        return None  # of some PGs V1 shows none: the gateway knows whether there is one
    if shown.fields["cancelled_at"] or shown.fields["apply_num"] != asked(operation)["apply_num"]:
        raise Stop(Why.RECEIPT_GONE, receipt=shown)
    return None


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Cancels it. Raises NotSent, Refused, OutcomeUnknown."""
    if operation.imp_uid:
        shown = gateway.cancel_receipt(operation.imp_uid, still=still)
    else:
        shown = gateway.cancel_external_receipt(operation.merchant_uid or "", still=still)
    if not shown.fields["cancelled_at"]:
        return Outcome(State.UNKNOWN, why=Why.STILL_PENDING, receipt=shown)
    return Outcome(State.SUCCEEDED, receipt=shown)


def look(gateway: Gateway, operation: Operation) -> Outcome | None:
    """Whether it stands there as cancelled."""
    try:
        shown = read_shown(gateway, operation)
    except NotFound:
        return None
    ours = shown.fields["apply_num"] == asked(operation)["apply_num"]
    done = ours and bool(shown.fields["cancelled_at"])
    return Outcome(State.SUCCEEDED if done else State.UNKNOWN, receipt=shown)
