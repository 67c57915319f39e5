"""Rows move while they are paged, tokens end, clocks differ: the mirror still says what the gateway says."""

import random
import threading
from pathlib import Path

import httpx
import pytest

from services.clock import DAY
from services.mirror import fresh, pages
from services.mirror.sync import sync
from services.sandbox.faults import Fault, Plan
from services.sandbox.sandbox import Sandbox
from tests.worlds.mirrors import (
    Stores,
    change,
    difference,
    make_gateway,
    make_sandbox,
    refundable,
    stored,
)
from tests.worlds.sandboxes import MovingClock
from tests.worlds.seeds import seeds


class Moving:
    """A gateway at which something happens between two answers, and time passes."""

    def __init__(self, sandbox: Sandbox, clock: MovingClock, seed: int, *, often: float = 0.5) -> None:
        self.sandbox, self.clock, self.often = sandbox, clock, often
        self.chance = random.Random(seed)
        self.lock = threading.Lock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        with self.lock:
            answer = self.sandbox(request)
            for _ in range(3 if self.often else 0):
                if self.chance.random() < self.often:
                    change(self.sandbox, self.chance, int(self.clock()))
                self.clock.at += self.chance.choice((0, 0.2, 1, 40))
            return answer


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small worlds have many pages, too."""
    monkeypatch.setattr(pages, "PAGE", 20)
    monkeypatch.setattr(fresh, "_LOOK", 5)


@pytest.mark.usefixtures("small_pages")
def test_f9_no_row_is_missed_while_rows_move_between_pages(tmp_path: Path) -> None:
    stores = Stores(tmp_path)
    for seed in range(seeds(1_000, least=5)):
        sandbox, clock = make_sandbox(seed, payments=300, days=100)
        moving = Moving(sandbox, clock, seed, often=0.3 if seed % 2 else 0.05)
        gateway = make_gateway(moving, clock)
        with stores.new() as engine:
            before = set(sandbox.world.payments)
            sync(gateway, engine, days=100)
            assert before <= stored(engine).keys(), f"seed {seed}"
            sync(gateway, engine, days=100)
            moving.often, clock.at = 0, clock.at + 5
            sync(gateway, engine, days=100)
            assert difference(engine, sandbox) == [], f"seed {seed}"


def test_f7_a_token_that_ends_at_any_request_costs_one_more(tmp_path: Path) -> None:
    # Every index of a sync, each with a store of its own.
    sandbox, clock = make_sandbox(payments=120, days=40)
    stores = Stores(tmp_path)
    with stores.new() as engine:
        usual = sync(make_gateway(sandbox, clock), engine, days=40).requests
    for index in range(usual - 1):
        count = iter(range(-index, 10_000))
        plan = Plan(Fault.EXPIRED_TOKEN, 1, lambda request, n=count: _is_call(request) and next(n) == 0)
        sandbox.plans = [plan]
        with stores.new() as engine:
            sync(make_gateway(sandbox, clock), engine, days=40)
            assert plan.times == 0
            assert difference(engine, sandbox) == [], f"request {index}"


def _is_call(request: httpx.Request) -> bool:
    return request.url.path != "/users/getToken"


@pytest.mark.parametrize("off", [-DAY, -3_600, -6, 6, 3_600, DAY])
def test_f10_a_clock_that_is_off_hides_nothing(tmp_path: Path, off: int) -> None:
    sandbox, clock = make_sandbox(payments=200, days=100)
    with Stores(tmp_path).new() as engine:
        sync(make_gateway(sandbox, lambda: clock() + off), engine, days=100)
        assert difference(engine, sandbox) == []
        # The clock is then set right: what was read under the wrong one does not stand in the way.
        clock.at += 60
        change(sandbox, random.Random(off), int(clock.at))
        sync(make_gateway(sandbox, clock), engine, days=100)
        assert difference(engine, sandbox) == []


def test_f20_a_partial_refund_of_long_ago_is_found_by_the_next_plain_sync(tmp_path: Path) -> None:
    sandbox, clock = make_sandbox(payments=2_000)
    gateway = make_gateway(sandbox, clock)
    with Stores(tmp_path).new() as engine:
        sync(gateway, engine)
        quiet = sync(gateway, engine)
        clock.at += 60
        uid = next(uid for uid in refundable(sandbox) if sandbox.world.payments[uid]["paid_at"] > clock.at - 300 * DAY)
        sandbox.world.refund(uid, 10, "콘솔에서 환불", int(clock.at))
        result = sync(gateway, engine)
        assert (quiet.changed, result.changed) == (0, 1)
        assert difference(engine, sandbox) == []
        assert result.requests - quiet.requests <= 2
        assert quiet.requests <= 20


def test_f20_a_thousand_refunds_are_repaired_in_one_pass(tmp_path: Path) -> None:
    sandbox, clock = make_sandbox(payments=2_500)
    gateway = make_gateway(sandbox, clock)
    with Stores(tmp_path).new() as engine:
        sync(gateway, engine)
        clock.at += 60
        changed = random.Random(20).sample(refundable(sandbox), 1_000)
        for number, uid in enumerate(changed):
            whole = sandbox.world.payments[uid]["amount"]
            sandbox.world.refund(uid, 10 if number % 2 else whole, "정산 조정", int(clock.at))
        assert sync(gateway, engine).changed == 1_000
        assert difference(engine, sandbox) == []
