"""A backup put back sends nothing before the journal is completed from the gateway, and nothing twice after that."""

import random
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from services.errors import Restored
from services.operations.journal import head, restoration
from services.operations.journal.audit import Actor
from services.operations.journal.head import Standing
from services.revenue.closed_months import close_month
from services.store.engine import create_store, reading
from services.store.sql import fetch
from services.tables.journal import OperationState as State
from tests.worlds.commands import Shop, make_shop
from tests.worlds.operations.desk import Desk


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with make_shop(tmp_path) as made:
        yield made


def backup(shop: Shop, name: str) -> Path:
    """The database as it is at this moment, as `VACUUM INTO` or a copy of the files would keep it."""
    path = shop.folder / name
    with sqlite3.connect(str(shop.engine.url.database)) as live, sqlite3.connect(path) as kept:
        live.backup(kept)
    return path


def put_back(shop: Shop, kept: Path | None, *also: str) -> None:
    """The backup takes the place of the database; None: the database is lost, and a new one made."""
    shop.engine.dispose()
    database = Path(str(shop.engine.url.database))
    for suffix in ("", "-wal", "-shm", *also):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    if kept:
        database.write_bytes(kept.read_bytes())


def key_of(shop: Shop, number: int) -> str:
    world = shop.sandbox.world
    keys = [uid for uid, key in world.billing_keys.items() if key["pg_provider"] == "naverpay"]
    return [uid for uid in keys if uid not in world.broken_keys][number]


def charged(shop: Shop, uid: str) -> list[str]:
    found = (shop.sandbox.payments[one] for one in shop.sandbox.world.charges.get(uid, ()))
    return [row["imp_uid"] for row in found if row["name"] == "추가"]


def booked(shop: Shop) -> int:
    return sum(1 for row in shop.sandbox.world.schedules.values() if row["name"] == "예약")


@pytest.mark.parametrize("seed", range(3))
def test_the_same_commands_after_a_restore_at_any_point_send_nothing_twice(shop: Shop, seed: int) -> None:
    chance = random.Random(seed)
    assert shop.run("sync", "--json").status == 0
    paid = [shop.pay(10_000) for _ in range(3)]
    words = [("--amount", "3000"), ("--full",), ("--amount", "1000")]
    wishes = [("refund", uid, *part, "--reason", "변심", "--requester", "customer", "--json")
              for uid, part in zip(paid, words, strict=True)]  # fmt: skip
    wishes += [("charge", key_of(shop, n), "--amount", "9900", "--name", "추가", "--json") for n in range(2)]
    at = time.strftime("%Y-%m-%d 10:00", time.gmtime(time.time() + 40 * 86_400))
    wishes.append(("schedule", "add", key_of(shop, 2), "--at", at, "--amount", "9900", "--name", "예약", "--json"))
    chance.shuffle(wishes)
    point = chance.randrange(len(wishes))
    for wish in wishes[:point]:
        assert shop.run(*wish).status == 0
    kept = None if seed == 2 else backup(shop, "backup.db")
    for wish in wishes[point:]:
        assert shop.run(*wish).status == 0
    put_back(shop, kept)
    before, why = [shop.refunds(uid) for uid in paid], "put back" if kept else "There is no database"
    for wish in wishes:
        ended = shop.run(*wish)
        assert (ended.status, why in ended.told["error"]) == (1, True)
    assert shop.run("doctor", "--json").status == 1
    synced = shop.run("sync", "--json")
    assert (synced.status, "put back" in synced.stderr) == (0, True), synced.stderr
    for wish in wishes:
        ended = shop.run(*wish)
        assert (ended.status, ended.told["state"]) == (0, State.SUCCEEDED), ended.stderr
    assert [shop.refunds(uid) for uid in paid] == before == [[3000], [10_000], [1000]]
    assert [len(charged(shop, key_of(shop, n))) for n in range(2)] == [1, 1]
    assert booked(shop) == 1
    assert shop.run("audit", "verify", "--json").status == 0


