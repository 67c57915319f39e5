"""No screen's statement walks a table that grows: it takes about as much at 10,000 rows of everything as at a tenth."""

import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from bench.journal import operation_row
from bench.rows import batches
from dashboard.navigation import ENTRIES
from dashboard.process import rereads
from dashboard.process.resources import make_store, use_settings
from dashboard.settings import Settings
from services.clock import DAY
from services.store.engine import writing
from services.store.sql import column_names, table
from services.store.writes.escrow_waiting import parcels_changed
from services.store.writes.keys import upsert_billing_keys
from services.store.writes.payments import PaymentWrite, upsert_payments
from services.store.writes.schedules import upsert_schedules
from services.store.writes.sync import begin_run, end_run, set_mark
from services.subscriptions.keep import refresh_chains
from services.tables.balances import PaymentBalance
from services.tables.checkouts import Checkout, CheckoutAttempt
from services.tables.escrow import EscrowDelivery
from services.tables.journal import Operation
from services.tables.receipts import CashReceipt
from tests.worlds.screens.links import attempt_row, link_row
from tests.worlds.screens.money_forms import key
from tests.worlds.screens.screens import run_page, schedule
from tests.worlds.statement_steps import steps_of
from tests.worlds.stores import new_postgres

SIZES = {"sqlite": (1_000, 10_000), "postgres": (300, 10_000)}
DAYS = 10
"""Days that the rows of either size are spread over: sums kept by day are as many in both."""
ALWAYS = {"sqlite": 3_000, "postgres": 500}
"""What a statement may take whatever the size."""
BOUNDED = (
    "position >= ? AND customer_uid_usage IN",
    "AND ? = ? ORDER BY f.failed_at, f.merchant_uid LIMIT ",
    "ORDER BY made_at DESC, id DESC LIMIT ",
    "ORDER BY p.applied_at DESC, p.id DESC LIMIT ",
    "ORDER BY p.paid_at DESC, p.imp_uid DESC LIMIT ?) n",
    "ORDER BY w.paid_at DESC, w.imp_uid DESC LIMIT ?) n",
    "ORDER BY p.started_at, p.imp_uid LIMIT ?) w WHERE vbank_date",
    "AND p.vbank_num IS NOT NULL AND NOT p.sandbox AND p.started_at >=",
    "LIMIT ?) w GROUP BY ?, ?, ?",
    "AND (p.status_at < ? OR p.status_at >= ?) AND p.paid_at > ? ORDER BY ?, ?, ? LIMIT ?",
    "FROM sqlite_master WHERE type=?",
)
"""These read the names of the tables, the payments of the last three hours, at most a thousand proposals, the latest
thousand links, 10,000 of receipts, escrow payments or accounts that wait, the refunded payments of a month that is
closed, as they should."""
QUERIES = {
    "payment": {"imp_uid": "imp_000000000100"},
    "customer": {"imp_uid": "imp_000000000100"},
    "refund": {"imp_uid": "imp_000000000100"},
    "charge": {"customer_uid": "member-0100"},
    "billing_key": {"customer_uid": "member-0100"},
    "key_deletion": {"customer_uid": "member-0100"},
    "book_schedule": {"customer_uid": "member-0100"},
    "schedule": {"merchant_uid": "plan-0100"},
    "operation": {"number": "100"},
    "receipt": {"imp_uid": "imp_000000000100"},
    "vbank": {"imp_uid": "imp_000000000101"},
    "delivery": {"imp_uid": "imp_000000000103"},
    "payco_status": {"imp_uid": "imp_000000000105"},
    "identity": {"id": "100"},
    "link": {"link": "100"},
    "new_link": {"customer_uid": "member-0100"},
}
Screens = dict[str, Counter[str]]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def steps(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Screens, Screens]:
    """The database, and of each screen what its statements took in the small and in the large store."""
    with pytest.MonkeyPatch.context() as patched:
        # What a page has read beside itself would connect while somebody listens to connections, or no more.
        patched.setattr(rereads, "start", lambda _name, _work: None)
        few, many = (
            all_screens(_url(request, tmp_path_factory.mktemp(f"store{count}"), count), count)
            for count in SIZES[request.param]
        )
    return request.param, few, many


def _url(request: pytest.FixtureRequest, folder: Path, count: int) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{folder / 'screens.db'}"
    engine = new_postgres(request.getfixturevalue("postgres_url"), f"screens{count}")
    engine.dispose()
    return engine.url.render_as_string(hide_password=False)


def all_screens(url: str, count: int) -> Screens:
    """Each screen drawn over a store with `count` of everything."""
    _read_to_the_end()
    use_settings(Settings(database_url=url, imp_api_url="http://127.0.0.1:1"))
    engine = make_store()
    fill(engine, count)
    return {entry.name: _drawn(entry.name, engine) for entry in ENTRIES}


def _read_to_the_end() -> None:
    """What tests before had read again goes on by itself, and would in a store that is only being made."""
    until = time.monotonic() + 60
    while rereads._reading:
        assert time.monotonic() < until, rereads._reading
        time.sleep(0.02)


def _drawn(name: str, engine: Engine) -> Counter[str]:
    at = run_page(name, query=QUERIES.get(name))
    found = steps_of(engine, at.run)
    assert not at.exception, at.exception
    assert at.title
    return found


