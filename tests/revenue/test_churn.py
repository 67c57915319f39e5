"""An end that has happened: what is booked afterwards does not undo it, a paid charge starts it anew."""

import pytest
from sqlalchemy import Engine

from services.clock import DAY
from services.revenue.mrr import MrrMonth, mrr_months
from services.store.engine import reading
from services.store.writes.chains import AskedHere, History, KeyFacts, KeyPayment, KeySchedule
from services.subscriptions.cadence import SURE, Charge, infer_cadence
from services.subscriptions.grids import Unit
from services.subscriptions.keep import cadence_of
from services.subscriptions.lives import Life, lives_of
from services.subscriptions.regular import regular_attempts
from services.tables.journal import OperationKind
from services.tables.keys import KeyState
from services.tables.revenue import Churn, SubscriptionState
from tests.worlds.operations.desk import FINANCE
from tests.worlds.recovery_shop import NO_MONEY, Shop
from tests.worlds.rows.times import at


def standing(engine: Engine) -> tuple[str, int | None, str | None]:
    with reading(engine) as conn:
        (row,) = conn.exec_driver_sql("SELECT state, ended_at, churn FROM subscription").fetchall()
    return tuple(row)


def november(engine: Engine) -> MrrMonth:
    with reading(engine) as conn:
        return mrr_months(conn, 202611, 202611)[0]


def test_a_booking_after_the_seven_days_undoes_no_churn_and_a_payment_comes_back(store: Engine) -> None:
    shop = Shop(store)
    shop.november_fails(NO_MONEY)
    shop.until("2026-11-13 12:00")
    over = (SubscriptionState.ENDED.value, at("2026-11-05 10:00"), Churn.FAILED.value)
    assert standing(store) == over
    (asked,) = shop.carry_out(FINANCE)
    assert asked.kind == OperationKind.REBOOK
    assert standing(store) == over
    # It fails once more, and the month is what it was.
    shop.until("2026-11-30 12:00")
    assert standing(store) == over
    month = november(store)
    assert (month.mrr, month.subscribers, month.churned_subscribers) == (0, 0, 1)
    shop.fails(None)
    shop.book(0, "2026-12-05 10:00", "order0-12")
    shop.until("2026-12-05 12:00")
    with reading(store) as conn:
        before, now = mrr_months(conn, 202611, 202612)
    assert before == month
    assert (now.mrr, now.subscribers, now.reactivated_subscribers) == (9_900, 1, 1)


def test_a_booking_within_the_seven_days_keeps_it(store: Engine) -> None:
    shop = Shop(store)
    shop.november_fails(NO_MONEY)
    shop.until("2026-11-12 09:00")
    shop.carry_out(FINANCE)
    shop.until("2026-11-15 09:00")
    assert standing(store) == (SubscriptionState.PAST_DUE.value, None, None)
    assert november(store).subscribers == 1


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_charge_that_a_person_asked_for_hides_no_subscription(by_hand: bool) -> None:
    """Paid once, booked a month later, and the same amount charged two days after the first payment."""
    first, charged, next_at = at("2026-11-28 13:00"), at("2026-11-30 09:00"), at("2026-12-28 13:00")
    payments = [
        KeyPayment(f"imp_{n}", f"order{n}", 11_900, "KRW", "구독", when, when, 0, None, None)
        for n, when in enumerate((first, charged))
    ]
    booked = KeySchedule("order2", next_at, 0, 11_900, "KRW", "구독", "scheduled", None, None, 0)
    asked = [AskedHere("order1", OperationKind.CHARGE, "screen", charged)] if by_hand else []
    key = KeyFacts(KeyState.ACTIVE, "naverpay", False, 0, None, next_at, None)
    cadence = cadence_of(History(key, payments, [booked], asked=asked))
    assert cadence
    assert (cadence.confidence >= SURE) == by_hand
    if by_hand:
        assert (cadence.every, cadence.unit, cadence.day_of_month) == (1, Unit.MONTH, 28)


FAILED_AT = at("2026-10-25 10:00")


@pytest.mark.parametrize(("days", "ended"), [(7, False), (8, True)])
def test_what_is_charged_by_a_person_ends_the_gap_and_not_the_past(days: int, ended: bool) -> None:
    """Charged on the 25th; October failed and is paid in its own cycle, asked for so many days later."""
    asked_at = FAILED_AT + days * DAY
    tries = [(at("2026-08-25 10:00"), True), (at("2026-09-25 10:00"), True), (FAILED_AT, False), (asked_at, True)]
    payments = [
        KeyPayment(f"imp_{n}", f"order{n}", 9_900, "KRW", "구독", when, when * paid, when * (not paid), None, None)
        for n, (when, paid) in enumerate(tries)
    ]
    asked = [AskedHere("order3", OperationKind.CHARGE, "screen", asked_at)]
    key = KeyFacts(KeyState.ACTIVE, "nice_v2", False, FAILED_AT, None, None, None)
    history = History(key, payments, asked=asked)
    cadence = infer_cadence([Charge(when, 9_900) for when, paid in tries[:2]], [Charge(FAILED_AT, 9_900)])
    assert cadence
    lives, _standing = lives_of(history, regular_attempts(payments, cadence, "KRW"), cadence, asked_at + 1)
    first = tries[0][0]
    assert lives == ([Life(first, FAILED_AT, Churn.FAILED), Life(asked_at)] if ended else [Life(first)])
