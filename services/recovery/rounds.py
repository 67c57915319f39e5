"""Carrying proposals out through the journal: when a person says so, or by itself where the policy says so."""

from collections.abc import Iterable
from contextlib import suppress

from sqlalchemy import Connection, Engine

from services.errors import Busy, InvalidRequest, says
from services.operations.actions.rebookings import wanted_rebooking
from services.operations.actions.revocations import wanted_revocation
from services.operations.actions.schedule_steps import CLOSE, subject_of
from services.operations.journal import journal
from services.operations.journal.audit import Actor
from services.recovery.desk import Proposal, proposals, still_waits
from services.recovery.policy import Policy
from services.store.engine import reading
from services.store.lists.one import get_schedule
from services.store.sql import fetch
from services.subscriptions.failures import POLICY
from services.tables.journal import Operation, OperationKind
from services.tables.v1 import Schedule

BY_POLICY = Actor(POLICY, POLICY)
_AT_ONCE = 50
"""Proposals a turn: the executor carries out that many while an intent lives, and people's besides."""


def recover(engine: Engine, policy: Policy, now: float) -> list[Operation]:
    """One turn of automatic recovery: books again what is due to be, and takes back what it need not have booked.

    Nothing where it is switched off; what it asks for is carried out as if a person had asked.
    """
    if not policy.automatic:
        return []
    with reading(engine) as conn:
        needless = _needless(conn, now)
        found = proposals(conn, now, policy, limit=_AT_ONCE)
    return [*_take_back(engine, needless, now), *carry_out(engine, found, BY_POLICY, now)]


def carry_out(engine: Engine, chosen: Iterable[Proposal], actor: Actor, now: float) -> list[Operation]:
    """Writes an operation for each proposal; one that somebody else is at, or that ended meanwhile, is left out.

    So is one whose billing key failed meanwhile for a reason that waiting does not help. The same proposal twice finds
    the operation that it made. Raises NotSaved.
    """
    asked = []
    for one in chosen:
        with reading(engine) as conn:
            schedule = get_schedule(conn, one.merchant_uid) if still_waits(conn, one.merchant_uid) else None
        if schedule is None:
            continue
        with suppress(Busy, InvalidRequest):
            wanted = wanted_rebooking(one.token, schedule, one.schedule_at, now=now)
            asked.append(journal.record(engine, wanted, actor, now))
    return asked


def _needless(conn: Connection, now: float) -> list[Schedule]:
    """What the policy booked and was paid otherwise since, or whose customer left: it would be charged twice."""
    sql = "SELECT merchant_uid FROM failed_schedule WHERE booked_at > ? AND (recovered_at IS NOT NULL OR ended)"
    orders = [row[0] for row in fetch(conn, sql, (int(now) + CLOSE,))]
    booked = (get_schedule(conn, order) for order in orders if _was_policy(conn, order))
    return [schedule for schedule in booked if schedule]


def _was_policy(conn: Connection, merchant_uid: str) -> bool:
    """Whether the last thing that was done to it here was done by the policy."""
    latest = journal.latest_on(conn, subject_of(merchant_uid), limit=1)
    return bool(latest) and (latest[0].asked_from, latest[0].kind) == (POLICY, OperationKind.REBOOK)


def _take_back(engine: Engine, schedules: Iterable[Schedule], now: float) -> list[Operation]:
    asked = []
    for one in schedules:
        token = f"recovery:back:{one.schedule_at}:{one.merchant_uid}"
        with suppress(Busy, InvalidRequest):
            reason = says("Paid otherwise meanwhile, or the customer left.")
            wanted = wanted_revocation(token, [one], reason=reason, now=now)
            asked.append(journal.record(engine, wanted, BY_POLICY, now))
    return asked
