"""`jangbu backup`, `restore` and `migrate` as a person runs them."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.requests import Request

from dashboard.process.resources import use_settings
from dashboard.routes.metrics import metrics
from dashboard.settings import load_settings
from services.backup.kept import claim_turn, keep_latest, name_of, note_taken
from services.errors import SettingsError
from services.store.engine import create_store, reading
from services.store.lists.system import revision
from services.store.migrations import head_revision, known_revisions, migrate
from tests.worlds.commands import Shop, make_shop
from tests.worlds.stores import new_store

PASSPHRASE = "말과 자전거와 열두 개의 달"
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
    first = shop.run("backup", "one.backup", "--json").told
    assert shop.run("backup", "one.backup", "--json").status == 1
    refused = shop.run("restore", "one.backup", "--json")
    assert (refused.status, "--replace" in refused.told["error"]) == (1, True)
    done = shop.run("restore", "one.backup", "--replace", "--json")
    assert (done.status, done.told["rows"]) == (0, first["rows"])
    assert Path(done.told["before"]).name.endswith("-before-restore.backup")
    assert "no backup" in shop.run("restore", "1.out", "--replace", "--json").told["error"]


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
