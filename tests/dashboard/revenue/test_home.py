"""Home: the block that a role comes for stands first, and each figure is the kept one beside its days before."""

import time
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.settings import Role
from dashboard.words.formats import money
from services.clock import DAY, day_of, day_start, day_to_date
from services.months import month_name, month_of_day, month_span, previous_month
from services.revenue.figures import figures
from services.revenue.forecast_reads import forecast_months
from services.revenue.mrr import mrr_months
from services.revenue.periods import Period
from services.store.engine import reading, writing
from services.store.sql import table
from services.store.writes.payments import upsert_payments
from services.tables.journal import Operation
from services.tables.journal import OperationState as State
from tests.worlds.screens.money_forms import asked_by_other, money_store, moved
from tests.worlds.screens.revenue_screens import links, use_store
from tests.worlds.screens.screens import payment, run_page, texts


@pytest.fixture
def engine(revenue_world: Engine) -> Engine:
    """The world's store as the dashboard's, whatever another test has set."""
    use_store(revenue_world)
    return revenue_world


def labels(at: AppTest) -> list[str]:
    return [one.label for one in at.metric]


@pytest.mark.parametrize(
    ("role", "first", "without"),
    [
        (Role.SUPPORT, "Failed today", "MRR, inferred"),
        (Role.FINANCE, "Yesterday, net", None),
        (Role.MANAGER, "MRR, inferred", "Refunds under way"),
        (Role.VIEWER, "MRR, inferred", "Refunds under way"),
        (Role.ADMIN, "Yesterday, net", None),
    ],
)
def test_a_role_finds_its_block_first(engine: Engine, role: Role, first: str, without: str | None) -> None:
    shown = labels(run_page("overview", role=role))
    assert shown[0] == first
    assert without not in shown
    blocks = {"Failed today", "Yesterday, net", "MRR, inferred"} - {without}
    assert blocks <= set(shown)


def test_yesterday_stands_beside_its_weekday_before_and_the_month_beside_its_days(engine: Engine) -> None:
    at = run_page("overview")
    today = day_of(time.time())
    month = Period(month_span(month_of_day(today))[0], today)
    last = month_span(previous_month(month_of_day(today)))
    same_days = Period(last[0], min(last[0] + today - month.from_day, last[1]))
    told = {one.label: one for one in at.metric}
    for label, now, before in (
        ("Yesterday, net", Period(today - 1, today - 1), Period(today - 8, today - 8)),
        ("This month, net", month, same_days),
    ):
        with reading(engine) as conn:
            net, net_before = (figures(conn, one).net for one in (now, before))
        assert told[label].value == money(net, "KRW")
        if now.has_just_begun(today):
            assert not told[label].delta
            continue
        assert told[label].delta.startswith("▲" if net > net_before else "▼")
        assert money(abs(net - net_before), "KRW") in told[label].delta
    said = [one.value for one in at.caption]
    assert f"against {day_to_date(today - 8)}" in " ".join(said)
    days = f"against {day_to_date(same_days.from_day):%m-%d} – {day_to_date(same_days.to_day):%m-%d}"
    whole = f"all of {day_to_date(same_days.from_day)}: {money(net_before, 'KRW')}"
    assert (whole if month.has_just_begun(today) else days) in " ".join(said)


def test_the_line_of_the_days_ends_yesterday(engine: Engine) -> None:
    today = day_of(time.time())
    with reading(engine) as conn:
        days = [figures(conn, Period(day, day)).net for day in range(today - 29, today)]
    (tile,) = [one for one in run_page("overview").metric if one.label == "This month, net"]
    assert list(tile.proto.chart_data) == days


def test_growth_is_that_of_revenue(engine: Engine) -> None:
    month = month_of_day(day_of(time.time()))
    with reading(engine) as conn:
        before, now = mrr_months(conn, previous_month(month), month)
        (expected,) = [one for one in forecast_months(conn) if one.month == month]
    at = run_page("overview", role=Role.MANAGER)
    told = {one.label: one for one in at.metric}
    assert told["MRR, inferred"].value == money(now.mrr, "KRW")
    moved = money(abs(now.mrr - before.mrr), "KRW") if now.mrr != before.mrr else "No change"
    assert moved in told["MRR, inferred"].delta
    ended = told["Ended this month"]
    assert (ended.value, ended.delta) == (f"{now.churned_subscribers:,}", "")
    assert f"{month_name(before.month)} in all: {before.churned_subscribers:,}" in [one.value for one in at.caption]
    assert told["Expected this month"].value == money(expected.p50, "KRW")
    assert f"{money(expected.p10, 'KRW')} – {money(expected.p90, 'KRW')}" in [one.value for one in at.caption]
    assert ("Forecast", {"tab": "forecast"}) in links(at)
    assert ("Failures and recovery", {"tab": "failures"}) in links(at)


