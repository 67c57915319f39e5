"""Another amount, or another term, of a virtual account that waits for its deposit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.errors import InvalidRequest
from services.gateway import Gateway
from services.gateway.pg_requests import VbankChange
from services.mistakes import Mistakes
from services.operations.actions.refunds import subject_of
from services.operations.actions.vbanks.forms import checked_due, checked_sum
from services.operations.actions.vbanks.waiting import require_waiting, waits
from services.operations.journal.journal import Wanted, asked
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome, Stop
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import Payment
from services.vbanks.pg_rules import Ability, rule_of

MOVES_MONEY = False


@dataclass(frozen=True, slots=True)
class ChangeForm:
    """What was filled in: the amount in won and the time in UNIX seconds, as they are to be."""

    amount: int | None
    due: int | None
    unread: Sequence[InvalidRequest] = ()


def wanted_change(token: str, payment: Payment, form: ChangeForm, *, now: float, seen: int | None = None) -> Wanted:
    """The intent of a form. Raises InvalidRequest, naming each field to mend."""
    require_waiting(payment)
    if Ability.CHANGE not in rule_of(payment.pg_provider).can:
        raise InvalidRequest("This PG changes no accounts: revoke it and issue another one.", field="imp_uid")
    mistakes = Mistakes(form.unread)
    amount = mistakes.read(lambda: checked_sum(form.amount), payment.amount)
    due = payment.vbank_date or 0
    if form.due != due:
        due = mistakes.read(lambda: checked_due(form.due, now), due)
    same = amount == payment.amount and due == (payment.vbank_date or 0)
    if same and not mistakes.told():
        mistakes.add(InvalidRequest("Change the amount or the time: both are as they were.", field="amount"))
    mistakes.require_none()
    request: dict[str, int] = {"was_amount": payment.amount, "was_due": payment.vbank_date or 0}
    if amount != payment.amount:
        request["amount"] = amount
    if due != (payment.vbank_date or 0):
        request["vbank_due"] = due
    return Wanted(
        token=token,
        kind=OperationKind.CHANGE_VBANK,
        subject=subject_of(payment.imp_uid),
        amount=amount,
        currency="KRW",
        imp_uid=payment.imp_uid,
        merchant_uid=payment.merchant_uid,
        request=request,
        seen=seen,
    )


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes, by V1's names; the payment stands in the path."""
    return _change(wanted.request).body()


def _change(request: Mapping[str, Any]) -> VbankChange:
    return VbankChange(request.get("amount"), request.get("vbank_due"))


def prepare(gateway: Gateway, operation: Operation) -> None:
    """Reads the account again. Raises Stop where it waits no more, or is not as the person saw it."""
    payment, request = gateway.payment(operation.imp_uid or ""), asked(operation)
    if not waits(payment.fields):
        raise Stop(Why.NOT_WAITING, payment=payment)
    if (payment.fields["amount"], payment.fields["vbank_date"] or 0) != (request["was_amount"], request["was_due"]):
        raise Stop(Why.ACCOUNT_CHANGED, payment=payment)


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Has it changed. Raises NotSent, Refused, OutcomeUnknown."""
    payment = gateway.change_vbank(operation.imp_uid or "", _change(asked(operation)), still=still)
    if not _is_as_wanted(payment.fields, asked(operation)):
        return Outcome(State.UNKNOWN, why=Why.STILL_PENDING, payment=payment)
    return Outcome(State.SUCCEEDED, payment=payment)


def look(gateway: Gateway, operation: Operation) -> Outcome:
    """Whether the account is as it was to be; once it waits no more, nothing will change it."""
    payment = gateway.payment(operation.imp_uid or "")
    if _is_as_wanted(payment.fields, asked(operation)):
        return Outcome(State.SUCCEEDED, payment=payment)
    if not waits(payment.fields):
        return Outcome(State.REFUSED, why=Why.NOT_WAITING, payment=payment)
    return Outcome(State.UNKNOWN, payment=payment)


def _is_as_wanted(fields: Mapping[str, Any], request: Mapping[str, Any]) -> bool:
    amount, due = request.get("amount", request["was_amount"]), request.get("vbank_due", request["was_due"])
    return bool(fields["amount"] == amount and (fields["vbank_date"] or 0) == due)
