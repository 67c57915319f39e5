"""Issuing a number by which an order is paid at a convenience store."""

from collections.abc import Callable, Mapping
from typing import Any

from services.gateway import Gateway
from services.gateway.pg_requests import CvsRequest
from services.operations.actions.vbanks import orders
from services.operations.journal.journal import Wanted, asked
from services.operations.outcomes import Outcome
from services.tables.journal import Operation
from services.vbanks.store_number import METHOD

MOVES_MONEY = False


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes, by V1's names."""
    return _request(wanted, wanted.request).body()


def _request(row: Operation | Wanted, request: Mapping[str, Any]) -> CvsRequest:
    more = orders.sent_of(request)
    return CvsRequest(request["channel_key"], row.merchant_uid or "", row.amount, more)


def is_number(fields: Mapping[str, Any]) -> bool:
    """Whether a payment is one at a convenience store."""
    return bool(fields["pay_method"] == METHOD)


def prepare(gateway: Gateway, operation: Operation) -> str:
    """See orders.prepare."""
    return orders.prepare(gateway, operation, is_number)


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Has it issued. Raises NotSent, Refused, OutcomeUnknown."""
    payment = gateway.issue_cvs(_request(operation, asked(operation)), still=still)
    return orders.issued(payment, is_number)


def look(gateway: Gateway, operation: Operation) -> Outcome | None:
    """See orders.look."""
    return orders.look(gateway, operation, is_number)
