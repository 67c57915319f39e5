"""What cannot be opened or reached is told with its cause and the next step, in the terminal's language."""

import errno
from pathlib import Path

import pytest
from sqlalchemy import make_url
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.commands.answer import sentence_of
from dashboard.locale import set_language


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def told(url: str, monkeypatch: pytest.MonkeyPatch, language: str = "C") -> str:
    """What `jangbu migrate` says of a database."""
    monkeypatch.setenv("JANGBU_DATABASE_URL", url)
    done = CliRunner().invoke(app, ["migrate"], env={"LC_ALL": language})
    assert (done.exit_code, "Traceback" in done.output, "canary4711" in done.output) == (1, False, False)
    return done.stderr


def test_postgresql_that_is_down_is_not_one_without_the_database(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No PostgreSQL answers at 127.0.0.1:1:" in told("postgresql://j:canary4711@127.0.0.1:1/x", monkeypatch)
    assert "No PostgreSQL answers at nowhere.invalid:5432:" in told("postgresql://j@nowhere.invalid/x", monkeypatch)
    none = make_url(postgres_url).set(database="ledger").render_as_string(hide_password=False)
    assert "createdb ledger" in told(none, monkeypatch)
    korean = told(none, monkeypatch, "ko_KR.UTF-8")
    assert "createdb ledger" in korean
    assert "데이터베이스가 없습니다" in korean
    stranger = make_url(none).set(username="stranger", password="canary4711").render_as_string(hide_password=False)
    assert "lets stranger not in" in told(stranger, monkeypatch)


def test_a_file_of_sqlite_is_told_by_what_hinders_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder.db").mkdir()
    assert "folder.db cannot be opened" in told(f"sqlite:///{tmp_path}/folder.db", monkeypatch)
    (tmp_path / "text.db").write_bytes(b"this is no database" * 50)
    assert "text.db is no whole SQLite database" in told(f"sqlite:///{tmp_path}/text.db", monkeypatch)
    assert "a file stands where a folder is needed" in told(f"sqlite:///{tmp_path}/text.db/x.db", monkeypatch)
    assert "/proc/nowhere is not there" in told("sqlite:////proc/nowhere/x.db", monkeypatch)


@pytest.mark.parametrize(
    ("number", "english", "korean"),
    [
        (errno.EACCES, "may not read or write there", "권한"),
        (errno.ENOSPC, "The disk is full", "디스크"),
        (errno.EISDIR, "is a folder", "폴더"),
        (errno.EIO, "EIO", "EIO"),
    ],
)
def test_an_error_of_the_machine_has_a_next_step_in_both_languages(number: int, english: str, korean: str) -> None:
    error = OSError(number, "canary4711", "/x/var")
    assert english in sentence_of(error)
    set_language("ko")
    told = sentence_of(error)
    set_language("en")
    assert korean in told
    assert "canary4711" not in told
