"""The forecast of subscription gross and its back-test on the mirror's own past."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from services.clock import DAY, day_of, day_start
from services.mirror.sync import sync
from services.revenue.forecast import DAYS, MONTHS, refresh_forecast
from services.revenue.forecast_reads import ForecastMonth, backtest, forecast_days, forecast_months
from services.revenue.success import Success
from services.store.engine import reading, writing
from services.store.writes.payments import PaymentWrite, upsert_payments
from services.store.writes.schedules import upsert_schedules
from services.subscriptions.keep import refresh_chains
from tests.worlds.mirrors import Stores, make_gateway, make_sandbox
from tests.worlds.screens.screens import payment, schedule
from tests.worlds.seeds import seeds

WORLDS = seeds(3, least=1)


@pytest.mark.parametrize("seed", range(1, WORLDS + 1))
def test_about_four_days_of_five_lie_within_the_range_that_was_expected_a_week_before(
    tmp_path: Path, seed: int
) -> None:
    sandbox, clock = make_sandbox(seed, payments=24_000)
    with Stores(tmp_path).new() as engine:
        clock.at += 1
        sync(make_gateway(sandbox, clock), engine, full=True)
        refresh_chains(engine, clock())
        assert refresh_forecast(engine, clock())
        with reading(engine) as conn:
            tested, coming, months = backtest(conn), forecast_days(conn), forecast_months(conn)
    print(f"seed {seed}: {tested.coverage} of {tested.n} days")  # noqa: T201 - the figure is what the test is for
    assert tested.n == 200
    assert tested.coverage is not None
    assert Decimal("0.75") <= tested.coverage <= Decimal("0.85")
    assert [day.day for day in coming] == list(range(day_of(clock()), day_of(clock()) + DAYS))
    assert all(day.p10 <= day.p50 <= day.p90 for day in coming)
    assert all(month.p10 <= month.p50 <= month.p90 for month in months)
    assert len(months) == MONTHS
    # What is booked comes soon, what is only expected to renew comes later.
    assert coming[1].booked > 0
    assert coming[-1].booked == 0 < coming[-1].renewals


def test_a_store_without_subscriptions_has_no_forecast(store: Engine) -> None:
    assert refresh_forecast(store, 1_800_000_000)
    with reading(store) as conn:
        assert (forecast_days(conn), forecast_months(conn), backtest(conn).coverage) == ([], [], None)


def test_it_is_made_once_an_hour_and_anew_when_the_day_turns(store: Engine) -> None:
    midnight = 1_800_000_000 // DAY * DAY + 15 * 3600
    assert refresh_forecast(store, midnight - 60)
    assert not refresh_forecast(store, midnight - 30)
    assert refresh_forecast(store, midnight + 1)
    assert not refresh_forecast(store, midnight + 3_000)
    assert refresh_forecast(store, midnight + 3_700)


def test_a_rate_that_was_seen_seldom_stays_near_the_usual_one() -> None:
    success = Success()
    assert success.rate("kcp", 0) == pytest.approx(0.9)
    success.count("naverpay", 0, 1, tried=10_000, paid=9_500)
    success.count("kcp", 0, 1, tried=1, paid=0)
    assert 0.85 < success.rate("kcp", 0) < success.rate("naverpay", 0) < 0.951
    assert success.rate("kcp", 0, 2) == pytest.approx(0.5)


NOW = 1_790_000_000
"""September 21 in Seoul, in the evening."""
TOMORROW = {"schedule_at": NOW + DAY, "amount": 55_800}


def learn(engine: Engine, paid: Sequence[PaymentWrite] = (), booked: Sequence[dict[str, Any]] = ()) -> ForecastMonth:
    """This month's forecast, once the mirror has learnt of these."""
    with writing(engine) as conn:
        upsert_payments(conn, list(paid), as_of=NOW * 1000)
        upsert_schedules(conn, list(booked), as_of=NOW * 1000)
    changed = refresh_chains(engine, NOW)
    assert refresh_forecast(engine, NOW, changed=changed > 0)
    with reading(engine) as conn:
        return forecast_months(conn)[0]


def charge(number: int, days_ago: int, amount: int) -> PaymentWrite:
    own = {"customer_uid": "key_1", "customer_uid_usage": "payment.scheduled", "name": "기본"}
    return payment(f"imp_{number:06d}", NOW - days_ago * DAY, "paid", amount, **own)


def test_what_is_paid_of_the_running_month_is_certain_and_today_is_part_of_it(store: Engine) -> None:
    charges = [charge(weeks, 7 * weeks, 9_900) for weeks in range(8)]
    month = learn(store, [*charges, charge(9, 0, 100_000)])
    # Weekly: today, and 7 and 14 days ago are in September, with what was bought besides today.
    assert month.paid == 3 * 9_900 + 100_000
    assert month.paid <= month.p10 <= month.p50 <= month.p90
    with reading(store) as conn:
        today, tomorrow, *_rest = forecast_days(conn)
    assert (today.paid, tomorrow.paid) == (109_900, 0)
    assert today.p10 >= 109_900


def test_a_booking_moves_the_forecast_within_the_hour(store: Engine) -> None:
    before = learn(store, [charge(weeks, 7 * weeks, 9_900) for weeks in range(8)])
    after = learn(store, booked=[schedule(NOW, merchant_uid="new", customer_uid="key_2", **TOMORROW)])
    # Nine of ten booked payments succeed as long as nothing was seen.
    assert after.booked - before.booked == after.p50 - before.p50 == 50_220
    assert after.paid == before.paid
    assert after.unbooked == before.unbooked
    assert not refresh_forecast(store, NOW + 60)


def test_of_today_what_comes_without_a_booking_is_expected_for_the_hours_that_are_left(store: Engine) -> None:
    # Weekly since yesterday: no renewal is due today or tomorrow, and what usually comes in a day is the same.
    learn(store, [charge(weeks, 1 + 7 * weeks, 90_000) for weeks in range(12)])
    midnight = day_start(day_of(NOW))
    for hour, left in ((6, 0.75), (18, 0.25), (23, 1 / 24)):
        assert refresh_forecast(store, midnight + hour * 3600, changed=True)
        with reading(store) as conn:
            today, tomorrow, *_rest = forecast_days(conn)
        assert tomorrow.renewals == today.renewals == 0 < tomorrow.unbooked
        assert today.unbooked == pytest.approx(left * tomorrow.unbooked, abs=1)


def test_what_is_charged_without_bookings_is_expected_once(store: Engine) -> None:
    # Weekly for half a year, never booked: four weeks to come bring about what four weeks brought.
    learn(store, [charge(weeks, 1 + 7 * weeks, 90_000) for weeks in range(26)])
    with reading(store) as conn:
        coming = forecast_days(conn)[1:29]
    assert len(coming) == 28
    assert 0.8 * 4 * 90_000 < sum(one.p50 for one in coming) < 1.2 * 4 * 90_000


def test_parts_come_to_the_middle_of_every_day_and_month(store: Engine) -> None:
    learn(store, [charge(days, days, 9_900 + 100 * (days % 5)) for days in range(150)])
    with reading(store) as conn:
        every = [*forecast_days(conn), *forecast_months(conn)]
    assert all(one.paid + one.booked + one.unbooked == one.p50 for one in every)
    assert all(min(one.paid, one.booked, one.unbooked, one.renewals) >= 0 for one in every)
