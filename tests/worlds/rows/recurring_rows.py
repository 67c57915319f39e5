"""For tests of the desks for recurring payments: keys charged every week, some of which failed or broke off."""

import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from services.clock import DAY
from services.store.engine import writing
from services.store.writes.keys import upsert_billing_keys
from services.store.writes.payments import PaymentWrite, upsert_payments
from services.store.writes.schedules import upsert_schedules
from services.store.writes.sync import begin_run, end_run, set_mark
from services.subscriptions.keep import refresh_chains
from tests.worlds.recovery_shop import EXPIRED, NO_MONEY
from tests.worlds.screens.money_forms import key
from tests.worlds.screens.screens import NASTY, empty_store, payment, schedule

GAVE_UP = "사용자가 결제를 취소하셨습니다."
WAITS, MENDS, STOPS, ODD, FORGOTTEN = "key_wait", "key_mend", "key_stop", "key_odd", "key_forgotten"
REASONS = {WAITS: NO_MONEY, MENDS: EXPIRED, STOPS: GAVE_UP, ODD: NASTY}
PRICE = 9_900
_WEEKS = 6


def recurring_store(folder: Path, **settings: object) -> Engine:
    """Five keys paid for six weeks; the last charge of four failed yesterday, and of the fifth nothing is booked."""
    engine, now = empty_store(folder, imp_key="key", imp_secret="secret", **settings), int(time.time())
    with writing(engine) as conn:
        run = begin_run(conn, "sync", now - 60)
        end_run(conn, run, now - 50, {}, None)
        for name, value in (("as_of", str(now - 50)), ("backfilled", "1")):
            set_mark(conn, name, value, now)
        upsert_billing_keys(conn, [key(uid, "nice_v2") for uid in (*REASONS, FORGOTTEN)], checked_at=now)
        paid = [one for uid in (*REASONS, FORGOTTEN) for one in weekly(uid, now)]
        failed = [charge(uid, 0, now - DAY, "failed", fail_reason=reason) for uid, reason in REASONS.items()]
        upsert_payments(conn, [*paid, *failed], as_of=now * 1000)
        upsert_schedules(conn, [ran(uid, now, reason) for uid, reason in REASONS.items()], as_of=now * 1000)
    refresh_chains(engine, now)
    return engine


def ran(uid: str, now: int, reason: str) -> dict[str, Any]:
    """Yesterday's schedule of a key, which failed."""
    came = {"schedule_status": "executed", "payment_status": "failed", "amount": PRICE, "pg_provider": "nice_v2"}
    times = {"schedule_at": now - DAY, "executed_at": now - DAY}
    return schedule(now, merchant_uid=order(uid, 0), customer_uid=uid, fail_reason=reason, **times, **came)


def weekly(uid: str, now: int) -> list[PaymentWrite]:
    """Six weeks of payments, the last eight days ago; four days where nothing failed since."""
    last = now - (4 if uid == FORGOTTEN else 8) * DAY
    return [charge(uid, week, last - 7 * (week - 1) * DAY, "paid") for week in range(1, _WEEKS + 1)]


def charge(uid: str, week: int, at: int, status: str, **more: object) -> PaymentWrite:
    """One charge of a key; week 0 is the latest."""
    values = {"customer_uid": uid, "customer_uid_usage": "payment.scheduled", "pg_provider": "nice_v2"}
    imp_uid = f"imp_{1 + list((*REASONS, FORGOTTEN)).index(uid)}{week:011d}"
    return payment(imp_uid, at, status, PRICE, merchant_uid=order(uid, week), **values, **more)


def order(uid: str, week: int) -> str:
    """The order number of a week's charge."""
    return f"{uid}-{week}"
