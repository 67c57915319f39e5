"""The journal: what is wanted is written before it is done, and every step is one short transaction."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.errors import Busy, Moved, NotAllowed, NotSaved
from services.operations.journal import audit, head
from services.operations.journal.audit import Actor
from services.operations.journal.note_rows import is_latest_note, keep_note
from services.operations.journal.once import require_first, require_new_order, require_onward, require_unlike
from services.operations.journal.persons import require_second
from services.operations.journal.states import LEGAL, OPEN, TERMINAL, Why
from services.operations.journal.stores import tiers_for
from services.store.changes import announce
from services.store.engine import reading, writing
from services.store.fold import LAST_FOUR
from services.store.lists.refunds import refund_made
from services.store.migrations import require_own_revision
from services.store.sql import fetch, one_of, read_all, read_one, table
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.typed_text import require_all_typed, require_typed

AHEAD = 60
"""A row from further in the future than this was written by a clock that has been set back since."""
_FURTHEST_LOOK = 900 + AHEAD
_TRIES = 5
_LAST_OF_MEMBER = 2
_TABLE = table(Operation)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants done. `token` is made when the form is drawn; amounts in the smallest unit."""

    token: str
    kind: OperationKind
    subject: str
    amount: int
    currency: str
    imp_uid: str | None = None
    merchant_uid: str | None = None
    customer_uid: str | None = None
    verification_uid: str | None = None
    """The imp_uid of an identity verification, which is no payment's."""
    reason: str | None = None
    requester: str | None = None
    balance: int | None = None
    request: Mapping[str, Any] = field(default_factory=dict)
    needs_approval: bool = False
    batch_id: int | None = None
    batch_row: int | None = None
    after_id: int | None = None
    beside: tuple[str, ...] = ()
    """Other subjects on which nothing may be under way either: one schedule is in all of its key's."""
    seen: int | None = None
    """The latest operation on the subject that the person knew of, 0 for none; None where it does not matter."""
    tier: str | None = None
    """The sub-store that is asked, '' for the main one; None: that of the row that it is about."""
    note: str = ""
    """For colleagues: kept as a note on the payment in the same transaction, and never sent."""

    def __post_init__(self) -> None:
        """Raises InvalidRequest, naming the field, for a text that nothing may keep: so none is ever sent either."""
        require_typed(self.reason or "", "reason")
        require_typed(self.note, "note")
        require_all_typed(self.request)


@contextmanager
def saving(engine: Engine) -> Iterator[Connection]:
    """A writing transaction that outlives a power cut, after which the head outside follows.

    Raises NotSaved where the database is locked or full, and what says more: Restored where an older state of it was
    put back, Displaced, Outdated and Superseded where this process must not write any more.
    """
    try:
        with writing(engine, durable=True) as conn:
            require_own_revision(conn)
            before = head.require_whole(conn)
            head.note_kept(conn)
            yield conn
            after = head.inside(conn)
            announce(conn)
    except IntegrityError:
        raise
    except (DatabaseError, PoolTimeout):
        raise NotSaved("The database could not save it, so nothing was sent. Try again.") from None
    head.keep(engine, after, before)


def record(engine: Engine, wanted: Wanted, actor: Actor, now: float) -> Operation:
    """Writes down an intent; the same token again finds what it made the first time. Raises Busy, Moved, NotSaved."""
    for _ in range(_TRIES):
        try:
            with saving(engine) as conn:
                return record_in(conn, wanted, actor, int(now))
        except IntegrityError:
            with reading(engine) as conn:
                other = open_operation(conn, wanted.subject)
        if other:
            raise busy_with(other)
        # Whoever was at it ended between the two looks.
    raise NotSaved("The database could not save it, so nothing was sent. Try again.")


def record_in(conn: Connection, wanted: Wanted, actor: Actor, now: int) -> Operation:
    """Writes down an intent inside a transaction. Raises IntegrityError or Busy where another one is open, Moved."""
    if known := _by(conn, _TABLE.c.token == wanted.token):
        return known
    (wanted,) = with_stores(conn, [wanted])
    require_free(conn, [wanted])
    require_first(conn, wanted.kind, [wanted.subject])
    require_onward(conn, wanted.kind, wanted.subject, wanted.request)
    _refuse_unseen(conn, wanted)
    require_new_order(conn, wanted.kind, wanted.merchant_uid)
    require_unlike(conn, wanted.kind, wanted.amount, wanted.request)
    found = conn.execute(_TABLE.insert().values(values_of(wanted, actor, now)).returning(_TABLE.c.id)).scalar_one()
    audit.append(conn, actor, "asked", now, operation_id=found, **details_of(wanted))
    if wanted.note and wanted.imp_uid and not is_latest_note(conn, wanted.imp_uid, wanted.note, actor):
        keep_note(conn, wanted.imp_uid, wanted.note, actor, now)
    return get(conn, found)


