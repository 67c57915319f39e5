"""What was ever asked for on one schedule: by itself, with others of its key, or when it was booked."""

from sqlalchemy import Connection

from services.operations.actions import charges
from services.operations.actions.bookings import order_numbers
from services.operations.actions.schedule_steps import subject_of, subject_of_all
from services.operations.journal.journal import asked, latest_on
from services.tables.journal import Operation, OperationKind
from services.tables.v1 import Schedule


def operations_on(conn: Connection, schedule: Schedule) -> list[Operation]:
    """Operations on a schedule, the latest first."""
    order, uid = schedule.merchant_uid, schedule.customer_uid or ""
    found = latest_on(conn, subject_of(order))
    found += [one for one in latest_on(conn, subject_of_all(uid)) if order in asked(one)["merchant_uid"]]
    # A key is charged and deleted under the same subject: one that has long been used has many.
    bookings = latest_on(conn, charges.subject_of(uid), 200)
    found += [one for one in bookings if one.kind == OperationKind.BOOK and order in order_numbers(one)]
    return sorted(found, key=lambda one: one.id, reverse=True)