def fill(engine: Engine, count: int) -> None:
    """`count` payments of as many keys, most refunded in part by an operation; schedules before and after now."""
    now, every = int(time.time()), DAYS * DAY / count
    payments = [one for batch in batches(count, start=now - DAYS * DAY, every=every) for one in batch]
    with writing(engine) as conn:
        end_run(conn, begin_run(conn, "sync", now - 60), now - 50, {}, None)
        for name, value in (("as_of", str(now - 50)), ("backfilled", "1")):
            set_mark(conn, name, value, now)
        upsert_billing_keys(conn, [key(f"member-{n:04d}", "nice_v2") for n in range(count)], checked_at=now)
        writes = [_charged(one, number) for number, one in enumerate(payments)]
        upsert_payments(conn, writes, as_of=now * 1000)
        upsert_schedules(conn, [_booked(n, now, every) for n in range(count)], as_of=now * 1000)
        on = "" if engine.dialect.name == "sqlite" else " ON operation"
        conn.execute(text(f"DROP TRIGGER operation_begins{on}"))
        refunded = [write for write in writes if write.cancellations]
        operations = [operation_row(one, n, len(refunded)) for n, one in enumerate(refunded)]
        conn.execute(table(Operation).insert(), operations)
        links = [link_row(number, int(now - number * every)) for number in range(count)]
        conn.execute(table(Checkout).insert(), links)
        conn.execute(table(CheckoutAttempt).insert(), [attempt_row(one) for one in links])
        receipts = [_receipt(number, int(now - number * every)) for number in range(count)]
        conn.execute(table(CashReceipt).insert(), receipts)
        parcels = [_delivery(n, now) for n in range(3, count, 20)]
        conn.execute(table(EscrowDelivery).insert(), parcels)
        parcels_changed(conn, [one["imp_uid"] for one in parcels])
        conn.execute(table(PaymentBalance).insert(), [_balance(n, now) for n in range(5, count, 20)])
    refresh_chains(engine, now)
    if engine.dialect.name == "postgresql":
        with writing(engine) as conn:
            conn.execute(text("ANALYZE"))


def _charged(write: PaymentWrite, number: int) -> PaymentWrite:
    """Every other one paid and refunded in part; of the others some wait for money, or for a parcel, or are PAYCO's."""
    own: dict[str, Any] = {
        "imp_uid": f"imp_{number:012d}",
        "customer_uid": f"member-{number:04d}",
        "customer_uid_usage": "payment.scheduled",
    }
    if number % 2 or write.values["status"] != "paid":
        return write._replace(values=write.values | own | _told(write.values, number))
    at = write.values["paid_at"] + 60
    refund = {"cancellation_id": f"r{number}", "amount": 1_000, "cancelled_at": at, "reason": "단순 변심"}
    return write._replace(values=write.values | own | {"cancel_amount": 1_000}, cancellations=[refund])


def _told(values: dict[str, Any], number: int) -> dict[str, Any]:
    """A tenth each: an account that nobody paid, an escrow payment, one of PAYCO's."""
    began = values["started_at"]
    paid = {"status": "paid", "paid_at": began + 40, "failed_at": 0, "cancelled_at": 0, "cancel_amount": 0}
    waits = {"status": "ready", "pay_method": "vbank", "vbank_num": f"{number:012d}", "vbank_date": began + 3 * DAY}
    return {
        1: {"pg_provider": "kcp", "paid_at": 0, "failed_at": 0, "cancelled_at": 0, "cancel_amount": 0} | waits,
        3: {"pg_provider": "html5_inicis", "pay_method": "trans", "escrow": True} | paid,
        5: {"pg_provider": "payco", "pay_method": "payco"} | paid,
    }.get(number % 10, {})


def _delivery(number: int, now: int) -> dict[str, Any]:
    """Of every other payment that waits for a parcel."""
    told = {"company": "CJGLS", "invoice": f"{number:012d}", "sent_at": now, "applied_at": now}
    return {"imp_uid": f"imp_{number:012d}", "read_at": now} | told


def _balance(number: int, now: int) -> dict[str, Any]:
    """Of every other one of PAYCO's."""
    told = {"imp_uid": f"imp_{number:012d}", "amount": 10_000, "primary_supply": 9_091, "primary_vat": 909}
    return dict.fromkeys(column_names(PaymentBalance), 0) | told | {"read_at": now}


def _receipt(number: int, at: int) -> dict[str, Any]:
    imp_uid = f"imp_{number:012d}"
    ids = {"about": imp_uid, "imp_uid": imp_uid, "merchant_uid": f"order-{number}", "apply_num": str(number)}
    return ids | {"external": False, "type": "person", "amount": 1_000, "vat": 90, "applied_at": at, "read_at": at}


def _booked(number: int, now: int, every: float) -> dict[str, Any]:
    """Half of them ran in the last days, some of these failed; the other half is booked for the next ones."""
    at = int(now - DAYS * DAY / 2 + number * every)
    names = {"merchant_uid": f"plan-{number:04d}", "customer_uid": f"member-{number:04d}", "schedule_at": at}
    if at > now:
        return schedule(now, **names)
    failed = {"payment_status": "failed", "fail_reason": "한도초과"} if number % 5 == 0 else {"payment_status": "paid"}
    return schedule(now, **names, executed_at=at, schedule_status="executed", **failed)


@pytest.mark.parametrize("name", [entry.name for entry in ENTRIES])
def test_no_statement_of_a_screen_walks_what_grows(name: str, steps: tuple[str, Screens, Screens]) -> None:
    database, few, many = steps
    assert len(many[name]) > 3
    grown = {
        sql: (few[name][sql], taken)
        for sql, taken in many[name].items()
        if taken > ALWAYS[database] + 2 * few[name][sql] and not any(part in sql.replace("%s", "?") for part in BOUNDED)
    }
    assert not grown