def with_stores(conn: Connection, wanted: Sequence[Wanted]) -> list[Wanted]:
    """The same, of which each names the store that it goes to."""
    return [replace(one, tier=tier) for one, tier in zip(wanted, tiers_for(conn, wanted), strict=True)]


def values_of(wanted: Wanted, actor: Actor, now: int) -> dict[str, Any]:
    """The columns of a new operation."""
    values = {
        name: getattr(wanted, name)
        for name in (
            "token", "subject", "amount", "currency", "imp_uid", "merchant_uid", "customer_uid", "reason",
            "requester", "balance", "batch_id", "batch_row", "after_id", "verification_uid",
        )
    }  # fmt: skip
    return values | {
        "kind": wanted.kind.value, "state": _first_state(wanted), "request": as_json(wanted.request),
        "asked_by": actor.name, "asked_at": now, "asked_from": actor.origin, "state_at": now, "fence": 0,
        "claimed_until": 0, "looks": 0, "look_at": 0, "tier": wanted.tier or "",
    }  # fmt: skip


def details_of(wanted: Wanted) -> dict[str, Any]:
    """What the audit tells of a new operation."""
    return {
        "kind": wanted.kind.value, "amount": wanted.amount, "currency": wanted.currency, "subject": wanted.subject,
        "reason": wanted.reason, "requester": wanted.requester, "state": _first_state(wanted),
        "imp_uid": wanted.imp_uid, "merchant_uid": wanted.merchant_uid, "customer_uid": wanted.customer_uid,
        "balance": wanted.balance, "request": digest_of(wanted.request),
        **({"verification_uid": wanted.verification_uid} if wanted.verification_uid else {}),
        **({"tier": wanted.tier} if wanted.tier else {}),
    }  # fmt: skip


def _first_state(wanted: Wanted) -> str:
    waits = wanted.needs_approval or wanted.after_id is not None
    return (State.AWAITING_APPROVAL if waits else State.INTENT).value


def approve(engine: Engine, operation_id: int, actor: Actor, now: float) -> Operation:
    """A second person says yes. Raises NotAllowed unless it is one for sure, Moved where it no longer waits."""
    with saving(engine) as conn:
        operation = get(conn, operation_id)
        require_second(conn, operation.asked_by, operation.asked_from, actor)
        _require_waiting(operation)
        if operation.batch_id is not None:
            raise NotAllowed("It is a row of a file: the whole file is approved, or nothing of it.")
        if operation.after_id is not None:
            raise NotAllowed("It waits for another operation, not for a person.")
        approved = {"approved_by": actor.name, "approved_at": int(now)}
        return move(conn, operation, State.INTENT, actor, "approved", now, **approved)


def decline(engine: Engine, operation_id: int, actor: Actor, note: str, now: float) -> Operation:
    """Ends what waits for approval: declined by somebody else, withdrawn by who asked. Raises Moved."""
    with saving(engine) as conn:
        operation = get(conn, operation_id)
        _require_waiting(operation)
        why = Why.WITHDRAWN if operation.asked_by == actor.name else Why.DECLINED
        noted = {"note": note, "noted_by": actor.name, "noted_at": int(now)}
        return move(conn, operation, State.REFUSED, actor, why.value, now, why=why.value, **noted)


def put_aside(engine: Engine, operation_id: int, actor: Actor, note: str, now: float) -> None:
    """Takes an expired operation off the list of things to look at; the reason stays with it."""
    require_typed(note, "note")
    with saving(engine) as conn:
        operation = get(conn, operation_id)
        if operation.state != State.EXPIRED or operation.noted_at is not None:
            raise Moved("It has been dealt with already.")
        values = {"noted_by": actor.name, "noted_at": int(now), "note": note}
        conn.execute(_TABLE.update().where(_TABLE.c.id == operation_id).values(values))
        audit.append(conn, actor, "put_aside", int(now), operation_id=operation_id, note=note)


