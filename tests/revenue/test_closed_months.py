"""Closing a month, what was known on a date, and what changed since."""

import random
from datetime import date

import pytest
from sqlalchemy import Engine

from services.clock import DAY, date_to_day, day_start
from services.errors import InvalidRequest
from services.months import month_span
from services.operations.journal.audit import Actor, verify
from services.revenue.closed_months import close_month, closings, month_figures, months_to_close
from services.revenue.known import Known, as_known_on, changed_since
from services.revenue.periods import Period
from services.store.engine import reading, writing
from services.store.writes.payments import PaymentWrite, upsert_payments
from services.store.writes.revenue import know_revenue_from
from services.store.writes.sync import set_mark
from services.tables.revenue import What
from tests.worlds.screens.screens import payment

FINANCE = Actor("finance@example.com", "screen")
FIRST = date_to_day(date(2026, 10, 1))
OCTOBER = Period(FIRST, FIRST + 30)
AFTER = day_start(FIRST + 33)


def learn(engine: Engine, writes: list[PaymentWrite], at: int) -> None:
    """What the mirror learns at a moment."""
    with writing(engine) as conn:
        upsert_payments(conn, writes, as_of=at * 1000)
        set_mark(conn, "as_of", str(at), at)


def begin(engine: Engine, day: int = FIRST) -> None:
    """All payments since a year before that day are here."""
    with writing(engine) as conn:
        know_revenue_from(conn, day - 365, day_start(day))


def october() -> list[PaymentWrite]:
    noon = day_start(FIRST + 4) + DAY // 2
    return [payment(f"imp_{n}", noon + n, "paid", 1_000 * n) for n in range(1, 6)]


def refunded(write: PaymentWrite, at: int, amount: int) -> PaymentWrite:
    entry = {"cancellation_id": f"c{at}", "amount": amount, "cancelled_at": at, "reason": "파손"}
    values = write.values | {"cancel_amount": amount, "cancel_reason": "파손"}
    return PaymentWrite(values, [entry], str(at).encode())


def test_a_closed_month_keeps_its_figures_and_shows_what_changed_since_by_row(store: Engine) -> None:
    begin(store)
    writes = october()
    learn(store, writes, day_start(FIRST + 4) + DAY - 1)
    learn(store, [], AFTER)
    closed = close_month(store, 202610, FINANCE, "checked against the bank", AFTER)
    assert closed.figures == {"KRW": Known(5, 15_000, 0, 0)}
    learn(store, [payment("imp_late", day_start(FIRST + 30), "paid", 700)], AFTER + 60)
    learn(store, [refunded(writes[0], day_start(FIRST + 20), 400)], AFTER + 120)
    # A refund of now is November's, and no change of October.
    learn(store, [refunded(writes[1], AFTER, 500)], AFTER + 180)
    with reading(store) as conn:
        assert closings(conn) == [closed]
        assert month_figures(conn, 202610) == {"KRW": Known(6, 15_700, 1, 400)}
        changes = changed_since(conn, OCTOBER, closed.changes)
        assert [(one.imp_uid, one.what, one.rows, one.amount) for one in changes] == [
            ("imp_late", What.GROSS, 1, 700),
            ("imp_1", What.REFUNDS, 1, 400),
        ]
        assert changed_since(conn, OCTOBER, changes[0].id) == changes[1:]
        assert verify(conn).broken_at is None


def test_a_month_is_closed_once_however_often_it_is_pressed_and_anew_where_it_changed(store: Engine) -> None:
    begin(store)
    learn(store, october(), day_start(FIRST + 5))
    learn(store, [], AFTER)
    first = close_month(store, 202610, FINANCE, "", AFTER)
    assert close_month(store, 202610, FINANCE, "", AFTER + 1) == first
    learn(store, [payment("imp_late", day_start(FIRST + 30), "paid", 700)], AFTER + 60)
    again = close_month(store, 202610, FINANCE, "late payment", AFTER + 90)
    assert again.id != first.id
    with reading(store) as conn:
        assert closings(conn) == [again]


def test_what_was_not_looked_at_is_not_closed(store: Engine) -> None:
    begin(store)
    learn(store, october(), day_start(FIRST + 5))
    learn(store, [], AFTER)
    with reading(store) as conn:
        seen = month_figures(conn, 202610)
    learn(store, [payment("imp_late", day_start(FIRST + 30), "paid", 700)], AFTER + 60)
    with pytest.raises(InvalidRequest, match="look again"):
        close_month(store, 202610, FINANCE, "", AFTER + 90, seen=seen)
    with reading(store) as conn:
        assert closings(conn) == []
        now = month_figures(conn, 202610)
    assert close_month(store, 202610, FINANCE, "", AFTER + 90, seen=now).figures == now


