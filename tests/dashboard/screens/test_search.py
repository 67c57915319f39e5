"""What callers say, typed on the screens: on every list, beyond its days, from anywhere; and never in an address."""

import time
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.access import PERMISSIONS, Permission
from dashboard.settings import Role
from services.clock import DAY
from services.store.engine import writing
from services.store.writes.payments import upsert_payments
from services.store.writes.schedules import upsert_schedules
from tests.worlds.rows.recurring_rows import FORGOTTEN, recurring_store
from tests.worlds.screens.screens import filled_store, payment, run_page, schedule, texts

DESKS = pytest.mark.parametrize("name", ["subscriptions", "recovery", "radar"])
NO_BUYERS = next(role for role in Role if Permission.SEE_BUYERS not in PERMISSIONS[role])
OLD = "imp_100000000009"
"""Paid forty days ago: 60,000 won."""


def look_for(name: str, text: str, role: Role | None = None) -> AppTest:
    return _typed(run_page(name, role=role), f"{name}.text", text)


def _typed(at: AppTest, key: str, text: str) -> AppTest:
    at.text_input(key=key).set_value(text).run()
    assert not at.exception, at.exception
    assert "q" not in at.query_params
    return at


def rows(at: AppTest, column: str) -> list[str]:
    return list(at.dataframe[0].value[column]) if at.dataframe else []


@DESKS
def test_every_desk_finds_by_name_phone_and_key(tmp_path: Path, name: str) -> None:
    recurring_store(tmp_path)
    everybody = rows(run_page(name), "customer_uid")
    assert everybody
    for text in ("홍길동", "5678", "010 1234 5678", "홍 길동 사과"):
        at = look_for(name, text)
        assert rows(at, "customer_uid") == everybody, text
        assert all(at.dataframe[0].value["hits"])
    assert rows(look_for(name, "김하나"), "customer_uid") == []
    assert rows(look_for(name, "홍길동 9999"), "customer_uid") == []


@DESKS
def test_who_may_not_see_buyers_finds_on_desks_by_product_and_key_alone(tmp_path: Path, name: str) -> None:
    recurring_store(tmp_path)
    everybody = rows(run_page(name), "customer_uid")
    assert rows(look_for(name, "홍길동", NO_BUYERS), "customer_uid") == []
    assert rows(look_for(name, "사과", NO_BUYERS), "customer_uid") == everybody


def test_a_key_is_found_among_the_broken_chains(tmp_path: Path) -> None:
    recurring_store(tmp_path)
    at = run_page("radar")
    at.text_input(key="radar.text").set_value("forgotten").run()
    assert rows(at, "customer_uid") == [FORGOTTEN]


@pytest.mark.parametrize(
    ("text", "found"), [("홍길동", 2), ("5678", 2), ("홍길동 20000", 1), ("변심", 2), ("김하나", 0)]
)
def test_refunds_are_found_by_name_phone_amount_and_reason(engine: Engine, text: str, found: int) -> None:
    assert len(rows(look_for("refunds", text), "imp_uid")) == found


def test_refunds_of_a_name_are_found_by_those_alone_who_may_see_it(engine: Engine) -> None:
    assert rows(look_for("refunds", "홍길동", NO_BUYERS), "imp_uid") == []
    assert len(rows(look_for("refunds", "변심", NO_BUYERS), "imp_uid")) == 2


def test_what_only_older_days_hold_is_one_click_away(engine: Engine) -> None:
    at = look_for("payments", "홍길동 60,000")
    assert rows(at, "imp_uid") == []
    assert "0 in these days, 1 before" in texts(at)
    at.button(key="all_days").click().run()
    assert rows(at, "imp_uid") == [OLD]
    assert "in these days" not in texts(at)


