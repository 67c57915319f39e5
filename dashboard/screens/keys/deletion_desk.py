"""Ending a billing key as its form asks for it: the deletion, what is revoked before it, and writing both down."""

from collections.abc import Sequence
from functools import partial

from services.operations.actions.key_deletions import end_subscription, wanted_deletion
from services.operations.actions.revocations import wanted_revocation
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted
from services.tables.journal import Operation
from services.tables.v1 import BillingKey, Schedule
from sqlalchemy import Engine

from dashboard.screens.asking.drafts import Write
from dashboard.screens.keys.key_deletion_form import Typing


def wanted_ending(token: str, key: BillingKey, booked: Sequence[Schedule], now: float, typed: Typing) -> Wanted:
    """The deletion that a form asks for, all that is booked being revoked first. Raises InvalidRequest."""
    deletion = wanted_deletion(token, key, reason=typed.reason, requester=typed.requester, booked=0)
    first_step(deletion, booked, now)
    return deletion


def first_step(deletion: Wanted, booked: Sequence[Schedule], now: float) -> Wanted | None:
    """What is revoked before the key is deleted; None where nothing is booked. Raises InvalidRequest."""
    return wanted_revocation(deletion.token, booked, reason=deletion.reason or "", now=now) if booked else None


def writing(key: BillingKey, booked: Sequence[Schedule]) -> Write:
    """Writes both steps down together."""
    return partial(_write, key, booked)


def _write(
    key: BillingKey, booked: Sequence[Schedule], engine: Engine, wanted: Wanted, actor: Actor, now: float
) -> Operation:
    reason, requester = wanted.reason or "", wanted.requester
    return end_subscription(engine, wanted.token, key, booked, reason=reason, requester=requester, actor=actor, now=now)
