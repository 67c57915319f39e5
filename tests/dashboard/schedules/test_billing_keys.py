"""The list of billing keys: who sees whose, what finds a key, what narrows the list, its address and its export."""

import csv
import io
import re
from pathlib import Path

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from dashboard.access import LOCAL_USER
from dashboard.app import app
from dashboard.kit.filters.form import View
from dashboard.process.tickets import issue_ticket
from dashboard.screens.keys.key_filters import key_form
from dashboard.settings import Role
from services.exports.export import count_export
from services.store.engine import writing
from services.store.lists.filters import Live
from services.store.lists.key_filters import KeyFilter, KeyOrder
from services.store.writes.keys import upsert_billing_keys
from tests.worlds.screens.key_forms import FREE_KEY, OTHER_KEY, TEST_KEY, key_store, keys_page
from tests.worlds.screens.money_forms import CARD_KEY, GONE_KEY, NAVER_KEY, key, press
from tests.worlds.screens.screens import empty_store, texts

SEES_BUYERS = (Role.SUPPORT, Role.FINANCE, Role.ADMIN)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return key_store(tmp_path)


def shown(at: AppTest) -> list[str]:
    assert not at.exception
    return list(at.dataframe[0].value["customer_uid"]) if at.dataframe else []


def searched(text: str, role: Role | None = None) -> AppTest:
    at = keys_page(role)
    return at.text_input[0].set_value(text).run()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_an_empty_store_says_what_to_do(tmp_path: Path, language: str) -> None:
    empty_store(tmp_path)
    at = keys_page(language=language)
    assert at.info


@pytest.mark.parametrize("role", Role)
def test_every_role_sees_keys_and_only_some_whose(engine: Engine, role: Role) -> None:
    at = keys_page(role)
    assert set(shown(at)) == {NAVER_KEY, CARD_KEY, GONE_KEY, FREE_KEY, OTHER_KEY}
    assert ("김철수" in texts(at)) == (role in SEES_BUYERS)
    assert ("김*수" in texts(at)) == (role not in SEES_BUYERS)


def test_the_tiles_count_every_state_and_narrow_the_list(engine: Engine) -> None:
    at = keys_page()
    tiles = [one.label.replace("\\", "") for one in at.button if str(one.key).startswith("tile_")]
    assert tiles == ["✓ Active **2**", "✕ Failing **1**", "○ Unused **1**", "⊘ Deleted **1**"]
    at.button(key="tile_failing").click().run()
    assert shown(at) == [CARD_KEY]
    assert at.dataframe[0].value["state"].iloc[0] == ["✕ Failing"]


def test_a_row_says_what_failed_last_and_what_is_booked_next(engine: Engine) -> None:
    frame = keys_page(state="active,failing").dataframe[0].value.set_index("customer_uid")
    assert "[한도초과]" in frame.loc[CARD_KEY, "fail_reason"]
    assert frame.loc[OTHER_KEY, "booked_won"] == 3_000
    booked = frame.loc[[OTHER_KEY, NAVER_KEY], "next_at"]
    assert all(re.fullmatch(r"(20\d\d-)?\d\d-\d\d \d\d:\d\d", time) for time in booked)
    assert booked.nunique() == 2
    assert frame.loc[NAVER_KEY, "payments"] == 1


@pytest.mark.parametrize(
    ("text", "uid", "field"),
    [
        ("철수", OTHER_KEY, "Buyer"),
        ("2222-3333", OTHER_KEY, "Phone"),
        ("1000", FREE_KEY, "Card number"),
        ("key_4", FREE_KEY, "Billing key"),
    ],
)
def test_a_text_finds_a_key_and_says_in_which_field(engine: Engine, text: str, uid: str, field: str) -> None:
    at = searched(text)
    assert shown(at) == [uid]
    (hit,) = at.dataframe[0].value["hits"]
    assert hit.startswith(f"{field} ")
    assert f"‹{text}›" in hit


def test_whom_a_role_may_not_see_it_cannot_find_either(engine: Engine) -> None:
    assert shown(searched("철수", Role.MANAGER)) == []
    assert shown(searched("key_5", Role.MANAGER)) == [OTHER_KEY]


def test_a_buyers_text_never_gets_into_the_address_and_a_keys_id_does(engine: Engine) -> None:
    assert "q" not in searched("철수").query_params
    assert searched("key_").query_params["q"] == "key_"


