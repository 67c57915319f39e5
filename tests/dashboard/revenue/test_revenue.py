"""Revenue on the screen: the kept figures, each with its rows, its table and its export."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.screens.revenue.moved_table import mrr_items
from dashboard.settings import Role
from dashboard.words.formats import money
from services.clock import day_of, day_to_date
from services.exports.csv_text import csv_text
from services.months import month_name, month_of_day, month_span, previous_month
from services.revenue.cohorts import cohorts
from services.revenue.figures import daily, figures
from services.revenue.insights import Topic, insights, mrr_insights, read_parts
from services.revenue.mrr import MrrMonth, mrr_months
from services.revenue.periods import Period
from services.revenue.splits import split, top_shares
from services.store.engine import reading, writing
from services.store.writes.payments import upsert_payments
from tests.worlds.screens.revenue_screens import links, use_store
from tests.worlds.screens.screens import COMES_BY_ITSELF, empty_store, filled_store, payment, run_page, texts

CHARTS = {
    "sales": {"revenue_days"},
    "subscriptions": {"mrr_waterfall", "mrr_months"},
    "cohorts": {"cohort_map"},
    "failures": {"fail_reasons", "refund_reasons", "recovered_chart"},
    "forecast": {"forecast_days", "backtest"},
}
"""What is drawn on each tab."""


@pytest.fixture
def engine(revenue_world: Engine) -> Engine:
    """The world's store as the dashboard's, whatever another test has set."""
    use_store(revenue_world)
    return revenue_world


def last_days(days: int) -> Period:
    today = day_of(time.time())
    return Period(today - days + 1, today)


def dates(period: Period) -> dict[str, str]:
    return {"from": day_to_date(period.from_day).isoformat(), "to": day_to_date(period.to_day).isoformat()}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_figures_are_the_kept_ones(engine: Engine, language: str) -> None:
    period = last_days(60)
    with reading(engine) as conn:
        now, before = figures(conn, period), figures(conn, period.before(period.to_day))
    at = run_page("revenue", language=language, query=dates(period))
    shown = [figure.value for figure in at.metric]
    assert shown[:3] == [money(amount, "KRW") for amount in (now.net, now.gross, now.refunds)]
    assert money(abs(now.gross - before.gross), "KRW") in at.metric[1].delta


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(("tab", "charts"), CHARTS.items())
def test_a_tab_draws_its_own_charts_and_nothing_else(engine: Engine, language: str, tab: str, charts: set[str]) -> None:
    at = run_page("revenue", language=language, query={"tab": tab} | dates(last_days(30)))
    drawn = at.get("plotly_chart")
    assert {chart.proto.id.rsplit("-", 1)[-1] for chart in drawn} == charts
    assert all(chart.proto.alt for chart in drawn)


@pytest.mark.parametrize("tab", ["subscriptions", "cohorts", "failures", "forecast"])
def test_a_tab_is_carried_by_the_address_and_shares_the_period(engine: Engine, tab: str) -> None:
    period = last_days(45)
    at = run_page("revenue", query={**dates(period), "tab": tab})
    assert at.session_state["revenue.tab"] == tab
    assert at.query_params["tab"] in (tab, [tab])
    at.button_group(key="revenue.tab").set_value("sales").run()
    with reading(engine) as conn:
        now = figures(conn, period)
    assert at.metric[0].value == money(now.net, "KRW")
    assert "tab" not in at.query_params


def test_yesterday_is_held_against_the_day_before(engine: Engine) -> None:
    day = day_of(time.time()) - 1
    at = run_page("revenue")
    at.selectbox(key="revenue.period").set_value("yesterday").run()
    with reading(engine) as conn:
        now, before = (figures(conn, Period(one, one)) for one in (day, day - 1))
    assert at.metric[0].value == money(now.net, "KRW")
    assert money(abs(now.net - before.net), "KRW") in at.metric[0].delta


def test_mrr_leads_to_the_subscriptions_that_make_it(engine: Engine) -> None:
    month = month_of_day(day_of(time.time()))
    with reading(engine) as conn:
        (now,) = mrr_months(conn, month, month)
    at = run_page("revenue", query={"tab": "subscriptions"})
    assert at.metric[0].value == money(now.mrr, "KRW")
    listed = run_page("subscriptions", query={"state": "counting"})
    tile = listed.button(key="tile_counting").label
    assert f"**{now.subscribers:,}**" in tile.replace("\\", "")
    assert money(now.mrr, "KRW") in tile


def figure_of(at: AppTest, key: str) -> dict[str, Any]:
    """A chart as Plotly gets it."""
    (chart,) = [one.proto for one in at.get("plotly_chart") if one.proto.id.endswith(f"-{key}")]
    drawn: dict[str, Any] = json.loads(chart.spec)
    return drawn


@pytest.mark.parametrize(("language", "unit"), [("en", ("K", "M")), ("ko", ("만", "억"))])
def test_an_axis_is_short_and_a_hover_is_exact(engine: Engine, language: str, unit: tuple[str, str]) -> None:
    period = last_days(30)
    with reading(engine) as conn:
        gross = [day.gross for day in daily(conn, period)]
    drawn = figure_of(run_page("revenue", language=language, query=dates(period)), "revenue_days")
    assert drawn["layout"]["yaxis"]["ticksuffix"] in unit
    assert drawn["data"][0]["customdata"] == [money(one, "KRW") for one in gross]


def test_no_chart_names_a_trace_by_its_number(engine: Engine) -> None:
    for tab, charts in CHARTS.items():
        at = run_page("revenue", query={"tab": tab} | dates(last_days(30)))
        for key in charts:
            for trace in figure_of(at, key)["data"]:
                assert "name" in trace or trace["hovertemplate"].endswith("<extra></extra>"), key


def test_a_day_that_runs_is_hatched_and_is_no_fall_of_the_line(engine: Engine) -> None:
    drawn = figure_of(run_page("revenue", query=dates(last_days(10))), "revenue_days")
    gross, _refunds, net, before = drawn["data"]
    assert gross["marker"]["pattern"]["shape"] == [""] * 9 + ["/"]
    assert (len(net["x"]), len(before["x"])) == (9, 10)
    said = [one["text"] for one in drawn["layout"]["annotations"]]
    assert sorted(said) == ["Net", "Net (previous)", "Today so far"]
    past = Period(last_days(20).from_day, last_days(10).from_day)
    drawn = figure_of(run_page("revenue", query=dates(past)), "revenue_days")
    assert "/" not in drawn["data"][0]["marker"]["pattern"]["shape"]
    assert "Today so far" not in [one["text"] for one in drawn["layout"]["annotations"]]


def test_a_cohort_has_its_size_and_the_month_that_runs_is_hatched(engine: Engine) -> None:
    today = day_of(time.time())
    month = month_of_day(today)
    with reading(engine) as conn:
        known = cohorts(conn, previous_month(month), month)
    drawn = figure_of(run_page("revenue", query={"tab": "cohorts"}), "cohort_map")
    told = drawn["layout"]["yaxis"]["ticktext"]
    assert told[-len(known) :] == [f"{month_name(one.month)} · {one.subscribers:,}" for one in known]
    hatched = [(one["x"][0] + 0.5, one["y"][0] + 0.5) for one in drawn["data"][1:]]
    # On the first days of a month nobody may have begun in it yet.
    newest = len(told) - 1 + (known[-1].month != month)
    assert hatched == [(newest - row, row) for row in range(len(told))]
    last = month_span(previous_month(month))
    drawn = figure_of(run_page("revenue", query={"tab": "cohorts"} | dates(Period(*last))), "cohort_map")
    assert len(drawn["data"]) == 1


def test_the_parts_of_a_month_come_to_its_middle(engine: Engine) -> None:
    at = run_page("revenue", query={"tab": "forecast"})
    table = next(one.value for one in at.dataframe if "Paid already" in one.value)
    parts = table["Paid already"] + table["Booked"] + table["Expected without a booking"]
    assert list(parts) == list(table["Middle"])
    assert len(table) == 4
    today = day_of(time.time())
    with reading(engine) as conn:
        paid = figures(conn, Period(month_span(month_of_day(today))[0], today)).recurring_gross
    # What subscriptions brought this month on the first tab too.
    assert list(table["Paid already"]) == [paid, 0, 0, 0]
    assert table["Low"][0] >= paid


def test_only_what_a_tab_goes_by_can_be_chosen_on_it(engine: Engine) -> None:
    chosen, both, period = {}, {"period", "against"}, {"period"}
    for tab in CHARTS:
        at = run_page("revenue", query={"tab": tab})
        chosen[tab] = {one.key.removeprefix("revenue.") for one in (*at.selectbox, *at.button_group)} & both
    assert chosen == {
        "sales": both, "subscriptions": period, "cohorts": period, "failures": both, "forecast": set()
    }  # fmt: skip


@pytest.mark.parametrize(("n", "begins"), [(62, None), (63, "week"), (216, "month")])
def test_many_days_stand_together_and_come_to_the_same(engine: Engine, n: int, begins: str | None) -> None:
    period = last_days(n)
    gross, *_others = figure_of(run_page("revenue", query=dates(period)), "revenue_days")["data"]
    days = [day_to_date(day) for day in range(period.from_day, period.to_day + 1)]
    names = {
        None: [day.isoformat() for day in days],
        "week": [day.isoformat() for day in days if day.weekday() == 0 or day == days[0]],
        "month": [f"{day:%Y-%m}" for day in days if day.day == 1 or day == days[0]],
    }
    assert gross["x"] == names[begins]
    with reading(engine) as conn:
        assert sum(int(words[1:].replace(",", "")) for words in gross["customdata"]) == figures(conn, period).gross


@pytest.mark.parametrize(("language", "bounds"), [("en", ["Low", "High", "Middle"]), ("ko", ["하한", "상한", "중간"])])
def test_the_bounds_of_a_forecast_have_names(engine: Engine, language: str, bounds: list[str]) -> None:
    at = run_page("revenue", language=language, query={"tab": "forecast"})
    assert [trace["name"] for trace in figure_of(at, "forecast_days")["data"]][:3] == bounds
    assert "P10" not in texts(at)


def test_the_table_behind_the_days_adds_up_to_the_figures(engine: Engine) -> None:
    period = last_days(30)
    at = run_page("revenue", query=dates(period))
    at.session_state["numbers_revenue_days"] = True
    with reading(engine) as conn:
        now = figures(conn, period)
    table = next(one.value for one in at.run().dataframe if "Of it subscriptions" in one.value)
    assert [int(table[name].sum()) for name in ("Gross", "Refunds", "Net")] == [now.gross, now.refunds, now.net]
    assert len(table) == 30


def test_another_split_shows_its_parts_and_all_of_the_gross(engine: Engine) -> None:
    period = last_days(60)
    with reading(engine) as conn:
        rows = top_shares(split(conn, "name", period))
    at = run_page("revenue", query=dates(period))
    at.button_group(key="revenue.by").set_value("name").run()
    table = next(one.value for one in at.dataframe if "Share of gross" in one.value)
    assert [int(amount) for amount in table["Gross"]] == [row.gross for row in rows]


def test_a_view_is_carried_by_the_address(engine: Engine) -> None:
    period = last_days(45)
    at = run_page("revenue", query={**dates(period), "against": "last_year"})
    assert at.query_params["against"] in ("last_year", ["last_year"])
    assert at.session_state["revenue.against"] == "last_year"
    with reading(engine) as conn:
        now, before = figures(conn, period), figures(conn, period.last_year())
    assert money(abs(now.net - before.net), "KRW") in at.metric[0].delta


@pytest.mark.parametrize("nonsense", ["2026-13-01", "x", "", "9999-12-31", "0001-01-01"])
def test_an_address_without_sense_is_taken_for_what_can_be_shown(engine: Engine, nonsense: str) -> None:
    at = run_page("revenue", query={"from": nonsense, "to": nonsense, "currency": "XXX", "against": "?"})
    assert at.metric


def test_more_than_two_years_are_refused_beside_the_field(engine: Engine) -> None:
    today = day_of(time.time())
    at = run_page("revenue", query=dates(Period(today - 800, today)))
    assert [one.value for one in at.error] == ["At most two years at once."]
    assert not at.metric


def test_won_comes_first_though_most_payments_are_in_dollars(tmp_path: Path) -> None:
    now = int(time.time())
    dollars = [payment(f"imp_{n}", now - n, "paid", 500, currency="USD", pg_provider="paypal_v2") for n in range(9)]
    with writing(filled_store(tmp_path)) as conn:
        upsert_payments(conn, dollars, as_of=now * 1000)
    assert "₩" in run_page("revenue").metric[0].value


def test_dollars_are_summed_apart(engine: Engine) -> None:
    period = last_days(200)
    with reading(engine) as conn:
        now = figures(conn, period, currency="USD")
    at = run_page("revenue", query={**dates(period), "currency": "USD"})
    assert at.metric[1].value == money(now.gross, "USD")
    assert now.gross


@pytest.mark.parametrize("language", ["en", "ko"])
def test_an_empty_store_says_what_to_do(tmp_path: Path, language: str) -> None:
    empty_store(tmp_path)
    at = run_page("revenue", language=language)
    assert COMES_BY_ITSELF[language] in texts(at)
    assert not at.metric


def test_days_without_anything_have_no_holes(tmp_path: Path) -> None:
    filled_store(tmp_path)
    today = day_of(time.time())
    query = dates(Period(today - 300, today - 290))
    assert "Nothing was paid in these days." in texts(run_page("revenue", query=query))
    at = run_page("revenue", query=query | {"tab": "failures"})
    assert "Nothing failed in these days." in texts(at)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SUPPORT, Role.FINANCE, Role.MANAGER])
def test_who_may_export_has_a_file_below_each_table(engine: Engine, role: Role) -> None:
    at = run_page("revenue", role=role, query=dates(last_days(30)))
    may = role in (Role.FINANCE, Role.MANAGER)
    assert bool(at.get("download_button")) == may


def test_a_small_table_is_guarded_like_the_large_exports() -> None:
    text = csv_text([("이름", "합계"), ("=1+1", 5), ("@SUM", None), ("사과, 배", -3)])
    assert text.startswith("\ufeff")
    assert text.removeprefix("\ufeff").splitlines() == ["이름,합계", "'=1+1,5", "'@SUM,", '"사과, 배",-3']


def test_what_moved_is_computed_from_the_figures(engine: Engine) -> None:
    period = last_days(30)
    month = previous_month(month_of_day(day_of(time.time())))  # of the one that runs nothing may have moved yet
    with reading(engine) as conn:
        now, before = figures(conn, period), figures(conn, period.before(period.to_day))
        found = {
            one.topic: one
            for one in insights(*(read_parts(conn, one) for one in (period, period.before(period.to_day))))
        }
        months = mrr_months(conn, previous_month(month), month)
        moved = {one.topic: one for one in mrr_insights(conn, months)}
        shares = [
            {row.value: row.gross for row in split(conn, "pg_provider", one)}
            for one in (period, period.before(period.to_day))
        ]
    assert (found[Topic.NET].now, found[Topic.NET].before) == (now.net, before.net)
    assert found[Topic.FAILURES].change == now.failures - before.failures
    changes = {pg: shares[0].get(pg, 0) - shares[1].get(pg, 0) for pg in shares[0] | shares[1]}
    assert abs(found[Topic.PG].change) == max(map(abs, changes.values()))
    assert found[Topic.PG].change == changes[found[Topic.PG].value]
    assert moved[Topic.MRR].change == months[1].mrr - months[0].mrr
    assert Topic.PLAN in moved


def test_nothing_is_said_where_nothing_moved(engine: Engine) -> None:
    long_ago = Period(10_000, 10_010)
    with reading(engine) as conn:
        assert insights(*(read_parts(conn, one) for one in (long_ago, long_ago.before(long_ago.to_day)))) == []


@pytest.mark.parametrize("tab", ["sales", "failures"])
def test_today_alone_is_seen_beside_a_whole_day_and_held_against_none(engine: Engine, tab: str) -> None:
    today = day_of(time.time())
    at = run_page("revenue", query=dates(Period(today, today)) | {"tab": tab})
    # A month's first day stands beside another month's.
    is_first = day_to_date(today).day == 1
    beside = month_span(previous_month(month_of_day(today)))[0] if is_first else today - 1
    with reading(engine) as conn:
        before = figures(conn, Period(beside, beside))
    values = {
        "sales": {"Net": money(before.net, "KRW"), "Gross": money(before.gross, "KRW")},
        "failures": {"Failed payments": f"{before.failures:,}", "Failed amount": money(before.failed_amount, "KRW")},
    }[tab]
    said = [one.value for one in at.caption]
    for label, value in values.items():
        (tile,) = [one for one in at.metric if one.label == label]
        assert not tile.delta
        assert f"all of {day_to_date(beside).isoformat()}: {value}" in said


def test_a_month_that_runs_is_held_against_nothing_in_the_table_of_what_moved_either(engine: Engine) -> None:
    month = month_of_day(day_of(time.time()))
    runs, over = (
        next(
            one.value
            for one in run_page("revenue", query=dates(Period(*month_span(of))) | {"tab": "subscriptions"}).dataframe
            if "Difference" in one.value
        ).set_index("Item")["Difference"]
        for of in (month, previous_month(month))
    )
    assert set(runs) == {"–"}
    assert over["New subscribers"] != "–"


def test_what_subscriptions_lost_in_price_rises_where_it_is_more(engine: Engine) -> None:
    now, before = MrrMonth(202611, 0, 0, contraction=-35_100), MrrMonth(202610, 0, 0, contraction=-16_000)
    (item,) = [one for one in mrr_items(now, before, (), "KRW", runs=False) if one.name == "Contraction"]
    assert (item.now, item.before) == ("₩35,100", "₩16,000")
    assert item.change
    assert item.change.words == "▲ ₩19,100 (+119.4%)"


def test_failures_show_those_of_billing_keys_as_home_does_and_lead_to_recovery(engine: Engine) -> None:
    at = run_page("revenue", query={"tab": "failures"})
    (tile,) = [one for one in at.metric if one.label == "Failed recurring payments"]
    (home,) = [
        one for one in run_page("overview", role=Role.MANAGER).metric if one.label == "Failed charges this month"
    ]
    assert tile.value == home.value
    assert "Recovery" in [name for name, _params in links(at)]
