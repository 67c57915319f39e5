"""Cells of a CSV file: what a spreadsheet would take for a formula is text, and nothing else is touched."""

import csv
import io

import pyarrow as pa
import pytest
from sqlalchemy import Engine

from services.exports.export import export
from services.exports.guard import guard, guarded
from services.store.engine import writing
from services.store.lists.filters import Live, PaymentFilter
from services.store.writes.payments import upsert_payments
from tests.worlds.screens.screens import payment

SIGNS = "=+-@＝＋－＠"
_LEADS = ["", " ", "   ", "\n", "\r\n", "\t", " \n\t ", "\u3000", "\xa0", "\ufeff", "\u200b"]
RISKY = [*"\t\r", "\ttab", "\rcr", *(f"{lead}{sign}1+1" for lead in _LEADS for sign in SIGNS)]
HARMLESS = [
    "",
    " ",
    "\n",
    "\u3000",
    "a",
    "a=1",
    " a=1",
    "\n가",
    "가",
    "１",
    "ａ＝",
    "1-1",
    "010-1234",
    "'=1",
    "한글 = 1",
]
TEXTS = [None, *HARMLESS, *RISKY, *SIGNS]
CONTROLS = {
    "\x1b[31m빨강": "␛[31m빨강",
    "a\x07b": "a␇b",
    "\x1b=1": "␛=1",
    "\x7f": "␡",
    "a\x9b31m": "a�31m",
    "\x0b=1": "␋=1",
}
ODD = [
    "null",
    ",null,",
    '","',
    '"',
    '""',
    "\\",
    '\\"',
    "\\n",
    "a\nb",
    "a\r\nb",
    "a\tb",
    "[]",
    "é",
    "😀",
    "\xc2\xa0",
    "u001b",
    "\\u001b",
]
"""What a way through JSON or CSV could take for its own signs."""


def expected(text: str | None) -> str | None:
    return f"'{text}" if text and (text in RISKY or text in tuple(SIGNS)) else text


@pytest.mark.parametrize("texts", [TEXTS, [None, None], ["", None], [], ["plain", "평범"], ["＝"]])
def test_only_what_begins_like_a_formula_gets_an_apostrophe(texts: list[str | None]) -> None:
    column = pa.array(texts, pa.string())
    assert guard(column).to_pylist() == [expected(text) for text in texts]
    assert guard(column[1:]).to_pylist() == [expected(text) for text in texts[1:]]
    assert [guarded(text) for text in texts if text is not None] == [
        expected(text) for text in texts if text is not None
    ]


def test_texts_of_another_shape_are_refused_not_misread() -> None:
    with pytest.raises(TypeError):
        guard(pa.array(["=1"], pa.large_string()))


def test_each_text_is_in_the_file_as_it_was_or_made_harmless(store: Engine) -> None:
    given = {text: expected(text) or "" for text in [*TEXTS, *ODD] if text} | CONTROLS
    with writing(store) as connection:
        rows = [
            payment(
                f"imp_{number:012d}", 1_700_000_000 + number, "paid", 1_000, name=text, fail_reason=None, buyer_name=""
            )
            for number, text in enumerate(given)
        ]
        upsert_payments(connection, rows, as_of=1)
    chunks = export(store, "payments", PaymentFilter(live=Live.ALL), fmt="csv", labels=None, with_buyers=True)
    raw = b"".join(chunks)
    found = {row["imp_uid"]: row for row in csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))}
    written = [found[f"imp_{number:012d}"]["name"] for number in range(len(given))]
    assert dict(zip(given, written, strict=True)) == given
    # Nothing is told from an empty text, in the file as in the store.
    assert raw.count(b',"",') >= len(given)
    assert {row["fail_reason"] for row in found.values()} == {""}
    assert [guarded(text) for text in given] == list(given.values())
