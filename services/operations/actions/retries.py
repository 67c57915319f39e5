"""Charging a failed or revoked schedule now, under its own order number."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from services.errors import GatewayError
from services.gateway import Gateway
from services.operations.actions.charges import charge_outcome
from services.operations.actions.schedule_steps import (
    ended,
    require_ended,
    wanted_of,
)
from services.operations.journal.journal import Wanted
from services.operations.outcomes import Outcome
from services.tables.journal import Operation, OperationKind
from services.tables.v1 import Schedule

MOVES_MONEY = True


def wanted_retry(token: str, schedule: Schedule) -> Wanted:
    """The intent to charge a schedule now. Raises InvalidRequest."""
    require_ended(schedule)
    return wanted_of(OperationKind.RETRY, token, schedule)


def as_sent(_wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes: its order number stands in the path, and V1 knows the rest."""
    return {}


def prepare(gateway: Gateway, operation: Operation) -> str:
    """Reads the schedule again: the payment it has now, as JSON. Raises Stop where it is booked or paid."""
    found = ended(gateway, operation.merchant_uid or "")
    return json.dumps([found.fields["imp_uid"]])


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Charges the schedule. Raises NotSent, Refused, OutcomeUnknown."""
    order = operation.merchant_uid or ""
    payment = gateway.retry_schedule(order, still=still)
    outcome = charge_outcome(payment)
    with suppress(GatewayError):
        # Not even "not sent" may come out of here: it was sent.
        return replace(outcome, schedules=(gateway.schedule(order),))
    return outcome


def look(gateway: Gateway, operation: Operation) -> Outcome | None:
    """What became of a payment that was not there before; None where there is none yet."""
    found = gateway.schedule(operation.merchant_uid or "")
    imp_uid = found.fields["imp_uid"]
    if not imp_uid or imp_uid in json.loads(operation.known or "[]"):
        return None
    return replace(charge_outcome(gateway.payment(imp_uid)), schedules=(found,))
