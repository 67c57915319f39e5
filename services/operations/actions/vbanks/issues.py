"""Issuing a virtual account for an order."""

from collections.abc import Callable, Mapping
from typing import Any

from services.gateway import Gateway
from services.gateway.pg_requests import VbankRequest
from services.operations.actions.vbanks import orders
from services.operations.journal.journal import Wanted, asked
from services.operations.outcomes import Outcome
from services.tables.journal import Operation
from services.vbanks.pg_rules import rule_of

MOVES_MONEY = False


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes, by V1's names; the PG's own key stands in no body."""
    return _request(wanted, wanted.request).body()


def _request(row: Operation | Wanted, request: Mapping[str, Any]) -> VbankRequest:
    return VbankRequest(
        channel_key=request["channel_key"],
        merchant_uid=row.merchant_uid or "",
        amount=row.amount,
        bank=request["vbank_code"],
        due=request["vbank_due"],
        more=orders.sent_of(request),
        signed=rule_of(request["pg_provider"]).signed,
    )


def is_account(fields: Mapping[str, Any]) -> bool:
    """Whether a payment is a virtual account that has its number."""
    return bool(fields["vbank_num"])


def prepare(gateway: Gateway, operation: Operation) -> str:
    """See orders.prepare."""
    return orders.prepare(gateway, operation, is_account)


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Has it issued. Raises NotSent, Refused, OutcomeUnknown."""
    payment = gateway.issue_vbank(_request(operation, asked(operation)), still=still)
    return orders.issued(payment, is_account)


def look(gateway: Gateway, operation: Operation) -> Outcome | None:
    """See orders.look."""
    return orders.look(gateway, operation, is_account)
