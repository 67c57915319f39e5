"""An app over a store, with a mail server and a receiver of webhooks that are really there."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, text

from dashboard.alarms.people import receivers
from dashboard.alarms.watch import look, tell
from dashboard.process.resources import make_store, use_settings
from dashboard.settings import Role, Settings
from services.errors import NotSent
from services.operations.journal import journal
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted
from services.store.engine import reading, writing
from services.store.writes.sync import begin_run, end_run
from services.tables.journal import OperationKind
from tests.worlds.servers.hook_server import Hook, taking_posts
from tests.worlds.servers.mail_server import MailBox, taking_mail

FINANCE, SUPPORT, MANAGER = "finance@shop.example", "support@shop.example", "manager@shop.example"
ROLES = {FINANCE: Role.FINANCE, SUPPORT: Role.SUPPORT, MANAGER: Role.MANAGER}
QUIETEST = 12 * 3600 - 9 * 3600
"""Noon in Korea, of a day in 1970: added to whole days."""

_STEPS = ["awaiting_approval", "intent", "sent", "unknown", "needs_person"]


@dataclass
class House:
    """The app of a merchant, whose clock a test moves."""

    url: str
    box: MailBox
    hook: Hook
    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)
    now: float = 20_000 * 86_400.0 + QUIETEST

    def __post_init__(self) -> None:
        self.start()

    @classmethod
    def elsewhere(cls, settings: dict[str, Any], now: float) -> "House":
        """The same app in another process."""
        return cls(settings["database_url"], MailBox(), Hook(), settings["head_folder"], settings, now)

    def settings_of(self) -> dict[str, Any]:
        """What another process is started with."""
        return self.known() | self.settings

    def known(self) -> dict[str, Any]:
        """Where this house's receivers are."""
        return {
            "database_url": self.url,
            "head_folder": self.folder,
            "backup_folder": self.folder,
            "alarm_smtp": f"smtp://127.0.0.1:{self.box.port}",
            "alarm_mail_to": ROLES,
            "alarm_webhook": SecretStr(self.hook.address),
        }

    def start(self, **more: Any) -> None:
        """Starts the app, or starts it again, with these settings."""
        self.settings |= more
        use_settings(Settings(**self.settings_of()))
        self.engine: Engine = make_store()
        self.since = self.now

    def turn(self, seconds: float = 0) -> None:
        """One look, and everybody is told, some time later."""
        self.now += seconds
        look(self.engine, self.since, self.now)
        with reading(self.engine) as conn:
            to = receivers(conn)
        for receiver in to:
            tell(self.engine, receiver, self.now)

    def turn_at(self, at: float) -> None:
        """The same at a time."""
        self.turn(at - self.now)

    def ask(self, amount: int = 50_000, state: str = "awaiting_approval", **more: Any) -> int:
        """An operation that stands in a state; its number."""
        n = time.monotonic_ns()
        wanted = Wanted(f"t{n}", OperationKind.CHARGE, f"billing_key:{n}", amount, "KRW", needs_approval=True, **more)
        made = journal.record(self.engine, wanted, Actor(SUPPORT, "screen"), self.now).id
        self.put(made, state)
        return made

    def put(self, operation: int, state: str) -> None:
        """What became of it, step by step."""
        moved = text("UPDATE operation SET state = :state, state_at = :now WHERE id = :id")
        with writing(self.engine) as conn:
            was = conn.execute(text("SELECT state FROM operation WHERE id = :id"), {"id": operation}).scalar_one()
            steps = _STEPS[_STEPS.index(was) + 1 : _STEPS.index(state) + 1] if state in _STEPS else ["intent", state]
            for step in steps:
                conn.execute(moved, {"state": step, "now": int(self.now), "id": operation})

    def fail_readings(self, n: int) -> None:
        """Runs of the mirror that did not reach the gateway."""
        for _ in range(n):
            self._run(NotSent("The gateway cannot be reached.").kept())

    def read_well(self) -> None:
        """A run that went well."""
        self._run(None)

    def _run(self, error: str | None) -> None:
        with writing(self.engine) as conn:
            run = begin_run(conn, "sync", int(self.now))
            end_run(conn, run, int(self.now) + 1, {}, error)

    def posted(self, kind: str) -> list[tuple[str, list[str]]]:
        """What the webhook was told of a kind: begin or end, and the keys."""
        of_kind = [one for one in self.hook.posts if one["kind"] == kind]
        return [(one["event"], [matter["key"] for matter in one["matters"]]) for one in of_kind]


@pytest.fixture
def house(store: Engine, tmp_path: Path) -> Iterator[House]:
    with taking_mail(MailBox()) as box, taking_posts() as hook:
        yield House(store.url.render_as_string(hide_password=False), box, hook, tmp_path)


@pytest.fixture
def small_house(sqlite_store: Engine, tmp_path: Path) -> Iterator[House]:
    with taking_mail(MailBox()) as box, taking_posts() as hook:
        yield House(sqlite_store.url.render_as_string(hide_password=False), box, hook, tmp_path)
