"""Files of people: what looks empty in a spreadsheet is no row, and rows have the numbers that it shows."""

import pytest

from services.csv_lines import csv_lines
from services.errors import InvalidRequest
from services.mirror.key_files import read_key_file
from services.operations.files import bulk
from services.operations.files.batches import COLUMNS

HEAD = "imp_uid,amount,reason,requester\r\n"
ROW = 'imp_1,"1,000",단순 변심,customer\r\n'


def read(text: str, encoding: str = "utf-8") -> list[tuple[int, str]]:
    return [(line.number, line.cells["imp_uid"]) for line in csv_lines(text.encode(encoding), COLUMNS, most=10).lines]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (HEAD + ROW + ",,,\r\n", [(2, "imp_1")]),
        (HEAD + ",,,\r\n" + ROW, [(3, "imp_1")]),
        (HEAD + "\r\n\r\n" + ROW + " , ,\t,\u3000\r\n" + '"","","",""\r\n', [(4, "imp_1")]),
        ("\r\n,,,\r\n" + HEAD + ROW, [(4, "imp_1")]),
        (HEAD + ROW + '"imp_2",1,"two\r\nlines",customer\r\n' + ROW.replace("1", "3", 1),
         [(2, "imp_1"), (3, "imp_2"), (4, "imp_3")]),
        (HEAD + ROW + '합계,"1,000",,\r\n', [(2, "imp_1")]),
        (HEAD + ROW + ',"1,000",,\r\n', [(2, "imp_1")]),
        (HEAD + ROW + ',"₩1,000",Total:,\r\n', [(2, "imp_1")]),
        (HEAD + ROW + "총 합계,,,\r\n", [(2, "imp_1")]),
        (HEAD + ROW + ",1000,단순 변심,customer\r\n", [(2, "imp_1"), (3, "")]),
        (HEAD + ROW + "20260101,1000,,\r\n", [(2, "imp_1"), (3, "20260101")]),
        ("\ufeff\ufeff" + HEAD + "\ufeff" + ROW, [(2, "imp_1")]),
        (HEAD.strip() + ",,\r\n" + ROW.strip() + ",,\r\n", [(2, "imp_1")]),
        (HEAD + ROW + "\u200b,\u3164,\ufeff,\u2060 \r\n", [(2, "imp_1")]),
        (HEAD.replace("reason", "\u200breason") + ROW + "\x1a", [(2, "imp_1")]),
        (HEAD + ROW + HEAD + ROW.replace("1", "2", 1), [(2, "imp_1"), (4, "imp_2")]),
        (HEAD + ROW + '합계(1건),"1,000",,\r\n' + "총 금액,1000,,\r\n" + "누계,1000,1건,계\r\n", [(2, "imp_1")]),
        (HEAD + ROW + "총 1건,,,\r\n", [(2, "imp_1")]),
        (HEAD + ROW + '합계금액:,"₩1,000",,\r\n' + "평균,1000,,\r\n" + ",=SUM(B2:B2),,\r\n", [(2, "imp_1")]),
        (HEAD + ROW + "총무팀,1000,,\r\n" + "sum_1,1000,,\r\n", [(2, "imp_1"), (3, "총무팀"), (4, "sum_1")]),
    ],
)  # fmt: skip
def test_blank_and_sum_lines_and_boms_are_no_rows(text: str, rows: list[tuple[int, str]]) -> None:
    assert read(text) == rows


def test_the_file_of_the_case_is_one_row_in_the_encoding_of_korean_excel() -> None:
    assert read(HEAD + ROW + ",,,\r\n", "cp949") == [(2, "imp_1")]


def test_sum_lines_are_told_by_their_numbers() -> None:
    assert csv_lines((HEAD + ROW + "합계,1000,,\r\n").encode(), COLUMNS, most=10).sums == (3,)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD.replace(",", ";") + "imp_1;1000;a;customer\r\n", "Semicolons were found"),
        (HEAD.replace(",", "\t") + "imp_1\t1000\ta\tcustomer\r\n", "Tabs were found"),
        (HEAD.strip() + ",amount\r\n", "twice: amount"),
        ("imp_uid,amount\r\n", "lacks reason, requester"),
        ("", "lacks imp_uid, amount, reason, requester"),
        (",,,\r\n", "lacks imp_uid, amount, reason, requester"),
        (HEAD + 'imp_1,1000,"변심,customer\r\n' + ROW, "not a CSV"),
    ],
)
def test_a_file_that_is_none_says_how_to_save_it(text: str, says: str) -> None:
    with pytest.raises(InvalidRequest, match=says):
        read(text)


def test_files_of_schedules_and_of_keys_go_by_the_same_rule() -> None:
    targets = bulk.read_file("merchant_uid,schedule_at\n,\nORD-1,2027-01-04 10:00\n,,\n합계,\n".encode())
    assert [(one.number, one.merchant_uid) for one in targets] == [(3, "ORD-1")]
    keys = read_key_file("name,customer_uid\n,\n김,key_1\n\n,\n".encode())
    assert [(one.number, one.customer_uid, one.problem) for one in keys.lines] == [(3, "key_1", None)]


@pytest.mark.parametrize("tail", ["", ",", ",,"])
def test_an_amount_without_quotes_is_not_cut_at_its_comma(tail: str) -> None:
    head = "imp_uid,reason,requester,amount"
    with pytest.raises(InvalidRequest, match="Row 3 has more cells"):
        read(f"{head}{tail}\r\nimp_1,변심,customer,500\r\nimp_2,변심,customer,1,000\r\n")
