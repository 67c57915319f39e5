"""Billing keys and channels: nothing known is lost, and each is looked up when that is due."""

from sqlalchemy import Engine

from services.store.engine import reading, writing
from services.store.writes.keys import (
    discover_billing_keys,
    keys_to_look_up,
    mark_billing_keys_deleted,
    replace_channels,
    upsert_billing_keys,
)
from tests.worlds.rows.key_rows import NOW, fetched, key

_DAY = 86_400


def test_a_key_that_is_named_again_keeps_what_is_known_of_it(store: Engine) -> None:
    with writing(store) as conn:
        upsert_billing_keys(conn, [key("a", card_name="현대카드")], checked_at=NOW)
        discover_billing_keys(conn, ["a", "b", "b"])
    found = fetched(store, "SELECT customer_uid, card_name, checked_at FROM billing_key ORDER BY 1")
    assert found == [("a", "현대카드", NOW), ("b", None, None)]


def test_a_deleted_key_keeps_its_card_and_the_time_it_was_first_missed(store: Engine) -> None:
    with writing(store) as conn:
        upsert_billing_keys(conn, [key("a", card_name="현대카드")], checked_at=NOW)
        mark_billing_keys_deleted(conn, ["a"], at=NOW + 10)
        mark_billing_keys_deleted(conn, ["a"], at=NOW + 20)
    found = fetched(store, "SELECT card_name, deleted_at, checked_at FROM billing_key")
    assert found == [("현대카드", NOW + 10, NOW + 20)]


def test_a_key_that_is_registered_again_is_no_longer_deleted(store: Engine) -> None:
    with writing(store) as conn:
        upsert_billing_keys(conn, [key("a", card_name="현대카드")], checked_at=NOW)
        mark_billing_keys_deleted(conn, ["a"], at=NOW + 10)
        upsert_billing_keys(conn, [key("a", card_name="신한카드")], checked_at=NOW + 20)
    assert fetched(store, "SELECT card_name, deleted_at FROM billing_key") == [("신한카드", None)]


def test_keys_are_looked_up_where_that_is_due_each_once(store: Engine) -> None:
    with writing(store) as conn:
        discover_billing_keys(conn, ["new1", "new2", "new3"])
        upsert_billing_keys(conn, [key("fresh")], checked_at=NOW)
        upsert_billing_keys(conn, [key("old")], checked_at=NOW - _DAY)
    seen, after = [], ""
    with reading(store) as conn:
        while uids := keys_to_look_up(conn, older_than=NOW, after=after, limit=3):
            seen += uids
            after = uids[-1]
    assert seen == ["new1", "new2", "new3", "old"]


def test_a_channel_that_is_gone_is_shown_no_more(store: Engine) -> None:
    one = {"pg_provider": "naverpay", "pg_id": "a", "sandbox": False, "type": "payment"}
    blank = {"channel_name": None, "channel_key": None}
    with writing(store) as conn:
        replace_channels(conn, [one | blank, one | blank | {"pg_id": "b"}])
        replace_channels(conn, [one | blank | {"pg_id": "b"}])
    assert fetched(store, "SELECT pg_id FROM channel") == [("b",)]
