"""Whose a database is: bound by the first answer that a key gets, before anything of it is stored, and never shared."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from services.errors import GatewayError, OtherAccount
from services.gateway import Gateway
from services.mirror import keep
from services.mirror.look_up import look_up
from services.mirror.sync import sync
from services.sandbox.credentials import IMP_KEY
from services.store.account import bind, bound_to
from services.store.engine import reading, writing
from services.store.lists.system import row_counts
from tests.worlds.commands import Shop, make_shop
from tests.worlds.mirrors import make_gateway, make_sandbox

OTHER = "https://elsewhere.example 1234"
MISTYPED = {"JANGBU_IMP_KEY": IMP_KEY[:-1] + "x"}
ELSEWHERE = {"JANGBU_IMP_API_URL": "http://localhost:9"}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """The command, a gateway and a new database."""
    with make_shop(tmp_path) as made:
        yield made


def owner(engine: Engine) -> str | None:
    with reading(engine) as conn:
        return bound_to(conn)


def rows(engine: Engine) -> int:
    with reading(engine) as conn:
        return sum(row_counts(conn).values())


@pytest.mark.parametrize("wrong", [MISTYPED, ELSEWHERE], ids=["key", "address"])
def test_a_key_or_an_address_that_gets_no_answer_binds_nothing(shop: Shop, wrong: dict[str, str]) -> None:
    assert shop.run("sync", **wrong).status == 1
    assert owner(shop.engine) is None
    assert shop.run("sync").status == 0
    assert owner(shop.engine) is not None
    refused = shop.run("sync", LANG="ko_KR.UTF-8", **wrong)
    assert refused.status == 1
    assert "두 계정이 한 데이터베이스를 함께 쓸 수 없습니다" in refused.stderr
    assert "jangbu migrate --adopt" in refused.stderr


def test_an_answer_binds_before_the_first_row_is_stored(sqlite_store: Engine) -> None:
    sandbox, clock = make_sandbox(payments=50)

    def no_payments(request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/payments"):
            return httpx.Response(400, json={"code": 1, "message": "", "response": None})
        return sandbox(request)

    gateway = make_gateway(no_payments, clock)
    with pytest.raises(GatewayError):
        sync(gateway, sqlite_store, days=30)
    assert (owner(sqlite_store), rows(sqlite_store)) == (gateway.account, 0)


def test_an_account_that_was_faster_keeps_the_database(sqlite_store: Engine) -> None:
    """The other one is bound while this one waits for its first answer."""
    sandbox, clock = make_sandbox(payments=50)

    def faster(request: httpx.Request) -> httpx.Response:
        with writing(sqlite_store) as conn:
            bind(conn, OTHER, 1)
        return sandbox(request)

    with pytest.raises(OtherAccount):
        sync(make_gateway(faster, clock), sqlite_store, days=30)
    assert (owner(sqlite_store), rows(sqlite_store)) == (OTHER, 0)


READINGS: tuple[Callable[[Gateway, Engine, str], object], ...] = (
    keep.read_again, keep.read_key_again, keep.read_billing_key, look_up
)  # fmt: skip


@pytest.mark.parametrize("read", READINGS, ids=lambda one: one.__name__)
def test_whatever_is_read_before_the_first_sync_binds_as_well(
    sqlite_store: Engine, read: Callable[[Gateway, Engine, str], object]
) -> None:
    sandbox, clock = make_sandbox()
    world, gateway = sandbox.world, make_gateway(sandbox, clock)
    first, *_others, last = world.billing_keys if "key" in read.__name__ else world.payments
    read(gateway, sqlite_store, first)
    assert owner(sqlite_store) == gateway.account
    with writing(sqlite_store) as conn:
        bind(conn, OTHER, 1)
    before = rows(sqlite_store)
    with pytest.raises(OtherAccount):
        read(gateway, sqlite_store, last)
    assert rows(sqlite_store) == before


@pytest.mark.parametrize("kind", ["refund", "charge", "schedule"])
def test_a_command_that_comes_first_binds_before_it_asks(shop: Shop, kind: str) -> None:
    key, paid, soon = shop.keys()[0], shop.pay(10_000), date.today() + timedelta(days=30)
    words = {
        "refund": ("refund", paid, "--full", "--reason", "변심", "--requester", "customer"),
        "charge": ("charge", key, "--amount", "9900", "--name", "구독"),
        "schedule": ("schedule", "add", key, "--at", f"{soon} 10:00", "--amount", "9900", "--name", "구독"),
    }[kind]
    assert shop.run(*words, **MISTYPED).status == 1
    assert owner(shop.engine) is None
    assert shop.run(*words).status == 0
    assert owner(shop.engine) is not None
    assert shop.run("sync", **MISTYPED).status == 1
