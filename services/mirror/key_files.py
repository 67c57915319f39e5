"""A merchant's own list of billing keys: V1 lists none, so those of a file are noted and looked up by the next run."""

from dataclasses import dataclass

from sqlalchemy import Engine

from services.csv_lines import csv_lines
from services.errors import InvalidRequest, JangbuError
from services.store.engine import writing
from services.store.writes.keys import add_keys_by_uid

COLUMN = "customer_uid"
MOST_ROWS = 100_000
_LONGEST = 80
"""V1's limit."""
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One row of the file by its number in a spreadsheet, and what is wrong with it."""

    number: int
    customer_uid: str
    problem: JangbuError | None


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file that was read; nothing is noted yet."""

    lines: tuple[KeyLine, ...]

    @property
    def customer_uids(self) -> list[str]:
        """Billing keys on the lines that can be taken."""
        return [line.customer_uid for line in self.lines if line.problem is None]

    @property
    def bad(self) -> list[KeyLine]:
        """The lines that cannot."""
        return [line for line in self.lines if line.problem is not None]


def read_key_file(content: bytes) -> KeyFile:
    """The lines of a CSV with a column customer_uid; others are left aside. Raises InvalidRequest for another file."""
    file = csv_lines(content, (COLUMN,), most=MOST_ROWS)
    seen: set[str] = set()
    found = []
    for line in file.lines:
        uid = line.cells[COLUMN]
        found.append(KeyLine(line.number, uid, _problem(uid, seen)))
        seen.add(uid)
    return KeyFile(tuple(found))


def import_keys(engine: Engine, file: KeyFile) -> int:
    """Notes the keys of the good lines, to be looked up a hundred at a time by the next run; how many are new."""
    uids, new = file.customer_uids, 0
    for first in range(0, len(uids), _BATCH):
        with writing(engine) as conn:
            new += add_keys_by_uid(conn, uids[first : first + _BATCH])
    return new


def _problem(uid: str, seen: set[str]) -> JangbuError | None:
    if not uid:
        return InvalidRequest("This line names no customer_uid.", field=COLUMN)
    if uid in seen:
        return InvalidRequest("This customer_uid stands in the file twice.", field=COLUMN)
    if not uid.isprintable():
        return InvalidRequest("This customer_uid has a character that nobody can type.", field=COLUMN)
    if len(uid) > _LONGEST:
        return InvalidRequest("A customer_uid has {n} characters at most.", field=COLUMN, n=_LONGEST)
    return None
