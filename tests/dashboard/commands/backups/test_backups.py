"""`jangbu backup`, `restore` and `migrate` as a person runs them."""

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from dashboard.commands.backups import daily
from dashboard.process.resources import open_store, use_settings
from dashboard.routes.metrics import metrics
from dashboard.settings import load_settings
from services.backup.kept import LastTaken, claim_turn, keep_latest, last_taken, name_of, note_broken, note_taken
from services.errors import SettingsError
from services.operations.journal.roster import Roster, keep_roster
from services.store.engine import create_store, reading
from services.store.lists.system import revision
from services.store.migrations import head_revision, known_revisions, migrate
from tests.worlds.commands import Shop, make_shop
from tests.worlds.stores import new_store

PASSPHRASE = "말과 자전거와 열두 개의 달"
_PATIENCE = 120
KOREA_3_AM = 1_780_000_000 // 86_400 * 86_400 - 6 * 3_600


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with make_shop(tmp_path) as made:
        yield made


def test_a_sealed_backup_on_a_new_machine_sends_nothing_before_the_gateway_was_read(shop: Shop) -> None:
    sealed = {"JANGBU_BACKUP_PASSPHRASE": PASSPHRASE}
    paid = [shop.pay(10_000) for _ in range(2)]
    assert shop.run("sync", "--json").status == 0
    assert shop.refund(paid[0], "--amount", "3000").status == 0
    told = shop.run("backup", "--json", **sealed).told
    assert (told["good"], told["sealed"], told["revision"]) == (True, True, head_revision())
    file = Path(told["file"])
    assert (file.parent, file.stat().st_mode & 0o777) == (shop.folder / "var" / "backups", 0o600)
    assert shop.refund(paid[1], "--full").status == 0
    there = {"JANGBU_DATABASE_URL": f"sqlite:///{shop.folder / 'new' / 'shop.db'}"}
    refused = shop.run("restore", str(file), "--json", **there, JANGBU_BACKUP_PASSPHRASE="a passphrase of others")
    assert (refused.status, "passphrase" in refused.told["error"]) == (1, True)
    back = shop.run("restore", str(file), "--json", **there, **sealed)
    assert (back.status, back.told["read_only"], back.told["rows"]) == (0, True, told["rows"])
    for uid, words in zip(paid, (("--amount", "2000"), ("--full",)), strict=True):
        ended = shop.refund(uid, *words, **there)
        assert (ended.status, "put back" in ended.told["error"]) == (1, True)
    assert shop.run("sync", "--json", **there).status == 0
    assert shop.refund(paid[0], "--amount", "2000", **there).status == 0
    assert shop.refund(paid[1], "--full", **there).status == 0
    assert [shop.refunds(uid) for uid in paid] == [[3_000, 2_000], [10_000]]
    assert shop.run("audit", "verify", "--json", **there).status == 0


def test_a_database_that_stands_is_replaced_after_a_backup_of_its_own(shop: Shop) -> None:
    none = shop.run("restore", "no.backup", "--replace", "--json")
    assert (none.status, none.told["error"]) == (1, "There is no backup at no.backup.")
    first = shop.run("backup", "one.backup", "--json").told
    assert shop.run("backup", "one.backup", "--json").status == 1
    refused = shop.run("restore", "one.backup", "--json")
    assert (refused.status, "--replace" in refused.told["error"]) == (1, True)
    done = shop.run("restore", "one.backup", "--replace", "--json")
    assert (done.status, done.told["rows"]) == (0, first["rows"])
    assert Path(done.told["before"]).name.endswith("-before-restore.backup")
    assert "no backup" in shop.run("restore", "1.out", "--replace", "--json").told["error"]


def backed_up(shop: Shop) -> dict[str, Any]:
    """Takes one of which one is kept, in a second of its own: names go by it."""
    told = shop.run("backup", "--keep", "1", "--json").told
    ended = int(time.time())
    shop.until(lambda: time.time() >= ended + 1)
    return told


