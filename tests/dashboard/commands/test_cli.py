"""The `jangbu` command: one object on stdout, a sentence on stderr, 1 for whatever went wrong, and no traceback."""

import csv
import io
import json
import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from dashboard.cli import app
from dashboard.commands import demo
from dashboard.process.resources import open_store, use_settings
from dashboard.settings import load_settings
from services.people.identities import bind
from services.people.sessions import begin
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from services.store.engine import writing
from services.tables.people import PersonSession
from tests.worlds.mirrors import SYNC_TELLS
from tests.worlds.stores import new_store

KINDS = {
    "payments": "imp_uid merchant_uid status amount cancel_amount currency paid_at",
    "refunds": "imp_uid merchant_uid cancellation_id amount currency cancelled_at reason",
    "schedules": "merchant_uid customer_uid imp_uid schedule_status payment_status amount currency",
    "billing-keys": "customer_uid pg_provider pg_id card_name",
}
EXPORT = ("export", "payments", "--reason", "closing")

NEED_A_DATABASE = (
    ("audit", "verify"),
    ("operations", "list"),
    ("operations", "resolve"),
    ("export", "payments", "--reason", "closing", "--out", "x.csv"),
    ("revenue", "--from", "2026-11-01", "--to", "2026-11-02"),
    ("limits", "show"),
    ("sessions", "list"),
    ("refund", "imp_1", "--full", "--reason", "변심", "--requester", "customer"),
    ("charge", "key_1", "--amount", "9900", "--name", "구독"),
)


def jangbu(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of its own with its own database, as a command makes it, and no gateway."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JANGBU_DATABASE_URL", f"sqlite:///{tmp_path / 'own.db'}")
    monkeypatch.setenv("JANGBU_IMP_API_URL", "http://127.0.0.1:1")
    for name in ("JANGBU_IMP_KEY", "JANGBU_IMP_SECRET", "JANGBU_MIRROR_DAYS"):
        monkeypatch.delenv(name, raising=False)
    before = os.umask(0o077)
    new_store(tmp_path / "own.db").dispose()
    yield tmp_path
    os.umask(before)


