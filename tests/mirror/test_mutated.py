"""Answers changed at random over every call that reads: none is a crash, and every row sent is stored or told."""

import random
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpx
import msgspec
import pytest
import stamina
from sqlalchemy import Engine
from structlog.testing import capture_logs

from services.errors import GatewayError
from services.gateway import Gateway
from services.mirror.keep import read_again, read_key_again
from services.mirror.loop import run_loop
from services.mirror.sync import sync
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.world.build import build_world
from services.store.engine import reading
from services.store.lists.unreadable import list_unreadable
from tests.gateway.test_decoder import mutated
from tests.mirror.test_loop import Rounds
from tests.worlds.seeds import seeds

ODD_BYTES = (
    b"\\ud83d", b"\\ude00", b"\xb1\xe6\xb5\xbf", b"\n", b"\x00", b"\x1b[31m", b"\xef\xbb\xbf", b"\\q", b"\\u12",
    "\u1112\u1161\u11ab".encode(), b"NaN", b"-Infinity", b"\xed\xa0\xbd",
)  # fmt: skip
VALUES: tuple[bytes, ...] = (
    b"NaN",
    b"Infinity",
    b"1e999",
    b"-1",
    b"0.1",
    b"9" * 40,
    b"null",
    b"true",
    b'"\\ud83d"',
    b'"1"',
    b"{}",
    b"[]",
)
VALUES += (b"[" * 1_000 + b"]" * 1_000, b'{"a":' * 300 + b"1" + b"}" * 300, b"[[1,2],[", b'"', b"", b"{", b"}")


def odd(chance: random.Random, row: dict[str, Any]) -> bytes:
    """A row with some of its fields changed, its bytes damaged, or a part of it missing."""
    match chance.randrange(5):
        case 0:
            return mutated(chance, row)
        case 1:
            raw = msgspec.json.encode(row)
            at = chance.choice([at for at, sign in enumerate(raw) if sign == ord('"')]) + 1
            return raw[:at] + chance.choice(ODD_BYTES) + raw[at:]
        case 2:
            name = chance.choice(list(row))
            value = chance.choice(VALUES)
            parts = [
                b'"%s":%s' % (one.encode(), value if one == name else msgspec.json.encode(row[one])) for one in row
            ]
            return b"{" + b",".join(parts) + b"}"
        case 3:
            raw = msgspec.json.encode(row)
            return raw[: chance.randrange(80, len(raw))]  # of less than an id nobody can tell what it was
        case _:
            return msgspec.json.encode(row)[:-1] + b',"currency":"KRW","amount":1}'


class Mutating:
    """In front of a sandbox: counts the answers that it changed, and the rows of the last one."""

    def __init__(self, sandbox: Sandbox, chance: random.Random) -> None:
        self.sandbox, self.chance, self.answers, self.sent = sandbox, chance, 0, 0
        self.quiet = False
        self.envelopes = True

    def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = self.sandbox(request)
        if self.quiet or answer.status_code >= 400 or "getToken" in request.url.path:
            return answer
        self.answers += 1
        envelope = msgspec.json.decode(answer.content)
        found = envelope["response"]
        inside = isinstance(found, dict) and "list" in found
        rows = found["list"] if inside else found
        if isinstance(rows, list):
            told = b"[" + b",".join(self.rows(rows)) + b"]"
            self.sent = len(rows)
        else:
            told = odd(self.chance, rows)
        if inside:
            found["list"] = msgspec.Raw(told)
            told = msgspec.json.encode(found)
        if self.envelopes and self.chance.random() < 0.1:
            told = self.chance.choice([told[:-1], told + b"]", b"null", b"[]", told.replace(b'"total":', b'"total":1')])
        return httpx.Response(answer.status_code, content=b'{"code":0,"message":null,"response":%s}' % told)

    def rows(self, rows: list[dict[str, Any]]) -> Iterable[bytes]:
        for row in rows:
            yield odd(self.chance, row) if self.chance.random() < 0.2 else msgspec.json.encode(row)


@pytest.fixture(autouse=True)
def _quick_retries() -> Any:
    with stamina.set_testing(True, attempts=1):
        yield


WORLD = build_world(12, payments=60, days=80, until=time.time())
LIVE = [uid for uid, row in WORLD.payments.items() if not row["sandbox"]]


def client(handler: Callable[[httpx.Request], httpx.Response]) -> Gateway:
    return Gateway("http://sandbox", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(handler))


