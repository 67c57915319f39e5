"""The list of inferred subscriptions: newest first, page by page, by state, on both databases."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from services.exports.export import count_export, export
from services.mirror.sync import sync
from services.revenue.mrr import mrr_months
from services.store.engine import reading
from services.store.lists.subscriptions import (
    SubscriptionFilter,
    list_subscriptions,
    movements_of,
    state_totals,
)
from services.store.sql import fetch
from services.subscriptions.keep import refresh_chains
from services.tables.revenue import Movement, SubscriptionState
from tests.worlds.mirrors import make_gateway, make_sandbox

COUNTING = SubscriptionFilter(frozenset({SubscriptionState.ACTIVE, SubscriptionState.PAST_DUE}))


@pytest.fixture
def engine(store: Engine) -> Engine:
    sandbox, clock = make_sandbox(3, payments=2_000)
    clock.at += 1
    sync(make_gateway(sandbox, clock), store, full=True)
    refresh_chains(store, clock())
    return store


def kept(engine: Engine, columns: str, where: str = "1 = 1") -> Sequence[Any]:
    with reading(engine) as conn:
        return conn.exec_driver_sql(f"SELECT {columns} FROM subscription WHERE {where}").fetchall()


def test_all_pages_together_are_every_subscription_once_newest_first(engine: Engine) -> None:
    found: list[tuple[int, str]] = []
    before = None
    with reading(engine) as conn:
        while not found or before:
            page = list_subscriptions(conn, SubscriptionFilter(), before=before, limit=7)
            found += [(row.since, row.customer_uid) for row in page.rows]
            before = page.older
    assert found == sorted(((since, uid) for since, uid in kept(engine, "since, customer_uid")), reverse=True)
    assert len(found) > 30


def test_a_state_lists_what_its_total_says_and_those_that_count_are_mrr(engine: Engine) -> None:
    with reading(engine) as conn:
        totals = state_totals(conn)
        (now,) = mrr_months(conn, 203_012, 203_012)
        for total in totals:
            rows = list_subscriptions(conn, SubscriptionFilter(frozenset({total.state})), limit=10_000).rows
            mine = [row for row in rows if not row.sandbox and row.currency == total.currency]
            assert (len(mine), sum(row.monthly for row in mine)) == (total.subscriptions, total.monthly)
            assert {row.state for row in rows} == {total.state}
        counting = [one for one in totals if one.state in COUNTING.states and one.currency == "KRW"]
    assert sum(one.monthly for one in counting) == now.mrr
    assert sum(one.subscriptions for one in counting) == now.subscribers
    assert {one.state for one in totals} >= {SubscriptionState.ACTIVE, SubscriptionState.ENDED}


def test_a_row_says_what_it_is_inferred_from_and_its_movements_add_up_to_its_price(engine: Engine) -> None:
    with reading(engine) as conn:
        for row in list_subscriptions(conn, SubscriptionFilter(), limit=60).rows:
            assert len(row.evidence) >= 2
            assert list(row.evidence) == sorted(row.evidence)
            counts = row.monthly if row.state in COUNTING.states else 0
            assert sum(one.amount for one in movements_of(conn, row.customer_uid)) == counts
            assert (row.churn is not None) == (row.state == SubscriptionState.ENDED) == (row.ended_at is not None)


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_the_export_has_the_rows_of_the_list(engine: Engine, fmt: str, tmp_path: Path) -> None:
    chosen = SubscriptionFilter(frozenset({SubscriptionState.ENDED}))
    with reading(engine) as conn:
        rows = list_subscriptions(conn, chosen, limit=10_000).rows
    data = b"".join(export(engine, "subscriptions", chosen, fmt=fmt, labels=None, with_buyers=True))
    lines = _cells(data, fmt, tmp_path)
    assert count_export(engine, "subscriptions", chosen) == len(rows) == len(lines) - 1
    at = lines[0].index("customer_uid")
    assert [line[at] for line in lines[1:]] == [row.customer_uid for row in rows]
    sure = lines[0].index("confidence_percent")
    assert [int(line[sure]) for line in lines[1:]] == [round(100 * row.confidence) for row in rows]
    without = b"".join(export(engine, "subscriptions", chosen, fmt="csv", labels=None, with_buyers=False))
    assert not set(_cells(without, "csv", tmp_path)[0]) & {"customer_name", "customer_tel", "customer_email"}


def _cells(data: bytes, fmt: str, folder: Path) -> list[list[str]]:
    import csv
    import io

    from openpyxl import load_workbook

    if fmt == "csv":
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    file = folder / "list.xlsx"
    file.write_bytes(data)
    return [[str(cell or "") for cell in row] for row in load_workbook(file).active.iter_rows(values_only=True)]


def test_who_ended_in_a_month_stands_by_the_day_of_it_page_by_page_and_in_the_file(
    engine: Engine, tmp_path: Path
) -> None:
    with reading(engine) as conn:
        sql = "SELECT month FROM mrr_movement WHERE kind = 'churn' AND NOT sandbox GROUP BY 1 ORDER BY count(*) DESC, 1"
        chosen = SubscriptionFilter(month=conn.exec_driver_sql(sql).scalars().all()[0], moved=Movement.CHURN)
        sql = (
            "SELECT p.customer_uid FROM subscription p JOIN mrr_movement m ON m.customer_uid = p.customer_uid "
            "WHERE m.kind = 'churn' AND m.month = ? AND NOT m.sandbox "
            "ORDER BY coalesce(p.ended_at, 0) DESC, p.customer_uid DESC"
        )
        ended = [row[0] for row in fetch(conn, sql, (chosen.month,))]
        page = list_subscriptions(conn, chosen, limit=2)
        shown = [row.customer_uid for row in page.rows]
        while page.older:
            page = list_subscriptions(conn, chosen, before=page.older, limit=2)
            shown += [row.customer_uid for row in page.rows]
    assert shown == ended
    assert len(ended) > 2
    data = b"".join(export(engine, "subscriptions", chosen, fmt="csv", labels=None, with_buyers=True))
    heads, *lines = _cells(data, "csv", tmp_path)
    assert [line[heads.index("customer_uid")] for line in lines] == ended
