"""The forecast of subscription gross and its back-test on the mirror's own past."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine

from services.clock import DAY, day_of
from services.mirror.sync import sync
from services.revenue.forecast import DAYS, MONTHS, refresh_forecast
from services.revenue.forecast_reads import backtest, forecast_days, forecast_months
from services.revenue.success import Success
from services.store.engine import reading
from services.subscriptions.keep import refresh_chains
from tests.worlds.mirrors import Stores, make_gateway, make_sandbox
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