@pytest.fixture
def mirrored(here: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """The same with a sandbox behind it over HTTP, synced once."""
    with served(sandbox) as address:
        monkeypatch.setenv("JANGBU_IMP_API_URL", address)
        monkeypatch.setenv("JANGBU_IMP_KEY", IMP_KEY)
        monkeypatch.setenv("JANGBU_IMP_SECRET", IMP_SECRET)
        done = jangbu("sync", "--json")
        assert (done.exit_code, done.stderr) == (0, "")
        told = json.loads(done.stdout)
        assert list(told) == SYNC_TELLS
        assert told["payments"] == len(sandbox.world.payments)
        yield sandbox


@pytest.mark.usefixtures("mirrored")
def test_a_second_sync_changes_nothing_and_a_full_one_neither() -> None:
    for words in (("sync", "--json"), ("sync", "--json", "--full", "--days", "400")):
        assert json.loads(jangbu(*words).stdout)["changed"] == 0


@pytest.mark.usefixtures("mirrored")
@pytest.mark.parametrize("kind", KINDS)
def test_an_export_has_v1s_names_and_says_what_it_wrote(here: Path, kind: str) -> None:
    done = jangbu("export", kind, "--reason", "closing", "--format", "csv", "--out", "file.csv", "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    raw = (here / "file.csv").read_bytes()
    assert json.loads(done.stdout) == {"kind": kind, "file": "file.csv", "bytes": len(raw)}
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    expected = KINDS[kind].split()
    assert rows[0][: len(expected)] == expected
    assert len(rows) > 10


def test_filters_narrow_an_export(here: Path, mirrored: Sandbox) -> None:
    failed = {uid for uid, row in mirrored.world.payments.items() if row["status"] == "failed"}
    jangbu("export", "payments", "--reason", "closing", "--out", "f.csv", "--status", "failed")
    rows = list(csv.DictReader(io.StringIO((here / "f.csv").read_text("utf-8-sig"))))
    assert {row["imp_uid"] for row in rows} == failed
    jangbu("export", "payments", "--reason", "closing", "--out", "f.xlsx", "--text", "1234qwer", "--labels")
    sheet = openpyxl.load_workbook(here / "f.xlsx").active
    assert sheet.max_row == 2
    assert "merchant_uid" not in [cell.value for cell in sheet[1]]


@pytest.mark.usefixtures("mirrored")
def test_columns_are_chosen_and_a_workbook_is_for_people(here: Path) -> None:
    given = (*EXPORT, "--columns", "status, amount,sandbox", "--status", "partly_refunded")
    assert jangbu(*given, "--out", "f.csv").exit_code == 0
    header, *rows = csv.reader(io.StringIO((here / "f.csv").read_text("utf-8-sig")))
    assert header == ["status", "amount", "sandbox"]
    assert {row[0] for row in rows} == {"paid"}
    assert jangbu(*given, "--out", "f.xlsx", "--from", "2020-01-01").exit_code == 0
    book = openpyxl.load_workbook(here / "f.xlsx")
    assert book.sheetnames == ["Payments", "Conditions"]
    head, *lines = book["Payments"].iter_rows(values_only=True)
    assert head == ("State", "Amount", "Test")
    assert {line[0] for line in lines} == {"Partly refunded"}
    assert len(lines) == len(rows)
    said = dict(row[:2] for row in book["Conditions"].iter_rows(values_only=True) if row[0])
    assert (said["Period"], said["State"], said["Rows"]) == ("2020-01-01 –", "Partly refunded", len(rows))
    assert said["Exported by"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sync", "--nope"], "--nope"),
        (["sync", "--days", "0"], "--days"),
        (["sync", "--days", "many"], "--days"),
        (["nothing"], "nothing"),
        (["export", "payments"], "--out"),
        (["export", "cats", "--out", "x"], "cats"),
        (["export", "payments", "--out", "x", "--from", "yesterday"], "yesterday"),
        (["export", "payments", "--out", "x", "--from", "2026-02-02", "--to", "2026-01-01"], "before the first"),
        (["export", "payments", "--out", "x", "--text", "a"], "three characters"),
        (["export", "payments", "--out", "x", "--text", "4111-1111-1111-1111"], "must not be kept"),
        (
            ["export", "subscriptions", "--out", "x", "--from", "2026-01-01"],
            "cannot be narrowed by --from.",
        ),
        (["export", "subscriptions", "--out", "x", "--text", "abc", "--live", "all"], "narrowed by --text, --live."),
        (["export", "schedules", "--out", "x", "--method", "card"], "schedules cannot be narrowed by --method."),
        (["export", "billing-keys", "--out", "x", "--method", "card"], "billing-keys cannot be narrowed by --method."),
        (["export", "schedules", "--out", "x", "--card", "신한카드"], "schedules cannot be narrowed by --card."),
        (["export", "operations", "--out", "x", "--pg", "kcp"], "operations cannot be narrowed by --pg."),
        (
            ["export", "payments", "--out", "x", "--status", "nonsense"],
            "have no --status “nonsense”, but: cancelled, f",
        ),
        (["export", "refunds", "--out", "x", "--method", "nosuch"], "no --method “nosuch”, but: "),
        (["export", "payments", "--out", "x", "--card", "없는카드"], "payments have no --card “없는카드”, but: "),
        (["export", "schedules", "--out", "x", "--pg", "nosuch"], "schedules have no --pg “nosuch”, but: "),
        (["export", "billing-keys", "--out", "x", "--status", "paid"], "--status “paid”, but: active, deleted, fail"),
        (["export", "subscriptions", "--out", "x", "--status", "paid"], "subscriptions have no --status “paid”"),
        (["export", "operations", "--out", "x", "--status", "paid"], "operations have no --status “paid”"),
        (["export", "refunds", "--out", "x", "--columns", "amount,cats"], "no column “cats”, but: imp_uid, merchant_"),
        (["export", "payments", "--out", "x.xlsx", "--format", "csv"], "name ends with .xlsx, the format is csv"),
        (["export", "payments", "--out", "no/such/folder.csv"], "no/such/folder.csv"),
        (["export", "payments", "--out", "."], "."),
        (["sync"], "JANGBU_IMP_KEY"),
        (["doctor"], "JANGBU_IMP_KEY"),
        (["serve"], "JANGBU_IMP_KEY"),
    ],
)
def test_bad_usage_is_one_sentence_and_status_1(here: Path, words: list[str], said: str) -> None:
    done = jangbu(*words, *(("--reason", "closing") if words[0] == "export" else ()))
    assert (done.exit_code, done.stdout) == (1, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(here.glob("x*"))


@pytest.mark.parametrize("reason", [(), ("--reason", ""), ("--reason", "  ")])
def test_nothing_is_exported_without_a_reason(here: Path, reason: tuple[str, ...]) -> None:
    done = jangbu("export", "payments", "--out", "x.csv", *reason)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "Say what the file is for" in done.stderr
    assert not list(here.glob("x*"))


def test_an_export_that_fails_leaves_the_file_that_was_there(here: Path) -> None:
    (here / "kept.csv").write_text("old")
    assert jangbu("export", "payments", "--reason", "closing", "--out", "kept.csv", "--text", "a").exit_code == 1
    assert [path.read_text() for path in here.glob("kept*")] == ["old"]


@pytest.mark.parametrize("url", ["postgresql://jang:canary4711@127.0.0.1:1/x", "sqlite:////proc/nowhere/x.db", "junk"])
@pytest.mark.parametrize("command", [["migrate"], [*EXPORT, "--out", "x.csv"], ["doctor"], ["sync"]])
def test_a_database_that_cannot_be_used_is_a_sentence_without_its_password(
    here: Path, command: list[str], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if url == "junk":
        (here / "own.db").write_bytes(b"this is no database" * 50)
    else:
        monkeypatch.setenv("JANGBU_DATABASE_URL", url)
    monkeypatch.setenv("JANGBU_IMP_KEY", "key")
    monkeypatch.setenv("JANGBU_IMP_SECRET", "canary4712")
    done = jangbu(*command)
    assert done.exit_code == 1
    assert done.stderr.strip() or done.stdout.strip()
    assert not [word for word in ("Traceback", "canary4711", "canary4712") if word in done.output]


@pytest.mark.usefixtures("mirrored")
def test_doctor_finds_everything_well() -> None:
    done = jangbu("doctor", "--json")
    found: dict[str, Any] = json.loads(done.stdout)
    assert {name: check for name, check in found.items() if not check["ok"]} == {}
    assert done.exit_code == 0
    assert list(found) == [
        "settings",
        "database",
        "journal",
        "account",
        "limits",
        "gateway",
        "clock",
        "files",
        "rows",
        "reach",
        "sign-in",
        "roster",
        "identities",
        "backup",
        "background work",
    ]


def test_doctor_says_all_that_is_wrong(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGBU_IMP_KEY", "key")
    monkeypatch.setenv("JANGBU_IMP_SECRET", "secret")
    done = jangbu("doctor", "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 1
    assert [name for name, check in found.items() if not check["ok"]] == ["gateway", "clock"]


def test_doctor_names_what_no_setting_is_called(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGBU_IMP_KEY", "key")
    monkeypatch.setenv("JANGBU_IMP_SECRET", "secret")
    (here / ".env").write_text("JANGBU_REFUND_APROVAL_FROM=100000\n")
    told = json.loads(jangbu("doctor", "--json").stdout)["settings"]
    assert (told["ok"], "JANGBU_REFUND_APPROVAL_FROM?" in told["detail"]) == (False, True)


def test_what_a_command_makes_is_for_its_owner_alone_and_doctor_names_what_is_not(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JANGBU_IMP_KEY", "key")
    monkeypatch.setenv("JANGBU_IMP_SECRET", "secret")
    made = {}
    before = os.umask(0o022)
    try:
        assert jangbu("export", "payments", "--reason", "closing", "--out", "x.csv").exit_code == 0
        made = {name: (here / name).stat().st_mode & 0o777 for name in ("own.db", "x.csv")}
    finally:
        os.umask(before)
    assert made == {"own.db": 0o600, "x.csv": 0o600}
    (here / "own.db").chmod(0o644)
    told = json.loads(jangbu("doctor", "--json").stdout)["files"]
    assert (told["ok"], "own.db (644)" in told["detail"]) == (False, True)


def test_migrate_twice_is_once(here: Path) -> None:
    for _ in range(2):
        assert jangbu("migrate").exit_code == 0
    assert (here / "own.db").exists()


def test_a_gateway_that_is_not_there_is_a_sentence(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGBU_IMP_KEY", "key")
    monkeypatch.setenv("JANGBU_IMP_SECRET", "secret")
    done = jangbu("sync", "--json")
    assert done.exit_code == 1
    assert "The gateway cannot be reached" in json.loads(done.stdout)["error"]
    assert "The gateway cannot be reached" in done.stderr


def test_a_key_that_is_not_taken_is_told_with_where_it_stands(
    here: Path, mirrored: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (here.exists(), bool(mirrored.world.payments)) == (True, True)
    monkeypatch.setenv("JANGBU_IMP_SECRET", "canary4711")
    for words in (("sync",), ("doctor",)):
        done = jangbu(*words)
        assert [one for one in ("JANGBU_IMP_KEY", "JANGBU_IMP_SECRET", ".env") if one not in done.output] == []
        assert (done.exit_code, "canary4711" in done.output) == (1, False)


@pytest.mark.usefixtures("mirrored")
def test_revenue_tells_days_mrr_cohorts_and_what_is_expected_as_one_object() -> None:
    done = jangbu("revenue", "--from", "2026-08-01", "--to", "2026-09-15", "--json")
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert list(told) == ["mirror_from", "days", "mrr", "cohorts", "forecast"]
    won = [day for day in told["days"] if day["currency"] == "KRW"]
    assert (won[0]["date"], won[-1]["date"], len(won)) == ("2026-08-01", "2026-09-15", 46)
    assert all(day["gross"] - day["refunds"] == day["net"] for day in told["days"])
    assert sum(day["payments"] for day in won) > 0
    before, month = told["mrr"][:2]
    moved = ("new", "expansion", "contraction", "churn", "reactivation")
    assert before["mrr"] + sum(month[name] for name in moved) == month["mrr"] > 0
    told = jangbu("revenue", "--from", "2026-08-01", "--to", "2026-08-02").stdout
    assert "2026-08-01" in told
    assert all(name in told for name in ("Reactivation", "Subscribers", "Contraction"))
    assert "…" not in told


def test_figures_of_days_that_are_not_here_are_said_to_lack_payments(here: Path, mirrored: Sandbox) -> None:
    """A sync of 30 days, today among them, begins 29 days ago."""
    assert mirrored.world.payments
    for file in here.glob("own.db*"):
        file.unlink()
    new_store(here / "own.db").dispose()
    today = datetime.now(ZoneInfo("Asia/Seoul")).date()
    first, before = today - timedelta(days=29), today - timedelta(days=30)
    words = ("revenue", "--to", today.isoformat(), "--from")
    assert "too low" in jangbu(*words, first.isoformat()).stderr
    assert json.loads(jangbu(*words, first.isoformat(), "--json").stdout)["mirror_from"] is None
    assert jangbu("sync", "--days", "30").exit_code == 0
    assert jangbu(*words, first.isoformat()).stderr == ""
    done = jangbu(*words, before.isoformat(), "--json")
    assert json.loads(done.stdout)["mirror_from"] == first.isoformat()
    assert f"back to {first}" in " ".join(done.stderr.split())
    assert f"from {first} on" in json.loads(jangbu("doctor", "--json").stdout)["reach"]["detail"]


def test_a_database_that_is_not_there_is_said_and_not_made(
    here: Path, mirrored: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty journal would know of nothing that was sent, and find everything as it should be."""
    assert mirrored.world.payments
    for address in (here / "own2.db", here / "no" / "such" / "own.db"):
        monkeypatch.setenv("JANGBU_DATABASE_URL", f"sqlite:///{address}")
        for words in NEED_A_DATABASE:
            done = jangbu(*words)
            assert (done.exit_code, done.stdout) == (1, ""), (words, done.stderr)
            assert f"There is no database at sqlite:///{address}: the first `jangbu sync` makes it." in done.stderr
        assert not address.parent.exists() or sorted(address.parent.glob("own2.db*")) == []
    assert jangbu("sync").exit_code == 0
    assert address.is_file()


@pytest.mark.usefixtures("here")
def test_spans_that_nobody_would_wait_for_are_refused() -> None:
    for words in (("revenue", "--from", "0001-01-01", "--to", "9999-12-31"), ("sync", "--days", "99999999")):
        assert jangbu(*words).exit_code in (1, 2), words


def test_revenue_refuses_days_in_the_wrong_order() -> None:
    done = jangbu("revenue", "--from", "2026-08-02", "--to", "2026-08-01", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout) == {"error": "The last day is before the first."}


def test_somebody_is_signed_out_everywhere_and_an_address_is_given_to_another_account(here: Path) -> None:
    assert jangbu("migrate").exit_code == 0
    use_settings(load_settings(require_gateway=False))
    now = int(time.time())
    with writing(open_store()) as conn:
        bind(conn, "kim@example.com", "https://a", "1", now)
        bind(conn, "kim@example.com", "https://b", "2", now)
        for name in ("a", "b"):
            begin(conn, PersonSession(id=name, email="kim@example.com", role="viewer", begun_at=now, seen_at=now))
    told = json.loads(jangbu("sessions", "list", "--json").stdout)
    assert [one["email"] for one in told["sessions"]] == ["kim@example.com"] * 2
    assert "id" not in told["sessions"][0]
    assert told["refused"][0]["other_issuer"] == "https://b"
    assert json.loads(jangbu("sessions", "end", "Kim@example.com", "--json").stdout)["ended"] == 2
    assert json.loads(jangbu("sessions", "list", "--json").stdout)["sessions"] == []
    assert jangbu("sessions", "rebind", "kim@example.com").exit_code == 0
    assert jangbu("sessions", "rebind", "kim@example.com").exit_code == 1


def test_a_second_demo_does_not_take_the_first_ones_database_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    held = demo.hold_folder()
    demo.DATABASE.write_text("the first one's")
    done = jangbu("demo", "--port", str(demo.free_port()))
    assert (done.exit_code, "running in this folder already" in done.stderr) == (1, True)
    assert demo.DATABASE.read_text() == "the first one's"
    held.close()
    demo.hold_folder().close()