def test_a_month_that_is_not_over_or_not_read_to_its_end_is_not_closed(store: Engine) -> None:
    learn(store, october(), day_start(FIRST + 30))
    with pytest.raises(InvalidRequest, match="not over"):
        close_month(store, 202610, FINANCE, "", day_start(FIRST + 31) - 1)
    with pytest.raises(InvalidRequest, match="not read"):
        close_month(store, 202610, FINANCE, "", AFTER)
    with reading(store) as conn:
        assert closings(conn) == []


def test_months_to_close_are_those_that_are_over() -> None:
    assert months_to_close(AFTER, 3) == [202610, 202609, 202608]
    assert months_to_close(day_start(date_to_day(date(2027, 1, 1))), 2) == [202612, 202611]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_was_known_on_a_date_is_what_was_shown_that_night(store: Engine, seed: int) -> None:
    begin(store)
    chance = random.Random(seed)
    writes: list[PaymentWrite] = []
    shown: dict[int, Known] = {}
    for day in range(FIRST, FIRST + 31):
        for number in range(chance.randrange(1, 4)):
            at = day_start(day) + chance.randrange(DAY - 100)
            when = at - chance.choice((0, 0, 0, 1, 2, 9)) * DAY
            writes.append(payment(f"imp_{day}{number}", when, "paid", chance.randrange(1_000, 9_000)))
            learn(store, [writes[-1]], at)
        if chance.random() < 0.6:
            place = chance.randrange(len(writes))
            at = day_start(day) + DAY - 50
            writes[place] = refunded(writes[place], at - chance.choice((0, 0, 3)) * DAY, 500)
            learn(store, [writes[place]], at)
        with reading(store) as conn:
            shown[day] = as_known_on(conn, OCTOBER, FIRST + 400)
    with reading(store) as conn:
        assert {day: as_known_on(conn, OCTOBER, day) for day in shown} == shown
        with pytest.raises(InvalidRequest, match="2026-10-01"):
            as_known_on(conn, OCTOBER, FIRST - 1)
        assert len(changed_since(conn, OCTOBER, 0)) > 5


def test_what_the_first_reading_brings_is_no_late_news(store: Engine) -> None:
    learn(store, october(), AFTER)
    begin(store, FIRST + 33)
    with reading(store) as conn:
        assert changed_since(conn, OCTOBER, 0) == []
    early = payment("imp_early", day_start(FIRST - 400), "paid", 50)
    learn(store, [early, *october()[:1]], AFTER + 60)
    with reading(store) as conn:
        assert changed_since(conn, Period(FIRST - 500, FIRST + 30), 0) == []


def test_a_month_and_its_first_days_stand_beside_the_month_before_and_a_year_before() -> None:
    november = Period(*month_span(202611))
    over = november.to_day + 1
    assert november.before(over) == Period(*month_span(202610))
    assert november.before(november.to_day) == Period(FIRST, FIRST + 29)  # its last day still runs: 30 days against 30
    assert Period(november.from_day, november.from_day + 24).before(over) == Period(FIRST, FIRST + 24)
    assert Period(FIRST + 5, FIRST + 9).before(over) == Period(FIRST, FIRST + 4)
    march = Period(*month_span(202603))
    assert Period(march.from_day, march.to_day - 1).before(over) == Period(*month_span(202602))
    leap = Period(*month_span(202802))
    assert leap.last_year() == Period(*month_span(202702))
    assert Period(leap.to_day - 1, leap.to_day - 1).last_year() == Period(leap.to_day - 366, leap.to_day - 366)
    one_day = month_span(202702)[1]  # its month's last, and one day stays one where the year before had a 29th
    after_leap = month_span(202902)[1]
    assert Period(one_day, one_day).last_year() == Period(one_day - 365, one_day - 365)
    assert Period(after_leap, after_leap).last_year() == Period(after_leap - 366, after_leap - 366)


def test_a_page_read_before_a_closing_and_stored_after_it_is_a_change_since(store: Engine) -> None:
    begin(store)
    learn(store, october(), day_start(FIRST + 4) + DAY - 1)
    learn(store, [], AFTER)
    closed = close_month(store, 202610, FINANCE, "", AFTER + 30)
    with writing(store) as conn:
        upsert_payments(conn, [payment("imp_slow", day_start(FIRST + 30), "paid", 700)], as_of=(AFTER + 20) * 1000)
    with reading(store) as conn:
        assert [(one.imp_uid, one.amount) for one in changed_since(conn, OCTOBER, closed.changes)] == [
            ("imp_slow", 700)
        ]