def test_whose_chain_is_broken_pushes_no_good_one_out_and_is_kept_once(shop: Shop) -> None:
    paid = shop.pay(10_000)
    assert shop.run("sync", "--json").status == 0
    assert shop.refund(paid, "--full").status == 0
    good = backed_up(shop)["file"]
    with closing(sqlite3.connect(shop.folder / "shop.db")) as conn:
        conn.execute("DROP TRIGGER audit_changes")
        conn.execute("UPDATE audit_entry SET actor = 'nobody' WHERE id = 1")
        conn.commit()
    first, second = backed_up(shop), backed_up(shop)
    assert ([one["good"] for one in (first, second)], second["deleted"]) == ([False, False], [first["file"]])
    assert {str(path) for path in (shop.folder / "var" / "backups").iterdir()} == {good, second["file"]}
    assert not claim_turn(shop.engine, 3, time.time())
    there = {"JANGBU_DATABASE_URL": f"sqlite:///{shop.folder / 'new.db'}"}
    back = shop.run("restore", second["file"], "--json", **there)
    assert (back.status, back.told["good"], "from entry 1 on" in back.stderr) == (0, False, True)


def test_a_damaged_database_has_a_way_out(shop: Shop) -> None:
    assert shop.run("backup", "one.backup", "--json").status == 0
    shop.engine.dispose()
    place = shop.folder / "shop.db"
    place.write_bytes(b"x" * 4_096 + place.read_bytes()[4_096:])
    refused = shop.run("restore", "one.backup", "--replace", "--json")
    assert (refused.status, "--replace --no-backup" in refused.told["error"]) == (1, True)
    done = shop.run("restore", "one.backup", "--replace", "--no-backup", "--json")
    assert (done.status, Path(done.told["aside"]).read_bytes()[:1]) == (0, b"x")
    assert shop.run("sync", "--json").status == 0


def test_a_plain_one_in_the_place_of_a_sealed_one_is_put_back_only_where_that_is_said(shop: Shop) -> None:
    assert shop.run("backup", "one.backup", "--json").status == 0
    there = {"JANGBU_DATABASE_URL": f"sqlite:///{shop.folder / 'new.db'}", "JANGBU_BACKUP_PASSPHRASE": PASSPHRASE}
    refused = shop.run("restore", "one.backup", "--json", **there)
    assert (refused.status, "--unsealed" in refused.told["error"]) == (1, True)
    assert shop.run("restore", "one.backup", "--unsealed", "--json", **there).status == 0


def test_one_that_is_told_to_end_leaves_nothing_open(shop: Shop) -> None:
    running = shop.start("backup", "there/one.backup", JANGBU_BACKUP_PASSPHRASE=PASSPHRASE)
    # It reads the sealed file back, for which it makes the key once more.
    shop.until(lambda: bool([*shop.folder.glob("there/*.part")]))
    os.kill(running.process.pid or 0, signal.SIGTERM)
    assert running.end().status != 0
    assert [*shop.folder.glob("there/*")] == [*shop.folder.glob(".jangbu-backup-*")] == []


def test_who_is_no_administrator_puts_nothing_back(shop: Shop) -> None:
    assert shop.run("backup", "one.backup", "--json").status == 0
    keep_roster(shop.engine, Roster({"hong@shop.example": "admin"}, {}), time.time())
    refused = shop.run("restore", "one.backup", "--replace", "--no-backup", "--json")
    assert (refused.status, "is no administrator" in refused.told["error"]) == (1, True)


def test_two_loops_take_one_in_a_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new_store(tmp_path / "shop.db").dispose()
    for name, value in {
        "JANGBU_DATABASE_URL": f"sqlite:///{tmp_path / 'shop.db'}",
        "JANGBU_BACKUP_FOLDER": str(tmp_path / "backups"),
        "JANGBU_BACKUP_HOUR": "3",
    }.items():
        monkeypatch.setenv(name, value)
    use_settings(load_settings(require_gateway=False))
    monkeypatch.setattr(daily, "_EVERY", 0.05)
    stop = threading.Event()
    loops = [threading.Thread(target=daily.watch_backups, args=(stop, open_store())) for _ in range(2)]
    for loop in loops:
        loop.start()
    until = time.monotonic() + _PATIENCE
    try:
        while noted() is None:
            assert time.monotonic() < until, "no backup was taken"
            time.sleep(0.1)
    finally:
        stop.set()
        for loop in loops:
            loop.join(_PATIENCE)
    assert len([*(tmp_path / "backups").iterdir()]) == 1


