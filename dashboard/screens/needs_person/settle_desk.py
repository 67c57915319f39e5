"""What a person does about an operation that waits for one: written down at once, carried out elsewhere."""

import time
from collections.abc import Collection, Sequence
from functools import partial

from services.errors import InvalidRequest, JangbuError
from services.operations.actions import late
from services.operations.files import batches
from services.operations.journal import journal
from services.operations.journal.audit import Actor
from services.operations.journal.persons import SCREEN, why_no_second
from services.people.identities import addresses_of
from services.store.lists.operations import needing_person
from services.tables.journal import Operation, OperationKind, RefundBatch
from services.tables.v1 import Payment
from services.typed_text import require_typed

from dashboard.access import Permission, User
from dashboard.kit.session import Slot
from dashboard.process import rereads
from dashboard.process.executor import (
    actor_of,
    make_executor,
    name_of,
    require_in_store_of,
    require_in_stores,
    require_own_name,
    wake_executor,
)
from dashboard.process.resources import open_session, open_store
from dashboard.screens.charges.late_list import Standing
from dashboard.screens.needs_person.cards import NEEDS_REASON, Act, Choice, fingerprint
from dashboard.screens.needs_person.second_person import Reader
from dashboard.screens.refunds.batch_files import FileAct, FileChoice

ERRORS: Slot[dict[int, JangbuError | None]] = Slot("waiting_errors", dict)
"""What stood in the way of settling, by operation."""
LATE_ERRORS: Slot[dict[str, JangbuError | None]] = Slot("late_errors", dict)
"""What stood in the way of letting a late payment stand, by its imp_uid."""
SETTLED: Slot[list[int]] = Slot("waiting_settled", list)
"""Operations that this session settled since the page was opened."""
_SETTLED_AT_ONCE = 3
"""Outcomes that stay in sight; all of them stand in Activity."""
FILE_ERRORS: Slot[dict[int | str | None, JangbuError | None]] = Slot("file_errors", dict)
"""What stood in the way of settling a file or list, by its id; of submitting one under `file`."""


def waiting_now() -> list[Operation]:
    """What waits for a person at this moment."""
    with open_session() as session:
        return needing_person(session)


def settled_now(waiting: Sequence[Operation]) -> list[Operation]:
    """How the latest that this session settled stand, without those that wait for a person still."""
    with open_session() as session:
        ended = [number for number in reversed(SETTLED.get()) if number not in {one.id for one in waiting}]
        return [journal.get(session, number) for number in ended[:_SETTLED_AT_ONCE]]


def reader_of(user: User) -> Reader:
    """The person in front of a screen, as the cards of what waits for approval know them."""
    actor = Actor(name_of(user), SCREEN)
    with open_session() as session:
        own = addresses_of(session, actor.name)
    hindrance = partial(why_no_second, actor=actor, own=own)
    return Reader(actor.name, user.may(Permission.APPROVE), user.may(Permission.SEE_BUYERS), hindrance)


def settle(choice: Choice, user: User) -> JangbuError | None:
    """Does what the person chose; what stood in the way, None where nothing did."""
    if choice.act in NEEDS_REASON and not choice.note:
        return InvalidRequest("Give a reason: it is kept with the operation.", field="note")
    try:
        require_typed(choice.note, "note")
        _do(choice, user)
    except JangbuError as error:
        return error
    wake_executor()
    return None


def settle_here(choice: Choice, user: User) -> None:
    """Does what the person chose on the page, which keeps what stood in the way, or else shows what becomes of it."""
    number = choice.operation_id
    ERRORS.get()[number] = problem = settle(choice, user)
    if problem is None and choice.act != Act.LOOK and number not in SETTLED.get():
        SETTLED.get().append(number)


def let_stand(chosen: Standing, user: User) -> JangbuError | None:
    """A payment that came late is right so; what stood in the way, None where nothing did."""
    found = chosen.late
    try:
        require_in_store_of(user, Payment, [found.imp_uid], Permission.RESOLVE)
        late.put_aside(
            open_store(checked=False), found.imp_uid, found.operation_id, actor_of(user), chosen.note, time.time()
        )
    except JangbuError as error:
        return error
    return None


