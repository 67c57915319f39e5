"""A figure opens exactly the rows that it counts: every link of every page of figures is followed, and both counted."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.words.formats import money
from services.clock import day_of, day_start, day_to_date
from services.revenue.figures import figures
from services.revenue.periods import Period
from services.store.engine import reading, writing
from services.store.lists.filters import PaymentFilter
from services.store.lists.totals import filter_totals
from services.store.writes.payments import PaymentWrite, upsert_payments
from tests.worlds.screens.revenue_screens import use_store
from tests.worlds.screens.screens import filled_store, payment, run_page, texts

LISTS = ("payments", "refunds", "subscriptions", "schedules", "recovery", "radar", "billing_keys")
_AMOUNT = re.compile(r"-?₩[\d,]+")
_COUNT = re.compile(r"[\d,]+")


class Link(NamedTuple):
    """What a link says, what stands in its box, and where it leads."""

    label: str
    beside: str
    page: str
    params: dict[str, str]


@pytest.fixture
def engine(revenue_world: Engine) -> Engine:
    """The world's store as the dashboard's, whatever another test has set."""
    use_store(revenue_world)
    return revenue_world


def figure_links(at: AppTest) -> list[Link]:
    """Every link to a list, with the words and figures of the box that it stands in."""
    found = []
    for block in blocks(at.main):
        children = list(block.children.values())
        said = [str(one.value) for one in children if one.type in ("metric", "markdown")]
        for proto in (one.proto for one in children if one.type == "page_link"):
            query = {name: value[0] for name, value in parse_qs(proto.query_string).items()}
            page = proto.page.rsplit("/", 1)[-1]
            if page in LISTS and query:
                found.append(Link(proto.label, plain(" ".join(said)), page, query))
    return found


def blocks(block: Any) -> Iterator[Any]:
    yield block
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from blocks(child)


def plain(text: str) -> str:
    return text.replace("\\", "").replace("*", "")


def counted(at: AppTest, page: str) -> int:
    """How many rows a list says that it has; it shows as many, up to a page."""
    said = plain(texts(at))
    if page in ("payments", "refunds"):
        matches = re.findall(rf"([\d,]+) {page[:-1]}s?\b", said)
        n = number(matches[0]) if matches else 0
    elif page == "subscriptions":
        n = number(re.findall(r"· ([\d,]+)(?: ·|\n)", said)[0])
    else:
        n = sum(number(plain(one.label).split(" ")[-1]) for one in at.button if one.key.startswith("tile_"))
    tables = [one.value for one in at.dataframe]
    assert min(n, 50) == (len(tables[0]) if tables else 0)
    return n


def number(text: str) -> int:
    return int(text.replace(",", ""))


def followed(link: Link) -> None:
    """The list behind a link has the number, or the sum, that stands there."""
    at = run_page(link.page, query=link.params)
    assert not at.exception, link
    shown = plain(texts(at))
    if link.page in ("recovery", "radar", "schedules"):
        (told, *_rest) = _COUNT.findall(link.beside.split(" ", 1)[1])
        assert len(at.dataframe[0].value) == min(number(told), 50), link
    elif (count := _COUNT.match(link.label)) is not None:
        assert counted(at, link.page) == number(count[0]), link
    elif (count := re.search(r"([\d,]+) (?:payments?|subscriptions?)\b", link.beside)) is not None:
        assert counted(at, link.page) == number(count[1]), link
    else:
        (amount, *_others) = _AMOUNT.findall(link.label) or _AMOUNT.findall(link.beside)
        assert amount in _AMOUNT.findall(shown), link


@pytest.mark.parametrize(
    ("screen", "tab", "least"),
    [("overview", "", 6), ("revenue", "sales", 3), ("revenue", "subscriptions", 2), ("revenue", "failures", 2)],
)
def test_every_figure_opens_the_rows_that_it_counts(engine: Engine, screen: str, tab: str, least: int) -> None:
    found = figure_links(run_page(screen, query=two_months(tab) if tab else None))
    assert len(found) >= least, "nothing leads nowhere: what happened not at all today has no link"
    for link in found:
        # Without a state a list of payments holds what failed and what nobody paid too.
        assert link.page != "payments" or "state" in link.params, link
        followed(link)


def two_months(tab: str) -> dict[str, str]:
    today = day_of(time.time())
    return {"tab": tab, "from": day_to_date(today - 59).isoformat(), "to": day_to_date(today).isoformat()}


def clicked(query: dict[str, str], table: str, row: int) -> AppTest:
    """What a click on a row of a table of Revenue leads to."""
    at = run_page("revenue", query=query)
    at.session_state[table] = {"selection": {"rows": [], "columns": [], "cells": [(row, "any")]}}
    return at.run()


@pytest.mark.parametrize("tab", ["sales", "subscriptions"])
def test_every_line_of_what_moved_opens_the_rows_that_it_counts(engine: Engine, tab: str) -> None:
    query, key = two_months(tab), "moved_sales" if tab == "sales" else "moved_mrr"
    table = next(one.value for one in run_page("revenue", query=query).dataframe if "Difference" in one.value)
    opened = []
    for place, line in enumerate(table.to_dict("records")):
        at = clicked(query, key, place)
        if at.title[0].value == "Revenue":
            continue
        opened.append(line["Item"].partition(":")[0])
        said = plain(texts(at))
        if line["Item"] == "Average order":
            n, gross = counted(at, "payments"), max(map(number, re.findall(r"₩([\d,]+)", said)))
            assert number(line["Now"].removeprefix("₩")) == round(gross / n)
        elif re.match("-?₩", line["Now"]):
            assert line["Now"] in _AMOUNT.findall(said), line
        else:
            # A plan's line has its won there, and how many it counts beside its name.
            n = number(_COUNT.findall(line["Item" if "₩" in line["Now"] else "Now"])[-1])
            assert counted(at, at.title[0].value.lower()) == n, line
    # No list is narrowed by a product or a reason.
    assert opened[:5] == (
        ["Subscription revenue", "One-off revenue", "Average order", "Failed payments", "PG"]
        if tab == "sales"
        else ["New subscribers", "Came back", "Ended", *opened[3:4]]
    )


@pytest.mark.parametrize("by", ["pg_provider", "pay_method"])
def test_every_part_of_gross_opens_its_payments(engine: Engine, by: str) -> None:
    query = two_months("sales") | {"by": by}
    table = next(one.value for one in run_page("revenue", query=query).dataframe if "Share of gross" in one.value)
    for place, n in enumerate(table["Payments made"]):
        assert counted(clicked(query, f"table_shares_{by}", place), "payments") == n


def test_a_net_is_of_two_figures_that_open_their_rows_and_says_so(engine: Engine) -> None:
    """No list holds exactly what it counts: payments of these days, and refunds of earlier ones too."""
    yesterday = day_of(time.time()) - 1
    week = {"from": day_to_date(yesterday - 6).isoformat(), "to": day_to_date(yesterday).isoformat()}
    boxes = [list(block.children.values()) for block in blocks(run_page("revenue", query=week).main)]
    net, gross, refunds, *_others = [box for box in boxes if box and box[0].type == "metric"]
    told = [number(plain(box[0].value).removeprefix("₩")) for box in (net, gross, refunds)]
    assert told[0] == told[1] - told[2]
    assert [one.value for one in net[1:]] == ["Gross less refunds"]
    assert [box[1].proto.page for box in (gross, refunds)] == ["payments", "refunds"]


def test_yesterdays_sales_are_the_same_on_payments_and_on_revenue(engine: Engine) -> None:
    yesterday = day_of(time.time()) - 1
    for day in range(yesterday - 20, yesterday + 1):
        with reading(engine) as conn:
            sums = figures(conn, Period(day, day))
            total = filter_totals(conn, PaymentFilter(from_day=day, to_day=day, currency="KRW"))
            assert total is not None
            told = [(one.payments, one.gross, one.refunds, one.net) for one in total]
            assert told == [(sums.payments, sums.gross, sums.refunds, sums.net)], day
    date = day_to_date(yesterday).isoformat()
    at = run_page("payments", query={"from": date, "to": date, "currency": "KRW"})
    with reading(engine) as conn:
        sums = figures(conn, Period(yesterday, yesterday))
    said = plain(texts(at))
    for amount in (sums.gross, sums.refunds, sums.net):
        assert money(amount, "KRW") in said


def refunded(number: int, at: int, amount: int) -> PaymentWrite:
    entry = {"cancellation_id": f"c{number}", "amount": amount, "cancelled_at": at + 60, "reason": "단순 변심"}
    more = {"refunds": [entry], "cancel_amount": amount}
    return payment(f"imp_10000000000{number}", at, "paid", 30_000, **more)


def week_after_week(folder: Path, before: int, now: int) -> AppTest:
    """Revenue of the last seven days, by what was refunded in the week before and in them."""
    today = day_of(time.time())
    rows = [refunded(81, day_start(today - 8) + 3_600, before), refunded(82, day_start(today - 1) + 3_600, now)]
    with writing(filled_store(folder)) as conn:
        upsert_payments(conn, rows, as_of=int(time.time() * 1000))
    query = {"from": day_to_date(today - 7).isoformat(), "to": day_to_date(today - 1).isoformat()}
    return run_page("revenue", query=query)


def test_refunds_that_fell_are_told_as_fallen_in_tile_and_line_alike(tmp_path: Path) -> None:
    at = week_after_week(tmp_path, 25_000, 1_000)
    tiles = {one.label: one for one in at.metric}
    assert (tiles["Refunds"].value, tiles["Refunds"].delta) == ("₩1,000", "▼ ₩24,000 (−96.0%)")
    # Streamlit's colours of a change: what falls and should, is green.
    assert tiles["Refunds"].proto.color == tiles["Refunds"].proto.MetricColor.GREEN
    reason = next(line for line in at.dataframe[0].value.to_dict("records") if line["Item"].startswith("Refund reason"))
    assert (reason["Now"], reason["Difference"]) == ("₩1,000", "▼ ₩24,000 (−96.0%)")


def test_a_rate_that_did_not_move_shows_no_change(tmp_path: Path) -> None:
    (rate,) = [one for one in week_after_week(tmp_path, 10_000, 10_001).metric if one.label == "Refund rate"]
    assert (rate.value, rate.delta) == ("33.3%", "No change")
    assert rate.proto.color == rate.proto.MetricColor.GRAY


def test_sales_that_fell_are_not_red(tmp_path: Path) -> None:
    """Red is for refunds and failures."""
    today = day_of(time.time())
    amounts = ((today - 8, 30_000), (today - 1, 20_000))
    rows = [payment(f"imp_1000000000{day}", day_start(day) + 3_600, "paid", amount) for day, amount in amounts]
    with writing(filled_store(tmp_path)) as conn:
        upsert_payments(conn, rows, as_of=int(time.time() * 1000))
    query = {"from": day_to_date(today - 1).isoformat(), "to": day_to_date(today - 1).isoformat()}
    at = run_page("revenue", query=query)
    colors = {one.label: one.proto.color for one in at.metric}
    assert at.metric[1].delta.startswith(("▲", "▼"))
    assert at.metric[1].proto.MetricColor.RED not in (colors["Net"], colors["Gross"])


@pytest.mark.parametrize(("query", "net"), [({}, True), ({"state": "cancelled"}, False), ({"state": "paid"}, False)])
def test_payments_of_one_state_have_no_net_since_refunds_of_the_days_are_of_others(
    tmp_path: Path, query: dict[str, str], net: bool
) -> None:
    filled_store(tmp_path)
    shown = texts(run_page("payments", query=query))
    assert ("= net " in shown, "whenever it was paid" in shown) == (net, not net)
