"""Exports of billing keys and schedules: the list's own rows in its order, safe cells, and no buyers for some roles."""

import random
from typing import Any

import pytest
from sqlalchemy import Engine

from services.exports.export import count_export
from services.exports.query import columns_of
from services.store.engine import reading, writing
from services.store.lists.filters import Live
from services.store.lists.key_filters import KeyFilter, KeyOrder
from services.store.lists.keys import count_billing_keys
from services.store.lists.schedule_filters import ScheduleFilter
from tests.exports.test_files import PAYLOADS, STARTS, cells, content, csv_rows
from tests.store import test_keys as keys
from tests.store import test_schedules as schedules
from tests.worlds.rows.key_rows import NOW, Changes, key, put_keys, put_schedules, schedule


def named(engine: Engine, kind: str, chosen: KeyFilter | ScheduleFilter) -> list[dict[str, str]]:
    header, *rows = csv_rows(content(engine, "csv", chosen, kind))
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.mark.parametrize(
    ("kind", "of", "uid"), [("billing-keys", keys, "customer_uid"), ("schedules", schedules, "merchant_uid")]
)
def test_a_file_is_the_list_in_its_order(store: Engine, kind: str, of: Any, uid: str) -> None:
    rows, chance = of.filled(store), random.Random(3)
    for _ in range(25):
        chosen = of.some_filter(chance, rows)
        found = [row[uid] for row in named(store, kind, chosen)]
        shown = [getattr(row, uid) for row in of.listed(store, chosen)]
        # On the screen a text's likeliest rows come first.
        assert sorted(found) == sorted(shown) if chosen.text else found == shown
        assert count_export(store, kind, chosen) == len(found)


def test_a_key_in_a_file_says_what_its_summary_says(store: Engine) -> None:
    put_keys(store, [key("a", customer_name="김민서", customer_tel="010-1234-5678", card_number="5409****1234")])
    put_schedules(store, [schedule("s", customer_uid="a", schedule_at=NOW, amount=9_900)])
    (row,) = named(store, "billing-keys", KeyFilter())
    assert (row["key_state"], row["booked"], row["booked_won"], row["next_charge_amount"]) == (
        "active",
        "1",
        "9900",
        "9900",
    )
    assert row["next_charge_at"] == "2025-10-09T17:53:20+09:00"
    assert (row["last_paid_at"], row["last_paid_amount"], row["fail_reason"]) == ("", "", "")
    assert (row["customer_name"], row["card_number"]) == ("김민서", "5409****1234")


@pytest.mark.parametrize("kind", ["billing-keys", "schedules"])
def test_a_role_without_buyers_gets_none_of_their_columns(store: Engine, kind: str) -> None:
    changes = Changes(1)
    with writing(store) as conn:
        for _ in range(60):
            changes.happen(conn)
    chosen = KeyFilter(live=Live.ALL) if kind == "billing-keys" else ScheduleFilter(live=Live.ALL)
    header, *rows = csv_rows(content(store, "csv", chosen, kind, with_buyers=False))
    assert rows
    assert set(header) == {column.name for column in columns_of(kind, with_buyers=False)}
    assert not {"김민서", "010-1234-5678", "5409****1234"} & {cell for row in rows for cell in row}


@pytest.mark.parametrize("kind", ["billing-keys", "schedules"])
def test_no_hostile_text_comes_back_as_a_formula(store: Engine, kind: str) -> None:
    people = ("customer_name", "customer_tel", "customer_email", "card_name")
    put_keys(store, [key(f"{text}{n}", **dict.fromkeys(people, text)) for n, text in enumerate(PAYLOADS)])
    texts = ("name", "buyer_name", "buyer_tel", "buyer_email", "fail_reason")
    put_schedules(
        store,
        [schedule(f"{text}{n}", customer_uid=text, **dict.fromkeys(texts, text)) for n, text in enumerate(PAYLOADS)],
    )
    chosen = KeyFilter() if kind == "billing-keys" else ScheduleFilter()
    rows = csv_rows(content(store, "csv", chosen, kind))
    assert len(rows) > len(PAYLOADS)
    assert [cell for row in rows for cell in row if cell.startswith(STARTS)] == []
    assert not [cell.value for cell in cells(content(store, "xlsx", chosen, kind)) if cell.data_type == "f"]


def test_days_of_keys_are_those_of_their_registration(store: Engine) -> None:
    put_keys(store, [key(f"k{n}", inserted=NOW + n * 86_400) for n in range(5)])
    put_schedules(store, [schedule("s", customer_uid="k2")])
    day = (NOW + 9 * 3600) // 86_400
    for order, wanted in ((KeyOrder.NEWEST, ["k2", "k1"]), (KeyOrder.NEXT_CHARGE, ["k2"])):
        chosen = KeyFilter(from_day=day + 1, to_day=day + 2, order=order)
        assert [row["customer_uid"] for row in named(store, "billing-keys", chosen)] == wanted
        with reading(store) as conn:
            assert count_billing_keys(conn, chosen).n == len(wanted)
