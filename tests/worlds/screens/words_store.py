"""For tests of what pages make of text of others: a merchant with the same words wherever somebody may write some."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from services.clock import DAY
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.journal import journal
from services.operations.journal.audit import Actor
from services.store.engine import reading, writing
from services.store.lists.one import get_payment
from services.store.writes.keys import upsert_billing_keys
from services.store.writes.payments import PaymentWrite, upsert_payments
from services.store.writes.schedules import upsert_schedules
from services.store.writes.sync import begin_run, end_run, note_oddities, set_mark
from services.subscriptions.keep import refresh_chains
from services.tables.journal import OperationState as State
from tests.worlds.screens.links import planted, tried
from tests.worlds.screens.money_forms import key, moved
from tests.worlds.screens.screens import empty_store, payment, schedule

UID, FAILED_UID, REVOKED_UID = "imp_900000000001", "imp_900000000002", "imp_900000000003"


def words_store(
    folder: Path,
    words: str,
    fields: Iterable[str],
    customer_uid: str,
    order: str,
    *,
    refund: dict[str, Any],
    of_key: dict[str, Any],
    booked: dict[str, Any],
    reason: str,
    who: Actor,
) -> Engine:
    """A key charged each week, whose last charge failed, and a refund of `who` that needs a person.

    Order numbers begin with `order`; `fields` of the payments hold the words. `refund`, `of_key` and `booked` are what
    a cancellation, the billing key and the schedule to come (`order` and 4) have besides.
    """
    engine, now = empty_store(folder, imp_key="k", imp_secret="s"), int(time.time())
    said, charged = dict.fromkeys(fields, words), {"customer_uid": customer_uid}
    part = {"cancellation_id": "c1", "pg_tid": "t1", "amount": 3_000, "cancelled_at": now - 100, "reason": words}
    failed = {"schedule_status": "executed", "payment_status": "failed", "fail_reason": words}
    times = {"schedule_at": now - DAY, "executed_at": now - DAY}
    schedules = [
        schedule(now, merchant_uid=f"{order}4", name=words, **charged, **booked),
        schedule(now, merchant_uid=f"{order}2", name=words, **charged, **failed, **times),
    ]
    with writing(engine) as conn:
        upsert_payments(conn, _payments(now, order, said, charged, part | refund), as_of=now * 1000)
        upsert_billing_keys(conn, [key(customer_uid, "") | {"card_name": words} | of_key], checked_at=now)
        upsert_schedules(conn, schedules, as_of=now * 1000)
        end_run(conn, begin_run(conn, "sync", now - 60), now - 50, {"payments": 1}, words)
        for name, value in (("as_of", str(now - 50)), ("backfilled", "1")):
            set_mark(conn, name, value, now)
        note_oddities(conn, {("unknown_field", words): 3}, at=now)
        link = planted(conn, now, name=words, memo=words, customer_uid=customer_uid, buyer_name=words, actor=who)
        tried(conn, link, now, state="failed", fail_reason=words, imp_uid=FAILED_UID)
    refresh_chains(engine, now)
    with reading(engine) as conn:
        paid = get_payment(conn, UID)
    assert paid is not None
    form = RefundForm(amount=1_000, balance=7_000, reason=reason, requester="customer")
    asked = journal.record(engine, wanted_refund("t", paid, form, approval_from=None), who, now)
    moved(engine, asked, State.SENT, State.UNKNOWN, State.NEEDS_PERSON, message=words)
    return engine


def _payments(
    now: int, order: str, said: dict[str, Any], charged: dict[str, Any], refund: dict[str, Any]
) -> list[PaymentWrite]:
    weekly = said | charged | {"customer_uid_usage": "payment.scheduled"}
    weeks = [
        payment(f"imp_80000000000{n}", now - (8 + 7 * n) * DAY, "paid", 9_000, **weekly, merchant_uid=f"{order}w{n}")
        for n in range(5)
    ]
    return [
        payment(UID, now - 300, "paid", 10_000, **said, merchant_uid=order, refunds=[refund], cancel_amount=3_000),
        payment(FAILED_UID, now - DAY, "failed", 9_000, **weekly, merchant_uid=f"{order}2"),
        payment(REVOKED_UID, now - DAY, "cancelled", 0, **said, merchant_uid=f"{order}3"),
        *weeks,
    ]
