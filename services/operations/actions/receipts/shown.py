"""The cash receipt that an operation is about, as the gateway shows it, and how it is kept."""

from sqlalchemy import Connection

from services.gateway import Gateway
from services.gateway.payloads import Payload
from services.operations.outcomes import Outcome
from services.receipts.kept import keep_receipt
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State


def subject_of(imp_uid: str | None, merchant_uid: str) -> str:
    """The subject of operations on a receipt: that of a payment, or of a sale made elsewhere."""
    return f"receipt:{imp_uid}" if imp_uid else f"receipt_of_sale:{merchant_uid}"


def read_shown(gateway: Gateway, operation: Operation) -> Payload:
    """The latest receipt that was issued through V1. Raises NotFound, which says of no other that there is none."""
    if operation.imp_uid:
        return gateway.receipt(operation.imp_uid)
    return gateway.external_receipt(operation.merchant_uid or "")


def keep_shown(conn: Connection, operation: Operation, outcome: Outcome, now: float) -> None:
    """Keeps the receipt of an outcome, in the transaction in which the operation moves on."""
    if outcome.receipt is None:
        return
    made = operation.kind == OperationKind.ISSUE_RECEIPT and outcome.state == State.SUCCEEDED
    keep_receipt(
        conn,
        outcome.receipt.fields,
        imp_uid=operation.imp_uid,
        merchant_uid=operation.merchant_uid or "",
        issued=operation if made else None,
        read_at=int(now),
    )
