"""Revoking an account, or a number at a store, before anybody has paid."""

from collections.abc import Callable
from typing import Any

from services.errors import InvalidRequest
from services.gateway import Gateway
from services.gateway.payloads import PaymentPayload
from services.operations.actions.refunds import subject_of
from services.operations.actions.vbanks.waiting import is_revoked, require_waiting, waits
from services.operations.journal.journal import Wanted, asked
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome, Stop
from services.store.lists.one import Refundable
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import Payment
from services.vbanks.pg_rules import Ability, rule_of
from services.vbanks.store_number import METHOD

MOVES_MONEY = False


def wanted_revocation(token: str, payment: Payment | Refundable, *, has_key: bool, seen: int | None = None) -> Wanted:
    """The intent to revoke. Raises InvalidRequest. `has_key`: whether the key is set that some PGs want."""
    require_waiting(payment)
    at_store = payment.pay_method == METHOD
    rule = rule_of(payment.pg_provider)
    if (Ability.REVOKE_CVS if at_store else Ability.REVOKE) not in rule.can:
        raise InvalidRequest("PortOne revokes nothing at this PG: only the PG itself does.", field="imp_uid")
    if rule.signed and not has_key:
        raise InvalidRequest(
            "This PG wants a key of its own, which is not set: whoever runs Jangbu sets JANGBU_INICIS_API_KEY.",
            field="imp_uid",
        )
    return Wanted(
        token=token,
        kind=OperationKind.REVOKE_CVS if at_store else OperationKind.REVOKE_VBANK,
        subject=subject_of(payment.imp_uid),
        amount=payment.amount,
        currency=payment.currency,
        imp_uid=payment.imp_uid,
        merchant_uid=payment.merchant_uid,
        request={"pg_provider": payment.pg_provider},
        seen=seen,
    )


def as_sent(_wanted: Wanted) -> dict[str, Any]:
    """Nothing: the payment stands in the path."""
    return {}


def prepare(gateway: Gateway, operation: Operation) -> None:
    """Reads it again. Raises Stop where it waits no more."""
    payment = gateway.payment(operation.imp_uid or "")
    if not waits(payment.fields):
        raise Stop(Why.NOT_WAITING, payment=payment)


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Has it revoked. Raises NotSent, Refused, OutcomeUnknown."""
    imp_uid = operation.imp_uid or ""
    if operation.kind == OperationKind.REVOKE_CVS:
        return _revoked(gateway.revoke_cvs(imp_uid, still=still))
    signed = rule_of(asked(operation)["pg_provider"]).signed
    return _revoked(gateway.revoke_vbank(imp_uid, signed=signed, still=still))


def look(gateway: Gateway, operation: Operation) -> Outcome:
    """Whether it stands there as revoked; once it is paid, nothing will revoke it."""
    payment = gateway.payment(operation.imp_uid or "")
    if not is_revoked(payment.fields) and not waits(payment.fields):
        return Outcome(State.REFUSED, why=Why.NOT_WAITING, payment=payment)
    return _revoked(payment)


def _revoked(payment: PaymentPayload) -> Outcome:
    if is_revoked(payment.fields):
        return Outcome(State.SUCCEEDED, payment=payment)
    return Outcome(State.UNKNOWN, why=Why.STILL_PENDING, payment=payment)
