"""What issuing an account, and a number at a store, share: whether the order may have one, and how to see that it has.

Several may wait for one order: what is new under its number, over our amount, is ours.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from services.errors import NotFound, UnreadableAnswer
from services.gateway import Gateway
from services.gateway.payloads import PaymentPayload
from services.operations.journal.journal import asked
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome, Stop
from services.tables.journal import Operation
from services.tables.journal import OperationState as State
from services.tables.v1 import PaymentStatus

Fits = Callable[[Mapping[str, Any]], bool]
"""Whether a payment is of the sort that was asked for."""


def prepare(gateway: Gateway, operation: Operation, fits: Fits) -> str:
    """The order's payments that are there already, as JSON. Raises Stop where it is paid, or more waits than seen."""
    if operation.state == State.INTENT and (operation.fence or operation.why == Why.SENT_AGAIN):
        # Nothing was found of the call before, and nobody can say that it will not be carried out yet: a second one
        # would make a second account. Whoever is sure that nothing came of it says so, and asks anew.
        raise Stop(Why.NOT_FOUND_AFTER_LOOKING)
    payments = _of_order(gateway, operation.merchant_uid or "")
    for one in payments:
        if one.fields["status"] == PaymentStatus.PAID:
            raise Stop(Why.ORDER_PAID)
    waiting = {one.imp_uid for one in payments if fits(one.fields) and one.fields["status"] == PaymentStatus.READY}
    if waiting - set(asked(operation)["open_ones"]):
        raise Stop(Why.ACCOUNT_OPEN)
    return json.dumps(sorted(one.imp_uid for one in payments))


def look(gateway: Gateway, operation: Operation, fits: Fits) -> Outcome | None:
    """The one that is new under the order's number and waits for our amount; none, or several, decide nothing."""
    known = set(json.loads(operation.known or "[]"))
    new = [one for one in _of_order(gateway, operation.merchant_uid or "") if one.imp_uid not in known]
    ours = [one for one in new if fits(one.fields) and one.fields["amount"] == operation.amount]
    if len(ours) != 1:
        return None
    return issued(ours[0], fits)


def issued(payment: PaymentPayload, fits: Fits) -> Outcome:
    """What an answer, or what was found, says of the issuing; it may be paid or revoked by then."""
    fields = payment.fields
    if fields["status"] == PaymentStatus.FAILED:
        return Outcome(State.REFUSED, fields["fail_reason"], payment=payment)
    if not fits(fields):
        return Outcome(State.UNKNOWN, why=Why.STILL_PENDING, payment=payment)
    return Outcome(State.SUCCEEDED, payment=payment)


def sent_of(request: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent of a request, without what is kept for us alone."""
    ours = ("channel_key", "sandbox", "pg_provider", "open_ones", "bank", "vbank_code", "vbank_due")
    return {name: value for name, value in request.items() if name not in ours}


def _of_order(gateway: Gateway, merchant_uid: str) -> list[PaymentPayload]:
    try:
        found = gateway.find_all_payments(merchant_uid)
    except NotFound:
        return []
    if found.unreadable or found.next:
        # What cannot be read may be the one that was issued.
        raise UnreadableAnswer("The gateway's answer could not be read.")
    return list(found.items)
