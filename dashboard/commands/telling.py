"""An operation as a command prints it, and the exit status of its state."""

from typing import Any

import typer
from services.journal_models import Operation, OperationState
from services.money import exponent, to_major
from services.operations import journal
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
    if status := status_of(operation):
        if status == Status.UNKNOWN:
            say(_("What became of it is not known yet: jangbu operations resolve {operation}").format(
                operation=operation_id))  # fmt: skip
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
    return {
        "operation": operation.id,
        "state": operation.state,
        "imp_uid": operation.imp_uid,
        "merchant_uid": operation.merchant_uid,
        "amount": number(operation.amount, operation.currency),
        "cancel_amount": number(refunded, operation.currency),
        "message": operation.message,
    }


def number(amount: int, currency: str) -> Any:
    """Whole won, dollars as a decimal."""
    return to_major(amount, currency) if exponent(currency) else amount
