"""One buyer's payments and keys: joined where key, phone, e-mail or name are equal, by an index, and never too many."""

from typing import Any

import pytest
from sqlalchemy import Engine

from services.store import customers
from services.store.customers import Customer, buyer_of_key, buyer_of_payment, read_customer
from services.store.engine import reading, writing
from services.store.writes.keys import upsert_billing_keys
from services.store.writes.payments import upsert_payments
from tests.worlds.plans import plans_of
from tests.worlds.screens.money_forms import key
from tests.worlds.screens.screens import payment

NOW = 1_780_000_000
HONG = {"buyer_name": "홍길동", "buyer_tel": "010-1234-5678", "buyer_email": "hong@example.com"}
NOBODY = {"buyer_name": None, "buyer_tel": None, "buyer_email": None}


def kept(engine: Engine, *rows: dict[str, Any]) -> None:
    """Payments imp_1, imp_2, … of these buyers, the first one the oldest."""
    writes = [
        payment(f"imp_{n}", NOW + n, "paid", 1_000 * n, **{"merchant_uid": f"o{n}", **row})
        for n, row in enumerate(rows, 1)
    ]
    with writing(engine) as conn:
        upsert_payments(conn, writes, as_of=NOW * 1000)


def customer_of(engine: Engine, imp_uid: str, *, buyers: bool = True) -> Customer:
    with reading(engine) as conn:
        buyer = buyer_of_payment(conn, imp_uid)
        assert buyer
        return read_customer(conn, buyer, buyers=buyers)


def joined(found: Customer) -> dict[str, set[str]]:
    return {row.imp_uid: set(row.hits) for row in found.payments}


def test_payments_are_joined_where_phone_or_mail_are_equal_however_written_and_say_by_what(store: Engine) -> None:
    kept(
        store,
        HONG,
        NOBODY | {"buyer_tel": "+82 10 1234 5678"},
        NOBODY | {"buyer_email": "HONG@example.com"},
        NOBODY | {"buyer_tel": "010-1234-56789"},
        NOBODY | {"buyer_email": "xhong@example.com"},
    )
    assert joined(customer_of(store, "imp_1")) == {
        "imp_1": {"buyer_tel", "buyer_email"},
        "imp_2": {"buyer_tel"},
        "imp_3": {"buyer_email"},
    }
    assert [row.imp_uid for row in customer_of(store, "imp_1").payments] == ["imp_3", "imp_2", "imp_1"]


def test_a_name_joins_only_what_has_neither_phone_nor_mail(store: Engine) -> None:
    kept(
        store,
        HONG,
        NOBODY | {"buyer_name": "홍 길동"},
        HONG | {"buyer_tel": "010-9999-1111", "buyer_email": "other@example.com"},
        NOBODY | {"buyer_name": "홍길동이"},
    )
    found = joined(customer_of(store, "imp_1"))
    assert set(found) == {"imp_1", "imp_2"}
    assert found["imp_2"] == {"buyer_name"}


def test_a_key_joins_what_was_paid_with_it_and_a_phone_the_other_keys_of_it(store: Engine) -> None:
    with writing(store) as conn:
        own = key("key_a", "nice_v2") | {"customer_tel": HONG["buyer_tel"], "customer_name": "홍길동"}
        upsert_billing_keys(conn, [own, key("key_b", "nice_v2") | {"customer_tel": "010-7777-8888"}], checked_at=NOW)
    used = {"customer_uid_usage": "payment"}
    kept(store, HONG, NOBODY | used | {"customer_uid": "key_a"}, NOBODY | used | {"customer_uid": "key_b"})
    found = customer_of(store, "imp_1")
    assert joined(found)["imp_2"] == {"customer_uid"}
    assert "imp_3" not in joined(found)
    assert [one.customer_uid for one in found.keys] == ["key_a"]
    with reading(store) as conn:
        buyer = buyer_of_key(conn, "key_a")
        assert buyer
        assert set(joined(read_customer(conn, buyer, buyers=True))) == {"imp_1", "imp_2"}
        assert set(joined(read_customer(conn, buyer, buyers=False))) == {"imp_2"}


def test_who_may_not_see_buyers_joins_nothing_by_them(store: Engine) -> None:
    kept(store, HONG, HONG)
    assert set(joined(customer_of(store, "imp_1", buyers=False))) == {"imp_1"}


def test_a_value_that_too_many_payments_have_joins_nothing_and_is_told(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customers, "MOST", 3)
    shop = {"buyer_email": "shop@example.com"}
    kept(store, HONG | shop, *(NOBODY | shop for _ in range(4)), NOBODY | {"buyer_tel": HONG["buyer_tel"]})
    found = customer_of(store, "imp_1")
    assert found.shared == ["buyer_email"]
    assert set(joined(found)) == {"imp_1", "imp_6"}


def test_a_key_of_too_many_payments_has_the_latest_and_says_so(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customers, "MOST", 3)
    with writing(store) as conn:
        upsert_billing_keys(conn, [key("key_a", "nice_v2")], checked_at=NOW)
    charged = NOBODY | {"customer_uid": "key_a", "customer_uid_usage": "payment"}
    kept(store, *(charged for _ in range(3)))
    assert not customer_of(store, "imp_3").more
    kept(store, *(charged for _ in range(5)))
    found = customer_of(store, "imp_5")
    assert found.more
    assert [row.imp_uid for row in found.payments] == ["imp_5", "imp_4", "imp_3"]


@pytest.mark.parametrize("tel", ["010-0000-0000", "010", ""])
def test_a_phone_that_stands_for_none_joins_nothing(store: Engine, tel: str) -> None:
    kept(store, NOBODY | {"buyer_tel": tel}, NOBODY | {"buyer_tel": tel})
    assert set(joined(customer_of(store, "imp_1"))) == {"imp_1"}


def test_payments_of_a_test_channel_stay_apart(store: Engine) -> None:
    kept(store, HONG, HONG | {"sandbox": True})
    assert set(joined(customer_of(store, "imp_1"))) == {"imp_1"}
    assert set(joined(customer_of(store, "imp_2"))) == {"imp_2"}


def test_nobody_is_nobodys_customer(store: Engine) -> None:
    with reading(store) as conn:
        assert buyer_of_payment(conn, "imp_9") is None
        assert buyer_of_key(conn, "") is None


def test_every_look_up_is_by_an_index(store: Engine) -> None:
    kept(store, *(HONG | {"buyer_tel": f"010-1234-{n:04d}", "buyer_email": f"b{n}@example.com"} for n in range(300)))
    with reading(store) as conn:
        buyer = buyer_of_payment(conn, "imp_7")
    assert buyer
    steps = plans_of(store, lambda conn: read_customer(conn, buyer, buyers=True))
    assert steps
    scans = [step for step in steps if "Seq Scan" in step or ("SCAN" in step and "VIRTUAL TABLE" not in step)]
    assert not [step for step in scans if "json_each" not in step]
