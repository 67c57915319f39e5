"""Many booked payments changed at once, from a selection or a CSV: each is looked at first, then they go in turn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from sqlalchemy import Connection

from services.csv_lines import CsvLine
from services.errors import InvalidRequest, JangbuError
from services.operations.actions.by_kind import action_of
from services.operations.actions.schedule_changes import Change, wanted_change
from services.operations.actions.schedule_steps import read_time, subject_of, subject_of_all
from services.operations.files.batches import MOST_ROWS, lines_of
from services.operations.files.run import Run
from services.operations.journal.journal import Wanted, open_operation
from services.store.lists.one import get_schedule
from services.tables.v1 import Schedule

COLUMNS = ("merchant_uid",)
OPTIONAL = ("schedule_at",)


@dataclass(frozen=True, slots=True)
class Target:
    """A booked payment by its order number, and the time meant for it (UNIX seconds) or why that cannot be read."""

    merchant_uid: str
    schedule_at: int | None = None
    problem: InvalidRequest | None = None
    number: int | None = None
    """Of a file: the row's number in a spreadsheet."""


@dataclass(frozen=True, slots=True)
class BulkRow:
    """What one row would do, or what stands in its way."""

    number: int
    merchant_uid: str
    schedule: Schedule | None
    wanted: Wanted | None
    problem: JangbuError | None


def selected(merchant_uids: Iterable[str], schedule_at: int | None = None) -> list[Target]:
    """Payments that a person chose from a list, each for the same time where the change needs one."""
    return [Target(order, schedule_at) for order in dict.fromkeys(merchant_uids)]


def read_file(content: bytes, schedule_at: int | None = None) -> list[Target]:
    """Rows of a CSV: merchant_uid, and schedule_at in Korea where it is not the same for all. Raises InvalidRequest."""
    found = lines_of(content, COLUMNS, OPTIONAL)
    return [_target(line, schedule_at) for line in found.lines]


def dry_run(
    conn: Connection, token: str, name: str, change: Change, targets: Sequence[Target], *, now: float
) -> Run[BulkRow]:
    """Looks at each row against the mirror; sends nothing. `token` is made when the form is drawn, as for one.

    Raises InvalidRequest where there are too many rows.
    """
    if len(targets) > MOST_ROWS:
        raise InvalidRequest("At most {n} rows in one file.", field="file", n=MOST_ROWS)
    digest = sha256(f"{change.kind}:{token}".encode()).hexdigest()
    seen: set[str] = set()
    rows = []
    for place, target in enumerate(targets, start=1):
        number = target.number or place
        if target.merchant_uid in seen:
            twice = InvalidRequest("This payment stands in the file twice.", field="merchant_uid")
            target = replace(target, problem=twice)
        rows.append(_row(conn, f"bulk:{digest}:{number}", number, change, target, now))
        seen.add(target.merchant_uid)
    return Run(digest, name, change.kind, tuple(rows), action_of(change.kind).MOVES_MONEY)


def _row(conn: Connection, token: str, number: int, change: Change, target: Target, now: float) -> BulkRow:
    schedule = get_schedule(conn, target.merchant_uid)
    try:
        if target.problem:
            raise target.problem
        if schedule is None:
            raise InvalidRequest("No payment is booked under this order number.", field="merchant_uid")
        subjects = (subject_of(schedule.merchant_uid), subject_of_all(schedule.customer_uid))
        if any(open_operation(conn, subject) for subject in subjects):
            raise InvalidRequest("Another operation on this payment is not finished.", field="merchant_uid")
        wanted = wanted_change(token, change, schedule, target.schedule_at, now=now)
    except JangbuError as problem:
        return BulkRow(number, target.merchant_uid, schedule, None, problem)
    return BulkRow(number, target.merchant_uid, schedule, wanted, None)


def _target(line: CsvLine, schedule_at: int | None) -> Target:
    order, text = line.cells["merchant_uid"], line.cells.get("schedule_at", "")
    try:
        at = read_time(text, field="schedule_at") if text else schedule_at
    except InvalidRequest as problem:
        return Target(order, problem=problem, number=line.number)
    return Target(order, at, number=line.number)
