"""The mirror: after each run it says what the gateway says, whatever happened on the way."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from services.clock import DAY
from services.errors import GatewayError
from services.gateway import Gateway
from services.mirror.read_again import read_again
from services.mirror.sync import sync
from services.sandbox.build import build_world
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.faults import Fault, Plan
from services.sandbox.sandbox import Sandbox
from services.store.engine import create_store, reading
from services.store.system import freshness, list_oddities

SEEDS = int(os.environ.get("JANGBU_TEST_SEEDS", "1"))


def difference(engine: Engine, sandbox: Sandbox) -> list[str]:
    """imp_uids whose status, amount or refunds differ between store and gateway."""
    with reading(engine) as conn:
        rows = conn.exec_driver_sql("SELECT imp_uid, status, amount, cancel_amount, currency FROM payment")
        stored = {row[0]: tuple(row[1:4]) for row in rows if row[4] == "KRW"}
    theirs = {
        uid: (row["status"], int(row["amount"]), int(row["cancel_amount"]))
        for uid, row in sandbox.world.payments.items()
        if row["currency"] == "KRW"
    }
    return [uid for uid in stored.keys() | theirs.keys() if stored.get(uid) != theirs.get(uid)]


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


def test_f20_a_thousand_changed_rows_are_repaired_in_one_pass(sqlite_store: Engine) -> None:
    sandbox = Sandbox(build_world(2, payments=3_000, until=time.time()))
    gateway = Gateway("http://sandbox", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(sandbox))
    sync(gateway, sqlite_store)
    changed = paid_before(sandbox, time.time())[:1000]
    assert len(changed) == 1000
    for at, uid in enumerate(changed):
        sandbox.refund(uid, 10 if at % 2 else sandbox.world.payments[uid]["amount"], "정산 조정")
    sync(gateway, sqlite_store)
    assert difference(sqlite_store, sandbox) == []


def test_f7_a_token_that_expires_at_any_request_costs_one_more(sandbox: Sandbox, tmp_path: Path) -> None:
    probe = Gateway("http://sandbox", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(sandbox))
    sync(probe, _fresh(tmp_path, 0))
    for index in range(0, probe.requests - 1, max(1, (probe.requests - 1) // (10 * SEEDS))):
        seen = iter(range(10_000))
        sandbox.plans = [
            Plan(
                Fault.EXPIRED_TOKEN,
                1,
                lambda request, n=index, seen=seen: "getToken" not in str(request.url) and next(seen) == n,
            )
        ]
        engine = _fresh(tmp_path, index + 1)
        client = Gateway("http://sandbox", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(sandbox))
        sync(client, engine)
        assert sandbox.plans[0].times == 0
        assert difference(engine, sandbox) == []


def test_f9_rows_that_move_while_paging_are_not_missed(tmp_path: Path) -> None:
    for seed in range(3 * SEEDS):
        chance = random.Random(seed)
        sandbox = Sandbox(build_world(seed, payments=2_500, days=60, until=time.time()))
        moving = _Moving(sandbox, chance)
        engine = _fresh(tmp_path, seed)
        client = Gateway("http://sandbox", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(moving))
        sync(client, engine)
        moving.still = True
        sync(client, engine)
        assert difference(engine, sandbox) == [], f"seed {seed}"


class _Moving:
    """A sandbox in which payments are refunded between requests."""

    def __init__(self, sandbox: Sandbox, chance: random.Random) -> None:
        self.sandbox, self.chance, self.still = sandbox, chance, False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = self.sandbox(request)
        if not self.still and "status" in str(request.url) and self.chance.random() < 0.5:
            uid = self.chance.choice(paid_before(self.sandbox, time.time()))
            whole = self.sandbox.world.payments[uid]["amount"]
            self.sandbox.refund(uid, self.chance.choice([10, whole]), "이동")
        return answer


@pytest.mark.parametrize("off", [-86_400, -3_600, -6, 0, 6, 3_600, 86_400])
def test_f10_a_clock_that_is_off_hides_nothing(sandbox: Sandbox, sqlite_store: Engine, off: int) -> None:
    client = Gateway(
        "http://sandbox", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(sandbox), clock=lambda: time.time() + off
    )
    sync(client, sqlite_store)
    assert difference(sqlite_store, sandbox) == []
    assert client.clock_difference is not None
    assert abs(client.clock_difference + off) < 3


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


_KILLED = """
import sys, time, httpx
from services.gateway import Gateway
from services.mirror.sync import sync
from services.sandbox.build import build_world
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.store.engine import create_store
sandbox = Sandbox(build_world(4, payments=4_000, until=float(sys.argv[2])))
print("ready", flush=True)
sync(Gateway("http://s", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(sandbox)), create_store(sys.argv[1]))
"""


def test_f17_a_killed_sync_is_made_good_by_the_next(tmp_path: Path) -> None:
    until = time.time()
    for trial in range(3 * SEEDS):
        engine = _fresh(tmp_path, trial)
        command = [sys.executable, "-c", _KILLED, str(engine.url), str(until)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(0.05 + 0.12 * (trial % 5))
            child.send_signal(signal.SIGKILL)
        sandbox = Sandbox(build_world(4, payments=4_000, until=until))
        sync(Gateway("http://s", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(sandbox)), engine)
        assert difference(engine, sandbox) == [], f"trial {trial}"


def _fresh(folder: Path, number: int) -> Engine:
    from services.store.migrations import migrate

    engine = create_store(f"sqlite:///{folder / f'{number}.db'}")
    migrate(engine)
    return engine
