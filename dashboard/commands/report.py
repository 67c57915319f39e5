"""An operation as a command prints it, and the exit status of its state."""

from typing import Any, assert_never

import typer
from services.errors import NotSaved
from services.money import exponent, to_major
from services.operations.journal import journal
from services.operations.patience import waits_for_another
from services.store.engine import reading
from services.store.lists.one import get_payment
from services.store.writes.late_payments import late_of
from services.tables.journal import Operation, OperationKind, OperationState
from sqlalchemy import Connection

from dashboard.access import Permission
from dashboard.commands.answer import Status, answer, say
from dashboard.locale import _
from dashboard.process.access_log.commands import note_seen
from dashboard.process.executor import commander_may
from dashboard.process.resources import open_store

_TOLD = ("schedule_at", "apply_num", "company", "invoice", "sent_at", "status")
"""What kinds have besides that is told as it was asked for."""
_ACCOUNT = "vbank_num"
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
    try:
        if _ACCOUNT in told:
            note_seen("operation", 1, operation.imp_uid or "")
    except NotSaved:
        # What became of it is told all the same.
        del told[_ACCOUNT]
    answer(told, as_json)
    tell_difference(operation)
    if operation.state != OperationState.SUCCEEDED:
        from dashboard.words.operation_labels import reason

        if words := reason(operation.state, operation.why):
            say(words)
    if status := Status.UNKNOWN if waits_for_another(operation) else status_of(operation):
        if status == Status.UNKNOWN:
            unclear = operation.after_id if waits_for_another(operation) else operation_id
            say(_("What became of it is not known yet: jangbu operations resolve {operation}").format(
                operation=unclear))  # fmt: skip
        raise typer.Exit(status)


def line_of(operation: Operation) -> str:
    """An operation in the words of the screens, on one line."""
    from dashboard.words import formats, kinds, operation_labels

    about = operation.imp_uid or operation.merchant_uid or operation.customer_uid or operation.verification_uid
    amount = formats.money(operation.amount, operation.currency) if kinds.of(operation.kind).has_sum else None
    parts = (formats.time(operation.asked_at), kinds.noun(operation.kind),
             operation_labels.state(operation_labels.standing_code(operation)), about, amount,
             operation_labels.person(operation.asked_by), formats.shown(operation.message or ""))  # fmt: skip
    return " · ".join(part for part in (str(operation.id), *parts) if part)


def tell_difference(operation: Operation) -> None:
    """Says so where the PG gave back another amount than was asked for."""
    if operation.refunded is None or operation.refunded == operation.amount:
        return
    from dashboard.words import formats

    words = _("{asked} was asked for, {refunded} was refunded: a promotion, or points, made the difference.")
    amounts = (formats.money(one, operation.currency) for one in (operation.amount, operation.refunded))
    say(words.format(**dict(zip(("asked", "refunded"), amounts, strict=True))))


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
    if operation.tier:
        told["tier"] = operation.tier
    return told | _more_of(conn, operation) | _late(conn, operation)


def _late(conn: Connection, operation: Operation) -> dict[str, Any]:
    """Of a charge that was refused: the payment that it turned out to be, as long as nobody has dealt with it."""
    if operation.state not in (OperationState.REFUSED, OperationState.EXPIRED):
        return {}
    late = late_of(conn, operation.id)
    return {"paid_after_all": late.imp_uid} if late else {}


def _more_of(conn: Connection, operation: Operation) -> dict[str, Any]:  # noqa: C901 - a case a kind, which mypy counts
    """What the kinds that change schedules and keys have besides."""
    wanted = journal.asked(operation)
    match kind := OperationKind(operation.kind):
        case OperationKind.REFUND:
            refunded = operation.refunded
            return {"refunded": None if refunded is None else number(refunded, operation.currency)}
        case OperationKind.REVOKE:
            return {"merchant_uids": wanted["merchant_uid"]}
        case OperationKind.BOOK:
            return {"schedules": _times(wanted["schedules"])}
        case OperationKind.DELETE_KEY:
            return {"customer_uid": operation.customer_uid, "after": operation.after_id}
        case OperationKind.ISSUE_RECEIPT:
            return {"type": wanted["type"], "tax_free": wanted.get("tax_free"), "receipt_url": operation.receipt_url}
        case (
            OperationKind.MOVE
            | OperationKind.REBOOK
            | OperationKind.CANCEL_RECEIPT
            | OperationKind.ENTER_DELIVERY
            | OperationKind.CHANGE_DELIVERY
            | OperationKind.PAYCO_STATUS
            | OperationKind.PAYMENTWALL_DELIVERY
        ):
            return {name: wanted[name] for name in _TOLD if name in wanted}
        case OperationKind.NAVER_CONFIRM:
            return {"requester": operation.requester}
        case (
            OperationKind.ISSUE_VBANK
            | OperationKind.CHANGE_VBANK
            | OperationKind.REVOKE_VBANK
            | OperationKind.ISSUE_CVS
            | OperationKind.REVOKE_CVS
        ):
            return _waiting(conn, operation)
        case (
            OperationKind.CARD_CHARGE
            | OperationKind.REGISTER_CARD
            | OperationKind.CHARGE
            | OperationKind.RETRY
            | OperationKind.NAVER_POINTS
        ):
            return {"card_end": wanted["card_end"]} if "card_end" in wanted else {}
        case (
            OperationKind.DELETE_IDENTITY
            | OperationKind.REQUEST_OTP
            | OperationKind.CONFIRM_OTP
            | OperationKind.DELETE_QUICK_MEMBER
            | OperationKind.BENEPIA_PAYMENT
        ):
            return {"verification_uid": operation.verification_uid, "member_id": wanted.get("member_id")}
    assert_never(kind)


def _times(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: row[name] for name in ("merchant_uid", "schedule_at")} for row in rows]


def _waiting(conn: Connection, operation: Operation) -> dict[str, Any]:
    """The account or number that was issued, once it is known, for who sees buyers."""
    payment = get_payment(conn, operation.imp_uid) if operation.imp_uid else None
    if payment is None:
        return {}
    names = ["vbank_name", "vbank_date"] + [_ACCOUNT] * commander_may(conn, Permission.SEE_BUYERS)
    bank = {name: getattr(payment, name) for name in names if payment.vbank_num}
    return bank | {"status": payment.status}


def number(amount: int, currency: str) -> Any:
    """Whole won, dollars as a decimal."""
    return to_major(amount, currency) if exponent(currency) else amount
