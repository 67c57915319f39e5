"""The mirror: after each run it says what the gateway says, whatever happened on the way."""

import time
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from services.clock import DAY
from services.errors import GatewayError
from services.gateway import Gateway
from services.mirror.keep import read_again
from services.mirror.sync import sync
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.faults import Fault, Plan
from services.sandbox.sandbox import Sandbox
from services.store.engine import reading
from services.store.lists.system import freshness, list_oddities
from tests.worlds.mirrors import difference


def paid_before(sandbox: Sandbox, at: float) -> list[str]:
    return [
        uid
        for uid, row in sandbox.world.payments.items()
        if row["status"] == "paid" and row["currency"] == "KRW" and row["paid_at"] < at and not row["cancel_amount"]
    ]


def test_the_first_sync_brings_every_payment_once(gateway: Gateway, sandbox: Sandbox, store: Engine) -> None:
    result = sync(gateway, store)
    assert difference(store, sandbox) == []
    assert result.payments == len(sandbox.world.payments)
    with reading(store) as conn:
        assert freshness(conn).backfilled


def test_a_run_that_finds_nothing_asks_little_and_changes_nothing(
    gateway: Gateway, sandbox: Sandbox, sqlite_store: Engine
) -> None:
    sync(gateway, sqlite_store)
    again = sync(gateway, sqlite_store)
    assert again.changed == 0
    assert again.requests <= 20


def test_f20_an_old_partial_refund_is_found_by_the_next_plain_sync(
    gateway: Gateway, sandbox: Sandbox, store: Engine
) -> None:
    sync(gateway, store)
    old = paid_before(sandbox, time.time() - 300 * DAY)[0]
    sandbox.refund(old, 100, "상담원이 콘솔에서 환불")
    result = sync(gateway, store)
    assert result.changed == 1
    assert result.requests <= 25
    assert difference(store, sandbox) == []


@pytest.mark.parametrize("fault", [Fault.BAD_GATEWAY, Fault.BROKEN_JSON, Fault.TOO_MANY, Fault.LOST_BEFORE])
def test_f15_reads_that_fail_are_tried_again(
    gateway: Gateway, sandbox: Sandbox, sqlite_store: Engine, fault: Fault
) -> None:
    sandbox.plans = [Plan(fault, 2)]
    sync(gateway, sqlite_store)
    assert difference(sqlite_store, sandbox) == []


def test_a_gateway_that_is_down_is_a_sentence_in_the_run(sandbox: Sandbox, sqlite_store: Engine) -> None:
    sandbox.plans = [Plan(Fault.BAD_GATEWAY, 1_000)]
    client = Gateway("http://sandbox", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(sandbox))
    with pytest.raises(GatewayError):
        sync(client, sqlite_store)
    with reading(sqlite_store) as conn:
        assert "502" in (freshness(conn).last_error or "")


def test_f8_a_key_that_a_batch_lacks_is_deleted_only_on_its_own_404(
    gateway: Gateway, sandbox: Sandbox, sqlite_store: Engine
) -> None:
    sync(gateway, sqlite_store)
    gone = set(list(sandbox.world.billing_keys)[:5])
    for uid in gone:
        del sandbox.world.billing_keys[uid]
    sync(gateway, sqlite_store, full=True)
    with reading(sqlite_store) as conn:
        rows = conn.exec_driver_sql("SELECT customer_uid, deleted_at, card_name FROM billing_key").fetchall()
    deleted = {row[0] for row in rows if row[1]}
    assert gone <= deleted
    assert deleted.isdisjoint(sandbox.world.billing_keys)
    assert all(row[2] for row in rows if row[0] in gone), "what was known of a deleted key stays"


def test_f14_what_is_new_is_kept_and_counted(gateway: Gateway, sandbox: Sandbox, store: Engine) -> None:
    uid = paid_before(sandbox, time.time())[0]
    odd = {"settlement": {"rate": 1}, "status": "settling", "buyer_name": None, "amount": "12000"}
    sandbox.world.put_payment(sandbox.world.payments[uid] | odd)
    sync(gateway, store)
    with reading(store) as conn:
        names = {one.name for one in list_oddities(conn)}
        row: Any = conn.exec_driver_sql("SELECT status, amount, extra FROM payment WHERE status = 'settling'").one()
    assert {"payment.settlement", "payment.status=settling"} <= names
    assert row[1] == 12_000
    assert '"settlement"' in row[2]


def test_reading_one_payment_again_shows_its_refund(gateway: Gateway, sandbox: Sandbox, sqlite_store: Engine) -> None:
    sync(gateway, sqlite_store)
    uid = paid_before(sandbox, time.time())[0]
    sandbox.refund(uid, 100, "확인")
    assert read_again(gateway, sqlite_store, uid)
    assert difference(sqlite_store, sandbox) == []
    assert not read_again(gateway, sqlite_store, uid)
