"""What the screens of operations read of the journal: the list, and one operation with its steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.errors import Moved
from services.operations.journal import journal
from services.operations.journal.audit import history
from services.store.lists.keyset import Page
from services.store.lists.operations import OperationFilter, People, buyers_of, list_operations, people
from services.store.lists.records import Record, RecordFilter, list_records
from services.tables.journal import Operation

from dashboard.process.resources import open_session

_MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class OperationScreen:
    """One operation, and what the audit tells of it, oldest first."""

    operation: Operation
    told: Sequence[Mapping[str, Any]]


def known_people() -> People:
    """Who asked and who approved so far."""
    with open_session() as session:
        return people(session)


def read_list(
    chosen: OperationFilter, *, before: str | None, after: str | None
) -> tuple[Page[Operation], dict[int, str | None]]:
    """Operations by a filter, and whose each is about, by its id. Raises InvalidFilter."""
    with open_session() as session:
        found = list_operations(session, chosen, before=before, after=after)
        return found, buyers_of(session, found.rows)


def read_records(chosen: RecordFilter, *, before: str | None, after: str | None) -> Page[Record]:
    """What was done besides operations. Raises InvalidFilter."""
    with open_session() as session:
        return list_records(session, chosen, before=before, after=after)


def count_steps(operation_id: int) -> int:
    """How many steps the audit knows of an operation so far."""
    with open_session() as session:
        return len(history(session, operation_id))


def read_operation(number: str) -> OperationScreen | None:
    """An operation by its number as an address says it; None where there is none."""
    if not (number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS):
        return None
    try:
        with open_session() as session:
            return OperationScreen(journal.get(session, int(number)), history(session, int(number)))
    except Moved:
        return None
