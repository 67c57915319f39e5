"""F23: a backup of any moment of a history is put back: nothing is sent before a whole pass, and then nothing lacks."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from services.backup.put_back import put_back
from services.backup.take import take_backup
from services.errors import Busy, InvalidRequest, Moved, Restored
from services.mirror.sync import sync
from services.operations.journal import audit, head, restoration
from services.store.engine import create_store, reading
from services.store.sql import fetch
from tests.worlds.mirrors import difference
from tests.worlds.operations.desk import Desk
from tests.worlds.seeds import seeds
from tests.worlds.stores import empty_postgres, new_store

_DAYS = 30


class History:
    """What happens at a desk and elsewhere, one step after another, all by chance."""

    def __init__(self, engine: Engine, chance: random.Random) -> None:
        self.desk, self._chance, self._steps = Desk(engine), chance, 0

    def step(self) -> None:
        """Somebody refunds, charges or waits; the mirror reads; something happens in the console."""
        self._steps += 1
        token, desk, chance = f"t{self._steps}", self.desk, self._chance
        match chance.randrange(7):
            case 0 | 1:
                self._tried(lambda: desk.refund(100 + self._steps, imp_uid=f"imp_{chance.randrange(3)}", token=token))
            case 2 | 3:
                self._tried(lambda: desk.charge(1_000 + self._steps, token=token))
            case 4:
                sync(desk.executor.gateway, desk.engine, days=_DAYS)
            case 5:
                desk.sandbox.world.refund("imp_2", 10, "콘솔", int(desk.times.at))
            case _:
                desk.sandbox.add_payment(5_000, pg_provider="naverpay", paid_at=int(desk.times.at))
        if chance.random() < 0.8:
            desk.run(4)

    def _tried(self, ask: Callable[[], object]) -> None:
        try:
            ask()
        except (Busy, Moved, InvalidRequest):
            self.desk.run(4)

    def goes_on_in(self, engine: Engine) -> None:
        """The same gateway, another database and another process."""
        before = self.desk
        self.desk = Desk(engine)
        self.desk.times, self.desk.gate, self.desk.sandbox = before.times, before.gate, before.sandbox
        self.desk.gate.engine, self.desk.requests = engine, before.requests
        self.desk.gate.done.clear()
        self.desk.executor = self.desk.new_executor("elsewhere:2:2")


def at_gateway(desk: Desk) -> list[tuple[str, int]]:
    """What was done in Jangbu's name: amounts are each asked for once."""
    rows = desk.sandbox.payments.values()
    refunds = [
        (row["imp_uid"], int(one["amount"])) for row in rows for one in row["cancel_history"] if one["amount"] != 10
    ]
    return sorted(refunds + [(row["merchant_uid"], int(row["amount"])) for row in rows if row["customer_uid"]])


def in_journal(engine: Engine) -> list[tuple[str, int]]:
    sql = (
        "SELECT CASE kind WHEN 'refund' THEN imp_uid ELSE merchant_uid END, amount FROM operation "
        "WHERE state = 'succeeded' AND amount <> 10"
    )
    with reading(engine) as conn:
        return sorted((row[0], int(row[1])) for row in fetch(conn, sql))


@pytest.mark.parametrize("seed", range(seeds(100, least=3)))
def test_f23_restored_at_any_point_of_any_history(seed: int, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    chance = random.Random(seed)
    engine = new_store(tmp_path / "shop.db")
    history = History(engine, chance)
    sync(history.desk.executor.gateway, engine, days=_DAYS)
    for _ in range(chance.randrange(12)):
        history.step()
    taken = take_backup(engine, tmp_path / "one.backup", None, time.time())
    for _ in range(chance.randrange(12)):
        history.step()
    history.desk.run(20)
    place = engine
    if seed % 3 == 1:
        place = create_store(f"sqlite:///{tmp_path / 'another' / 'shop.db'}")
    elif seed % 9 == 2:
        place = empty_postgres(request.getfixturevalue("postgres_url"), "restored")
    put_back(place, taken.path, None, time.time(), by="hong", replace=place is engine)
    history.goes_on_in(place)
    desk, before = history.desk, at_gateway(history.desk)
    assert head.restored(place)
    assert restoration.complete(place, time.time()) is None
    with pytest.raises(Restored):
        desk.refund(77, imp_uid="imp_1", token="too early")
    desk.run(60)
    assert (desk.bodies, at_gateway(desk)) == ([], before), "sent before the pass was through"
    sync(desk.executor.gateway, place, days=_DAYS)
    assert restoration.complete(place, time.time()) is not None
    assert not head.restored(place)
    assert difference(place, desk.sandbox) == []
    assert {*before} <= {*in_journal(place)}, "the journal lacks what the gateway shows"
    # What still waited in the backup goes now, or has gone; nothing goes twice.
    desk.run(30)
    sync(desk.executor.gateway, place, days=_DAYS)
    after = at_gateway(desk)
    assert len({*after}) == len(after)
    assert {*after} == {*in_journal(place)}
    with reading(place) as conn:
        assert audit.verify(conn).broken_at is None
    place.dispose()
    engine.dispose()
