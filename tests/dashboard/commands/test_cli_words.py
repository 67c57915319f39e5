"""How commands talk: results on stdout, help in the terminal's language, and every result as JSON too."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from dashboard.cli import app
from dashboard.commands import serve
from dashboard.commands.report import line_of
from dashboard.locale import in_language
from dashboard.process.resources import use_settings
from dashboard.settings import Settings
from services.store.migrations import head_revision
from services.tables.journal import Operation
from tests.dashboard.words.test_locale import catalog
from tests.worlds.stores import new_store

TYPERS_OWN = {"Show this message and exit.", "Arguments", "Options", "Commands"}


def jangbu(*words: str, language: str = "C") -> Result:
    return CliRunner().invoke(app, list(words), env={"LC_ALL": language})


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a new database and no gateway."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JANGBU_DATABASE_URL", f"sqlite:///{tmp_path / 'own.db'}")
    new_store(tmp_path / "own.db").dispose()
    yield tmp_path
    use_settings(Settings())


def helps(command: Any) -> Iterator[str]:
    yield command.help
    yield from (one.help for one in command.params if getattr(one, "help", None))
    for below in getattr(command, "commands", {}).values():
        yield from helps(below)


def test_every_word_of_help_is_in_the_korean_catalog_and_none_outlives_it() -> None:
    korean = {one.id for one in catalog("ko", "commands") if one.id and one.string}
    assert korean == set(helps(get_command(app))) | TYPERS_OWN


@pytest.mark.parametrize("words", [("--help",), ("schedule",), ("schedule", "add", "--help"), ("refund", "--help")])
def test_help_is_in_the_language_of_the_terminal(words: tuple[str, ...]) -> None:
    korean, english = jangbu(*words, language="ko_KR.UTF-8").output, jangbu(*words, language="en_US.UTF-8").output
    assert ("옵션" in korean, "Options" in korean) == (True, False)
    assert ("옵션" in english, "Options" in english) == (False, True)


@pytest.mark.usefixtures("here")
def test_a_result_is_on_stdout_with_json_or_without() -> None:
    for words in (("limits", "show"), ("audit", "verify"), ("sessions", "list"), ("operations", "list"), ("migrate",)):
        for more in ((), ("--json",)):
            done = jangbu(*words, *more)
            assert (done.exit_code, done.stderr, bool(done.stdout.strip())) == (0, "", True), words


@pytest.mark.usefixtures("here")
def test_an_empty_list_of_operations_says_so() -> None:
    assert jangbu("operations", "list").stdout == "Nothing was asked of the gateway yet.\n"
    assert jangbu("operations", "list", "--state", "refused").stdout == "Nothing of that kind was asked for.\n"
    assert json.loads(jangbu("operations", "list", "--json").stdout) == {"operations": []}


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("limits", "show"), ["데이터베이스의 기준: 없음", "적용되는 기준(둘 중 엄격한 쪽): 없음"]),
        (("audit", "verify"), ["감사 기록 0건"]),
        (("revenue", "--from", "2026-11-01", "--to", "2026-11-02"), ["날짜", "통화", "순매출", "2026-11-02"]),
    ],
)
def test_what_is_told_a_person_is_in_words(words: tuple[str, ...], told: list[str]) -> None:
    shown = jangbu(*words, language="ko_KR.UTF-8").stdout
    assert [one for one in told if one not in shown] == []
    assert not [one for one in ("never", "holds", "outside", "gross", "kept") if one in shown]


def test_an_operation_is_told_with_seouls_time_and_its_state_in_words() -> None:
    asked = datetime(2026, 11, 29, 0, 4, 5, tzinfo=ZoneInfo("Asia/Seoul"))
    one = Operation(
        id=7, token="t", kind="refund", state="refused", subject="payment:imp_1", imp_uid="imp_1", amount=4_000,
        currency="KRW", request="{}", asked_by="kim@example.com", asked_at=int(asked.timestamp()), asked_from="cli",
        state_at=0, message="한도 초과",
    )  # fmt: skip
    with in_language("ko"):
        told = line_of(one)
    assert told == "7 · 2026-11-29 00:04:05 · 환불 · 거절됨 · imp_1 · 4,000원 · kim@example.com · 한도 초과"


@pytest.mark.usefixtures("here")
def test_migrate_tells_the_revision() -> None:
    assert json.loads(jangbu("migrate", "--json").stdout) == {
        "revision": head_revision(), "account": None, "backup": None,
    }  # fmt: skip


def test_doctor_names_in_korean_what_it_looks_at(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KEY", "SECRET"):
        monkeypatch.setenv(f"JANGBU_IMP_{name}", "0000000000000000")
    monkeypatch.setenv("JANGBU_IMP_API_URL", "http://127.0.0.1:1")
    told = jangbu("doctor", language="ko_KR.UTF-8").stdout.splitlines()
    assert f"정상 데이터베이스: sqlite:///{here}/own.db" in told
    gateway = next(line for line in told if line.startswith("실패 포트원: "))
    assert [one for one in ("http://127.0.0.1:1", "JANGBU_IMP_API_URL") if one not in gateway] == []
    assert "정상 받은 내역: 아직 받은 내역이 없습니다" in told
    assert [line for line in told if not line.startswith(("정상 ", "실패 "))] == [
        "확인 못 함, 위의 실패를 먼저 해결하세요: 시계"
    ]
    assert not [line for line in told if "연결됨" in line]


def test_before_the_first_sync_doctor_says_once_and_in_korean_that_there_is_no_database(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JANGBU_DATABASE_URL", f"sqlite:///{here}/none.db")
    for name in ("KEY", "SECRET"):
        monkeypatch.setenv(f"JANGBU_IMP_{name}", "0000000000000000")
    monkeypatch.setenv("JANGBU_IMP_API_URL", "http://127.0.0.1:1")
    told = jangbu("doctor", language="ko_KR.UTF-8").stdout
    assert told.count("none.db") == 1
    assert f"실패 데이터베이스: sqlite:///{here}/none.db에 데이터베이스가 없습니다." in told
    found = json.loads(jangbu("doctor", "--json").stdout)
    assert (found["rows"]["ok"], "none.db" in found["rows"]["detail"]) == (False, False)


def test_a_limit_that_nobody_can_approve_under_is_warned_of(here: Path) -> None:
    (here / ".env").write_text("JANGBU_IMP_KEY=key\nJANGBU_IMP_SECRET=secret\nJANGBU_IMP_API_URL=http://127.0.0.1:1\n")
    for limit, warned in (("100000", True), ("never", False)):
        done = jangbu("limits", "set", "--refund-approval-from", limit, language="ko_KR.UTF-8")
        assert (done.exit_code, "승인할 사람이 없습니다" in done.stderr) == (0, warned)
        assert json.loads(jangbu("doctor", "--json").stdout)["limits"]["ok"] is not warned


def test_doctor_finds_settings_that_others_may_read(here: Path) -> None:
    settings = here / ".env"
    settings.write_text("JANGBU_IMP_KEY=key\nJANGBU_IMP_SECRET=secret\nJANGBU_IMP_API_URL=http://127.0.0.1:1\n")
    for mode, fine in ((0o644, False), (0o600, True)):
        settings.chmod(mode)
        told = json.loads(jangbu("doctor", "--json").stdout)["files"]
        assert (told["ok"], ".env" in told["detail"]) == (fine, True)


@pytest.mark.usefixtures("here")
def test_serve_listens_where_the_options_say(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Settings] = []
    monkeypatch.setattr(serve, "serve", lambda settings, **_more: asked.append(settings))
    for name in ("KEY", "SECRET"):
        monkeypatch.setenv(f"JANGBU_IMP_{name}", "0000000000000000")
    monkeypatch.setenv("JANGBU_PORT", "8765")
    for words in ((), ("--port", "8766", "--host", "127.0.0.2")):
        assert jangbu("serve", *words).exit_code == 0
    assert [(one.host, one.port) for one in asked] == [("127.0.0.1", 8765), ("127.0.0.2", 8766)]
