"""Payments by card company: rows, tiles and sums follow, the address keeps it, and a file has the same rows."""

import time
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from services.exports.export import count_export
from services.store.engine import reading, writing
from services.store.lists.filters import PaymentFilter
from services.store.lists.totals import facet_values, filter_totals
from services.store.writes.payments import upsert_payments
from tests.worlds.screens.screens import empty_store, payment, run_page, texts

CARDS = (("신한카드", 1_000), ("신한카드", 2_000), ("현대카드", 40_000), (None, 500_000))


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = empty_store(tmp_path)
    at = int(time.time()) - 3_000
    rows = [
        payment(f"imp_10000000000{number}", at + number, "paid", amount, card_name=card)
        for number, (card, amount) in enumerate(CARDS)
    ]
    with writing(engine) as conn:
        upsert_payments(conn, rows, as_of=1)
    return engine


def shown(at: AppTest) -> set[str]:
    return {uid[-1] for uid in at.dataframe[0].value["imp_uid"]}


def test_rows_tiles_and_sums_go_by_the_card_company(engine: Engine) -> None:
    at = run_page("payments", query={"card": "신한카드"})
    assert shown(at) == {"0", "1"}
    assert at.button(key="tile_paid").label.endswith("**2**")
    assert "₩3,000" in texts(at)
    assert at.query_params["card"] == "신한카드"
    at.button(key="clear").click().run()
    assert shown(at) == {"0", "1", "2", "3"}
    assert "card" not in at.query_params


def test_what_occurs_can_be_chosen_the_most_frequent_first(engine: Engine) -> None:
    with reading(engine) as conn:
        assert facet_values(conn).card_names == ("신한카드", "현대카드")


def test_a_payment_whose_card_becomes_another_counts_there(engine: Engine) -> None:
    at = int(time.time()) - 3_000
    moved = payment("imp_100000000000", at, "paid", 1_000, card_name="현대카드")
    with writing(engine) as conn:
        upsert_payments(conn, [moved], as_of=2)
    chosen = PaymentFilter(card_names=frozenset({"현대카드"}))
    with reading(engine) as conn:
        (total,) = filter_totals(conn, chosen) or ()
    assert (total.payments, total.gross) == (2, 41_000)
    assert count_export(engine, "payments", chosen) == 2
