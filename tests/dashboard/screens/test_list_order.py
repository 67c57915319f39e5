"""A list's order by an amount: chosen beside it, carried by its address, told where there are too many rows."""

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from dashboard.access import PERMISSIONS, Permission
from dashboard.kit.lists.columns import whole_text
from dashboard.kit.lists.money_cells import money_cells
from dashboard.settings import Role
from dashboard.words.formats import money
from services.store.engine import writing
from services.store.lists import amount_order
from services.store.writes.payments import upsert_payments
from tests.worlds.rows.payment_rows import mixed
from tests.worlds.rows.recurring_rows import recurring_store
from tests.worlds.screens.screens import filled_store, run_page, texts

COLUMNS = {
    "payments": ("amount", "cancel_amount"),
    "refunds": ("amount", "payment_amount", "remaining"),
    "schedules": ("amount",),
    "billing_keys": ("booked_won",),
    "recovery": ("amount",),
    "radar": ("amount",),
    "subscriptions": ("price", "monthly"),
}
ALL_DAYS = {"from": "2010-01-01", "to": "2026-01-01"}


def heads(at: AppTest) -> list[str]:
    config: dict[str, Any] = json.loads(at.dataframe[0].proto.columns)
    return [str(one.get("label")) for one in config.values()]


def asked(at: AppTest, name: str) -> str:
    """A parameter of the address."""
    value = at.query_params[name]
    return value if isinstance(value, str) else value[0]


def choice(at: AppTest, name: str) -> Selectbox[str]:
    """The choice of a list's order, behind its button."""
    at.session_state[f"{name}.look"] = True
    at.run()
    return at.selectbox(key=f"{name}.order")


@pytest.mark.parametrize("name", COLUMNS)
def test_every_list_with_pages_can_be_asked_for_by_each_of_its_amounts(name: str, tmp_path: Path) -> None:
    recurring_store(tmp_path)
    filled_store(tmp_path)
    plain = run_page(name)
    own = choice(plain, name).value
    ways = [f"{sign}{column}" for column in COLUMNS[name] for sign in ("-", "")]
    assert own not in ways
    for way in ways:
        at = run_page(name, query={"order": way})
        assert choice(at, name).value == way
        assert asked(at, "order") == way
        assert len([head for head in heads(at) if head.startswith("↓" if way[0] == "-" else "↑")]) == 1
        assert len(at.dataframe[0].value) == len(plain.dataframe[0].value)
    at = choice(plain, name).select(ways[0]).run()
    assert asked(at, "order") == ways[0]
    assert choice(run_page(name, query={"order": "-name"}), name).value == own


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_whole_list_is_in_order_and_its_pages_go_on(language: str, tmp_path: Path) -> None:
    engine, writes = filled_store(tmp_path), [write for write in mixed(160) if not write.values["sandbox"]]
    with writing(engine) as conn:
        conn.exec_driver_sql("DELETE FROM payment")
        conn.exec_driver_sql("UPDATE facet SET payments = 0")
        conn.exec_driver_sql("DELETE FROM daily_total")
        upsert_payments(conn, writes, as_of=1)
    wanted = sorted((w.values["currency"], -w.values["amount"]) for w in writes)
    at = run_page("payments", language=language, query={"order": "-amount"} | ALL_DAYS)
    shown = list(at.dataframe[0].value["amount"])
    while not (following := next(one for one in at.button if one.label in ("Next", "다음"))).disabled:
        at = following.click().run()
        shown += list(at.dataframe[0].value["amount"])
        assert asked(at, "before").startswith("~")
        assert asked(at, "order") == "-amount"
    said = {money(-amount, currency) for currency, amount in wanted}
    plain = [money(cell, "KRW") if isinstance(cell, int) else str(cell) for cell in shown]
    assert plain == [money(-amount, currency) for currency, amount in wanted]
    assert len(said) > 20


def test_payments_go_by_buyer_and_state_and_only_who_sees_buyers_by_those(tmp_path: Path) -> None:
    filled_store(tmp_path)
    for name in ("buyer_name", "status"):
        at = run_page("payments", query={"order": f"-{name}"})
        assert asked(at, "order") == f"-{name}"
        assert len([head for head in heads(at) if head.startswith("↓")]) == 1
    states = [
        cell[0].split()[-1] for cell in run_page("payments", query={"order": "status"}).dataframe[0].value["status"]
    ]
    assert (states[0], states[-1]) == ("Unpaid", "Failed")
    assert states == sorted(states, key=["Unpaid", "Paid", "refunded", "Refunded", "Failed"].index)
    hidden = next(role for role in Role if Permission.SEE_BUYERS not in PERMISSIONS[role])
    at = run_page("payments", role=hidden, query={"order": "buyer_name"})
    assert "order" not in at.query_params
    assert "buyer_name" not in choice(at, "payments").options


@pytest.mark.parametrize(("language", "said"), [("en", "choose fewer days"), ("ko", "기간을 줄이거나")])
def test_too_many_rows_are_told_and_stay_newest_first(
    language: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled_store(tmp_path)
    plain = run_page("payments", language=language)
    assert said not in texts(plain)
    monkeypatch.setattr(amount_order, "MOST", 3)
    at = run_page("payments", language=language, query={"order": "-amount"})
    assert said in texts(at)
    assert at.dataframe[0].value.equals(plain.dataframe[0].value)
    assert not [head for head in heads(at) if head.startswith(("↓", "↑"))]


def test_an_exact_id_stands_whatever_the_order(tmp_path: Path) -> None:
    filled_store(tmp_path)
    at = run_page("payments", query={"q": "imp_100000000001", "order": "-amount"})
    assert list(at.dataframe[0].value["imp_uid"]) == ["imp_100000000001"]


def test_a_text_that_few_rows_have_is_not_cut() -> None:
    plain = whole_text("Last failure", ["–", "–"])
    assert whole_text("Last failure", ["–", *["–"] * 40, "2025-11-26 07:37"])["width"] > plain["width"]
    assert whole_text("Why", ["x" * 1_000])["width"] < 400


def test_a_column_of_one_currency_is_numbers_and_one_of_several_texts_of_a_length() -> None:
    assert money_cells([(9_900, "KRW"), (None, ""), (12_000, "KRW")]) == [9_900, None, 12_000]
    assert money_cells([(1_050, "USD"), (5, "USD")]) == [10.5, 0.05]
    mixed_up = money_cells([(1_050, "USD"), (900, "KRW"), (1_234_567, "KRW"), (None, ""), (1_000_000, "USD")])
    assert [cell and cell.replace("\u2007", "") for cell in mixed_up] == [
        "USD 10.50",
        "₩900",
        "₩1,234,567",
        None,
        "USD 10,000.00",
    ]
    assert len({len(cell) for cell in mixed_up if cell and cell.startswith("USD")}) == 1
    assert len({len(cell) for cell in mixed_up if cell and cell.startswith("₩")}) == 1
    assert money_cells([(1_050, "USD"), (900, "KRW")], paged=True) == ["USD 10.50", "₩900"]