def test_every_row_of_every_answer_is_read_or_named() -> None:
    chance, now = random.Random(12), int(time.time())
    mutating = Mutating(Sandbox(WORLD), chance)
    mutating.envelopes = False
    gateway, keys = client(mutating), list(WORLD.billing_keys)
    gateway.now()
    lists: list[Callable[[], Any]] = [
        lambda: gateway.payments_by_status("all", from_at=now - 80 * 86_400, to_at=now, limit=chance.choice((5, 100))),
        lambda: gateway.find_all_payments(WORLD.payments[chance.choice(LIVE)]["merchant_uid"]),
        lambda: gateway.schedules(now - 40 * 86_400, now + 40 * 86_400),
        lambda: gateway.customer_payments(chance.choice(keys)),
        lambda: gateway.customer_schedules(chance.choice(keys), now - 40 * 86_400, now + 40 * 86_400),
        lambda: gateway.billing_keys(keys[:20]),
        lambda: gateway.list_channels(),
    ]
    ones: list[Callable[[], Any]] = [
        lambda: gateway.payment(chance.choice(LIVE)),
        lambda: gateway.billing_key(chance.choice(keys)),
        lambda: gateway.schedule(chance.choice(list(WORLD.schedules))),
    ]
    figure = seeds(2_000, least=300)
    while mutating.answers < figure:
        if chance.random() < 0.3:
            try:
                chance.choice(ones)()
            except GatewayError:
                continue
        else:
            try:
                found = chance.choice(lists)()
            except GatewayError as error:
                assert "404" in repr(error) or type(error).__name__ == "NotFound", error  # noqa: PT017
                continue
            rows = found.items if hasattr(found, "items") else found.found
            assert len(rows) + len(found.unreadable) == mutating.sent


def test_the_mirror_goes_on_and_ends_whole(sqlite_store: Engine) -> None:
    chance = random.Random(13)
    mutating = Mutating(Sandbox(WORLD), chance)
    gateway = client(mutating)
    figure = seeds(2_000, least=200)
    while mutating.answers < figure:
        for read in (
            lambda: sync(gateway, sqlite_store, days=80, full=chance.random() < 0.3),
            lambda: read_again(gateway, sqlite_store, chance.choice(LIVE)),
            lambda: read_key_again(gateway, sqlite_store, chance.choice(list(WORLD.billing_keys))),
        ):
            try:
                read()
            except GatewayError:
                continue
    with reading(sqlite_store) as conn:
        stored = {row[0] for row in conn.exec_driver_sql("SELECT imp_uid FROM payment")}
        named = {one.uid for one in list_unreadable(conn, 10_000)}
    assert WORLD.payments.keys() <= stored | named
    mutating.quiet = True
    sync(gateway, sqlite_store, days=80, full=True)
    with reading(sqlite_store) as conn:
        amounts = dict(tuple(row) for row in conn.exec_driver_sql("SELECT imp_uid, amount FROM payment"))
        left = [(one.kind, one.uid) for one in list_unreadable(conn, 10_000)]
    assert {uid: amounts[uid] for uid, row in WORLD.payments.items() if row["currency"] == "KRW"} == {
        uid: row["amount"] for uid, row in WORLD.payments.items() if row["currency"] == "KRW"
    }
    own = {*WORLD.payments, *WORLD.schedules, *WORLD.billing_keys, *(row["pg_provider"] for row in WORLD.channels)}
    assert [uid for _kind, uid in left if uid in own or not uid] == []


def test_the_loop_that_keeps_fresh_goes_on_whatever_it_is_told(store: Engine) -> None:
    mutating = Mutating(Sandbox(WORLD), random.Random(14))
    gateway = client(mutating)
    with capture_logs() as logs:
        run_loop(Rounds(seeds(200, least=12)), gateway, store, days=80)
    # What a gateway tells may end a run in a sentence; an error of another kind is a crash that the loop outlived.
    assert {one["log_level"] for one in logs} == {"warning"}
    mutating.quiet = True
    done: list[int] = []
    run_loop(Rounds(1), gateway, store, days=80, then=lambda: done.append(1))
    assert done == [1]
    with reading(store) as conn:
        stored = {row[0] for row in conn.exec_driver_sql("SELECT imp_uid FROM payment")}
    assert set(LIVE) <= stored
