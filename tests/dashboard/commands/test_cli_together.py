"""Many commands at once, from two processes on one database: one is at it, the others are told who."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.errors import Busy, InvalidRequest
from services.operations.patience import carry_to_end
from services.sandbox.faults import Fault, Plan, calls
from tests.worlds.commands import Shop, make_shop
from tests.worlds.forks import forks

EACH = 32


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with make_shop(tmp_path) as made:
        yield made


def crowd(environment: dict[str, str], imp_uid: str, name: str, out: str) -> None:
    """Thirty-two people refund 100 won each, for reasons of their own."""
    from dashboard.commands.wishes.money import RefundOrder, ask_refund
    from dashboard.process.executor import make_executor
    from dashboard.process.resources import use_settings
    from dashboard.settings import load_settings

    os.environ.update(environment)
    use_settings(load_settings())
    executor = make_executor()

    def one(number: int) -> Any:
        order = RefundOrder(imp_uid, "100", full=False, reason=f"{name} {number}", requester="customer")
        try:
            asked = ask_refund(order)
        except Busy as busy:
            return ["busy", str(busy)]
        except InvalidRequest as refused:
            return ["invalid", str(refused)]
        except OperationalError as locked:
            # A slow machine: SQLite queues nobody, and who waits ten seconds for it is told so, with nothing written.
            return ["locked", str(locked.orig)]
        except PoolTimeout:
            # Half of them wait for one of the fifteen connections that a process has.
            return ["locked", "no connection"]
        ended = carry_to_end(executor, asked.operation.id, seconds=30)
        return [ended.state, ended.why]

    with ThreadPoolExecutor(EACH) as pool:
        found = list(pool.map(one, range(EACH)))
    Path(out).write_text(json.dumps(found))


def test_of_64_refunds_at_once_one_is_open_at_a_time_and_the_rest_are_told_who(shop: Shop) -> None:
    paid = shop.pay(1_000)
    shop.sandbox.plans = [Plan(Fault.SLOW, times=1, picks=calls("POST", "/payments/cancel"), seconds=0.3)]
    outs = [shop.folder / f"{name}.json" for name in ("a", "b")]
    processes = [forks.Process(target=crowd, args=(shop.environment, paid, out.stem, str(out))) for out in outs]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0]
    ended = [tuple(one) for out in outs for one in json.loads(out.read_text())]
    told = Counter(state for state, _words in ended)
    assert len(ended) == 2 * EACH
    assert told.keys() <= {"succeeded", "refused", "busy", "invalid", "locked"}
    assert {words for state, words in ended if state == "locked"} <= {"database is locked", "no connection"}
    assert told["busy"] > 0
    assert all(" is at it already: operation " in words for state, words in ended if state == "busy")
    assert {words for state, words in ended if state == "refused"} <= {"balance_changed"}
    assert shop.refunds(paid) == [100] * told["succeeded"]
    assert 1 <= told["succeeded"] <= 10


def test_the_same_command_twice_at_once_refunds_once(shop: Shop) -> None:
    paid = shop.pay(1_000)
    words = ("refund", paid, "--amount", "100", "--reason", "변심", "--requester", "customer", "--json")
    running = [shop.start(*words) for _ in range(3)]
    ended = [one.end() for one in running]
    assert [(one.status, one.told["operation"], one.told["state"]) for one in ended] == [(0, 1, "succeeded")] * 3
    assert shop.refunds(paid) == [100]
