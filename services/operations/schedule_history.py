"""What was ever asked for on one schedule: by itself, with others of its key, or when it was booked."""

from sqlalchemy import Connection

from services.journal_models import Operation, OperationKind
from services.models import Schedule
from services.operations import charges
from services.operations.bookings import order_numbers
from services.operations.journal import asked, latest_on
from services.operations.schedule_steps import subject_of, subject_of_all


def operations_on(conn: Connection, schedule: Schedule) -> list[Operation]:
    """The latest first."""
    order, uid = schedule.merchant_uid, schedule.customer_uid or ""
    found = latest_on(conn, subject_of(order))
    found += [one for one in latest_on(conn, subject_of_all(uid)) if order in asked(one)["merchant_uid"]]
    # A key is charged and deleted under the same subject: one that has long been used has many.
    bookings = latest_on(conn, charges.subject_of(uid), 200)
    found += [one for one in bookings if one.kind == OperationKind.BOOK and order in order_numbers(one)]
    return sorted(found, key=lambda one: one.id or 0, reverse=True)