def _do(choice: Choice, user: User) -> None:
    engine, actor, now = open_store(checked=False), actor_of(user), time.time()
    number, note = choice.operation_id, choice.note
    with open_session() as session:
        operation = journal.get(session, number)
    own = choice.act == Act.DECLINE and operation.asked_by == actor.name
    approves = choice.act in (Act.APPROVE, Act.DECLINE) and not own
    require_in_stores(user, [operation.tier], Permission.APPROVE if approves else Permission.RESOLVE)
    match choice.act:
        case Act.APPROVE:
            with open_session() as session:
                require_own_name(journal.get(session, number))
            journal.approve(engine, number, actor, now)
        case Act.DECLINE:
            journal.decline(engine, number, actor, note, now)
        case Act.LOOK:
            rereads.start(_look_name(number), lambda: make_executor().look(number))
        case Act.SEND_AGAIN:
            journal.send_again(engine, number, actor, note, now)
        case Act.DONE | Act.DONE_UNSEEN:
            unseen = choice.act == Act.DONE_UNSEEN
            rereads.start(_done_name(number), partial(_settle_done, number, actor, note, unseen=unseen))
        case Act.NOT_DONE:
            journal.settle(engine, number, actor, done=False, note=note, now=now)
        case Act.PUT_ASIDE:
            journal.put_aside(engine, number, actor, note, now)


def _settle_done(number: int, actor: Actor, note: str, *, unseen: bool) -> None:
    make_executor().settle_done(number, actor, note, unseen=unseen)


def is_reading(operation_id: int) -> bool:
    """Whether the gateway is being read for an operation, to look or to settle it."""
    return any(rereads.is_reading_here(name) for name in (_look_name(operation_id), _done_name(operation_id)))


def last_error(operation_id: int) -> JangbuError | None:
    """What stood in the way of settling it, or of a look, a short while ago."""
    return rereads.last_error(_done_name(operation_id)) or rereads.last_error(_look_name(operation_id))


def shown_now() -> list[tuple[object, ...]]:
    """What the page would show at this moment."""
    waiting = waiting_now()
    return as_shown([*waiting, *settled_now(waiting)])


def as_shown(operations: Sequence[Operation]) -> list[tuple[object, ...]]:
    """What the page shows of what waits; once it differs the page is drawn anew."""
    reading = [is_reading(one.id) for one in operations]
    return [(*shown, busy) for shown, busy in zip(fingerprint(operations), reading, strict=True)]


def _look_name(operation_id: int) -> str:
    return f"operation:{operation_id}"


def _done_name(operation_id: int) -> str:
    return f"settle:{operation_id}"


def files_now(kinds: Collection[str] = (OperationKind.REFUND,)) -> list[tuple[RefundBatch, dict[str, int]]]:
    """The files of these kinds, the latest first, each with how many of its rows are in which state."""
    with open_session() as session:
        return batches.list_batches(session, kinds=kinds)


def rows_of(batch_id: int) -> list[Operation]:
    """The rows of a file: what became of each."""
    with open_session() as session:
        return batches.batch_operations(session, batch_id)


def settle_file(choice: FileChoice, user: User) -> JangbuError | None:
    """Approves exactly this file, ends or stops it; what stood in the way, None where nothing did."""
    if choice.act != FileAct.APPROVE and not choice.note:
        return InvalidRequest("Give a reason: it is kept with the operation.", field="note")
    engine, actor, now = open_store(checked=False), actor_of(user), time.time()
    try:
        require_typed(choice.note, "note")
        _require_may_settle(choice, user)
        match choice.act:
            case FileAct.APPROVE:
                batches.approve(engine, choice.batch_id, choice.digest, actor, now)
            case FileAct.DECLINE:
                batches.decline(engine, choice.batch_id, choice.digest, actor, choice.note, now)
            case FileAct.STOP:
                batches.stop(engine, choice.batch_id, actor, choice.note, now)
    except JangbuError as error:
        return error
    wake_executor()
    return None


def _require_may_settle(choice: FileChoice, user: User) -> None:
    """Raises NotAllowed where the person's role in the store of one of its rows does not let them."""
    with open_session() as session:
        asked_by = batches.get_batch(session, choice.batch_id).asked_by
        tiers = {one.tier for one in batches.batch_operations(session, choice.batch_id)}
    own = choice.act == FileAct.DECLINE and asked_by == name_of(user)
    approves = choice.act in (FileAct.APPROVE, FileAct.DECLINE) and not own
    require_in_stores(user, tiers, Permission.APPROVE if approves else Permission.RESOLVE)
