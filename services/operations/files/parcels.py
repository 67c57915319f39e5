"""Many escrow deliveries from a CSV: each row is looked at first, then they go in turn, each to its payment's buyer."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection

from services.csv_lines import CsvLine
from services.errors import InvalidRequest
from services.escrow.couriers import courier_of
from services.escrow.kept import entered_among
from services.operations.actions.escrow.forms import DeliveryForm, wanted_delivery
from services.operations.actions.refunds import subject_of
from services.operations.actions.schedule_steps import read_time
from services.operations.files.batches import lines_of
from services.operations.files.run import Run
from services.operations.journal.journal import Wanted, open_subjects
from services.store.lists.one import payments_named
from services.tables.journal import OperationKind
from services.tables.v1 import Payment

COLUMNS = ("payment", "company", "invoice")
OPTIONAL = ("sent_at", "receiving_at", "address")
"""`sent_at` as 2026-11-30 14:00 in Korea; without it the moment at which the rows are looked at."""


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """What one row would do, or what stands in its way; `named` is the payment as the file has it."""

    number: int
    named: str
    payment: Payment | None
    company: str
    invoice: str
    wanted: Wanted | None
    problem: InvalidRequest | None


def dry_run(
    conn: Connection, token: str, name: str, content: bytes, sender: Mapping[str, str], now: float
) -> Run[ParcelRow]:  # fmt: skip
    """Looks at each row against the mirror; sends nothing. `token` is made when the form is drawn.

    Raises InvalidRequest for a file that is none of ours.
    """
    lines = lines_of(content, COLUMNS, OPTIONAL).lines
    known = payments_named(conn, [line.cells["payment"] for line in lines])
    uids = [payment.imp_uid for payment in known.values()]
    busy, entered = open_subjects(conn, [subject_of(uid) for uid in uids]), entered_among(conn, uids)
    digest = sha256(f"parcels:{token}".encode()).hexdigest()
    seen: set[str] = set()
    rows = []
    for line in lines:
        payment = known.get(line.cells["payment"])
        problem = _hindrance(payment, seen, busy, entered)
        wanted = None
        if problem is None and payment is not None:
            seen.add(payment.imp_uid)
            try:
                form = _form(line, sender, now)
                wanted = wanted_delivery(f"parcels:{digest}:{line.number}", payment, form, now=now)
            except InvalidRequest as found:
                problem = found
        cells = line.cells
        rows.append(
            ParcelRow(line.number, cells["payment"], payment, cells["company"], cells["invoice"], wanted, problem)
        )
    return Run(digest, name, OperationKind.ENTER_DELIVERY, tuple(rows))


def _form(line: CsvLine, sender: Mapping[str, str], now: float) -> DeliveryForm:
    cells = line.cells
    return DeliveryForm(
        company=courier_of(cells["company"]),
        invoice=cells["invoice"],
        sent_at=read_time(cells["sent_at"], field="sent_at") if cells.get("sent_at") else int(now),
        sender=sender,
        more={name: cells.get(name, "").replace("-", "") if name == "receiving_at" else cells.get(name, "")
              for name in OPTIONAL[1:]},
    )  # fmt: skip


def _hindrance(payment: Payment | None, seen: set[str], busy: set[str], entered: set[str]) -> InvalidRequest | None:
    if payment is None:
        return InvalidRequest("No such payment in the mirror.", field="payment")
    if payment.imp_uid in seen:
        return InvalidRequest("This payment stands in the file twice.", field="payment")
    if subject_of(payment.imp_uid) in busy:
        return InvalidRequest("Another operation on this payment is not finished.", field="payment")
    if payment.imp_uid in entered:
        return InvalidRequest("A delivery is entered for it already: change it on the payment.", field="payment")
    return None
