"""Phones, mails and long numbers in text of others: hidden but legible, ids whole; a file hides what a screen hides."""

import csv
import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine

from services.exports.export import export
from services.personal import hide_persons
from services.store.engine import writing
from services.store.writes.payments import upsert_payments
from tests.worlds.rows.payment_rows import EVERYTHING
from tests.worlds.screens.screens import payment

HIDDEN = [
    ("010-1234-5678", "010-****-5678"),
    ("문의 01012345678로 부탁", "문의 010-****-5678로 부탁"),
    ("+82 10-1234-5678", "010-****-5678"),
    ("연락처010.1234.5678", "연락처010-****-5678"),
    ("(02) 123-4567 매장", "02-****-4567 매장"),
    ("사과 (hong@example.com)", "사과 (ho***@…)"),
    ("k@mail.example.co.kr", "k***@…"),
    ("계좌 110-123-456789 국민", "계좌 *** 국민"),
    ("계좌 1101234567890", "계좌 ***"),
    ("kim@example.com 010 9999 8888, lee@example.com", "ki***@… 010-****-8888, le***@…"),
]
WHOLE = [
    "",
    "사과 3kg",
    "imp_123456789012",
    "imp_123456789012 을 환불",
    "ORD-0101234567",
    "20261123-00001234",
    "npay_20261123123456789",
    "2026-11-23 15:04:05",
    "1,234,567원",
    "1588-1234",
    "a @ b",
]


@pytest.mark.parametrize(("text", "shown"), [*HIDDEN, *((text, text) for text in WHOLE)])
def test_what_leads_to_somebody_is_hidden_and_ids_stay(text: str, shown: str) -> None:
    assert hide_persons(text) == shown
    assert hide_persons(shown) == shown


def test_addresses_of_colleagues_stay() -> None:
    assert hide_persons("by Kim@shop.example, hong@example.com", {"kim@shop.example"}) == (
        "by Kim@shop.example, ho***@…"
    )


def test_files_for_those_who_may_not_see_buyers_hide_the_same_as_a_screen(store: Engine) -> None:
    told = [*HIDDEN, *((text, text) for text in WHOLE if text)]
    rows = [
        payment(f"imp_80000000{n:04}", 1_700_000_000 - n, "paid", 100, name=text, fail_reason=text, customer_uid=text)
        for n, (text, _shown) in enumerate(told)
    ]
    with writing(store) as conn:
        upsert_payments(conn, rows, as_of=1_700_000_000_000)
    for buyers, place in ((False, 1), (True, 0)):
        made = {
            fmt: b"".join(export(store, "payments", EVERYTHING, fmt=fmt, labels=None, with_buyers=buyers))
            for fmt in ("csv", "xlsx")
        }
        lines = list(csv.DictReader(io.StringIO(made["csv"].decode("utf-8-sig"))))
        sheet = load_workbook(io.BytesIO(made["xlsx"])).active
        assert sheet is not None
        heads, *cells = sheet.iter_rows(values_only=True)
        assert len(lines) == len(cells) == len(told)
        for row, line in zip(cells, lines, strict=True):
            book = dict(zip(heads, row, strict=True))
            wanted = told[int(line["imp_uid"][-4:])][place]
            for name in ("name", "fail_reason", "customer_uid"):
                # A text that begins with a plus gets an apostrophe in CSV, and is no formula in a workbook anyway.
                assert line[name].removeprefix("'") == wanted == book[name], (name, buyers)
            assert book["imp_uid"] == line["imp_uid"]
