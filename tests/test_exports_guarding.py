"""Cells of a CSV file: what a spreadsheet would take for a formula is text, and nothing else is touched."""

import pyarrow as pa
import pytest
from sqlalchemy import Engine

from services.exports.export import export
from services.exports.guarding import RISKY, guard
from services.store.engine import writing
from services.store.filters import Live, PaymentFilter
from services.store.payment_writes import upsert_payments
from tests.screens import payment

TEXTS = [None, "", "a", "a=1", "가", "１", "ａ＝", *RISKY, *(f"{sign}1+1" for sign in RISKY)]


def expected(text: str | None) -> str | None:
    return f"'{text}" if text and text[0] in RISKY else text


@pytest.mark.parametrize("texts", [TEXTS, [None, None], ["", None], [], ["plain", "평범"], ["＝"]])
def test_only_what_begins_like_a_formula_gets_an_apostrophe(texts: list[str | None]) -> None:
    column = pa.array(texts, pa.string())
    assert guard(column).to_pylist() == [expected(text) for text in texts]
    assert guard(column[1:]).to_pylist() == [expected(text) for text in texts[1:]]


@pytest.mark.parametrize("sign", RISKY)
def test_no_formula_gets_into_a_csv_file_from_either_database(store: Engine, sign: str) -> None:
    row = payment("imp_100000000001", 1_700_000_000, "paid", 1_000, name=f"{sign}1+1", buyer_name="a-b")
    with writing(store) as connection:
        upsert_payments(connection, [row], as_of=1)
    chunks = export(store, "payments", PaymentFilter(live=Live.ALL), fmt="csv", labels=None, with_buyers=True)
    written = b"".join(chunks).decode("utf-8-sig")
    assert f"'{sign}1+1" in written
    assert "a-b" in written
    assert "'a-b" not in written