def move(
    conn: Connection, operation: Operation, to: State, actor: Actor, action: str, now: float, **changes: Any
) -> Operation:
    """One step to another state, with its audit entry. Raises Moved where the row is no longer as it was read."""
    if to not in LEGAL[State(operation.state)]:
        raise Moved("It is {state}: this step is not open any more.", state=operation.state)
    require_typed(changes.get("note") or "", "note")
    if to in TERMINAL:
        changes |= {"request": as_json(masked(json.loads(operation.request)))}
    values = {"state": to.value, "state_at": int(now), **changes}
    same = (_TABLE.c.id == operation.id) & (_TABLE.c.state == operation.state) & (_TABLE.c.fence == operation.fence)
    if conn.execute(_TABLE.update().where(same).values(values)).rowcount != 1:
        raise Moved("Somebody else moved it on meanwhile.")
    told = ("why", "message", "note", "cancel_amount", "cancellation_id", "refunded", "imp_uid", "verification_uid")
    audit.append(
        conn, actor, action, int(now), operation_id=operation.id, state=to.value,
        **{name: changes[name] for name in told if changes.get(name) is not None},
    )  # fmt: skip
    return get(conn, operation.id)


def look_later(conn: Connection, operation: Operation, looks: Mapping[str, Any]) -> Operation:
    """Notes in these columns when to look next, and what was said. Raises Moved where the row is not as it was read."""
    same = (_TABLE.c.id == operation.id) & (_TABLE.c.state == operation.state) & (_TABLE.c.fence == operation.fence)
    if conn.execute(_TABLE.update().where(same).values(dict(looks))).rowcount != 1:
        raise Moved("Somebody else moved it on meanwhile.")
    return get(conn, operation.id)


def send_again(engine: Engine, operation_id: int, actor: Actor, note: str, now: float) -> Operation:
    """A person has it sent once more, with the balance of the first time. Raises Moved unless it needs a person."""
    with saving(engine) as conn:
        operation = get(conn, operation_id)
        require_person(operation)
        noted = {"why": Why.SENT_AGAIN.value, "note": note, "noted_by": actor.name, "noted_at": int(now), "look_at": 0}
        return move(conn, operation, State.INTENT, actor, "sent_again", now, **noted)


def settle(engine: Engine, operation_id: int, actor: Actor, *, done: bool, note: str, now: float) -> Operation:
    """A person says what became of it, whatever the gateway shows: see Resolver.settle_done. Raises Moved."""
    with saving(engine) as conn:
        operation = get(conn, operation_id)
        made = refund_made(conn, operation) if done and operation.kind == OperationKind.REFUND else {}
        return settle_in(conn, operation, actor, done=done, note=note, now=now, **made)


def settle_in(
    conn: Connection, operation: Operation, actor: Actor, *, done: bool, note: str, now: float, **made: Any
) -> Operation:
    """Settles an operation inside a transaction, with a reason and columns of what was made. Raises Moved."""
    require_person(operation)
    noted = {"why": Why.SETTLED_BY_PERSON.value, "note": note, "noted_by": actor.name, "noted_at": int(now)}
    return move(conn, operation, State.SUCCEEDED if done else State.REFUSED, actor, "settled", now, **noted, **made)


def is_due(operation: Operation, now: float) -> bool:
    """Whether a look is due; one further away than any look can be was set by a clock that was set back since."""
    return not now < operation.look_at <= now + _FURTHEST_LOOK


def get(conn: Connection, operation_id: int) -> Operation:
    """One operation. Raises Moved for an id that nothing has."""
    found = _by(conn, _TABLE.c.id == operation_id)
    if found is None:
        raise Moved("There is no operation {operation}.", operation=operation_id)
    return found


def open_operation(conn: Connection, subject: str) -> Operation | None:
    """The operation that is under way on a payment or a billing key."""
    return _by(conn, (_TABLE.c.subject == subject) & _TABLE.c.state.in_([state.value for state in OPEN]))


def busy_with(other: Operation) -> Busy:
    """The error that says whose operation is under way."""
    return Busy(
        "{who} is at it already: operation {operation} is not finished.", who=other.asked_by, operation=other.id
    )


def require_free(conn: Connection, wanted: Sequence[Wanted]) -> None:
    """Raises Busy where something is under way on another subject of theirs.

    Writing transactions come one at a time: what is open cannot change before this one ends.
    """
    for subject in open_subjects(conn, [subject for one in wanted for subject in one.beside]):
        if other := open_operation(conn, subject):
            raise busy_with(other)


