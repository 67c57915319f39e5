"""/healthz writes: what cannot be kept, found again or trusted to be fresh is 503, in one word and without a trace."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.routes import health as probe
from dashboard.routes.health import health
from dashboard.routes.metrics import metrics
from services.alarms.findings import STALE
from services.store.engine import writing
from services.store.writes.sync import set_mark
from tests.store.test_file_identity import HAPPENINGS
from tests.worlds.operations.store import Commits
from tests.worlds.screens.screens import filled_store


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return filled_store(tmp_path)


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=[Route("/healthz", health), Route("/metrics", metrics)])) as found:
        yield found


@pytest.fixture
def unkept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each who asks has it looked at."""
    monkeypatch.setattr(probe, "KEPT", 0)


def test_thirty_who_ask_cost_one_look_and_no_reading_of_revisions(
    client: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/healthz")
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    assert {client.get("/healthz").status_code for _ in range(30)} == {200}
    assert statements == []
    monkeypatch.setattr(probe, "KEPT", 0)
    monkeypatch.setattr("services.store.migrations.ScriptDirectory", None)
    assert client.get("/healthz").status_code == 200
    assert any("INSERT INTO mark" in statement for statement in statements)


@pytest.mark.usefixtures("unkept")
@pytest.mark.parametrize("happens", HAPPENINGS)
def test_a_file_that_nobody_finds_again_is_not_healthy(client: TestClient, engine: Engine, happens: Any) -> None:
    assert client.get("/healthz").status_code == 200
    happens(Path(engine.url.database or ""))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "error": "Displaced"})


@pytest.mark.usefixtures("unkept")
def test_a_disk_that_takes_no_more_is_not_healthy(client: TestClient, engine: Engine) -> None:
    def full() -> None:
        raise commits.full()

    commits = Commits(engine)
    commits.before = full
    assert (client.get("/healthz").status_code, client.get("/healthz").json()["error"]) == (503, "OperationalError")
    commits.before = lambda: None
    assert client.get("/healthz").status_code == 200


@pytest.mark.usefixtures("unkept")
def test_a_file_that_is_no_database_any_more_is_told_without_its_statements(
    client: TestClient, engine: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    engine.dispose()
    with Path(engine.url.database or "").open("r+b") as file:
        file.write(b"x" * 65_536)
    assert [client.get(path).status_code for path in ("/healthz", "/metrics")] == [503, 503]
    told = "".join(capfd.readouterr())
    assert "SELECT" not in told
    assert "Traceback" not in told


@pytest.mark.usefixtures("unkept")
def test_a_mirror_that_stands_still_is_not_healthy(client: TestClient, engine: Engine) -> None:
    for age, status in ((STALE - 60, 200), (STALE + 60, 503)):
        with writing(engine) as conn:
            set_mark(conn, "as_of", str(int(time.time()) - age), 0)
        assert client.get("/healthz").status_code == status
    assert client.get("/healthz").json()["error"] == "Stale"


@pytest.mark.usefixtures("unkept")
def test_a_database_of_a_newer_version_is_not_healthy(client: TestClient, engine: Engine) -> None:
    with writing(engine) as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = 'r9999'")
    assert (client.get("/healthz").status_code, client.get("/healthz").json()["error"]) == (503, "WrongRevision")


@pytest.mark.parametrize(
    ("language", "works", "not_so"), [("ko", "정상", "이상 있음"), ("en", "Works", "Does not work")]
)
@pytest.mark.usefixtures("unkept")
def test_a_person_reads_the_same_as_a_probe(
    client: TestClient, engine: Engine, language: str, works: str, not_so: str
) -> None:
    asked = {"accept": "text/html,*/*", "accept-language": language}
    answer = client.get("/healthz", headers=asked)
    assert (answer.status_code, f"<h1>{works}</h1>" in answer.text) == (200, True)
    with writing(engine) as conn:
        set_mark(conn, "as_of", str(int(time.time()) - STALE - 60), 0)
    answer = client.get("/healthz", headers=asked)
    assert (answer.status_code, not_so in answer.text, "<code>Stale</code>" in answer.text) == (503, True, True)
    assert client.get("/healthz").json()["error"] == "Stale"