def noted() -> LastTaken | None:
    """What the store knows of its last backup."""
    with reading(open_store()) as conn:
        return last_taken(conn)


def test_migrate_backs_up_what_it_is_about_to_change(shop: Shop) -> None:
    older = known_revisions()[-3]
    engine = create_store(f"sqlite:///{shop.folder / 'older.db'}")
    migrate(engine, older)
    there = {"JANGBU_DATABASE_URL": str(engine.url)}
    refused = shop.run("operations", "list", "--json", **there)
    assert (refused.status, "jangbu migrate" in refused.told["error"]) == (1, True)
    told = shop.run("migrate", "--json", **there).told
    with reading(engine) as conn:
        assert revision(conn) == told["revision"] == head_revision()
    assert f'"revision": "{older}"'.encode() in Path(told["backup"]).read_bytes()[:200]
    assert shop.run("migrate", "--json", **there).told["backup"] is None
    engine.dispose()


def test_the_latest_are_kept_and_nothing_else_is_touched(tmp_path: Path) -> None:
    names = [name_of(1_780_000_000 + day * 86_400, "0031" if day == 4 else None) for day in range(5)]
    for name in (*names, "mine.backup"):
        (tmp_path / name).touch()
    assert [path.name for path in keep_latest(tmp_path, 2)] == names[2::-1]
    assert {path.name for path in tmp_path.iterdir()} == {*names[3:], "mine.backup"}


def test_one_a_day_at_its_hour_and_a_failed_one_again_an_hour_later(tmp_path: Path) -> None:
    engine = new_store(tmp_path / "shop.db")
    assert claim_turn(engine, 3, KOREA_3_AM - 60)
    note_taken(engine, tmp_path, KOREA_3_AM - 50)
    assert claim_turn(engine, 3, KOREA_3_AM + 3_600)
    # Another process, and this one while it lasts.
    assert not claim_turn(engine, 3, KOREA_3_AM + 3_660)
    assert claim_turn(engine, 3, KOREA_3_AM + 7_300)
    note_taken(engine, tmp_path, KOREA_3_AM + 7_310)
    assert not claim_turn(engine, 3, KOREA_3_AM + 86_399)
    assert claim_turn(engine, 3, KOREA_3_AM + 86_401)
    # One whose chain is broken is not taken again before the next day.
    note_broken(engine, KOREA_3_AM + 86_410)
    assert not claim_turn(engine, 3, KOREA_3_AM + 2 * 86_400 - 1)
    assert claim_turn(engine, 3, KOREA_3_AM + 2 * 86_400 + 1)
    engine.dispose()


def test_its_age_is_a_figure_and_a_short_passphrase_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = new_store(tmp_path / "shop.db")
    monkeypatch.setenv("JANGBU_DATABASE_URL", str(engine.url))
    use_settings(load_settings(require_gateway=False))
    scope = Request({"type": "http", "method": "GET", "path": "/metrics", "headers": []})
    assert b"jangbu_backup_age_seconds" not in metrics(scope).body
    note_taken(engine, tmp_path, time.time() - 7_200)
    (line,) = [one for one in bytes(metrics(scope).body).splitlines() if one.startswith(b"jangbu_backup_age_seconds ")]
    assert 7_200 <= float(line.split()[1]) < 7_300
    monkeypatch.setenv("JANGBU_BACKUP_PASSPHRASE", "short")
    with pytest.raises(SettingsError, match="12 characters"):
        load_settings(require_gateway=False)
    engine.dispose()
