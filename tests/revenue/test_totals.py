"""Kept revenue against the rows: every day of the sandbox's world, and any changes in any order."""

import random
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from services.clock import DAY, date_to_day, day_of, day_start
from services.mirror.sync import sync
from services.revenue.bridge import Side, bridge, bridge_rows
from services.revenue.figures import daily, figures
from services.revenue.periods import Period
from services.revenue.splits import reasons, split, top_reasons, top_shares
from services.sandbox.sandbox import Sandbox
from services.store.engine import reading, writing
from services.store.lists.totals import DayTotal
from services.store.writes.keys import mark_billing_keys_deleted
from services.store.writes.payments import PaymentWrite, upsert_payments
from services.store.writes.schedules import upsert_schedules
from services.subscriptions.keep import refresh_chains
from services.tables.revenue import Split, What
from tests.worlds.mirrors import Stores, make_gateway, make_sandbox
from tests.worlds.recount import totals_kept, totals_recounted
from tests.worlds.revenue_recount import (
    forget_subscriptions,
    revenue_kept,
    revenue_recounted,
    subscriptions_kept,
)
from tests.worlds.rows.payment_rows import fill, mixed
from tests.worlds.screens.screens import payment, schedule
from tests.worlds.seeds import seeds

DAYS = 400


def world_days(sandbox: Sandbox, currency: str) -> dict[int, Counter[str]]:
    """Every Seoul day's sums from the world's own rows, test rows and registrations left out."""
    found: dict[int, Counter[str]] = {}
    cents = 100 if currency == "USD" else 1
    for _uid, row in sandbox.world.payments.items():
        if row["sandbox"] or row["customer_uid_usage"] == "issue" or row["currency"] != currency:
            continue
        if row["paid_at"]:
            sums = found.setdefault((row["paid_at"] + 9 * 3600) // DAY, Counter())
            sums.update(payments=1, gross=int(row["amount"] * cents))
        for one in row["cancel_history"]:
            sums = found.setdefault((one["cancelled_at"] + 9 * 3600) // DAY, Counter())
            sums.update(refund_count=1, refunds=int(one["amount"] * cents))
    return found


@pytest.mark.parametrize("currency", ["KRW", "USD"])
def test_gross_refunds_and_net_of_every_day_are_what_the_world_adds_up_to(tmp_path: Path, currency: str) -> None:
    sandbox, clock = make_sandbox(1, payments=6_000, days=DAYS)
    today = day_of(clock())
    with Stores(tmp_path).new() as engine:
        clock.at += 1
        sync(make_gateway(sandbox, clock), engine, full=True)
        with reading(engine) as conn:
            kept = daily(conn, Period(today - DAYS - 1, today), currency=currency)
            whole = figures(conn, Period(today - DAYS - 1, today), currency=currency)
    truth = world_days(sandbox, currency)
    assert truth.keys() <= {day.day for day in kept}
    assert len([day for day in kept if day.gross]) > (300 if currency == "KRW" else 20)
    for day in kept:
        sums = truth.get(day.day, Counter())
        assert (day.payments, day.gross, day.refund_count, day.refunds) == tuple(
            sums[name] for name in ("payments", "gross", "refund_count", "refunds")
        )
        assert day.net == sums["gross"] - sums["refunds"]
    assert (whole.gross, whole.refunds) == tuple(
        sum(getattr(day, name) for day in kept) for name in ("gross", "refunds")
    )


def test_a_payment_belongs_to_its_day_in_korea_to_the_second_and_a_leap_day_is_a_day(store: Engine) -> None:
    leap = date_to_day(date(2028, 2, 29))
    at = day_start(leap)
    later = {"cancellation_id": "c", "amount": 300, "cancelled_at": day_start(leap + 40), "reason": "파손"}
    fill(
        store,
        [
            payment("imp_1", at - 1, "paid", 1_000),
            payment("imp_2", at, "paid", 2_000, refunds=[later], cancel_amount=300),
            payment("imp_3", at + DAY - 1, "paid", 4_000),
            payment("imp_4", at + DAY, "paid", 8_000),
            payment("imp_5", at, "paid", 1_050, currency="USD"),
            payment("imp_6", at, "paid", 16_000, sandbox=True),
            payment("imp_7", at, "paid", 32_000, customer_uid="key", customer_uid_usage="issue"),
        ],
    )
    with reading(store) as conn:
        assert [day.gross for day in daily(conn, Period(leap - 1, leap + 1))] == [1_000, 6_000, 8_000]
        assert daily(conn, Period(leap + 40, leap + 40)) == [DayTotal(day=leap + 40, refund_count=1, refunds=300)]
        assert [day.gross for day in daily(conn, Period(leap, leap), currency="USD")] == [1_050]
        february = Period(date_to_day(date(2028, 2, 1)), leap)
        assert (figures(conn, february).gross, february.days) == (7_000, 29)


class Shop:
    """Payments, bookings and keys that change at random, through the store's own writes."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine, self.chance = engine, random.Random(seed)
        self.writes = mixed(300, seed=seed)
        self.now = max(write.values["started_at"] for write in self.writes) + 60 * DAY
        self.as_of = self.now * 1000
        self.store(self.writes)
        self.bookings: list[dict[str, Any]] = []

    def store(self, writes: list[PaymentWrite]) -> None:
        self.as_of += 1
        with writing(self.engine) as conn:
            upsert_payments(conn, writes, as_of=self.as_of)

    def change(self) -> None:
        self.chance.choice(
            (
                self.refund,
                self.refund,
                self.sell,
                self.sell,
                self.charge,
                self.charge,
                self.rename,
                self.book,
                self.revoke,
                self.delete,
                self.fail_then_pay,
                self.reread,
            )
        )()

    def refund(self) -> None:
        at = self.chance.randrange(len(self.writes))
        write = self.writes[at]
        left = write.values["amount"] - write.values["cancel_amount"]
        if not write.values["paid_at"] or left <= 0:
            return
        amount = left if self.chance.random() < 0.4 else self.chance.randrange(1, left + 1)
        when = self.now - self.chance.randrange(50 * DAY)
        entry = {
            "cancellation_id": f"n{self.as_of}",
            "amount": amount,
            "cancelled_at": when,
            "reason": self.chance.choice(("변심", None, "파손")),
        }
        whole = {"status": "cancelled", "cancelled_at": when} if amount == left else {}
        values = (
            write.values | {"cancel_amount": write.values["cancel_amount"] + amount, "cancel_reason": "변심"} | whole
        )
        self.put(at, PaymentWrite(values, [*write.cancellations, entry], self.chance.randbytes(8)))

    def put(self, at: int, write: PaymentWrite) -> None:
        self.writes[at] = write
        self.store([write])

    def sell(self) -> None:
        self.add(self.chance.randrange(200 * DAY), "paid", self.chance.randrange(100, 90_000))

    def charge(self) -> None:
        """On one of a few keys, mostly on its day of the month, at its price."""
        key = self.chance.randrange(6)
        on_time = 0 if self.chance.random() < 0.8 else self.chance.randrange(3 * DAY)
        back = self.chance.randrange(8) * 30 * DAY + key * DAY + on_time
        price = 9_900 + 1_000 * self.chance.randrange(2) * key
        own = {"customer_uid": f"key_{key}", "customer_uid_usage": "payment.scheduled", "name": f"구독 {key}"}
        self.add(back, "failed" if self.chance.random() < 0.2 else "paid", price, **own)

    def add(self, back: int, status: str, amount: int, **own: Any) -> None:
        write = payment(f"imp_9{self.as_of}", self.now - back, status, amount, **own)
        self.writes.append(write)
        self.store([write])

    def rename(self) -> None:
        at = self.chance.randrange(len(self.writes))
        name = self.chance.choice(("사과 외 2건", "사과 외 11건", "배", None, "x" * 300))
        self.put(
            at,
            self.writes[at]._replace(values=self.writes[at].values | {"name": name}, digest=self.chance.randbytes(8)),
        )

    def fail_then_pay(self) -> None:
        """A failure of PayPal's that was paid after all; its failed_at goes."""
        at = self.chance.randrange(len(self.writes))
        values = self.writes[at].values
        if values["status"] == "failed":
            paid = {"status": "paid", "paid_at": values["failed_at"] + 60, "failed_at": 0, "fail_reason": None}
            self.put(at, PaymentWrite(values | paid, [], self.chance.randbytes(8)))

    def book(self) -> None:
        key = self.chance.randrange(6)
        row = schedule(self.now, merchant_uid=f"sub{self.as_of}", customer_uid=f"key_{key}", amount=9_900)
        self.bookings.append(row)
        self.store_booking(row)

    def revoke(self) -> None:
        if self.bookings:
            row = self.chance.choice(self.bookings)
            row |= {"schedule_status": "revoked", "revoked_at": self.now - self.chance.randrange(9 * DAY)}
            self.store_booking(row)

    def store_booking(self, row: dict[str, Any]) -> None:
        self.as_of += 1
        with writing(self.engine) as conn:
            upsert_schedules(conn, [row], as_of=self.as_of)

    def delete(self) -> None:
        with writing(self.engine) as conn:
            mark_billing_keys_deleted(conn, [f"key_{self.chance.randrange(6)}"], at=self.now)

    def reread(self) -> None:
        self.store(self.chance.sample(self.writes, 20))


def test_what_is_kept_equals_a_full_recomputation_after_any_changes(store: Engine) -> None:
    shop = Shop(store, seed=7)
    for number in range(seeds(10_000, least=400)):
        shop.change()
        if shop.chance.random() < 0.05:
            refresh_chains(store, shop.now)
        if number % 2_500 == 0:
            assert revenue_kept(store) == revenue_recounted(store)
    refresh_chains(store, shop.now)
    assert revenue_kept(store) == revenue_recounted(store)
    assert totals_kept(store) == totals_recounted(store)
    kept = subscriptions_kept(store)
    assert len(kept["mrr_movement"]) > 5
    forget_subscriptions(store)
    refresh_chains(store, shop.now)
    assert subscriptions_kept(store) == kept


def test_both_time_bases_reconcile_and_each_item_has_its_rows(store: Engine) -> None:
    fill(store, mixed(600))
    months = {202500}
    with reading(store) as conn:
        months = {row[0] for row in conn.exec_driver_sql("SELECT month FROM bridge_total")}
        items = 0
        for month in months:
            for one in bridge(conn, month):
                assert one.by_event.amount - one.elsewhere.amount + one.from_elsewhere.amount == one.by_status.amount
                for side, told in ((Side.ELSEWHERE, one.elsewhere), (Side.FROM_ELSEWHERE, one.from_elsewhere)):
                    rows = bridge_rows(conn, month, one.what, side, limit=1_000)
                    paged, after = [], None
                    while page := bridge_rows(conn, month, one.what, side, after=after, limit=3):
                        paged += page
                        after = (page[-1].at, page[-1].imp_uid, page[-1].seq)
                    assert paged == rows
                    assert (len(rows), sum(row.amount for row in rows)) == (told.rows, told.amount)
                    items += len(rows)
        assert items > 20
        assert {one.what for one in bridge(conn, min(months))} == set(What)


def test_splits_add_up_to_the_whole_and_name_what_they_leave_out(store: Engine) -> None:
    fill(store, mixed(600))
    with reading(store) as conn:
        days = [row[0] for row in conn.exec_driver_sql("SELECT day FROM daily_total")]
        period = Period(min(days), max(days))
        whole = figures(conn, period)
        for by in ("pg_provider", "pay_method", "name", "card_name"):
            rows = top_shares(split(conn, by, period), 2)
            assert sum(row.gross for row in rows) == whole.gross
            assert sum(row.refunds for row in rows) == whole.refunds
            assert len(rows) <= 3
            assert [row.value is None for row in rows[2:]] == [True] * len(rows[2:])
        failed = reasons(conn, Split.FAIL_REASON, period)
        for told_of in (failed, top_reasons(failed, 1)):
            told = sum(row.n for row in told_of), sum(row.amount for row in told_of)
            assert told == (whole.failures, whole.failed_amount)
        assert sum(row.amount for row in reasons(conn, Split.REFUND_REASON, period)) == whole.refunds
