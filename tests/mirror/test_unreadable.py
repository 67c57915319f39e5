"""One odd row stops nothing and is never lost in silence: what can be read is here, what cannot is named."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from services.clock import day_of, day_to_date
from services.errors import NotFound
from services.gateway import Gateway
from services.mirror.keep import read_again
from services.mirror.sync import SyncResult, sync
from services.store.account import bind
from services.store.engine import reading, writing
from services.store.lists.system import list_sync_runs
from services.store.lists.unreadable import latest_raw, list_unreadable
from tests.worlds.commands import Ended, Shop
from tests.worlds.servers import v1_server
from tests.worlds.servers.v1_server import Row
from tests.worlds.stores import new_store

NOW = int(time.time())


def paid(number: int, amount: float = 1_000, **more: Any) -> Row:
    return {
        "imp_uid": f"imp_{number:012d}", "merchant_uid": f"o{number}", "status": "paid", "amount": amount,
        "currency": "KRW", "cancel_amount": 0, "buyer_name": "홍길동", "paid_at": NOW - 3_600,
        "started_at": NOW - 3_600, "failed_at": 0, "cancelled_at": 0, "cancel_history": [],
    } | more  # fmt: skip


def booked(number: int, **more: Any) -> Row:
    return {
        "merchant_uid": f"s{number}", "customer_uid": f"key{number}", "amount": 9_900, "currency": "KRW",
        "schedule_at": NOW + 86_400, "schedule_status": "scheduled",
    } | more  # fmt: skip


def spelling(**changes: bytes) -> Callable[[bytes], bytes]:
    """Puts bytes in the place of words."""

    def spell(raw: bytes) -> bytes:
        for word, there in changes.items():
            raw = raw.replace(word.encode(), there)
        return raw

    return spell


def stand_in(
    payments: list[Row], schedules: Sequence[Row] = (), keys: Sequence[Row] = (), **spelt: bytes
) -> v1_server.Gateway:
    gateway = v1_server.Gateway(payments, list(schedules), list(keys), lambda: int(time.time()))
    gateway.spell = spelling(**spelt)
    return gateway


@contextmanager
def client(gateway: v1_server.Gateway) -> Iterator[Gateway]:
    with v1_server.serving(gateway) as address:
        made = Gateway(address, v1_server.KEY, v1_server.SECRET)
        yield made
        made.close()


def mirrored(gateway: v1_server.Gateway, store: Engine, **how: Any) -> SyncResult:
    with client(gateway) as made:
        own(store, made)
        return sync(made, store, days=30, **how)


def own(store: Engine, made: Gateway) -> None:
    """Each stand-in has a port of its own, and so would be another account."""
    with writing(store) as conn:
        bind(conn, made.account, NOW)


def column(store: Engine, name: str, table: str = "payment", key: str = "imp_uid") -> dict[str, Any]:
    with reading(store) as conn:
        return {row[0]: row[1] for row in conn.exec_driver_sql(f"SELECT {key}, {name} FROM {table}")}


def told(store: Engine) -> dict[str, str]:
    with reading(store) as conn:
        return {one.uid: one.reason for one in list_unreadable(conn, 100)}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Callable[[v1_server.Gateway], Any]]:
    """The command against a stand-in."""
    engine = new_store(tmp_path / "shop.db")
    url = str(engine.url)

    @contextmanager
    def opened(gateway: v1_server.Gateway) -> Iterator[Shop]:
        with v1_server.serving(gateway) as address:
            settings = {"JANGBU_IMP_API_URL": address, "JANGBU_IMP_KEY": v1_server.KEY}
            settings |= {"JANGBU_IMP_SECRET": v1_server.SECRET, "JANGBU_DATABASE_URL": url, "JANGBU_MIRROR_DAYS": "30"}
            yield Shop(None, engine, tmp_path, settings)

    yield opened
    engine.dispose()


HALF = {"HALF": b"\\ud83d"}


@pytest.mark.parametrize(
    ("there", "name"),
    [
        (b"\\ud83d", "김토끼\ufffd"),
        (b"\\ude00x", "김토끼\ufffdx"),
        (b"\\ud83d\\ude00", "김토끼😀"),
        (b"\xb1\xe6", "김토끼\ufffd\ufffd"),
        (b"\n\x01", "김토끼\n␁"),
        (b"\x00", "김토끼␀"),
        (b"\\q", "김토끼\\q"),
        ("한".encode(), "김토끼한"),
        (b"\\u1112\\u1161\\u11ab", "김토끼한"),
    ],
)
def test_a_name_that_no_strict_decoder_takes_is_read_in_every_kind_of_row(
    sqlite_store: Engine, there: bytes, name: str
) -> None:
    rows = [paid(number) for number in range(3)] + [paid(31, 11_000, buyer_name="김토끼HALF", customer_uid="key1")]
    keys = [{"customer_uid": "key1", "customer_name": "김토끼HALF", "card_name": "카드"}]
    gateway = stand_in(rows, [booked(1, buyer_name="김토끼HALF")], keys, HALF=there)
    result = mirrored(gateway, sqlite_store)
    assert (result.payments, result.schedules, result.billing_keys, result.unreadable) == (4, 1, 1, 0)
    assert sum(column(sqlite_store, "amount").values()) == 14_000
    assert column(sqlite_store, "buyer_name")["imp_000000000031"] == name
    assert column(sqlite_store, "buyer_name", "schedule", "merchant_uid") == {"s1": name}
    assert column(sqlite_store, "customer_name", "billing_key", "customer_uid") == {"key1": name}


def test_a_byte_order_mark_and_odd_words_of_a_refusal_are_read(sqlite_store: Engine) -> None:
    gateway = stand_in([paid(1)])
    gateway.spell = lambda raw: b"\xef\xbb\xbf" + raw.replace("없습니다".encode(), b"\\ud83d\xb1 no\n")
    assert mirrored(gateway, sqlite_store).payments == 1
    with client(gateway) as made, pytest.raises(NotFound) as caught:
        made.billing_key("gone")
    assert caught.value.refusal.message == "\ufffd\ufffd no\n"


def test_case_1_by_the_command(shop: Any) -> None:
    today = day_to_date(day_of(NOW - 3_600)).isoformat()
    gateway = stand_in([paid(1), paid(2), paid(3), paid(31, 11_000, buyer_name="김토끼HALF")], **HALF)
    with shop(gateway) as jangbu:
        done: Ended = jangbu.run("sync", "--full", "--json")
        assert (done.status, done.told["payments"], done.told["unreadable"]) == (0, 4, 0)
        assert done.told["unreadable_rows"] == []
        jangbu.run("export", "payments", "--reason", "closing", "--format", "csv", "--out", "a.csv")
        assert "김토끼\ufffd" in (jangbu.folder / "a.csv").read_text("utf-8-sig")
        revenue = jangbu.run("revenue", "--from", today, "--to", today, "--json").told
        assert "14000" in str(revenue)
        refund = jangbu.refund("imp_000000000031", "--full")
        assert refund.told["state"] == "succeeded"


def test_case_4_the_dollars_of_php(shop: Any) -> None:
    usd = {"currency": "USD"}
    refund = {"pg_tid": "t", "amount": 10.100000000000001, "cancelled_at": NOW, "reason": "x", "receipt_url": None}
    gateway = stand_in(
        [
            paid(41, 19.989999999999998, **usd),
            paid(42, 30.0, cancel_amount=10.100000000000001, cancelled_at=NOW, cancel_history=[refund], **usd),
            paid(43, 10.555, **usd),
            paid(44, 10.5, **usd),
            paid(45, 1.234, currency="KWD"),
            paid(46, 0.5),
            paid(47, 30.0, cancel_amount=10.555, **usd),
            paid(48, 30.0, cancel_amount=1, cancel_history=[refund | {"amount": 10.555}], **usd),
        ],
    )
    gateway.spell = lambda raw: raw.replace(b'amount": 3.3,', b'amount": 3.2999999999999998,')
    with shop(gateway) as jangbu:
        done: Ended = jangbu.run("sync", "--full", "--json")
        assert (done.status, done.told["payments"], done.told["unreadable"]) == (0, 4, 4)
        reasons = {one["id"]: (one["kind"], one["reason"]) for one in done.told["unreadable_rows"]}
        assert reasons == {
            "imp_000000000043": ("payment", "amount"),
            "imp_000000000046": ("payment", "amount"),
            "imp_000000000047": ("payment", "cancel_amount"),
            "imp_000000000048": ("payment", "refund_amount"),
        }
        amounts, refunded = column(jangbu.engine, "amount"), column(jangbu.engine, "cancel_amount")
        assert sorted(amounts.values()) == [1_050, 1_234, 1_999, 3_000]
        assert refunded["imp_000000000042"] == 1_010
        assert column(jangbu.engine, "amount", "cancellation") == {"imp_000000000042": 1_010}
        refund_made = jangbu.refund("imp_000000000044", "--amount", "3.30")
        assert (refund_made.status, refund_made.told["state"]) == (0, "succeeded")
        assert column(jangbu.engine, "amount - cancel_amount")["imp_000000000044"] == 720
        person = jangbu.run("sync")
        assert "imp_000000000043" in person.stderr
        doctor = jangbu.run("doctor", "--json")
        assert (doctor.status, doctor.told["rows"]["ok"]) == (1, False)
        assert "imp_000000000043" in doctor.told["rows"]["detail"]
        jangbu.run("export", "payments", "--reason", "closing", "--format", "csv", "--out", "a.csv")
        assert "1.234" in (jangbu.folder / "a.csv").read_text("utf-8-sig")


def test_a_row_is_told_once_until_it_can_be_read(sqlite_store: Engine) -> None:
    rows = [paid(1), paid(2, 10.5), paid(3), paid(4, imp_uid="NOBODY")]
    gateway = stand_in(rows, [booked(1, amount="many")])
    gateway.spell = lambda raw: raw.replace(b'"NOBODY"', b"null").replace(b'"many"', b"NaN")
    for _ in range(3):
        assert mirrored(gateway, sqlite_store).unreadable == 3
    assert told(sqlite_store) == {"imp_000000000002": "amount", "": "no_id", "s1": "amount"}
    with reading(sqlite_store) as conn:
        assert [one.seen for one in list_unreadable(conn, 9)] == [3, 3, 3]
        assert any(b"imp_000000000002" in raw for raw in latest_raw(conn, 9))
        assert [run.drift for run in list_sync_runs(conn, 9)] == [0, 0, 0], "what could not be read is accounted for"
    rows[1]["amount"], gateway.schedules[0]["amount"] = 10, 20
    del rows[3]
    assert mirrored(gateway, sqlite_store, full=True).unreadable == 0
    assert column(sqlite_store, "amount") == {
        "imp_000000000001": 1_000,
        "imp_000000000002": 10,
        "imp_000000000003": 1_000,
    }


def test_the_version_before_stays_and_is_marked(sqlite_store: Engine) -> None:
    rows = [paid(1, customer_uid="key1"), paid(2)]
    gateway = stand_in(rows, [booked(1)], [{"customer_uid": "key1", "card_name": "카드"}])
    mirrored(gateway, sqlite_store)
    rows.append(rows.pop(0) | {"cancel_amount": "much"})
    assert mirrored(gateway, sqlite_store).unreadable == 1
    assert column(sqlite_store, "cancel_amount") == {"imp_000000000001": 0, "imp_000000000002": 0}
    with reading(sqlite_store) as conn:
        assert [(one.uid, one.earlier) for one in list_unreadable(conn, 9)] == [("imp_000000000001", True)]
        assert list_sync_runs(conn, 1)[0].drift == 0
    rows[-1]["cancel_amount"] = 400
    with client(gateway) as made:
        own(sqlite_store, made)
        read_again(made, sqlite_store, "imp_000000000001")
    assert told(sqlite_store) == {}


def test_the_deep_pass_asks_for_each_of_them_alone(sqlite_store: Engine) -> None:
    rows = [paid(1, "ODD"), paid(2)]
    gateway = stand_in(rows)
    mirrored(gateway, sqlite_store)
    assert told(sqlite_store) == {"imp_000000000001": "amount"}
    # The list keeps its spelling, the call for one has another.
    gateway.spell = lambda raw: raw.replace(b"ODD", b"500") if b'"list"' not in raw else raw
    mirrored(gateway, sqlite_store)
    assert told(sqlite_store) == {"imp_000000000001": "amount"}
    mirrored(gateway, sqlite_store, full=True)
    assert (told(sqlite_store), column(sqlite_store, "amount")["imp_000000000001"]) == ({}, 500)


def test_rows_sent_twice_are_no_drift_and_end_the_pass(sqlite_store: Engine) -> None:
    rows = [paid(number) for number in range(3)]
    gateway = stand_in([*rows, rows[1]])
    mirrored(gateway, sqlite_store)
    with reading(sqlite_store) as conn:
        assert [(run.drift, run.error) for run in list_sync_runs(conn, 9)] == [(0, None)]
    assert len(column(sqlite_store, "amount")) == 3


def test_a_total_that_is_not_true_ends_all_the_same(sqlite_store: Engine) -> None:
    gateway = stand_in([paid(number) for number in range(3)])
    gateway.spell = lambda raw: raw.replace(b'"total": "3"', b'"total": 1e15')
    mirrored(gateway, sqlite_store)
    assert len(column(sqlite_store, "amount")) == 3


def test_what_is_broken_off_within_a_page_takes_no_other_row_with_it(sqlite_store: Engine) -> None:
    gateway = stand_in([paid(number) for number in range(9)])
    row = b'"merchant_uid": "o5",'
    for broken in (b'"merchant_uid": "o5', b'"merchant_uid": o5",', b'"merchant_uid": {', b'}, "x": 1,'):
        gateway.spell = spelling(**{row.decode(): broken})
        result = mirrored(gateway, sqlite_store, full=True)
        assert result.unreadable + 8 == 9
        assert told(sqlite_store).keys() == {"imp_000000000005"}
