"""A backup put back: what waited in it for Naver Pay may have gone since, and does not go again by itself."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import Engine

from services.clock import DAY
from services.mirror.keep import read_again
from services.operations.actions.charges import ChargeForm, wanted_charge
from services.operations.actions.naver import confirmations, points
from services.operations.files import batches
from services.operations.journal import restoration
from services.operations.journal.states import Why
from services.store.engine import reading, writing
from services.tables.v1 import BillingKey
from tests.operations.files.test_naver_orders import dry, orders
from tests.worlds.operations.desk import FINANCE, Desk


def copied(source: Path, to: Path) -> None:
    with sqlite3.connect(source) as read, sqlite3.connect(to) as write:
        read.backup(write)


def put_back(desk: Desk, kept: Path, read: Sequence[str] = (), *, found: int = 0) -> None:
    """The database is as it was, and the mirror is read whole at once; so many operations are found."""
    copied(kept, Path(str(desk.engine.url.database)))
    now = desk.times.ours()
    assert restoration.begin(desk.engine, now)
    for imp_uid in read:
        read_again(desk.executor.gateway, desk.engine, imp_uid)
    with writing(desk.engine) as conn:
        conn.exec_driver_sql("INSERT OR REPLACE INTO mark (name, value, at) VALUES ('deep_at', ?, 0)", (int(now),))
    assert restoration.complete(desk.engine, now) == found


@pytest.mark.parametrize("kind", ["confirm", "points"])
def test_what_waited_in_the_backup_needs_a_person(sqlite_store: Engine, tmp_path: Path, kind: str) -> None:
    desk = Desk(sqlite_store)
    order = desk.payment(paid_at=int(desk.times.at) - DAY)
    asks = {
        "confirm": confirmations.wanted_confirmation("t", order, "admin"),
        "points": points.wanted_points("t", order),
    }
    number = desk.ask(asks[kind], FINANCE)
    copied(Path(str(desk.engine.url.database)), kept := tmp_path / "backup.db")
    desk.run()
    put_back(desk, kept)
    desk.run()
    one, world = desk.get(number), desk.sandbox.world
    assert (one.state, one.why, desk.gate.posts) == ("needs_person", Why.DATABASE_RESTORED, 1)
    assert (len(world.naver_confirmed), sum(world.naver_points.values())) == ((1, 0) if kind == "confirm" else (0, 1))


def test_rows_of_a_list_that_went_since_the_backup_do_not_go_again(sqlite_store: Engine, tmp_path: Path) -> None:
    desk = Desk(sqlite_store)
    batch = batches.submit(desk.engine, dry(desk, orders(desk, 6)), FINANCE, desk.times.ours())
    copied(Path(str(desk.engine.url.database)), kept := tmp_path / "backup.db")
    desk.run(20, every=1)
    put_back(desk, kept)
    desk.run(20, every=1)
    with reading(desk.engine) as conn:
        rows = batches.batch_operations(conn, batch)
    assert ({one.state for one in rows}, desk.gate.posts) == ({"needs_person"}, 6)


def test_what_a_buyer_paid_under_the_shops_order_number_is_not_the_charge_that_waited(
    sqlite_store: Engine, tmp_path: Path
) -> None:
    desk, key = Desk(sqlite_store), BillingKey(customer_uid="key0", pg_provider="html5_inicis")
    form = ChargeForm(amount=9_900, name="구독", merchant_uid="SHOP-1")
    number = desk.ask(wanted_charge("t", key, form, minimum=100, now=desk.times.ours()), FINANCE)
    copied(Path(str(desk.engine.url.database)), kept := tmp_path / "backup.db")
    desk.sandbox.world.broken_keys["key0"] = "한도초과"
    desk.run()
    desk.sandbox.add_payment(9_900, imp_uid="imp_window", merchant_uid="SHOP-1")
    put_back(desk, kept, read=("imp_window",))
    desk.run()
    assert (desk.get(number).state, desk.get(number).why) == ("refused", Why.ORDER_USED)
