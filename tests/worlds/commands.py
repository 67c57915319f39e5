"""The `jangbu` command in processes of its own, against a sandbox served over HTTP."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from dashboard.settings import Settings
from services.operations.journal import journal
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from services.store.engine import reading
from services.tables.journal import Operation
from tests.worlds.forks import forks
from tests.worlds.mirrors import make_sandbox
from tests.worlds.stores import new_store

_PATIENCE = 180


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    stdout: bytes
    stderr: str

    @property
    def told(self) -> dict[str, Any]:
        """The one object on stdout."""
        found: dict[str, Any] = json.loads(self.stdout)
        return found


@dataclass
class Running:
    """A command under way."""

    process: ForkServerProcess
    out: Path

    def end(self) -> Ended:
        """Waits for it."""
        self.process.join(_PATIENCE)
        assert self.process.exitcode is not None, "the command hangs"
        told = Ended(self.process.exitcode, self.out.read_bytes(), self.out.with_suffix(".err").read_text())
        assert "Traceback" not in told.stderr
        assert IMP_SECRET not in told.stderr
        return told

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.join(_PATIENCE)


@dataclass
class Shop:
    """A merchant: a sandbox over HTTP, a database, and the command."""

    sandbox: Sandbox
    engine: Engine
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    _started: int = 0

    def start(self, *words: str, **environment: str) -> Running:
        """Starts `jangbu WORDS`."""
        self._started += 1
        out = self.folder / f"{self._started}.out"
        given = (list(words), self.environment | environment, str(self.folder), str(out))
        process = forks.Process(target=_command, args=given)
        process.start()
        return Running(process, out)

    def run(self, *words: str, **environment: str) -> Ended:
        """Runs `jangbu WORDS` to its end."""
        return self.start(*words, **environment).end()

    def refund(self, imp_uid: str, *more: str, reason: str = "고객 변심", **environment: str) -> Ended:
        """`jangbu refund` with what it always needs."""
        return self.run(
            "refund", imp_uid, "--reason", reason, "--requester", "customer", "--json", *more, **environment
        )

    def pay(self, amount: int = 10_000, **fields: Any) -> str:
        """The imp_uid of a payment made now; in won by Naver Pay unless said otherwise."""
        row = self.sandbox.add_payment(amount, **({"pg_provider": "naverpay", "pay_method": "naverpay"} | fields))
        return str(row["imp_uid"])

    def refunds(self, imp_uid: str) -> list[Any]:
        """What was refunded at the gateway, in order."""
        return [one["amount"] for one in self.sandbox.payments[imp_uid]["cancel_history"]]

    def keys(self, pg: str = "naverpay") -> list[str]:
        """Billing keys of a PG that work."""
        world = self.sandbox.world
        found = [uid for uid, key in world.billing_keys.items() if key["pg_provider"] == pg]
        return [uid for uid in found if uid not in world.broken_keys]

    def settings(self, **more: object) -> Settings:
        """What the command is told by its environment, for code of this process."""
        given = {name.removeprefix("JANGBU_").lower(): value for name, value in self.environment.items()}
        return Settings.model_validate({**given, **more})

    def until(self, true: Callable[[], bool]) -> None:
        """Waits until something has happened."""
        for _ in range(_PATIENCE * 100):
            if true():
                return
            time.sleep(0.01)
        raise AssertionError("it never happened")

    def operation(self, operation_id: int) -> Operation:
        """What the journal says."""
        with reading(self.engine) as conn:
            return journal.get(conn, operation_id)


@contextmanager
def make_shop(folder: Path) -> Iterator[Shop]:
    """A shop with a small world of its own, whose clock is the real one."""
    sandbox = make_sandbox()[0]
    sandbox.clock = time.time
    engine = new_store(folder / "shop.db")
    with served(sandbox) as address:
        settings = {
            "JANGBU_IMP_API_URL": address,
            "JANGBU_IMP_KEY": IMP_KEY,
            "JANGBU_IMP_SECRET": IMP_SECRET,
            "JANGBU_DATABASE_URL": str(engine.url),
        }
        yield Shop(sandbox, engine, folder, settings)
    engine.dispose()


def _command(words: list[str], environment: dict[str, str], folder: str, out: str) -> None:
    for place, path in ((1, out), (2, str(Path(out).with_suffix(".err")))):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), place)
    for name in [name for name in os.environ if name.startswith(("JANGBU_", "LC_", "LANG"))]:
        del os.environ[name]
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["jangbu", *words]
    from dashboard.cli import app

    app(prog_name="jangbu")