def test_failed_charges_are_those_of_billing_keys(engine: Engine) -> None:
    today = day_of(time.time())
    first = month_span(month_of_day(today))[0]
    sql = (
        "SELECT count(*), sum(amount) FROM payment WHERE status = 'failed' AND NOT sandbox AND currency = 'KRW' "
        "AND status_at >= ? AND status_at < ?{}"
    )
    days = day_start(first), day_start(today + 1)
    with reading(engine) as conn:
        n, amount = conn.exec_driver_sql(sql.format(" AND customer_uid_usage LIKE 'payment%'"), days).one()
        every = conn.exec_driver_sql(sql.format(""), days).scalar_one()
    assert n < every or first == today
    at = run_page("overview", role=Role.MANAGER)
    (tile,) = [one for one in at.metric if one.label == "Failed charges this month"]
    assert tile.value == money(amount or 0, "KRW")
    (params,) = [params for label, params in links(at) if params.get("kind") == "recurring"]
    assert params["state"] == "failed"


def test_a_month_that_is_not_closed_is_open(engine: Engine) -> None:
    month = previous_month(month_of_day(day_of(time.time())))
    at = run_page("overview")
    (tile,) = [one for one in at.metric if one.label == f"Closing of {month_name(month)}"]
    assert tile.value == "Open"
    assert ("To the closing", {"month": month_name(month)}) in links(at)


@pytest.mark.parametrize(("state", "n"), [(State.SENT, 1), (State.SUCCEEDED, 0)])
def test_a_refund_under_way_is_counted_and_opens(tmp_path: Path, state: State, n: int) -> None:
    engine = money_store(tmp_path)
    one = moved(engine, asked_by_other(engine), *([State.SENT, state] if state != State.SENT else [state]))
    at = run_page("overview", role=Role.SUPPORT)
    (tile,) = [one for one in at.metric if one.label == "Refunds under way"]
    assert tile.value == str(n)
    opened = [params for label, params in links(at) if label.startswith(str(one.imp_uid))]
    assert opened == [{"imp_uid": one.imp_uid}] * n


def test_refunds_under_way_are_all_of_them_whatever_else_is(tmp_path: Path) -> None:
    engine = money_store(tmp_path)
    asked = asked_by_other(engine)
    with writing(engine) as conn:
        row = dict(conn.execute(table(Operation).select()).one()._mapping)
        older = [
            {**row, "id": asked.id + n, "kind": kind, "asked_at": n}
            | {name: f"{kind}:{n}" for name in ("subject", "token", "merchant_uid")}
            for n, kind in enumerate(["charge"] * 60 + ["refund"] * 60, 1)
        ]
        conn.execute(table(Operation).insert(), older)
    (tile,) = [one for one in run_page("overview", role=Role.SUPPORT).metric if one.label == "Refunds under way"]
    assert tile.value == "61"


def test_home_says_when_the_number_of_payments_was_held_against_the_gateways(tmp_path: Path) -> None:
    engine, said = money_store(tmp_path), "As many payments as the gateway counts"
    with writing(engine) as conn:
        conn.exec_driver_sql("UPDATE sync_run SET drift = 0")
    assert said in texts(run_page("overview"))
    for wrong in ("drift = 1", "drift = 0, error = 'lost'"):
        with writing(engine) as conn:
            conn.exec_driver_sql(f"UPDATE sync_run SET {wrong}")
        assert said not in texts(run_page("overview"))


def test_yesterdays_refunds_of_a_part_have_a_link_of_their_own(tmp_path: Path) -> None:
    engine, today = money_store(tmp_path), day_of(time.time())
    noon = day_start(today - 1) + DAY // 2
    parts = [
        {"cancellation_id": f"c{n}", "pg_tid": f"t{n}", "amount": 1_000, "cancelled_at": noon + n, "reason": "x"}
        for n in range(2)
    ]
    whole = [{"cancellation_id": "c9", "pg_tid": "t9", "amount": 9_000, "cancelled_at": noon, "reason": "x"}]
    rows = [
        payment("imp_400000000001", noon - DAY, "paid", 9_000, refunds=parts, cancel_amount=2_000),
        payment("imp_400000000002", noon - DAY, "cancelled", 9_000, refunds=whole, cancel_amount=9_000),
    ]
    with writing(engine) as conn:
        upsert_payments(conn, rows, as_of=int(time.time() * 1000))
    found = [(words, params) for words, params in links(run_page("overview")) if params.get("part")]
    day = day_to_date(today - 1).isoformat()
    assert found == [("2 of parts", {"from": day, "to": day, "currency": "KRW", "part": "partial"})]
