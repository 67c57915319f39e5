"""The loop that keeps the mirror fresh: what follows a sync follows one that went well, and cannot end the loop."""

import threading
from pathlib import Path

import httpx

from services.errors import Unauthorized
from services.mirror.loop import run_loop
from tests.worlds.mirrors import Stores, make_gateway, make_sandbox


class Rounds(threading.Event):
    """Stops after so many rounds, and waits for none of them."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self.left = rounds

    def wait(self, timeout: float | None = None) -> bool:
        self.left -= 1
        if self.left == 0:
            self.set()
        return True


def test_what_follows_a_sync_is_done_after_each(tmp_path: Path) -> None:
    sandbox, clock = make_sandbox(payments=50)
    done: list[int] = []
    with Stores(tmp_path).new() as engine:
        run_loop(Rounds(3), make_gateway(sandbox, clock), engine, days=30, then=lambda: done.append(1))
    assert len(done) == 3


def test_nothing_follows_a_sync_that_failed(tmp_path: Path) -> None:
    _sandbox, clock = make_sandbox(payments=50)

    def down(request: httpx.Request) -> httpx.Response:
        return httpx.Response(401, json={"code": -1, "message": "Unauthorized", "response": None})

    done: list[int] = []
    failed: list[Exception] = []
    with Stores(tmp_path).new() as engine:
        gateway = make_gateway(down, clock)
        run_loop(Rounds(2), gateway, engine, days=30, then=lambda: done.append(1), failed=failed.append)
    assert done == []
    assert [type(one) for one in failed] == [Unauthorized] * 2


def test_the_loop_outlives_what_fails_after_a_sync(tmp_path: Path) -> None:
    sandbox, clock = make_sandbox(payments=50)
    done: list[int] = []

    def fail() -> None:
        done.append(1)
        raise ValueError

    with Stores(tmp_path).new() as engine:
        run_loop(Rounds(2), make_gateway(sandbox, clock), engine, days=30, then=fail)
    assert len(done) == 2
