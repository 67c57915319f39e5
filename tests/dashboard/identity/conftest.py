"""A dashboard whose gateway is a sandbox in this process, with people for calls that only some PGs have."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.process import resources
from dashboard.process.executor import make_executor
from services.gateway import Gateway
from services.mirror.account import claimed_at
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.store.engine import writing
from services.store.writes.keys import replace_channels
from tests.worlds.sandboxes import make_caller
from tests.worlds.screens.money_forms import money_store, settled

CHANNEL = ("pg_provider", "pg_id", "sandbox", "type", "channel_name", "channel_key")


@dataclass
class Office:
    """What its screens stand on."""

    engine: Engine
    sandbox: Sandbox
    folder: Path

    def carry_out(self, at: AppTest) -> AppTest:
        """The executor takes its turn, and the page looks again."""
        make_executor().turn()
        return settled(at.run())

    def switch(self, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> None:
        """Other settings of the same process."""
        changed = resources.current_settings().model_copy(update=settings)
        monkeypatch.setattr(resources, "_settings", changed)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """The store of the screens that move money, with the sandbox's channels."""
    engine, sandbox = money_store(tmp_path), make_caller(1).sandbox
    gateway = Gateway("http://gate", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(sandbox))
    monkeypatch.setattr(resources, "_gateway", gateway)
    claimed_at(gateway, engine)
    with writing(engine) as conn:
        replace_channels(conn, [{name: row[name] for name in CHANNEL} for row in sandbox.world.channels])
    yield Office(engine, sandbox, tmp_path)
    gateway.close()
