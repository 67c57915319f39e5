"""What became of an operation: followed in this process, printed, and turned into the command's exit status."""

from typing import Annotated, Any

import typer
from services.errors import JangbuError
from services.journal_models import Operation, OperationState
from services.money import exponent, to_major
from services.operations import journal
from services.operations.waiting import carry_to_end
from services.store.engine import reading
from services.store.payments import get_payment
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from dashboard.commands.answering import Status, answer, say
from dashboard.commands.asking import Asked
from dashboard.executing import make_executor
from dashboard.locale import _
from dashboard.resources import open_store

Wait = Annotated[float, typer.Option(min=0, help="Seconds to wait until it is known what became of it.")]
_STATUS = {
    OperationState.SUCCEEDED: Status.DONE,
    OperationState.REFUSED: Status.REFUSED,
    OperationState.EXPIRED: Status.FAILED,
    OperationState.AWAITING_APPROVAL: Status.AWAITING_APPROVAL,
}


def carry_out(asked: Asked, wait: float, as_json: bool) -> None:
    """Carries an operation out, or follows one that was asked for before; ends the command."""
    operation_id = asked.operation.id or 0
    if asked.before:
        say(_("This was asked for already: operation {operation}. --again means a second one.").format(
            operation=operation_id))  # fmt: skip
    try:
        carry_to_end(make_executor(), operation_id, seconds=wait, look_now=asked.before)
    except KeyboardInterrupt:
        say(_("Not waited for any longer."))
    except (JangbuError, SQLAlchemyError):
        # It is written down and may have been sent: whatever went wrong here is not an answer.
        say(_("What became of operation {operation} cannot be read now.").format(operation=operation_id))
        raise typer.Exit(Status.UNKNOWN) from None
    finish(operation_id, as_json)


def finish(operation_id: int, as_json: bool) -> None:
    """Prints an operation as it stands and ends the command with the status of its state."""
    with reading(open_store()) as conn:
        operation = journal.get(conn, operation_id)
        told = told_of(conn, operation)
    answer(told, as_json)
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
