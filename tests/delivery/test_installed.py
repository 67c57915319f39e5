"""The wheel in an empty environment: all of Jangbu is in it, and it works as somebody who may write nowhere else."""

import json
import re
import signal
import subprocess
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from dashboard.commands.demo import free_port
from services.store.migrations import head_revision
from tests.browser.servers import wait_for
from tests.delivery import recipes
from tests.delivery.installation import PACKED, PATIENCE, Installation, close_to_writes, installed
from tests.worlds.screens.screens import ROOT

_HOME = """
import pathlib, dashboard, services
from dashboard.options import HOME
from streamlit.testing.v1 import AppTest
at = AppTest.from_file(str(pathlib.Path(dashboard.__file__).with_name("main.py")), default_timeout=120).run()
assert not at.exception, at.exception
print([title.value for title in at.title], services.__file__, f"<{HOME}>")
"""


@pytest.fixture(scope="module")
def jangbu() -> Iterator[Installation]:
    with installed() as made:
        yield made


def test_the_wheel_carries_whatever_stands_beside_the_code(jangbu: Installation) -> None:
    with zipfile.ZipFile(jangbu.wheel) as packed:
        inside = {name for name in packed.namelist() if ".dist-info/" not in name}
    beside = {file.relative_to(ROOT) for room in PACKED for file in (ROOT / room).rglob("*") if file.is_file()}
    tools = {"__pycache__", ".ruff_cache", "ruff.toml"}
    assert inside == {str(file) for file in beside if tools.isdisjoint(file.parts)}


def test_it_makes_a_database_where_it_is_started_from(jangbu: Installation) -> None:
    # As deploy/jangbu.service has it: a folder of settings that it cannot write to, in which `var` leads to its own.
    kept, started_from = jangbu.folder / "lib", jangbu.folder / "etc"
    kept.mkdir()
    started_from.mkdir()
    (started_from / "var").symlink_to(kept)
    close_to_writes(started_from)
    told = json.loads(jangbu.told(jangbu.bin / "jangbu", "migrate", "--json", cwd=started_from))
    assert told["revision"] == head_revision()
    assert "jangbu.db" in {file.name for file in kept.iterdir()}


def test_the_demo_works_in_the_folder_of_a_shop_with_services_of_its_own(jangbu: Installation) -> None:
    folder = jangbu.folder / "shop"
    (folder / "services").mkdir(parents=True)
    (folder / "services" / "__init__.py").write_text("raise SystemExit('the shop, not Jangbu')")
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = (jangbu.bin / "jangbu", "demo", "--payments", "300", "--port", str(port))
    with _running(jangbu.start(*command, cwd=folder)) as demo:
        wait_for(f"{url}/healthz", lambda: demo.poll() is None, PATIENCE)
        assert _body(f"{url}/healthz")["status"] == "ok"
        with urllib.request.urlopen(url, timeout=PATIENCE) as page:
            assert b"<title>" in page.read()
        store = {"JANGBU_DATABASE_URL": f"sqlite:///{folder / 'var' / 'demo.db'}", "LANG": "ko_KR.UTF-8"}
        home = jangbu.told(jangbu.bin / "python", "-P", "-c", _HOME, cwd=folder, **store)
        assert str(jangbu.bin.parent) in home
        assert "[]" not in home
        assert f"<{folder}>" in home
        demo.send_signal(signal.SIGINT)
        said, _ = demo.communicate(timeout=PATIENCE)
    assert demo.returncode == 0, said
    assert re.search(r"[1-9]\d+ payments in", said), said
    assert {path.name for path in folder.iterdir()} == {"services", "var"}


def test_a_container_serves_writes_to_its_volumes_alone_and_ends_in_time(jangbu: Installation) -> None:
    """What Containerfile and compose.yaml say, run without a container: the same command, settings and folders."""
    root = jangbu.folder / "container"
    settings = recipes.run_settings(root, roles="hong@example.com=admin") | {"JANGBU_PORT": (port := str(free_port()))}
    _secrets(root / "run" / "secrets", f"sqlite:///{root}/data/jangbu.db")
    close_to_writes(root / "run")
    own = [Path(f"{root}{place}") for place in (*recipes.volumes(), "/tmp")]
    for folder in own:
        folder.mkdir()
    before = _files_but(jangbu.folder, own)
    healthy = partial(_status_of_health, jangbu, port)
    command = (jangbu.bin / "jangbu", *recipes.command()[1:])
    assert recipes.command()[0] == "jangbu"
    with _running(jangbu.start(*command, cwd=Path(f"{root}{recipes.work_folder()}"), **settings)) as served:
        wait_for(f"http://127.0.0.1:{port}/healthz", lambda: served.poll() is None, PATIENCE)
        assert healthy() == 0
        begun = time.monotonic()
        served.terminate()
        said, _ = served.communicate(timeout=PATIENCE)
        assert time.monotonic() - begun < recipes.grace()
    assert served.returncode in (0, -signal.SIGTERM), said
    assert healthy() == 1
    assert _files_but(jangbu.folder, own) == before
    assert (root / "data" / "jangbu.db").is_file()


def _secrets(folder: Path, database: str) -> None:
    folder.mkdir(parents=True)
    (folder / "auth.toml").write_text(
        '[auth]\nredirect_uri = "https://jangbu.shop.kr/oauth2callback"\nclient_id = "jangbu"\n'
        'client_secret = "q7R-b2Lx0VfZ9mTt4uYw1sKd8hGc3nJe"\ncookie_secret = "q7R-b2Lx0VfZ9mTt4uYw1sKd8hGc3nJe"\n'
        'server_metadata_url = "https://id.shop.kr/.well-known/openid-configuration"\n'
    )
    given = {"jangbu_imp_key": "k\n", "jangbu_imp_secret": "s\n", "jangbu_database_url": f"{database}\n"}
    for name in recipes.secrets_of_the_app() - {"auth.toml"}:
        (folder / name).write_text(given.get(name, ""))


def _status_of_health(jangbu: Installation, port: str) -> int:
    test, _run, *words = recipes.health_check()
    assert test == "CMD"
    command = [word.replace("/opt/jangbu/health.py", str(ROOT / "deploy" / "health.py")) for word in (_run, *words)]
    with jangbu.start(jangbu.bin / command[0], *command[1:], cwd=Path("/"), JANGBU_PORT=port) as process:
        process.communicate(timeout=PATIENCE)
    return process.returncode


def _files_but(folder: Path, own: list[Path]) -> set[tuple[Path, int]]:
    return {
        (path, path.stat().st_mtime_ns) for path in folder.rglob("*")
        if path.is_file() and not any(path.is_relative_to(one) for one in own)
    }  # fmt: skip


def _body(url: str) -> dict[str, object]:
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        return dict(json.load(answer))


@contextmanager
def _running(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(PATIENCE)
        if process.stdout:
            process.stdout.close()