@pytest.mark.parametrize("before", [0, 1])
def test_a_backup_put_back_after_the_head_was_deleted_as_well_sends_nothing_twice(shop: Shop, before: int) -> None:
    """`rm shop.db*` takes the head along; the backup may be of before the first operation."""
    assert shop.run("sync", "--json").status == 0
    paid = [shop.pay(10_000) for _ in range(2)]
    for uid in paid[:before]:
        assert shop.refund(uid, "--amount", "3000").status == 0
    kept = backup(shop, "backup.db")
    for uid in paid:
        assert shop.refund(uid, "--amount", "3000").status == 0
    put_back(shop, kept, ".head")
    for uid in paid:
        ended = shop.refund(uid, "--amount", "3000")
        assert (ended.status, "put back" in ended.told["error"]) == (1, True)
    assert shop.run("audit", "verify", "--json").status == 1
    assert shop.run("doctor", "--json").status == 1
    assert shop.run("sync", "--json").status == 0
    for uid in paid:
        assert shop.refund(uid, "--amount", "3000").status == 0
        assert shop.refunds(uid) == [3000]
    assert shop.run("audit", "verify", "--json").status == 0


def test_a_mirror_started_anew_before_anything_was_asked_for_goes_on(shop: Shop) -> None:
    assert shop.run("sync", "--json").status == 0
    put_back(shop, None)
    assert shop.run("sync", "--json").status == 0
    assert shop.refund(shop.pay(10_000), "--amount", "3000").status == 0
    with reading(create_store(str(shop.engine.url))) as conn:
        assert fetch(conn, "SELECT count(*) FROM operation")[0][0] == 1


def test_no_month_is_closed_in_a_database_put_back(sqlite_store: Engine) -> None:
    """Its entry would be the chain's latest, and what was sent before it is then taken for known."""
    Desk(sqlite_store).refund()
    kept = head.outside(sqlite_store)
    assert kept is not None
    head.write(sqlite_store, replace(kept, entries=kept.entries + 1, hash="later"))
    with pytest.raises(Restored):
        close_month(sqlite_store, 202601, Actor("finance@shop.example", "screen"), "", time.time())


def test_what_stands_in_the_file_is_told_from_the_chain(sqlite_store: Engine) -> None:
    desk = Desk(sqlite_store)
    with reading(sqlite_store) as conn:
        assert head.standing(conn, head.outside(sqlite_store)) == Standing.MISSING
    desk.refund()
    kept = head.outside(sqlite_store)
    assert kept is not None
    assert (kept.entries, kept.operations) == (1, 1)
    cases: list[tuple[dict[str, Any], Standing]] = [
        ({}, Standing.KEPT),
        ({"entries": 0, "hash": ""}, Standing.KEPT),
        ({"entries": 2}, Standing.AHEAD),
        ({"hash": "another"}, Standing.UNRELATED),
        ({"epoch": "another"}, Standing.UNRELATED),
    ]
    for changed, found in cases:
        with reading(sqlite_store) as conn:
            assert (
                head.standing(conn, head.Head(**({name: getattr(kept, name) for name in kept.__slots__} | changed)))
                == found
            )


def test_a_restored_database_records_nothing_and_carries_nothing_out(sqlite_store: Engine) -> None:
    desk = Desk(sqlite_store)
    number = desk.refund()
    kept = head.outside(sqlite_store)
    assert kept is not None
    head.write(sqlite_store, head.Head(kept.epoch, kept.entries + 1, "later", kept.operations + 1, kept.since))
    assert head.restored(sqlite_store)
    with pytest.raises(Restored):
        desk.refund(imp_uid="imp_1", token="b")
    desk.run(700)
    assert (desk.get(number).state, desk.bodies) == (State.INTENT, [])
    assert restoration.complete(sqlite_store, desk.times.ours()) is None
