"""Many Naver Pay orders confirmed or credited at once: each is looked at first, then they go in turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlalchemy import Connection

from services.errors import InvalidRequest
from services.operations.actions.naver import confirmations, points
from services.operations.actions.naver.orders import applies
from services.operations.actions.refunds import subject_of
from services.operations.files.batches import MOST_ROWS, lines_of
from services.operations.files.run import PaymentRow, Run
from services.operations.journal.journal import Wanted, open_subjects
from services.operations.journal.once import done_once
from services.store.lists.one import Refundable, parts_of_payments
from services.tables.journal import OperationKind

COLUMNS = ("imp_uid",)


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of every order: the kind, from which day on it applies, and of a confirmation who asks."""

    kind: OperationKind
    since: date
    requester: str | None = None

    def wanted(self, token: str, order: Refundable) -> Wanted:
        """The intent for one order. Raises InvalidRequest."""
        if self.kind == OperationKind.NAVER_CONFIRM:
            found = confirmations.wanted_confirmation(token, order, self.requester)
        else:
            found = points.wanted_points(token, order)
        if not applies(order, self.since):
            raise InvalidRequest("It was paid before {day}, from which on this is done here.", field="imp_uid",
                                 day=self.since.isoformat())  # fmt: skip
        return found


def selected(imp_uids: Sequence[str]) -> list[tuple[int, str]]:
    """Orders that a person chose from a list, numbered."""
    return list(enumerate(imp_uids, start=1))


def read_file(content: bytes) -> list[tuple[int, str]]:
    """Rows of a CSV, each with its number in a spreadsheet. Raises InvalidRequest for a file that is none of ours."""
    return [(line.number, line.cells["imp_uid"]) for line in lines_of(content, COLUMNS, ()).lines]


def dry_run(
    conn: Connection, token: str, name: str, asking: Asking, orders: Sequence[tuple[int, str]]
) -> Run[PaymentRow]:
    """Looks at each row against the mirror and the journal; sends nothing. `token` is made when the form is drawn.

    Raises InvalidRequest where there are too many rows.
    """
    if len(orders) > MOST_ROWS:
        raise InvalidRequest("At most {n} rows in one file.", field="file", n=MOST_ROWS)
    uids = [uid for _number, uid in orders]
    subjects = [subject_of(uid) for uid in uids]
    known, busy = parts_of_payments(conn, Refundable, uids), open_subjects(conn, subjects)
    done = done_once(conn, asking.kind, subjects)
    digest = sha256(f"{asking.kind}:{token}".encode()).hexdigest()
    seen: set[str] = set()
    rows = []
    for number, uid in orders:
        order, wanted, problem = known.get(uid), None, _hindrance(uid, seen, busy, done)
        seen.add(uid)
        try:
            if problem is None and order is None:
                raise InvalidRequest("No such payment in the mirror.", field="imp_uid")
            if problem is None and order is not None:
                wanted = asking.wanted(f"orders:{digest}:{number}", order)
        except InvalidRequest as found:
            problem = found
        rows.append(PaymentRow(number, uid, order, wanted, problem))
    return Run(digest, name, asking.kind, tuple(rows))


def _hindrance(uid: str, seen: set[str], busy: set[str], done: dict[str, int]) -> InvalidRequest | None:
    if uid in seen:
        return InvalidRequest("This payment stands in the file twice.", field="imp_uid")
    if subject_of(uid) in busy:
        return InvalidRequest("Another operation on this payment is not finished.", field="imp_uid")
    if operation := done.get(subject_of(uid)):
        return InvalidRequest("It was done already: operation {operation} on {payment}.", field="imp_uid",
                              operation=operation, payment=uid)  # fmt: skip
    return None
