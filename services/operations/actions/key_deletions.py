"""Deleting a billing key, which cannot be undone, and ending a subscription: revoke first, then delete."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from services.errors import InvalidRequest, Moved, NotFound
from services.gateway import Gateway
from services.gateway.requests import DeleteKeyRequest
from services.mistakes import Mistakes
from services.operations.actions import charges
from services.operations.actions.refunds import REQUESTERS
from services.operations.actions.revocations import wanted_revocation
from services.operations.actions.schedule_steps import booked_on
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted, busy_with, open_operation, record_in, saving
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome, Stop
from services.store.engine import reading
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import BillingKey, Schedule
from services.typed_text import typed

MOVES_MONEY = False


def wanted_deletion(token: str, key: BillingKey, *, reason: str, requester: str | None, booked: int) -> Wanted:
    """The intent of a form; `booked` payments wait on the key. Raises InvalidRequest, naming the field."""
    if key.deleted_at is not None:
        raise InvalidRequest("This billing key is gone already.", field="customer_uid")
    if booked:
        raise InvalidRequest(
            "{n} payments are booked on it: revoke them first, or end the subscription.", field="customer_uid", n=booked
        )
    mistakes = Mistakes()
    if requester not in REQUESTERS:
        mistakes.add(InvalidRequest("Choose who asked for it: the customer or the shop.", field="requester"))
    if not typed(reason):
        mistakes.add(InvalidRequest("Say why: Naver Pay is told this reason.", field="reason"))
    mistakes.require_none()
    return Wanted(
        token=token,
        kind=OperationKind.DELETE_KEY,
        subject=charges.subject_of(key.customer_uid),
        amount=0,
        currency="KRW",
        customer_uid=key.customer_uid,
        reason=typed(reason),
        requester=requester,
    )


def end_subscription(
    engine: Engine,
    token: str,
    key: BillingKey,
    booked: Sequence[Schedule],
    *,
    reason: str,
    requester: str | None,
    actor: Actor,
    now: float,
) -> Operation:
    """Writes both steps down together: these payments are revoked, and then, once they are, the key is deleted.

    Raises InvalidRequest, Busy, Moved, NotSaved.
    """
    deletion = wanted_deletion(token, key, reason=reason, requester=requester, booked=0)
    revocation = wanted_revocation(f"{token}:revoke", booked, reason=reason, now=now) if booked else None
    subjects = [revocation.subject] if revocation else []
    try:
        with saving(engine) as conn:
            if revocation:
                first = record_in(conn, revocation, actor, int(now))
                deletion = replace(deletion, after_id=first.id)
            return record_in(conn, deletion, actor, int(now))
    except IntegrityError:
        others = (deletion.subject, *subjects)
        with reading(engine) as conn:
            found = next((one for subject in others if (one := open_operation(conn, subject))), None)
    if found is None:
        raise Moved("Somebody else moved it on meanwhile.")
    raise busy_with(found)


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The parameters that an intent becomes, by V1's names; the key stands in the path."""
    return _delete_request(wanted).params()


def _delete_request(row: Operation | Wanted) -> DeleteKeyRequest:
    return DeleteKeyRequest(reason=row.reason or "", requester=row.requester or "")


def prepare(gateway: Gateway, operation: Operation) -> None:
    """Reads the key and what is booked on it. Raises Stop where it is gone, or anything is booked."""
    uid = operation.customer_uid or ""
    try:
        gateway.billing_key(uid)
    except NotFound as error:
        raise Stop(Why.KEY_DELETED, error.refusal.message, deleted_key=uid) from None
    booked = booked_on(gateway, uid)
    if booked:
        raise Stop(Why.STILL_BOOKED, schedules=tuple(booked))


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Deletes the billing key. Raises NotSent, Refused, OutcomeUnknown."""
    uid = operation.customer_uid or ""
    gateway.delete_billing_key(uid, _delete_request(operation), still=still)
    return Outcome(State.SUCCEEDED, deleted_key=uid)


def look(gateway: Gateway, operation: Operation) -> Outcome | None:
    """Whether the billing key is gone."""
    uid = operation.customer_uid or ""
    try:
        gateway.billing_key(uid)
    except NotFound:
        return Outcome(State.SUCCEEDED, deleted_key=uid)
    return None
