"""Saved views and chosen columns on every list: kept for the person, carried by the address, shared by choice."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.kit.exports import as_exported
from dashboard.settings import Role
from services.exports.query import columns_of
from services.store.engine import writing
from tests.worlds.rows.recurring_rows import recurring_store
from tests.worlds.screens.screens import filled_store, run_page, texts

LISTS = ("payments", "refunds", "schedules", "billing_keys", "subscriptions", "recovery", "radar")
LAST_MONTH = "Partly refunded, last month"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    recurring_store(tmp_path)
    return filled_store(tmp_path)


def opened(at: AppTest, name: str = "payments") -> AppTest:
    """The list with what stands behind its button."""
    at.session_state[f"{name}.look"] = True
    return at.run()


def head(at: AppTest) -> str:
    """What the button is called."""
    found: list[Any] = [one.proto.popover.label for one in at.get("popover") if "view_column" in one.proto.popover.icon]
    return str(found[0]).replace("\\", "")


def press(at: AppTest, label: str) -> AppTest:
    (button,) = [one for one in at.button if one.label == label]
    return button.click().run()


def save(at: AppTest, name: str, *, shared: bool = False) -> AppTest:
    at.text_input(key="payments.new_name").set_value(name)
    at.checkbox(key="payments.new_shared").set_value(shared)
    return press(at, "Save")


def asked(at: AppTest, name: str) -> str:
    """A parameter of the address."""
    value = at.query_params[name]
    return value if isinstance(value, str) else value[0]


def states(at: AppTest) -> set[str]:
    return {state[0] for state in at.dataframe[0].value["status"]}


def test_a_view_has_its_name_in_the_head_and_says_when_the_list_shows_something_else(engine: Engine) -> None:
    at = opened(run_page("payments", role=Role.SUPPORT, query={"state": "partly_refunded"}))
    at = save(at, LAST_MONTH)
    assert head(at) == "Partly refunde…"
    number = asked(at, "saved")
    at.button(key="tile_paid").click().run()
    assert head(at) == "Partly refunde…, changed"
    at = press(opened(at), "Save the changes")
    assert "Changed since it was saved" not in texts(at)
    again = run_page("payments", role=Role.SUPPORT, query={"saved": number})
    assert (head(again), len(states(again))) == ("Partly refunde…", 2)
    at.button(key="tile_paid").click().run()
    at = press(opened(at), "As it was saved")
    assert (head(at), len(states(at))) == ("Partly refunde…", 2)
    at = opened(at).selectbox(key="payments.chosen").set_value(None).run()
    assert (head(at), "saved" in at.query_params, len(states(at)) > 2) == ("View", False, True)


def test_a_period_is_saved_by_its_name_and_a_buyers_name_is_not(engine: Engine) -> None:
    at = run_page("payments")
    at.selectbox(key="payments.period").set_value("last_month").run()
    at.text_input(key="payments.text").set_value("홍길동").run()
    save(opened(at), LAST_MONTH)
    with writing(engine) as conn:
        assert conn.exec_driver_sql("SELECT address FROM saved_view").scalar() == "period=last_month"


def test_a_shared_view_is_everybodys_to_see_and_who_saved_its_to_change(engine: Engine) -> None:
    at = opened(run_page("payments", role=Role.SUPPORT, query={"state": "partly_refunded"}))
    number = asked(save(at, LAST_MONTH, shared=True), "saved")
    at = opened(run_page("payments", role=Role.VIEWER, query={"saved": number}))
    assert states(at) == {"◐ Partly refunded"}
    assert "Name, sharing, deletion" not in [one.label for one in at.expander]
    assert at.selectbox(key="payments.chosen").options == [f"{LAST_MONTH} · shared by support@example.com"]
    at = press(opened(run_page("payments", role=Role.MANAGER, query={"saved": number})), "Delete")
    at = press(at, "Delete it for everybody")
    assert "saved" not in at.query_params
    assert states(run_page("payments", role=Role.VIEWER, query={"saved": number})) != {"◐ Partly refunded"}


def test_a_private_view_is_nothing_to_others_and_a_bad_name_is_told_and_kept(engine: Engine) -> None:
    at = save(opened(run_page("payments", role=Role.SUPPORT, query={"state": "failed"})), LAST_MONTH)
    number = asked(at, "saved")
    at = save(opened(at), LAST_MONTH)
    assert "There is a view of this name on this list." in [one.value for one in at.error]
    assert at.text_input(key="payments.new_name").value == LAST_MONTH
    at = run_page("payments", role=Role.ADMIN, query={"saved": number})
    assert (head(at), len(states(at)) > 1, "saved" in at.query_params) == ("View", True, False)


@pytest.mark.parametrize("name", LISTS)
def test_columns_and_their_order_are_kept_for_a_person(name: str, engine: Engine) -> None:
    at = opened(run_page(name, role=Role.FINANCE), name)
    first = list(at.dataframe[0].value.columns)
    choice = at.multiselect(key=f"{name}.columns")
    second_first = [choice.value[1], choice.value[0]]
    at = choice.set_value(second_first).run()
    assert asked(at, "columns") == ",".join(second_first)
    shown = list(run_page(name, role=Role.FINANCE).dataframe[0].value.columns)
    assert shown[:2] == [first[1], first[0]]
    assert len(shown) == 2
    assert list(run_page(name, role=Role.ADMIN).dataframe[0].value.columns) == first
    at = press(opened(run_page(name, role=Role.FINANCE), name), "Columns as at first")
    assert list(run_page(name, role=Role.FINANCE).dataframe[0].value.columns) == first


def test_one_column_is_moved(engine: Engine) -> None:
    at = opened(run_page("payments", query={"columns": "amount,status,name"}))
    at.selectbox(key="payments.moved").set_value("name").run()
    at = press(at, "To the left")
    assert list(at.dataframe[0].value.columns) == ["amount", "name", "status"]
    at = press(press(at, "To the left"), "To the left")
    assert list(at.dataframe[0].value.columns) == ["name", "amount", "status"]


def test_of_columns_all_taken_away_the_first_is_left_and_others_are_chosen_beside_it(engine: Engine) -> None:
    at = opened(run_page("payments"))
    first = at.multiselect(key="payments.columns").value[0]
    at = at.multiselect(key="payments.columns").set_value([]).run()
    assert list(at.dataframe[0].value.columns) == [first]
    at = at.multiselect(key="payments.columns").select("status").run()
    assert list(at.dataframe[0].value.columns) == [first, "status"]


def test_a_file_begins_with_the_columns_of_its_list(engine: Engine) -> None:
    known = [column.name for column in columns_of("payments", with_buyers=True)]
    assert as_exported(("name", "made_at", "hits", "amount"), known) == [
        "name", "paid_at", "started_at", "amount", "currency",
    ]  # fmt: skip
    at = run_page("payments", query={"columns": "status,name"})
    at.session_state["export"] = True
    assert at.run().pills(key="export_columns_payments_status,name").value == ["status", "name"]


def test_a_file_begins_with_the_columns_of_the_one_before_for_the_same_person_alone(engine: Engine) -> None:
    def chosen(role: Role = Role.FINANCE) -> Any:
        at = run_page("payments", role=role)
        at.session_state["export"] = True
        return at.run().pills(key="export_columns_payments_")

    assert chosen().value == []
    chosen().set_value(["name", "amount"]).run()
    assert chosen().value == ["name", "amount"]
    assert chosen(Role.ADMIN).value == []
    at = run_page("payments", role=Role.FINANCE)
    at.session_state["export"] = True
    at = press(at.run(), "All columns")
    assert at.pills(key="export_columns_payments_").value == []
    assert chosen().value == []


def test_payments_follow_each_other_as_in_the_list_they_were_opened_from(engine: Engine) -> None:
    at = run_page("payments", query={"order": "-amount", "from": "2010-01-01", "to": "2030-01-01"})
    order = list(at.dataframe[0].value["imp_uid"])
    at.query_params["imp_uid"] = order[1]
    at.switch_page("../pages/payment.py").run()
    assert "Next" in [one.label for one in at.button]
    for label, wanted in (("Next", order[2]), ("Previous", order[1]), ("Previous", order[0])):
        at = press(at, label)
        assert asked(at, "imp_uid") == wanted
    assert [one.disabled for one in at.button if one.label == "Previous"] == [True]
    assert "Next" not in [one.label for one in run_page("payment", query={"imp_uid": order[1]}).button]
