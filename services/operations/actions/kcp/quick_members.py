"""Erasing a buyer's data at KCP Quick, which cannot be undone and which no call reads."""

from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from typing import Any

from services.errors import InvalidRequest, NotFound
from services.gateway import Gateway
from services.gateway.pg_requests import QuickMember
from services.identity.looks import checked_reason
from services.mistakes import Mistakes
from services.operations.journal.journal import Wanted, asked
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.typed_text import checked, typed

MOVES_MONEY = False
FIELDS = ("member_id", "site_code", "partner_type", "partner_subtype")
_LONGEST = 80
_DIGITS = 32


def wanted_member_erasure(token: str, filled: Mapping[str, str], reason: str) -> Wanted:
    """The intent to erase a member. Raises InvalidRequest, naming each field to mend."""
    mistakes = Mistakes()
    member = {name: mistakes.read(partial(_filled, name, filled.get(name, "")), "") for name in FIELDS}
    why = mistakes.read(lambda: checked_reason(reason), "")
    mistakes.require_none()
    return Wanted(
        token=token,
        kind=OperationKind.DELETE_QUICK_MEMBER,
        subject=subject_of(member["member_id"]),
        amount=0,
        currency="KRW",
        reason=why,
        request=member,
    )


def subject_of(member_id: str) -> str:
    """The subject of operations on a member, of which one is open at most; it stays, and who was erased must not."""
    return f"quick_member:{sha256(member_id.encode()).hexdigest()[:_DIGITS]}"


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The parameters that an intent becomes, by V1's names; the member stands in the path."""
    return _member(wanted.request).params()


def _filled(name: str, text: str) -> str:
    if not typed(text):
        raise InvalidRequest("KCP wants this field.", field=name)
    return checked(text, name, most=_LONGEST)


def _member(request: Mapping[str, Any]) -> QuickMember:
    return QuickMember(**{name: request[name] for name in FIELDS})


def prepare(_gateway: Gateway, _operation: Operation) -> None:
    """No call reads a member: there is nothing to look at."""


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Erases the member. Raises NotSent, Refused, OutcomeUnknown."""
    try:
        gateway.delete_quick_member(_member(asked(operation)), still=still)
    except NotFound as error:
        return Outcome(State.REFUSED, error.refusal.message, Why.MEMBER_GONE)
    return Outcome(State.SUCCEEDED)


def look(_gateway: Gateway, _operation: Operation) -> Outcome:
    """Nothing that can be read shows it. Sent once more, a member that is gone is answered as one that never was."""
    return Outcome(State.UNKNOWN, why=Why.NOT_SHOWN)