def open_subjects(conn: Connection, subjects: Sequence[str]) -> set[str]:
    """Those of many payments or billing keys on which an operation is under way."""
    condition, bound = one_of(conn, "subject", subjects)
    states = ", ".join(f"'{state.value}'" for state in sorted(OPEN))
    return {
        row[0]
        for row in fetch(conn, f"SELECT subject FROM operation WHERE {condition} AND state IN ({states})", (bound,))
    }


def latest_id(conn: Connection, subject: str) -> int:
    """The id of the latest operation on a payment or a billing key; 0 for none."""
    return int(conn.execute(select(func.max(_TABLE.c.id)).where(_TABLE.c.subject == subject)).scalar() or 0)


def latest_on(conn: Connection, subject: str, limit: int = 20) -> list[Operation]:
    """What was asked for on a payment or a billing key, the latest first."""
    wanted = select(_TABLE).where(_TABLE.c.subject == subject).order_by(_TABLE.c.id.desc()).limit(limit)
    return read_all(conn, Operation, wanted)


def in_state(conn: Connection, state: State, *, due: float | None = None, limit: int = 50) -> list[Operation]:
    """Operations in a state, the oldest first; with `due` only those to be looked at by then."""
    wanted = select(_TABLE).where(_TABLE.c.state == state.value).order_by(_TABLE.c.asked_at, _TABLE.c.id).limit(limit)
    if due is not None:
        # As in is_due.
        wanted = wanted.where((_TABLE.c.look_at <= due) | (_TABLE.c.look_at > due + _FURTHEST_LOOK))
    return read_all(conn, Operation, wanted)


def asked(operation: Operation) -> dict[str, Any]:
    """The request of an operation, by V1's names."""
    found: dict[str, Any] = json.loads(operation.request)
    return found


def require_person(operation: Operation) -> None:
    """Raises Moved unless the operation needs a person."""
    if operation.state != State.NEEDS_PERSON:
        # What waits for approval may become an intent too, but not by being sent again.
        raise Moved("It is {state}: this step is not open any more.", state=operation.state)


def _require_waiting(operation: Operation) -> None:
    if operation.state != State.AWAITING_APPROVAL:
        # What needs a person may become an intent too, but not by an approval.
        raise Moved("It no longer waits for approval: it is {state}.", state=operation.state)


def _refuse_unseen(conn: Connection, wanted: Wanted) -> None:
    """What somebody else had done since the person looked makes it another question. Raises Moved."""
    if wanted.seen is None:
        return
    newer = (_TABLE.c.subject == wanted.subject) & (_TABLE.c.id > wanted.seen)
    if done := _by(conn, newer & (_TABLE.c.state == State.SUCCEEDED.value)):
        raise Moved("{who} was faster: operation {operation} is done.", who=done.asked_by, operation=done.id)


def _by(conn: Connection, condition: Any) -> Operation | None:
    return read_one(conn, Operation, select(_TABLE).where(condition))


def as_json(value: Mapping[str, Any]) -> str:
    """A request as it is kept."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def digest_of(request: Mapping[str, Any]) -> str:
    """What of a request can be told for good: the account that money goes to is in it by its last digits alone."""
    return sha256(as_json(masked(dict(request))).encode()).hexdigest()


def _without_buyer(request: Mapping[str, Any]) -> dict[str, Any]:
    extras = {name: value for name, value in request.get("extras", {}).items() if not name.startswith("buyer_")}
    return {**request, "extras": extras} if "extras" in request else dict(request)


def masked(request: dict[str, Any]) -> dict[str, Any]:
    """Whose it is, is needed until it is sent and its outcome known, and after that only to recognise it."""
    for name in ("refund_account", "refund_tel", "buyer_tel"):
        if number := request.get(name):
            request[name] = "*" * max(len(number) - LAST_FOUR, 0) + number[-LAST_FOUR:]
    if member := request.get("member_id"):
        request["member_id"] = "*" * max(len(member) - _LAST_OF_MEMBER, 0) + member[-_LAST_OF_MEMBER:]
    if schedules := request.get("schedules"):
        request["schedules"] = [_without_buyer(one) for one in schedules]
    request |= _without_buyer(request)
    for name in ("refund_holder", "vbank_holder", "buyer_name", "buyer_email"):
        if holder := request.get(name):
            request[name] = holder[:1] + "*" * (len(holder) - 1)
    return request
