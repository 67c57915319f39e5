"""The odd world mirrored: every planted row is accounted for, and the figures are those of a careful reader."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine

from services.clock import day_of
from services.exports.query import source_of
from services.mirror.sync import SyncResult, sync
from services.months import months_between
from services.revenue.figures import daily
from services.revenue.mrr import mrr_months
from services.revenue.periods import Period
from services.sandbox.sandbox import Sandbox
from services.sandbox.world.odd import Planted, plant
from services.store.engine import reading
from services.store.lists.filters import PaymentFilter
from services.store.lists.refunds import search_refunds
from services.store.sql import fetch
from services.subscriptions.keep import refresh_chains
from tests.worlds.mirrors import make_gateway, make_sandbox
from tests.worlds.sandboxes import UNTIL, MovingClock
from tests.worlds.stores import new_store

DAYS = 400
CHARGE_AT_REGISTRATION = {"kakaopay", "danal", "mobilians", "mobilians_v2", "settle_acc", "paymentwall"}
BY_PHONE = {"galaxia", "welcome"}
MINOR = {"KRW": 0, "USD": 2, "KWD": 3}


@pytest.fixture(scope="module")
def world() -> tuple[Sandbox, MovingClock, list[Planted]]:
    sandbox, clock = make_sandbox(4, payments=1_500, days=DAYS)
    return sandbox, clock, plant(sandbox.world, UNTIL)


@pytest.fixture(scope="module")
def mirrored(
    world: tuple[Sandbox, MovingClock, list[Planted]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Engine, SyncResult]:
    sandbox, clock, _planted = world
    engine = new_store(tmp_path_factory.mktemp("odd") / "odd.db")
    clock.at = UNTIL + 1
    result = sync(make_gateway(sandbox, clock), engine, full=True)
    refresh_chains(engine, clock())
    return engine, result


def charged(row: dict[str, object]) -> bool:
    """Whether a payment took money: an ordinary one did; of registrations those of PGs that charge at once."""
    if row["customer_uid_usage"] != "issue":
        return True
    pg = row["pg_provider"]
    return pg in CHARGE_AT_REGISTRATION or (pg in BY_PHONE and row["pay_method"] == "phone")


def recount(sandbox: Sandbox, planted: list[Planted], currency: str) -> dict[int, Counter[str]]:
    """Every Seoul day's sums: of ordinary rows by their own words, of odd ones by what was planted."""
    found: dict[int, Counter[str]] = {}

    def add(at: int, **sums: int) -> None:
        found.setdefault((at + 9 * 3600) // 86_400, Counter()).update(sums)

    odd = {one.uid for one in planted}
    for uid, row in sandbox.world.payments.items():
        if uid in odd or row["sandbox"] or row["currency"] != currency or not row["paid_at"] or not charged(row):
            continue
        add(row["paid_at"], payments=1, gross=int(row["amount"] * 10 ** MINOR[currency]))
        for one in row["cancel_history"]:
            add(one["cancelled_at"], refunds=int(one["amount"] * 10 ** MINOR[currency]))
    for one in planted:
        if one.kind == "payment" and one.readable and one.currency == currency and one.gross:
            add(one.paid_at, payments=1, gross=one.gross)
            for at, amount in one.refunds:
                add(at, refunds=amount)
    return found


def test_every_planted_row_is_stored_or_named(
    world: tuple[Sandbox, MovingClock, list[Planted]], mirrored: tuple[Engine, SyncResult]
) -> None:
    sandbox, _clock, planted = world
    engine, result = mirrored
    with reading(engine) as conn:
        stored = {
            "payment": {row[0] for row in conn.exec_driver_sql("SELECT imp_uid FROM payment")},
            "schedule": {row[0] for row in conn.exec_driver_sql("SELECT merchant_uid FROM schedule")},
            "billing_key": {
                row[0] for row in conn.exec_driver_sql("SELECT customer_uid FROM billing_key WHERE checked_at > 0")
            },
        }
        unreadable = {tuple(row) for row in conn.exec_driver_sql("SELECT kind, uid FROM unreadable_row")}
    for one in planted:
        assert (one.uid in stored[one.kind]) == one.readable, one
        assert ((one.kind, one.uid) in unreadable) != one.readable, one
    assert len(stored["payment"]) + len([kind for kind, _uid in unreadable if kind == "payment"]) == len(
        sandbox.world.payments
    )
    assert result.unreadable == len(unreadable) == len([one for one in planted if not one.readable])


@pytest.mark.parametrize("currency", MINOR)
def test_every_day_is_what_an_independent_recount_says(
    world: tuple[Sandbox, MovingClock, list[Planted]], mirrored: tuple[Engine, SyncResult], currency: str
) -> None:
    sandbox, _clock, planted = world
    today = day_of(UNTIL)
    with reading(mirrored[0]) as conn:
        kept = daily(conn, Period(today - DAYS - 1, today + 1), currency=currency)
    truth = recount(sandbox, planted, currency)
    assert truth
    assert truth.keys() <= {day.day for day in kept}
    for day in kept:
        sums = truth.get(day.day, Counter())
        assert (day.payments, day.gross, day.refunds) == (sums["payments"], sums["gross"], sums["refunds"]), day
        assert day.net == sums["gross"] - sums["refunds"]


@pytest.mark.parametrize("currency", MINOR)
def test_every_refund_that_is_counted_is_listed(
    world: tuple[Sandbox, MovingClock, list[Planted]], mirrored: tuple[Engine, SyncResult], currency: str
) -> None:
    sandbox, _clock, planted = world
    truth = Counter[str]()
    for sums in recount(sandbox, planted, currency).values():
        truth += sums
    with reading(mirrored[0]) as conn:
        chosen = PaymentFilter(currency=currency)
        rows = search_refunds(conn, chosen, limit=1_000).rows
        exported = source_of(conn, "refunds", chosen)
        sql = f"SELECT sum(c.amount) FROM {exported.source} WHERE {exported.where}"
        assert sum(row.amount for row in rows) == truth["refunds"]
        assert (fetch(conn, sql, exported.values)[0][0] or 0) == truth["refunds"]


def test_odd_rows_move_mrr_by_the_one_subscriber_among_them(
    mirrored: tuple[Engine, SyncResult], tmp_path: Path
) -> None:
    plain, clock = make_sandbox(4, payments=1_500, days=DAYS)
    clock.at = UNTIL + 1
    engine = new_store(tmp_path / "plain.db")
    sync(make_gateway(plain, clock), engine, full=True)
    refresh_chains(engine, clock())
    months = months_between(202601, 202609)
    with reading(engine) as conn, reading(mirrored[0]) as odd:
        without = {month.month: month.mrr for month in mrr_months(conn, months[0], months[-1])}
        with_odd = {month.month: month.mrr for month in mrr_months(odd, months[0], months[-1])}
    # It began 49 days before 2026-09-21, on 2026-08-03: it counts at the end of August, and now.
    assert {month: with_odd[month] - without[month] for month in months if with_odd[month] != without[month]} == {
        202608: 5_900,
        202609: 5_900,
    }
