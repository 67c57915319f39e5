"""An operation followed in this process until it is known what became of it."""

import typer
from services.errors import JangbuError
from services.operations.journal.once import UNSEEN
from services.operations.patience import carry_to_end
from services.tables.journal import OperationKind
from sqlalchemy.exc import SQLAlchemyError

from dashboard.commands.answer import Status, say
from dashboard.commands.report import finish
from dashboard.commands.wishes.money import Asked
from dashboard.locale import _
from dashboard.process.executor import make_executor

_NO_SECOND = UNSEEN | {
    OperationKind.CHANGE_VBANK,
    OperationKind.REVOKE_VBANK,
    OperationKind.REVOKE_CVS,
    OperationKind.DELETE_IDENTITY,
    OperationKind.DELETE_QUICK_MEMBER,
}
"""Kinds whose commands know no --again."""


def carry_out(asked: Asked, wait: float, as_json: bool) -> None:
    """Carries an operation out, or follows one that was asked for before; ends the command."""
    operation_id = asked.operation.id
    if asked.before:
        once = _("This was asked for already: operation {operation}.")
        words = _("This was asked for already: operation {operation}. --again means a second one.")
        say((once if asked.operation.kind in _NO_SECOND else words).format(operation=operation_id))
    try:
        carry_to_end(make_executor(), operation_id, seconds=wait, look_now=asked.before)
    except KeyboardInterrupt:
        say(_("Not waited for any longer."))
    except (JangbuError, SQLAlchemyError):
        # It is written down and may have been sent: whatever went wrong here is not an answer.
        say(_("What became of operation {operation} cannot be read now.").format(operation=operation_id))
        raise typer.Exit(Status.UNKNOWN) from None
    finish(operation_id, as_json)
