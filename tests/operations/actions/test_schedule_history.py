"""What was asked for on one schedule: by itself, together with others, and when it was booked."""

from services.mirror.keep import read_schedule_again
from services.operations.actions.bookings import BookingForm, order_numbers, wanted_booking
from services.operations.actions.moves import wanted_move
from services.operations.actions.revocations import wanted_revocation
from services.operations.actions.schedule_history import operations_on
from services.store.engine import reading
from services.store.lists.one import get_payment
from services.tables.journal import OperationKind
from services.tables.v1 import BillingKey, Schedule
from tests.worlds.operations.desk import Desk


def kinds(desk: Desk, order: str) -> list[str]:
    schedule = desk.kept(order)
    assert schedule is not None
    with reading(desk.engine) as conn:
        return [one.kind for one in operations_on(conn, schedule)]


def read_again_after(desk: Desk, seconds: float) -> tuple[Schedule, Schedule]:
    """The mirror's row of `order0` before and after it is read again."""
    desk.mirrored("order0")
    before = desk.kept()
    desk.wait(seconds)
    read_schedule_again(desk.executor.gateway, desk.engine, "order0")
    after = desk.kept()
    assert before
    assert after
    return before, after


def test_its_booking_its_moves_and_its_end_are_told_and_nobody_elses(desk: Desk) -> None:
    key, at = BillingKey(customer_uid="key0", pg_provider="html5_inicis"), int(desk.times.at)
    forms = [BookingForm(at + 7_200 * number, 9_900, "구독") for number in (1, 2)]
    booked = desk.ask(wanted_booking("b", key, forms, minimum=100, now=at))
    desk.run()
    first, second = order_numbers(desk.get(booked))
    schedule = desk.kept(first)
    assert schedule is not None
    desk.ask(wanted_move("m", schedule, at + 9_000, now=at))
    desk.run()
    both = [one for one in (desk.kept(first), desk.kept(second)) if one]
    desk.ask(wanted_revocation("r", both, reason="해지", now=at))
    desk.run()
    assert kinds(desk, first) == [OperationKind.REVOKE, OperationKind.MOVE, OperationKind.BOOK]
    assert kinds(desk, second) == [OperationKind.REVOKE, OperationKind.BOOK]


def test_a_schedule_is_read_again_with_the_payment_that_it_became(desk: Desk) -> None:
    desk.booked(after=60)
    before, after = read_again_after(desk, 61)
    assert after.imp_uid
    assert (before.schedule_status, after.schedule_status, after.payment_status) == ("scheduled", "executed", "paid")
    with reading(desk.engine) as conn:
        assert get_payment(conn, after.imp_uid)


def test_what_did_not_change_was_read_all_the_same(desk: Desk) -> None:
    desk.booked()
    before, after = read_again_after(desk, 5)
    assert after.read_at > before.read_at
