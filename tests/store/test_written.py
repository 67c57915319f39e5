"""A search finds what is meant, however it was written here and however it is typed there."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from services.exports.cells import texts
from services.exports.columns import BY_KIND
from services.exports.query import statement
from services.store.engine import create_store, reading, writing
from services.store.fold import folded, phone_digits
from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.key_filters import KeyFilter
from services.store.lists.keys import search_billing_keys
from services.store.lists.payments import search_payments
from services.store.lists.schedule_filters import ScheduleFilter
from services.store.lists.schedules import search_schedules
from services.store.lists.totals import count_payments
from services.store.migrations import migrate
from services.store.writes.keys import upsert_billing_keys
from services.store.writes.payments import PaymentWrite, upsert_payments
from services.store.writes.schedules import upsert_schedules
from tests.worlds.recount import index_kept
from tests.worlds.rows.key_rows import key, schedule
from tests.worlds.rows.payment_rows import fill, ids, listed, mixed

KEPT = (
    "+82 10-4321-8765",
    "010-4321-8765",
    "01043218765",
    "010.4321.8765",
    "０１０－４３２１－８７６５",
    "0082-10-4321-8765",
)
TYPED = (
    "01043218765",
    "010-4321-8765",
    "010 4321 8765",
    "010.4321.8765",
    "+821043218765",
    "+82 10-4321-8765",
    "+82 (0)10 4321 8765",
    "82-10-4321-8765",
    "0082 10 4321 8765",
    "０１０４３２１８７６５",
    "＋82 10 4321 8765",
    "010–4321–8765",
    "43218765",
    "4321-8765",
    "8765",
    "８７６５",
)


def put_phones(store: Engine) -> None:
    """Six of one phone, each written in another way, and one of somebody else's, as payments, keys and schedules."""
    tels = [*KEPT, "010-9999-1111"]
    plain = [write.values | {"card_number": "", "amount": 100, "customer_uid": None} for write in mixed(len(tels))]
    with writing(store) as conn:
        writes = [PaymentWrite(v | {"buyer_tel": tel}, [], None) for v, tel in zip(plain, tels, strict=True)]
        upsert_payments(conn, writes, as_of=1)
        keys = [key(f"k{at}", customer_tel=tel, card_number=None) for at, tel in enumerate(tels)]
        upsert_billing_keys(conn, keys, checked_at=1)
        rows = [schedule(f"s{at}", bytes([at]) * 16, buyer_tel=tel, amount=100) for at, tel in enumerate(tels)]
        upsert_schedules(conn, rows, as_of=1)


@pytest.fixture
def phones(store: Engine) -> Engine:
    put_phones(store)
    return store


def lists(conn: Connection, text: str) -> list[tuple[Any, ...]]:
    return [
        search_payments(conn, PaymentFilter(text=text, live=Live.ALL)).rows,
        search_billing_keys(conn, KeyFilter(text=text, live=Live.ALL)).rows,
        search_schedules(conn, ScheduleFilter(text=text, live=Live.ALL)).rows,
    ]


def test_a_phone_is_found_in_every_list_however_it_is_typed_and_however_it_is_kept(phones: Engine) -> None:
    with reading(phones) as conn:
        for text in TYPED:
            for rows in lists(conn, text):
                assert sorted(row.buyer_tel for row in rows) == sorted(KEPT), text
                assert all("buyer_tel" in row.hits for row in rows), text
            assert count_payments(conn, PaymentFilter(text=text, live=Live.ALL)).n == len(KEPT)


def test_a_file_has_what_the_list_has(phones: Engine) -> None:
    columns = BY_KIND["payments"]
    with reading(phones) as conn:
        for text in ("+82 10-4321-8765", "８７６５"):
            sql, values = statement(conn, "payments", PaymentFilter(text=text, live=Live.ALL), texts(conn, columns))
            sql = sql if conn.dialect.name == "sqlite" else sql.replace("%", "%%").replace("?", "%s")
            assert len(conn.exec_driver_sql(sql, values).fetchall()) == len(KEPT)


def test_who_may_not_see_buyers_finds_no_phone_by_any_writing(phones: Engine) -> None:
    with reading(phones) as conn:
        for text in TYPED:
            assert not search_payments(conn, PaymentFilter(text=text, live=Live.ALL, search_buyers=False)).rows
            assert not search_schedules(conn, ScheduleFilter(text=text, live=Live.ALL, search_buyers=False)).rows


