"""Issuing a cash receipt: what is sent of the row and of what is held, and how to see whether it was issued."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from services.errors import NotFound
from services.gateway import Gateway
from services.gateway.payloads import Payload
from services.gateway.pg_requests import ReceiptRequest
from services.operations import held
from services.operations.actions.receipts.shown import read_shown
from services.operations.journal.journal import Wanted, asked
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome, Stop
from services.tables.journal import Operation
from services.tables.journal import OperationState as State
from services.tables.v1 import PaymentStatus
from services.told_back import untold

MOVES_MONEY = False
_SENT = ("type", "identifier_type", "corp_reg_no", "company_name", "company_tel", "product_type", "pay_method")
_SALE = ("name", "channel_key")


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes, by V1's names, without whose it is."""
    return dict(_fields(wanted, wanted.request))


def _fields(row: Operation | Wanted, request: Mapping[str, Any]) -> dict[str, str | int]:
    found = {name: request[name] for name in _SENT if request.get(name)}
    if request.get("tax_free"):
        found["tax_free"] = request["tax_free"]
    if request.get("vat_amount") is not None:
        found["vat_amount"] = request["vat_amount"]
    if not row.imp_uid:
        found |= {name: request[name] for name in _SALE} | {"amount": row.amount}
    return found


def prepare(gateway: Gateway, operation: Operation) -> str:
    """Reads the payment and its receipt again. The receipts that are known, as JSON. Raises Stop, GatewayError."""
    held.require_held(operation)
    if operation.imp_uid:
        payment = gateway.payment(operation.imp_uid)
        fields = payment.fields
        if fields["status"] != PaymentStatus.PAID:
            raise Stop(Why.NOT_REFUNDABLE, payment=payment)
        if fields["amount"] - fields["cancel_amount"] != operation.amount:
            raise Stop(Why.BALANCE_CHANGED, payment=payment)
    try:
        shown = read_shown(gateway, operation)
    except NotFound:
        # None that V1 knows of. What the payment window issued it does not show: the gateway refuses a second one.
        return json.dumps([])
    if not shown.fields["cancelled_at"]:
        raise Stop(Why.RECEIPT_STANDS, receipt=shown)
    return json.dumps([shown.fields["apply_num"]])


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Issues it; what is held is gone as the request leaves. Raises NotSent, Refused, OutcomeUnknown."""
    with held.sending(operation.token) as personal, untold(personal):
        request = ReceiptRequest(personal, _fields(operation, asked(operation)))
        if operation.imp_uid:
            return _issued(gateway.issue_receipt(operation.imp_uid, request, still=still))
        return _issued(gateway.issue_external_receipt(operation.merchant_uid or "", request, still=still))


def look(gateway: Gateway, operation: Operation) -> Outcome | None:
    """Whether a receipt stands there that was not known before: no 404 says that none was issued."""
    try:
        shown = read_shown(gateway, operation)
    except NotFound:
        return None
    known, request = json.loads(operation.known or "[]"), asked(operation)
    new = shown.fields["apply_num"] not in known and shown.fields["type"] == request["type"]
    # Over a payment V1 says for how much; over another sum than ours for a sale, it is somebody else's.
    new = new and (bool(operation.imp_uid) or shown.fields["amount"] == operation.amount)
    return _issued(shown) if new else Outcome(State.UNKNOWN, receipt=shown)


def _issued(shown: Payload) -> Outcome:
    return Outcome(State.SUCCEEDED, receipt=shown, receipt_url=shown.fields["receipt_url"])
