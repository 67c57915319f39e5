"""Billing keys: what a batch lacks is stale until its own 404 says that it is gone; nothing known is lost."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina
from sqlalchemy import Engine

from services.clock import DAY
from services.mirror.keys import sync_billing_keys
from services.mirror.run import Run
from services.mirror.sync import sync
from services.sandbox.sandbox import Sandbox
from services.store.engine import reading
from tests.worlds.mirrors import Stores, make_gateway, make_sandbox
from tests.worlds.seeds import seeds

_BATCH = "/subscribe/customers"


@pytest.fixture(autouse=True)
def _quick_retries() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2):
        yield


class Forgetful:
    """Batches lack some keys; asked one by one, some of those answer, some break, some are gone."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.lacking: set[str] = set()
        self.broken: set[str] = set()
        self.asked_alone: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == _BATCH:
            uids = [uid for uid in request.url.params.get_list("customer_uid[]") if uid not in self.lacking]
            request = httpx.Request("GET", request.url.copy_with(params={"customer_uid[]": [*uids, "nobody"]}),
                                    headers=request.headers)  # fmt: skip
        elif path.startswith(f"{_BATCH}/"):
            uid = path.rsplit("/", 1)[1]
            self.asked_alone.append(uid)
            if uid in self.broken:
                return httpx.Response(503)
        return self.sandbox(request)


def keys_in(engine: Engine) -> dict[str, tuple[Any, ...]]:
    with reading(engine) as conn:
        sql = "SELECT customer_uid, card_name, customer_name, checked_at, deleted_at FROM billing_key"
        return {row[0]: tuple(row[1:]) for row in conn.exec_driver_sql(sql)}


def test_f8_what_a_batch_lacks_is_neither_deleted_nor_emptied(tmp_path: Path) -> None:
    chance = random.Random(8)
    sandbox, clock = make_sandbox(payments=700)
    forgetful = Forgetful(sandbox)
    with Stores(tmp_path).new() as engine:
        gateway = make_gateway(forgetful, clock)
        sync(gateway, engine)
        for trial in range(seeds(500, least=25)):
            clock.at += 60
            before, alive = keys_in(engine), sorted(sandbox.world.billing_keys)
            forgetful.lacking = set(chance.sample(alive, chance.randint(0, min(len(alive), 30))))
            forgetful.broken = {uid for uid in forgetful.lacking if chance.random() < 0.2}
            gone = chance.choice(alive) if len(alive) > 20 else None
            sandbox.world.billing_keys.pop(gone or "", None)
            sync_billing_keys(Run(gateway, engine), all_of_them=True)
            after = keys_in(engine)
            for uid, (card, name, checked_at, deleted_at) in after.items():
                assert (card, name) == before[uid][:2], f"trial {trial}: {uid} was emptied"
                if uid in forgetful.broken:
                    assert (checked_at, deleted_at) == before[uid][2:], f"trial {trial}: {uid} is only stale"
                else:
                    assert (deleted_at is None) == (uid in sandbox.world.billing_keys), f"trial {trial}: {uid}"


def test_a_key_known_as_gone_is_not_asked_for_by_itself_again(tmp_path: Path) -> None:
    sandbox, clock = make_sandbox(payments=400)
    forgetful = Forgetful(sandbox)
    with Stores(tmp_path).new() as engine:
        gateway = make_gateway(forgetful, clock)
        sandbox.world.billing_keys.popitem()
        sync(gateway, engine)
        assert forgetful.asked_alone
        forgetful.asked_alone.clear()
        clock.at += 2 * DAY
        sync(gateway, engine)
        assert forgetful.asked_alone == []


def test_a_key_that_comes_back_is_not_deleted_any_more(tmp_path: Path) -> None:
    sandbox, clock = make_sandbox(payments=400)
    gateway = make_gateway(sandbox, clock)
    with Stores(tmp_path).new() as engine:
        uid, row = sandbox.world.billing_keys.popitem()
        sync(gateway, engine)
        assert keys_in(engine)[uid][3] is not None
        sandbox.world.billing_keys[uid] = row
        clock.at += 2 * DAY
        sync(gateway, engine)
        assert keys_in(engine)[uid][3] is None
