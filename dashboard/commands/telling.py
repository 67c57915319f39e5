"""An operation as a command prints it, and the exit status of its state."""

from typing import Any

import typer
from services.journal_models import Operation, OperationKind, OperationState
from services.money import exponent, to_major
from services.operations import journal
from services.operations.waiting import waits_for_another
from services.store.engine import reading
from services.store.payments import get_payment
from sqlalchemy import Connection

from dashboard.commands.answering import Status, answer, say
from dashboard.locale import _
from dashboard.resources import open_store

_STATUS = {
    OperationState.SUCCEEDED: Status.DONE,
    OperationState.REFUSED: Status.REFUSED,
    OperationState.EXPIRED: Status.FAILED,
    OperationState.AWAITING_APPROVAL: Status.AWAITING_APPROVAL,
}


def finish(operation_id: int, as_json: bool) -> None:
    """Prints an operation as it stands and ends the command with the status of its state."""
    with reading(open_store()) as conn:
        operation = journal.get(conn, operation_id)
        told = told_of(conn, operation)
    answer(told, as_json)
    if operation.state != OperationState.SUCCEEDED:
        from dashboard.components.operation_labels import reason

        if words := reason(operation.state, operation.why):
            say(words)
    if status := Status.UNKNOWN if waits_for_another(operation) else status_of(operation):
        if status == Status.UNKNOWN:
            unclear = operation.after_id if waits_for_another(operation) else operation_id
            say(_("What became of it is not known yet: jangbu operations resolve {operation}").format(
                operation=unclear))  # fmt: skip
        raise typer.Exit(status)


def status_of(operation: Operation) -> Status:
    """The exit status of an operation's state; what has not ended yet is unknown."""
    return _STATUS.get(OperationState(operation.state), Status.UNKNOWN)


def told_of(conn: Connection, operation: Operation) -> dict[str, Any]:
    """An operation as --json prints it: amounts as V1 writes them, the gateway's words byte for byte."""
    refunded = operation.cancel_amount
    if refunded is None:
        payment = get_payment(conn, operation.imp_uid) if operation.imp_uid else None
        refunded = payment.cancel_amount if payment else 0
    told = {
        "operation": operation.id,
        "state": operation.state,
        "imp_uid": operation.imp_uid,
        "merchant_uid": operation.merchant_uid,
        "amount": number(operation.amount, operation.currency),
        "cancel_amount": number(refunded, operation.currency),
        "message": operation.message,
    }
    return told | _more_of(operation)


def _more_of(operation: Operation) -> dict[str, Any]:
    """What the kinds that change schedules and keys have besides."""
    wanted = journal.asked(operation)
    match operation.kind:
        case OperationKind.MOVE | OperationKind.REBOOK:
            return {"schedule_at": wanted["schedule_at"]}
        case OperationKind.REVOKE:
            return {"merchant_uids": wanted["merchant_uid"]}
        case OperationKind.BOOK:
            rows = wanted["schedules"]
            return {"schedules": [{name: row[name] for name in ("merchant_uid", "schedule_at")} for row in rows]}
        case OperationKind.DELETE_KEY:
            return {"customer_uid": operation.customer_uid, "after": operation.after_id}
    return {}


def number(amount: int, currency: str) -> Any:
    """Whole won, dollars as a decimal."""
    return to_major(amount, currency) if exponent(currency) else amount
