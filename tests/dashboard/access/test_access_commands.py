"""The access log from the command line: the list, whether it is as it was written, and what a sync takes away."""

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner, Result

from dashboard import loops
from dashboard.cli import app
from dashboard.process.access_log import keeper
from dashboard.settings import Role
from services.clock import DAY
from services.operations.journal import journal
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted
from services.operations.journal.roster import Roster, keep_roster
from services.people import access_log, tokens
from services.people.access_log import Access
from services.store.engine import reading, writing
from services.store.sql import table
from services.tables.journal import OperationKind
from services.tables.receipts import CashReceipt
from services.tables.staff.access import AccessKind
from tests.worlds.screens.screens import filled_store, run_page

HONG = Actor("hong@example.com", "screen 10.0.0.7")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return filled_store(tmp_path)


def jangbu(engine: Engine, *words: str, **environment: str) -> Result:
    own = {"JANGBU_DATABASE_URL": str(engine.url), "LC_ALL": "C"} | environment
    return CliRunner().invoke(app, list(words), env=own)


def test_an_export_by_command_is_listed_with_user_rows_and_reason(engine: Engine, tmp_path: Path) -> None:
    file = str(tmp_path / "a.csv")
    done = jangbu(engine, "export", "payments", "--out", file, "--columns", "imp_uid,amount", "--reason", "감사 자료")
    assert done.exit_code == 0, done.stderr
    (entry,) = json.loads(jangbu(engine, "access", "list", "--json").stdout)["entries"]
    assert (entry["kind"], entry["what"], entry["row_count"]) == ("exported", "payments", 9)
    assert (entry["column_names"], entry["reason"]) == ("imp_uid,amount", "감사 자료")
    assert entry["origin"] == f"cli {entry['person']}"
    assert "감사 자료" in jangbu(engine, "access", "list", "--kind", "exported").stdout
    assert json.loads(jangbu(engine, "access", "list", "--kind", "seen", "--json").stdout)["entries"] == []


def taken(engine: Engine) -> list[tuple[Any, ...]]:
    """What was done, where, whose, how many rows, which columns or kind of word, and what for."""
    sql = "SELECT kind, what, whose, row_count, column_names, reason FROM access_entry ORDER BY id"
    with reading(engine) as conn:
        return [tuple(row) for row in conn.exec_driver_sql(sql)]


def test_an_export_without_a_reason_names_the_option_and_leaves_nothing(engine: Engine, tmp_path: Path) -> None:
    for given in ([], ["--reason", " "], ["--reason", "010-1234-5678"]):
        done = jangbu(engine, "export", "payments", "--out", str(tmp_path / "a.csv"), *given)
        assert done.exit_code == 1
        assert given[1:] == ["010-1234-5678"] or "--reason" in done.stderr
    assert taken(engine) == []
    assert not (tmp_path / "a.csv").exists()


def test_of_what_commands_look_for_the_kind_is_kept(engine: Engine, tmp_path: Path) -> None:
    file = ("--out", str(tmp_path / "a.csv"), "--columns", "imp_uid", "--reason", "inquiry")
    assert jangbu(engine, "export", "payments", "--text", "홍길동", *file).exit_code == 0
    assert jangbu(engine, "vbank", "list", "--text", "110-222-333333").exit_code == 0
    assert jangbu(engine, "receipt", "list", "--text", "ORD-000001").exit_code == 0
    found = taken(engine)
    rows = found[0][3]
    assert found == [
        ("searched", "payments", "", rows, "words", ""),
        ("exported", "payments", "", rows, "imp_uid", "inquiry"),
        ("searched", "waiting", "", 1, "number", ""),
        ("seen", "waiting", "", 1, "", ""),
        ("searched", "receipts", "", 0, "id", ""),
    ]


def test_a_backup_is_taken_along_too(engine: Engine, tmp_path: Path) -> None:
    assert jangbu(engine, "backup", str(tmp_path / "one.backup"), "--json").exit_code == 0
    assert taken(engine) == [("exported", "backup", "", None, "", "backup")]


def revoked_account(engine: Engine) -> None:
    """Somebody asked to revoke the account that waits for money."""
    wanted = Wanted(
        "t1", OperationKind.REVOKE_VBANK, "imp_100000000005", 40_000, "KRW", imp_uid="imp_100000000005"
    )  # fmt: skip
    journal.record(engine, wanted, HONG, time.time())


def token_of(engine: Engine, role: Role) -> str:
    """A token of somebody with a role, where people sign in."""
    keep_roster(engine, Roster({f"{one}@example.com": one.value for one in Role}, {}), 0)
    with writing(engine) as conn:
        return tokens.issue(conn, Actor(f"{role}@example.com", "screen"), "test", 90, time.time())


