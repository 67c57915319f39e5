"""A payment by a buyer's Benepia points: user name and password are held in memory alone, for one request."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.claimants import claimant_name
from services.errors import InvalidRequest
from services.gateway import Gateway
from services.gateway.pg_requests import BenepiaRequest
from services.gateway.unspoken import without_told
from services.identity.pg_rules import Ability, fits
from services.mistakes import Mistakes
from services.operations import held
from services.operations.actions.charges import LONGEST_NAME, charge_outcome, look
from services.operations.actions.parameters.order_numbers import new_order_number
from services.operations.journal.journal import Wanted, asked
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome
from services.tables.journal import Operation, OperationKind
from services.tables.v1 import Channel
from services.typed_text import checked, typed

__all__ = ["MOVES_MONEY", "BenepiaForm", "as_sent", "look", "prepare", "send", "subject_of", "wanted_benepia"]
MOVES_MONEY = True
_LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class BenepiaForm:
    """What a person filled in; won."""

    channel: Channel | None
    amount: int | None
    name: str
    member_code: str
    user: str = field(repr=False)
    password: str = field(repr=False)
    unread: Sequence[InvalidRequest] = ()
    """What could not be read of what was typed."""


def subject_of(order: str) -> str:
    """The subject of the payment under an order number."""
    return f"order:{order}"


def wanted_benepia(token: str, form: BenepiaForm) -> Wanted:
    """The intent, without the buyer's account. Raises InvalidRequest, naming each field to mend."""
    mistakes, channel = Mistakes(form.unread), form.channel
    if channel is None or not fits(channel, Ability.BENEPIA):
        mistakes.add(InvalidRequest("Choose a channel that takes Benepia points.", field="channel_key"))
    elif not channel.sandbox and not typed(form.member_code):
        mistakes.add(
            InvalidRequest("Without the shop's member code it would be a test payment.", field="benepia_member_code")
        )
    if form.amount is None or form.amount <= 0:
        mistakes.add(InvalidRequest("The amount must be above 0.", field="amount"))
    name = mistakes.read(lambda: _name(form.name), "")
    code = mistakes.read(lambda: checked(form.member_code, "benepia_member_code", most=_LONGEST_CODE), "")
    _note_account(mistakes, form.user, form.password)
    mistakes.require_none()
    order = new_order_number()
    return Wanted(
        token=token,
        kind=OperationKind.BENEPIA_PAYMENT,
        subject=subject_of(order),
        amount=form.amount or 0,
        currency="KRW",
        merchant_uid=order,
        request={
            "name": name,
            "channel_key": channel.channel_key if channel else None,
            "benepia_member_code": code,
            "held_by": claimant_name(),
        },
    )


def require_account(user: str, password: str) -> None:
    """Raises InvalidRequest where the buyer's user name or password is missing; neither is repeated."""
    mistakes = Mistakes()
    _note_account(mistakes, user, password)
    mistakes.require_none()


def _note_account(mistakes: Mistakes, user: str, password: str) -> None:
    if not user.strip():
        mistakes.add(InvalidRequest("Type the buyer's user name at Benepia.", field="benepia_user"))
    if not password:
        mistakes.add(InvalidRequest("The buyer types the password: it is not kept.", field="benepia_password"))


def _name(text: str) -> str:
    if not typed(text):
        raise InvalidRequest("Say what it is for: the buyer sees this name.", field="name")
    return checked(text, "name", most=LONGEST_NAME)


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes, by V1's names, without the buyer's account."""
    return {name: value for name, value in _request(wanted, wanted.request, ("", "")).body().items() if value}


def _request(row: Operation | Wanted, request: Mapping[str, Any], account: tuple[str, str]) -> BenepiaRequest:
    return BenepiaRequest(
        account=account,
        merchant_uid=row.merchant_uid or "",
        amount=row.amount,
        name=request["name"],
        channel_key=request["channel_key"],
        member_code=request["benepia_member_code"],
    )


def prepare(_gateway: Gateway, operation: Operation) -> None:
    """Raises Stop where nobody holds the account any more, NotSent where another process does."""
    held.require_held(operation, Why.TYPED_GONE)


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Pays; the account is gone as the request leaves. Raises NotSent, Refused, OutcomeUnknown."""
    with held.sending(operation.token) as account:
        told = (account["benepia_user"], account["benepia_password"])
        payment = gateway.pay_by_benepia(_request(operation, asked(operation), told), still=still)
    found = charge_outcome(payment)
    if found.message is None:
        return found
    # A PG may say the account back there too; what it keeps of the payment comes with the next sync.
    return Outcome(found.state, without_told(found.message, told), found.why)