def test_what_was_not_counted_is_not_told(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "in these days" in texts(look_for("payments", "홍길동"))
    monkeypatch.setattr("services.store.lists.totals.CAP", 3)
    shown = texts(look_for("payments", "홍길동"))
    assert "3+ payments" in shown
    assert "in these days" not in shown


def test_what_no_day_holds_is_said_at_once(engine: Engine) -> None:
    at = look_for("payments", "없는 사람")
    assert at.info[0].title == "Nothing of what is here holds this, whatever the day"
    assert "all_days" not in [button.key for button in at.button]


def test_a_schedule_is_looked_for_in_all_days(tmp_path: Path) -> None:
    engine, now = filled_store(tmp_path), int(time.time())
    with writing(engine) as conn:
        far = [schedule(now, merchant_uid=f"far{days}", schedule_at=now + days * DAY) for days in (-90, 90)]
        upsert_schedules(conn, far, as_of=now * 1000)
    assert rows(look_for("schedules", "홍길동"), "merchant_uid") == ["far90", "sub_1", "far-90"]


def found_by(text: str, role: Role | None = None, page: str = "revenue") -> AppTest:
    """The search of every screen, opened above a page."""
    at = run_page(page, role=role)
    at.button(key="palette").click().run()
    return _typed(at, "palette.text", text)


def led_to(at: AppTest) -> list[str]:
    """What the links of the search say; those of the page begin with an arrow."""
    links = [link.proto for link in at.get("page_link")]
    return [link.label.replace("\\", "") for link in links if "uid=" in link.query_string]


def test_the_search_of_every_screen_finds_in_every_list(engine: Engine) -> None:
    (payment,) = [words for words in led_to(found_by("홍길동 60000")) if "ORD-000009" in words]
    assert "홍길동" in payment
    assert "₩60,000" in payment
    said = texts(found_by("홍길동"))
    for group in ("Payments", "Billing keys", "Schedules", "Refunds"):
        assert group in said
    assert "All of them: Payments" in [button.label for button in found_by("홍길동").button]


def test_more_of_a_group_opens_its_list_with_the_text_in_all_days(engine: Engine) -> None:
    at = found_by("홍길동")
    at.button(key="palette.payments").click().run()
    assert at.text_input(key="payments.text").value == "홍길동"
    assert OLD in rows(at, "imp_uid")
    assert "q" not in at.query_params


def test_the_search_of_every_screen_hides_buyers_as_lists_do(engine: Engine) -> None:
    assert led_to(found_by("홍길동", NO_BUYERS)) == []
    by_order = led_to(found_by("ORD-000009", NO_BUYERS))
    assert by_order
    assert "홍길동" not in "".join(by_order)


def test_the_search_of_every_screen_opens_pages_a_person_may_open(engine: Engine) -> None:
    def pages(role: Role) -> list[str]:
        return [link.proto.label for link in found_by("system", role).get("page_link")]

    may = next(role for role in Role if Permission.SEE_SYSTEM in PERMISSIONS[role])
    may_not = next(role for role in Role if Permission.SEE_SYSTEM not in PERMISSIONS[role])
    assert "System" in pages(may)
    assert "System" not in pages(may_not)


@pytest.mark.parametrize("word", ["reconciliation", "churn", "month end", "MRR", "audit"])
def test_a_page_is_found_by_what_people_call_it(engine: Engine, word: str) -> None:
    titles = {"reconciliation": "Closing", "month end": "Closing", "churn": "Revenue", "MRR": "Revenue"}
    found = [link.proto.label for link in found_by(word, Role.ADMIN).get("page_link")]
    assert titles.get(word, "Activity") in found


def test_filters_typed_by_name_are_handed_to_a_list_that_has_them(engine: Engine) -> None:
    at = found_by("status:paid amount:>50000")
    assert "Nothing of what is here holds this, whatever the day" not in texts(at)
    at.button(key="palette.payments").click().run()
    assert OLD in rows(at, "imp_uid")
    assert all(int(amount) > 50_000 for amount in rows(at, "amount"))
    assert "No list has all of these filters: nosuch" in texts(found_by("nosuch:paid"))


def test_a_subscription_is_ended_from_where_its_key_was_found(engine: Engine) -> None:
    def deeds(role: Role) -> list[tuple[str, str]]:
        links = [link.proto for link in found_by("홍길동", role).get("page_link")]
        return [(link.label, link.query_string) for link in links if "end=1" in link.query_string]

    for role in Role:
        may = Permission.DELETE_KEY in PERMISSIONS[role]
        assert bool(deeds(role)) == may
        assert all(label == "End the subscription" and "customer_uid=" in query for label, query in deeds(role))


def test_an_id_that_is_not_here_is_offered_to_be_asked_for(engine: Engine) -> None:
    at = found_by("imp_999999999999")
    assert "Ask the gateway for this id" in [button.label for button in at.button]
    at = found_by("imp_100000000001")
    assert "Ask the gateway for this id" not in [button.label for button in at.button]


def test_more_of_a_group_opens_test_rows_too(engine: Engine) -> None:
    now = int(time.time())
    with writing(engine) as conn:
        rows = [payment(f"imp_test{n}", now - n, "paid", 1_000, name="시험 상품", sandbox=True) for n in range(7)]
        upsert_payments(conn, rows, as_of=now * 1000)
    at = found_by("시험 상품")
    at.button(key="palette.payments").click().run()
    assert len(at.dataframe[0].value) == 7


def test_the_search_opens_at_the_first_press_where_the_page_wrote_its_address_anew(engine: Engine) -> None:
    at = run_page("payments", query={"state": "failed"})
    assert "from" in at.query_params
    at.button(key="palette").click().run()
    assert "palette.text" in [box.key for box in at.text_input]


def test_what_is_typed_by_name_goes_to_its_fields(engine: Engine) -> None:
    at = look_for("payments", "status:paid amount:>10000 pg:naverpay 홍길동")
    assert at.text_input(key="payments.text").value == "홍길동"
    assert rows(at, "imp_uid") == []
    assert {name: at.query_params[name] for name in ("state", "min", "pg")} == {
        "state": "paid",
        "min": "10001",
        "pg": "naverpay",
    }
    assert {"chip_pg", "chip_min"} <= {button.key for button in at.button}
    assert at.button(key="chip_min").label == "Amount from ₩10,001"
    at.button(key="chip_min").click().run()
    assert rows(at, "imp_uid") == ["imp_100000000001"]


def test_what_is_typed_and_means_nothing_is_told_and_kept(engine: Engine) -> None:
    for typed, says in (
        ("statsu:paid 홍길동", "“statsu” is no filter"),
        ("amount:>many", "This is not an amount: type it like 12,000."),
    ):
        at = look_for("payments", typed)
        assert says in at.error[0].value.replace("\\", "")
        assert at.text_input(key="payments.text").value == typed
        assert not at.dataframe
        at.text_input(key="payments.text").set_value("홍길동").run()
        assert not at.error
        assert rows(at, "imp_uid")


def test_a_schedule_of_chosen_days_is_looked_for_in_those(engine: Engine) -> None:
    at = look_for("schedules", "period:2020-01 홍길동")
    assert rows(at, "merchant_uid") == []
    at.button(key="all_days").click().run()
    assert rows(at, "merchant_uid")
