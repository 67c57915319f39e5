"""A full pass reads no row that is stored as it is told, repairs those that are not, and waits for no writer."""

import time
from typing import Any

import pytest
from sqlalchemy import Engine, text

from services.gateway import Gateway, decoder
from services.mirror.ahead import one_ahead
from services.mirror.sync import sync
from services.sandbox.sandbox import Sandbox
from services.store.engine import reading, writing
from services.store.writes.keys import mark_billing_keys_deleted, upsert_billing_keys
from tests.worlds.screens.money_forms import key


def test_a_full_pass_reads_the_rows_that_differ_and_no_other(
    gateway: Gateway, sandbox: Sandbox, store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(gateway, store, full=True)
    lost, changed = sorted(uid for uid, row in sandbox.world.payments.items() if not row["sandbox"])[:2]
    with writing(store) as conn:
        conn.execute(text("UPDATE payment SET digest = NULL, name = '?' WHERE imp_uid = :uid"), {"uid": lost})
        conn.execute(text("UPDATE schedule SET digest = NULL, name = '?'"))
    sandbox.world.payments.put(changed, sandbox.world.payments[changed] | {"name": "또 다른 상품"})
    read: list[str] = []
    monkeypatch.setattr(decoder.payment, "read", _noting(read, decoder.payment.read, "imp_uid"))
    done = sync(gateway, store, full=True)
    assert set(read) == {lost, changed}
    assert done.changed == 2
    with reading(store) as conn:
        names = dict(tuple(row) for row in conn.execute(text("SELECT imp_uid, name FROM payment")))
        schedules = dict(tuple(row) for row in conn.execute(text("SELECT merchant_uid, name FROM schedule")))
    assert names[lost] == sandbox.world.payments[lost]["name"]
    assert names[changed] == "또 다른 상품"
    assert schedules
    assert schedules == {uid: sandbox.world.schedules[uid]["name"] for uid in schedules}


def _noting(read: list[str], reader: Any, name: str) -> Any:
    def note(raw: bytes, digest: bytes) -> Any:
        found = reader(raw, digest)
        read.append(getattr(found, name))
        return found

    return note


def test_a_key_that_did_not_change_is_only_marked_as_looked_at(store: Engine) -> None:
    now = int(time.time())
    keys = [key(f"member-{number}", "nice_v2") for number in range(3)]
    with writing(store) as conn:
        upsert_billing_keys(conn, keys, checked_at=now)
        mark_billing_keys_deleted(conn, ["member-2", "member-9"], at=now + 1)
    with writing(store) as conn:
        other = keys[1] | {"card_name": "다른 카드"}
        upsert_billing_keys(conn, [keys[0], other, keys[2]], checked_at=now + 2)
        mark_billing_keys_deleted(conn, ["member-0"], at=now + 3)
        mark_billing_keys_deleted(conn, ["member-0"], at=now + 4)
    with reading(store) as conn:
        sql = "SELECT customer_uid, card_name, checked_at, deleted_at FROM billing_key ORDER BY 1"
        rows = [tuple(row) for row in conn.execute(text(sql))]
    assert rows == [
        ("member-0", keys[0]["card_name"], now + 4, now + 3),
        ("member-1", "다른 카드", now + 2, None),
        ("member-2", keys[2]["card_name"], now + 2, None),  # it came back
    ]


def test_answers_come_in_their_order_and_an_error_where_it_happened() -> None:
    def answers() -> Any:
        yield from (1, 2)
        raise ConnectionError

    came = one_ahead(answers())
    assert [next(came), next(came)] == [1, 2]
    with pytest.raises(ConnectionError):
        next(came)
