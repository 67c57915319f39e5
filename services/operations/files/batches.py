"""Many changes at once: a dry run, the approval of exactly that file, and a paced run that can be cut off anywhere.

Refunds come from a file and are looked at here; changes of schedules are looked at in bulk.py, and run as these do.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import IntegrityError

from services.balances.left import taxes_of_many
from services.csv_lines import CsvFile, csv_lines
from services.errors import Busy, InvalidRequest, Moved
from services.operations.actions.promotions import less_of
from services.operations.actions.refunds import ACCOUNT, subject_of
from services.operations.files.refund_lines import RETAIN, DryRow, dry_row
from services.operations.files.rows import end_rows, record_rows
from services.operations.journal import audit
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted, get, move, open_subjects, saving
from services.operations.journal.persons import SCREEN, require_second
from services.operations.journal.states import Why
from services.operations.journal.terms import APPROVAL_LIVES, FILE_LIVES
from services.store.engine import reading
from services.store.lists.one import Refundable, parts_of_payments
from services.store.sql import read_all, read_one, table
from services.tables.journal import FILES, ROWS, Operation, OperationKind, RefundBatch
from services.tables.journal import OperationState as State
from services.typed_text import require_typed

COLUMNS = ("imp_uid", "amount", "reason", "requester")
OPTIONAL = ("tax_free", "vat_amount", RETAIN, *ACCOUNT)
MOST_ROWS = 5_000
_IN_FLIGHT = 4
_BATCH = table(RefundBatch)
_OPERATION = table(Operation)
_UNDER_WAY = (State.INTENT.value, State.SENT.value, State.UNKNOWN.value)
"""What takes up room: while a gateway is down, or takes calls without an answer, no more rows go after these."""


class Row(Protocol):
    """One row of what is asked for; without `wanted` it cannot be sent."""

    @property
    def number(self) -> int: ...
    @property
    def wanted(self) -> Wanted | None: ...


class Prepared(Protocol):
    """What submit() writes down; `for_two` has a second person say yes first."""

    @property
    def digest(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> OperationKind: ...
    @property
    def for_two(self) -> bool: ...
    @property
    def ready(self) -> bool: ...
    @property
    def amount(self) -> int: ...
    @property
    def rows(self) -> Sequence[Row]: ...


@dataclass(frozen=True, slots=True)
class DryRun:
    """A file and what each of its rows would do."""

    digest: str
    name: str
    rows: tuple[DryRow, ...]
    kind: OperationKind = OperationKind.REFUND
    for_two: bool = True
    sums: tuple[int, ...] = ()
    """Numbers of lines that only add others up: they are left out."""

    @property
    def ready(self) -> bool:
        """Whether every row can be sent."""
        return bool(self.rows) and all(row.problem is None for row in self.rows)

    @property
    def amount(self) -> int:
        """Sum of the rows that can be sent, in won."""
        return sum(row.wanted.amount for row in self.rows if row.wanted)


def dry_run(conn: Connection, name: str, content: bytes) -> DryRun:
    """Looks at each row against the mirror; sends nothing. Raises InvalidRequest for a file that is none of ours."""
    file = lines_of(content, COLUMNS, OPTIONAL)
    digest = sha256(content).hexdigest()
    uids = [line.cells["imp_uid"] for line in file.lines]
    payments, taken = parts_of_payments(conn, Refundable, uids), open_subjects(conn, [subject_of(uid) for uid in uids])
    rows, taxes = [], taxes_of_many(conn, uids)
    for line in file.lines:
        imp_uid, number = line.cells["imp_uid"], line.number
        payment = payments.get(imp_uid)
        less = less_of(conn, payment) if payment else 0
        token, known = f"batch:{digest}:{number}", taxes.get(imp_uid)
        rows.append(dry_row(token, number, line.cells, payment, taken, less=less, taxes=known))
        taken.add(imp_uid)
    return DryRun(digest, name, tuple(rows), sums=file.sums)


def submit(engine: Engine, run: Prepared, actor: Actor, now: float) -> int:
    """Records a file and its rows; where it is not for two they go at once. Its id. Raises InvalidRequest, NotSaved."""
    if not run.ready:
        raise InvalidRequest("Mend the rows that cannot be sent first.", field="file")
    require_typed(run.name, "file")
    try:
        with saving(engine) as conn:
            values = {
                "digest": run.digest, "name": run.name, "rows": len(run.rows), "amount": run.amount,
                "asked_by": actor.name, "asked_at": int(now), "kind": run.kind.value,
                "approved_at": None if run.for_two else int(now),
            }  # fmt: skip
            batch_id = int(conn.execute(_BATCH.insert().values(values).returning(_BATCH.c.id)).scalar_one())
            rows = [_of_batch(row.wanted, batch_id, row.number) for row in run.rows if row.wanted]
            record_rows(conn, rows, actor, int(now))
            audit.append(
                conn, actor, "batch_asked", int(now), batch=batch_id, digest=run.digest, name=run.name,
                rows=len(run.rows), amount=run.amount, kind=run.kind.value,
            )  # fmt: skip
            return batch_id
    except (IntegrityError, Busy):
        raise InvalidRequest(
            "This file was brought before, or one of its payments is being worked on by somebody else.", field="file"
        ) from None


def approve(engine: Engine, batch_id: int, digest: str, actor: Actor, now: float) -> None:
    """A second person says yes to exactly this file. Raises NotAllowed, Moved where it is too late."""
    with saving(engine) as conn:
        batch = _waiting(conn, batch_id, digest, now)
        require_second(conn, batch.asked_by, SCREEN, actor)
        values = {"approved_by": actor.name, "approved_at": int(now)}
        conn.execute(_BATCH.update().where(_BATCH.c.id == batch_id).values(values))
        audit.append(conn, actor, "batch_approved", int(now), batch=batch_id, digest=digest)


def decline(engine: Engine, batch_id: int, digest: str, actor: Actor, note: str, now: float) -> None:
    """Ends every row of a file that waits. Raises Moved where it is too late."""
    with saving(engine) as conn:
        batch = _waiting(conn, batch_id, digest, now)
        conn.execute(_BATCH.update().where(_BATCH.c.id == batch_id).values(declined_at=int(now)))
        why = Why.WITHDRAWN if batch.asked_by == actor.name else Why.DECLINED
        noted = {"why": why.value, "note": note, "noted_by": actor.name, "noted_at": int(now)}
        end_rows(conn, batch_id, State.REFUSED, actor, int(now), **noted)
        audit.append(conn, actor, f"batch_{why.value}", int(now), batch=batch_id, digest=digest, note=note)


def stop(engine: Engine, batch_id: int, actor: Actor, note: str, now: float) -> int:
    """Ends the rows of a running file that were not let go yet; what went stays. Returns how many."""
    with saving(engine) as conn:
        batch = get_batch(conn, batch_id)
        noted = {"why": Why.WITHDRAWN.value, "note": note, "noted_by": actor.name, "noted_at": int(now)}
        stopped = end_rows(conn, batch_id, State.REFUSED, actor, int(now), **noted) if batch.approved_at else 0
        if not stopped:
            raise Moved("Nothing of it waits any more.")
        audit.append(conn, actor, "batch_stopped", int(now), batch=batch_id, rows=stopped, note=note)
        return stopped


def feed(engine: Engine, actor: Actor, now: float) -> int:
    """Lets the next rows of approved files go, a few at a time. Returns how many."""
    with reading(engine) as conn:
        if not _ready(conn):
            return 0
    with saving(engine) as conn:
        ready = _ready(conn)
        for operation_id, batch in ready:
            approved = {"approved_by": batch.approved_by, "approved_at": batch.approved_at}
            move(conn, get(conn, operation_id), State.INTENT, actor, "batch_row", now, **approved)
    return len(ready)


def expire_files(engine: Engine, actor: Actor, now: float) -> int:
    """Ends what waits of files that nobody approved in time, or whose approval is too old. Returns how many."""
    with reading(engine) as conn:
        old = [batch for batch in (*waiting_batches(conn), *_running(conn)) if _is_late(batch, now)]
    for batch in old:
        with saving(engine) as conn:
            fresh = get_batch(conn, batch.id)
            if _is_late(fresh, now):
                _expire(conn, fresh, actor, int(now))
    return len(old)


def _expire(conn: Connection, batch: RefundBatch, actor: Actor, now: int) -> None:
    changes: dict[str, Any] = {"why": Why.FILE_TOO_OLD.value}
    if batch.approved_at is None:
        # Its card says so: nobody has to look at each of its rows.
        changes = {"why": Why.NOT_APPROVED_IN_TIME.value, "noted_by": actor.name, "noted_at": now}
        conn.execute(_BATCH.update().where((_BATCH.c.id == batch.id) & FILES).values(declined_at=now))
    end_rows(conn, batch.id, State.EXPIRED, actor, now, **changes)
    audit.append(conn, actor, "batch_expired", now, batch=batch.id, digest=batch.digest, why=changes["why"])


def get_batch(conn: Connection, batch_id: int) -> RefundBatch:
    """One file. Raises Moved for an id that nothing has."""
    batch = read_one(conn, RefundBatch, select(_BATCH).where(_BATCH.c.id == batch_id))
    if batch is None:
        raise Moved("There is no file {batch}.", batch=batch_id)
    return batch


def list_batches(
    conn: Connection, limit: int = 50, *, kinds: Collection[str] = (OperationKind.REFUND,)
) -> list[tuple[RefundBatch, dict[str, int]]]:
    """Files of these kinds with how many of their rows are in which state: all that wait, then the latest others."""
    waiting = [batch for batch in waiting_batches(conn) if batch.kind in kinds]
    rest = select(_BATCH).where(_BATCH.c.kind.in_(kinds) & _BATCH.c.id.not_in([batch.id for batch in waiting]))
    others = read_all(conn, RefundBatch, rest.order_by(_BATCH.c.id.desc()).limit(limit))
    return [(batch, _states(conn, batch.id)) for batch in [*waiting, *others]]


def waiting_batches(conn: Connection) -> list[RefundBatch]:
    """Files that wait for approval, the oldest first."""
    return read_all(conn, RefundBatch, select(_BATCH).where(FILES).order_by(_BATCH.c.asked_at, _BATCH.c.id))


def batch_operations(conn: Connection, batch_id: int) -> list[Operation]:
    """The rows of a file in its order: what became of each."""
    wanted = select(_OPERATION).where(_OPERATION.c.batch_id == batch_id).order_by(_OPERATION.c.batch_row)
    return read_all(conn, Operation, wanted)


def lines_of(content: bytes, needed: Sequence[str], optional: Sequence[str]) -> CsvFile:
    """The rows of a CSV by their columns, stripped. Raises InvalidRequest for a file that is none of ours."""
    file = csv_lines(content, needed, most=MOST_ROWS)
    if unknown := [name for name in file.names if name and name not in (*needed, *optional)]:
        raise InvalidRequest("The first line has columns that mean nothing here: {names}.", field="file",
                             names=", ".join(unknown))  # fmt: skip
    return file


def _of_batch(wanted: Wanted, batch_id: int, row: int) -> Wanted:
    return replace(wanted, batch_id=batch_id, batch_row=row, needs_approval=True)


def _waiting(conn: Connection, batch_id: int, digest: str, now: float) -> RefundBatch:
    batch = get_batch(conn, batch_id)
    if batch.approved_at or batch.declined_at or batch.digest != digest or _is_late(batch, now):
        raise Moved("This file no longer waits for approval.")
    return batch


def _is_late(batch: RefundBatch, now: float) -> bool:
    approved = batch.approved_at
    return now > (batch.asked_at + APPROVAL_LIVES if approved is None else approved + FILE_LIVES)


def _running(conn: Connection) -> list[RefundBatch]:
    waits = select(_OPERATION.c.id).where(_OPERATION.c.batch_id == _BATCH.c.id, ROWS).exists()
    wanted = select(_BATCH).where(_BATCH.c.approved_at.is_not(None), waits).order_by(_BATCH.c.id)
    return read_all(conn, RefundBatch, wanted)


def _ready(conn: Connection) -> list[tuple[int, RefundBatch]]:
    """The rows that may go now, each with its file."""
    under_way = Counter(conn.execute(select(_OPERATION.c.batch_id).where(_OPERATION.c.state.in_(_UNDER_WAY))).scalars())
    found = []
    for batch in _running(conn):
        next_ones = (
            select(_OPERATION.c.id).where(_OPERATION.c.batch_id == batch.id, ROWS).order_by(_OPERATION.c.batch_row)
        )
        room = max(_IN_FLIGHT - under_way[batch.id], 0)
        found += [(number, batch) for number in conn.execute(next_ones.limit(room)).scalars()]
    return found


def _states(conn: Connection, batch_id: int) -> dict[str, int]:
    counted = select(_OPERATION.c.state, func.count()).where(_OPERATION.c.batch_id == batch_id)
    return {row[0]: row[1] for row in conn.execute(counted.group_by(_OPERATION.c.state))}