@pytest.mark.parametrize(("role", "sees"), [(Role.SUPPORT, True), (Role.VIEWER, False)])
def test_what_commands_print_of_buyers_to_who_sees_them_is_in_the_log(engine: Engine, role: Role, sees: bool) -> None:
    revoked_account(engine)
    now = int(time.time())
    receipt = CashReceipt(
        external=True, about="C-1", merchant_uid="C-1", type="person", amount=1_100, vat=100, apply_num="1",
        applied_at=now, read_at=now,
    )  # fmt: skip
    with writing(engine) as conn:
        conn.execute(table(CashReceipt).insert().values(receipt.model_dump(exclude={"id"})))
    token = token_of(engine, role)
    for words in (("operations", "list"), ("operations", "list", "--json"), ("receipt", "list"), ("vbank", "list")):
        done = jangbu(engine, *words, JANGBU_TOKEN=token)
        assert done.exit_code == 0, done.stderr
    told = jangbu(engine, "operations", "list", "--state", "refused", JANGBU_TOKEN=token)
    assert told.exit_code == 0, "nothing is shown: no entry"
    pages = ("activity", "activity", "receipts", "waiting")
    assert taken(engine) == [("seen", page, "", 1, "", "") for page in pages if sees]


@pytest.mark.parametrize(("role", "sees"), [(Role.SUPPORT, True), (Role.VIEWER, False)])
def test_accounts_of_buyers_in_the_list_of_operations_are_for_who_sees_buyers(
    engine: Engine, role: Role, sees: bool
) -> None:
    revoked_account(engine)
    done = jangbu(engine, "operations", "list", "--json", JANGBU_TOKEN=token_of(engine, role))
    (told,) = json.loads(done.stdout)["operations"]
    assert told.get("vbank_num") == ("110-222-333333" if sees else None)


def test_the_chain_is_walked_and_what_was_changed_is_named(engine: Engine) -> None:
    run_page("payments", role=Role.SUPPORT)
    run_page("payment", role=Role.SUPPORT, query={"imp_uid": "imp_100000000001"})
    told = json.loads(jangbu(engine, "access", "verify", "--json").stdout)
    assert told == {"entries": 2, "removed_to": 0, "broken_at": None}
    with writing(engine) as conn:
        conn.exec_driver_sql("DROP TRIGGER access_changes")
        conn.exec_driver_sql("UPDATE access_entry SET whose = 'imp_2' WHERE id = 2")
    done = jangbu(engine, "access", "verify", "--json")
    assert (done.exit_code, json.loads(done.stdout)["broken_at"]) == (1, 2)


def cut_from(engine: Engine, number: int) -> int | None:
    """The end of the log is cut off, as whoever has a pen in the database does it: what verify names then."""
    with writing(engine) as conn:
        last = conn.exec_driver_sql(f"SELECT id || ' ' || hash FROM access_entry WHERE id = {number - 1}").scalar()
        conn.exec_driver_sql(f"DELETE FROM access_entry WHERE id >= {number}")
        conn.execute(text("UPDATE mark SET value = :last WHERE name = 'access_head'"), {"last": last or "0 "})
    told: int | None = json.loads(jangbu(engine, "access", "verify", "--json").stdout)["broken_at"]
    return told


def test_a_file_that_was_taken_along_cannot_be_cut_off_the_log_at_once(engine: Engine, tmp_path: Path) -> None:
    file = ("--out", str(tmp_path / "a.csv"), "--columns", "imp_uid", "--reason", "inquiry")
    assert jangbu(engine, "export", "payments", "--text", "홍길동", *file).exit_code == 0
    assert cut_from(engine, 2) == 2


def test_what_was_looked_at_cannot_be_cut_off_after_an_hour_without_a_gateway(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "_EVERY", 0.01)
    stop = threading.Event()
    loop = threading.Thread(target=loops._loops()[-1], args=(stop, engine))
    for page in ("payments", "links"):
        run_page(page, role=Role.SUPPORT)
    loop.start()
    until = time.monotonic() + 60
    try:
        while noted(engine) < 2 and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        stop.set()
        loop.join(60)
    assert not loop.is_alive(), "the loop does not end"
    assert noted(engine) == 2, "the audit was not told how far the log reaches"
    assert cut_from(engine, 2) == 2


def noted(engine: Engine) -> int:
    """How far the log reaches, as the audit knows."""
    with reading(engine) as conn:
        return max(access_log._reached(conn), default=0)


def test_once_a_day_what_was_kept_as_long_as_the_setting_says_goes(tmp_path: Path) -> None:
    engine, now = filled_store(tmp_path, access_log_years=1), time.time()
    with writing(engine) as conn:
        for age in (500, 367, 300):
            access_log.append(conn, HONG, Access(AccessKind.SEEN, "payments"), now - age * DAY)
    keeper.keep_access_log(engine, now)
    with reading(engine) as conn:
        assert access_log.verify(conn).entries == 1
        assert access_log.verify(conn).broken_at is None
    assert "old entries taken away" in str([one.value for one in run_page("records").markdown])