def test_an_exact_id_is_shown_whatever_the_filters_say(engine: Engine) -> None:
    at = keys_page(q=GONE_KEY, state="active", live="test")
    assert shown(at) == [GONE_KEY]
    assert "exact id" in texts(at)


def test_duplicates_are_the_keys_of_the_same_phone(engine: Engine) -> None:
    at = keys_page(duplicates="1")
    assert set(shown(at)) == {NAVER_KEY, CARD_KEY}
    assert "2 duplicates" in texts(at)


def test_the_next_charge_comes_first_where_the_list_goes_by_it(engine: Engine) -> None:
    at = keys_page(order="next_charge")
    assert shown(at) == [NAVER_KEY, OTHER_KEY]
    assert "2 payments booked on 2 keys · **₩63,000**" in texts(at)


def test_keys_of_test_channels_are_left_out_until_asked_for(engine: Engine) -> None:
    assert TEST_KEY not in shown(keys_page())
    assert shown(keys_page(live="test")) == [TEST_KEY]


def test_nothing_that_matches_says_what_to_do(engine: Engine) -> None:
    at = keys_page(pg="nobody")
    assert at.info
    at.button(key="clear_all").click().run()
    assert len(shown(at)) == 5


def test_an_address_with_nonsense_still_shows_a_list(engine: Engine) -> None:
    at = keys_page(live="x", order="y", before="'; DROP TABLE key_summary")
    assert at.warning
    assert not at.exception


def test_pages_hold_every_key_once_and_the_address_the_place(engine: Engine) -> None:
    with writing(engine) as conn:
        many = [key(f"many_{number:03d}", "naverpay") | {"inserted": 1_700_000_000 + number} for number in range(60)]
        upsert_billing_keys(conn, many, checked_at=1_790_000_000)
    at = keys_page(pg="naverpay")
    first = shown(at)
    at = next(button for button in at.button if button.label == "Older").click().run()
    second = shown(at)
    assert len(first) == 50
    assert len(set(first) | set(second)) == len(first) + len(second) == 63
    again = keys_page(**at.query_params)
    assert shown(again) == second


def test_a_view_comes_back_from_its_address() -> None:
    chosen = KeyFilter(
        states=frozenset({"failing", "active"}),
        pg_providers=frozenset({"naverpay"}),
        only_duplicates=True,
        live=Live.ALL,
        order=KeyOrder.NEXT_CHARGE,
    )
    view, form = View(chosen, before="12~key"), key_form()
    assert form.from_params(form.to_params(view, with_text=True)) == view
    assert form.to_params(View(KeyFilter()), with_text=True) == {}


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_the_export_holds_what_its_button_counts(engine: Engine, fmt: str) -> None:
    chosen = KeyFilter(only_duplicates=True)
    client = TestClient(app, base_url="http://127.0.0.1")
    answer = client.get(issue_ticket(chosen, fmt, LOCAL_USER, "ko", kind="billing-keys", reason="closing"))
    assert "jangbu-billing-keys-" in answer.headers["content-disposition"]
    assert count_export(engine, "billing-keys", chosen) == 2
    if fmt == "csv":
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert len(rows) - 1 == 2


@pytest.mark.parametrize("role", Role)
def test_only_some_roles_may_export(engine: Engine, role: Role) -> None:
    offered = [one for one in keys_page(role).get("popover") if one.proto.popover.label == "Export"]
    assert bool(offered) == (role not in (Role.VIEWER, Role.SUPPORT))


def brought(content: str) -> AppTest:
    """The list with its box for files open, and a file in it."""
    at = keys_page()
    at.session_state["bring_keys"] = True
    at = at.run()
    return at.file_uploader[0].set_value(("keys.csv", content.encode(), "text/csv")).run()


def test_a_merchants_own_list_is_looked_at_line_by_line_and_noted_once(engine: Engine) -> None:
    at = brought("customer_uid\nmine_1\n\nmine_1\nkey_4\n,\n")
    assert "2 of 3 lines can be taken" in texts(at)
    assert "This customer_uid stands in the file twice." in texts(at)
    press(at, "take_keys")
    assert at.success[0].value.startswith("1 key is new.")
    assert shown(keys_page(q="mine_1")) == ["mine_1"]


def test_a_file_without_the_column_is_refused_with_a_sentence(engine: Engine) -> None:
    assert brought("uid\nmine_1\n").error[0].value == "The first line lacks customer_uid."


def test_who_may_not_read_again_brings_no_list(engine: Engine) -> None:
    assert not [one for one in keys_page(Role.VIEWER).get("popover") if one.proto.popover.label == "Bring a list"]