def test_keys_of_one_phone_are_duplicates_however_it_is_written(phones: Engine) -> None:
    with reading(phones) as conn:
        rows = search_billing_keys(conn, KeyFilter(live=Live.ALL, only_duplicates=True)).rows
    assert sorted(row.buyer_tel or "" for row in rows) == sorted(KEPT)


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        (
            "ORD202609170011286",
            ("ORD 2026 0917 0011286", "ord202609170011286", "ord-2026-0917-0011286"),
        ),
        ("ORD-20260917-0011286", ("ord202609170011286", "ORD 20260917 0011286", "ＯＲＤ２０２６０９１７")),
    ],
)
def test_an_order_number_is_found_as_it_is_read_out(store: Engine, kept: str, typed: tuple[str, ...]) -> None:
    one, other = mixed(2)
    fill(store, [PaymentWrite(one.values | {"merchant_uid": kept}, [], None), other])
    for text in typed:
        rows = listed(store, PaymentFilter(text=text, live=Live.ALL))
        assert [(row.merchant_uid, row.hits[0]) for row in rows] == [(kept, "merchant_uid")], text


def test_names_are_found_in_any_form_width_and_case(store: Engine) -> None:
    names = [
        unicodedata.normalize("NFD", "김민서"),
        "김민서",
        "김 민서",
        "ＫＩＭ Minseo",
        "kim-minseo",
        "Ｋｉｍ　ＭＩＮＳＥＯ",
    ]
    plain = mixed(len(names))
    fill(store, [PaymentWrite(w.values | {"buyer_name": n}, [], None) for w, n in zip(plain, names, strict=True)])
    korean, latin = names[:3], names[3:]
    wanted = dict.fromkeys(("김민서", unicodedata.normalize("NFD", "김민서"), "김 민서", "민서", "김", "민"), korean)
    wanted |= dict.fromkeys(("kim minseo", "KIM MINSEO", "ｋｉｍ－ｍｉｎｓｅｏ", "Kim\u2011Minseo", "minseo"), latin)
    for text, found in wanted.items():
        rows = listed(store, PaymentFilter(text=text, live=Live.ALL))
        hit = [row.buyer_name for row in rows if "buyer_name" in row.hits]
        assert sorted(hit, key=str) == sorted(found, key=str), text


def test_a_row_that_changes_is_found_by_its_new_text_alone(store: Engine) -> None:
    one = mixed(1)[0]
    fill(store, [one])
    moved = one.values | {"name": "Ｎｅｗ－Box", "started_at": 5, "paid_at": 5, "status": "paid"}
    with writing(store) as conn:
        upsert_payments(conn, [PaymentWrite(moved, [], b"new")], as_of=2)
        for table in ("payment_gram_text", "payment"):
            assert conn.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 1
    assert ids(listed(store, PaymentFilter(text="new box", live=Live.ALL))) == [one.values["imp_uid"]]
    assert listed(store, PaymentFilter(text=one.values["name"] + "!", live=Live.ALL)) == []


def test_rows_of_before_are_found_as_new_ones_are(tmp_path: Path, sqlite_store: Engine) -> None:
    fill(sqlite_store, mixed(300))
    put_phones(sqlite_store)
    before = create_store(f"sqlite:///{tmp_path / 'before.db'}")
    migrate(before, "0008")
    for table in ("payment", "cancellation", "schedule", "billing_key", "key_summary"):
        with reading(before) as conn:
            names = ", ".join(row[1] for row in conn.exec_driver_sql(f"PRAGMA table_info({table})"))
        with reading(sqlite_store) as conn:
            rows = [tuple(row) for row in conn.exec_driver_sql(f"SELECT {names} FROM {table}")]
        with writing(before) as conn:
            conn.exec_driver_sql(f"INSERT INTO {table} VALUES ({', '.join('?' for _ in rows[0])})", rows)
    with writing(before) as conn:  # as the phones of keys were compared before
        conn.exec_driver_sql("UPDATE key_summary SET same_tel = NULL, duplicated = 0")
        conn.exec_driver_sql("UPDATE payment SET card_name = NULL")  # their facets, which cards divide, were not copied
    migrate(before)
    for table in ("payment_gram_text", "key_gram_text", "schedule_gram_text", "key_summary", "key_total"):
        kept = []
        for engine in (before, sqlite_store):
            with reading(engine) as conn:
                kept.append(sorted(map(tuple, conn.exec_driver_sql(f"SELECT * FROM {table} WHERE 1")), key=str))
        if table == "key_total":
            kept = [[row for row in rows if row[4]] for rows in kept]
        assert kept[0] == kept[1], table
    for index in ("payment_gram", "key_gram", "schedule_gram"):
        assert index_kept(before, index) == index_kept(sqlite_store, index), index
    before.dispose()


def test_what_is_no_phone_of_korea_stays_as_it_is() -> None:
    assert phone_digits("+1 (415) 555-0100") == "14155550100"
    assert phone_digits("1588-8282") == "15888282"
    assert phone_digits("8210") == "8210"
    assert phone_digits("02-8210-8282") == "0282108282"
    assert phone_digits("1043218765") == "01043218765"
    assert folded("Ａ-b_C.d") == "ab_c.d"
