"""Workbooks for people: dates are dates, amounts numbers of their currency, totals what the rows come to."""

import io
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from xlsxwriter import Workbook

from services.clock import seoul
from services.errors import InvalidRequest
from services.exports import workbook
from services.exports.book_words import BookWords
from services.exports.cell_formats import CellFormats
from services.exports.columns import BY_KIND, Shape
from services.exports.query import ListFilter, columns_of
from services.exports.sums import totals_of
from services.money import exponent
from services.store.engine import reading, writing
from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.schedule_filters import ScheduleFilter
from services.store.sql import table
from services.store.writes.payments import upsert_payments
from services.tables.revenue import Subscription
from tests.exports.test_files import EVERY, content, csv_rows
from tests.worlds.recount import charged
from tests.worlds.rows.key_rows import key, put_keys, put_schedules, schedule
from tests.worlds.rows.payment_rows import EVERYTHING, fill, lets_through, mixed, state_of
from tests.worlds.screens.screens import payment

AT = 1_790_000_000  # 2026-09-21T23:13:20+09:00
FORMATS = {"KRW": "#,##0", "USD": '"USD "#,##0.00', "KWD": '"KWD "#,##0.000'}
"""A sheet of won, in which every other amount says what it is."""


def named(sheet: Any) -> list[dict[str, Any]]:
    """The cells of each row by their heading."""
    header, *rows = sheet.iter_rows()
    return [dict(zip([cell.value for cell in header], row, strict=True)) for row in rows]


def opened(raw: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(raw))


def put_payments(engine: Engine, *rows: Any) -> None:
    with writing(engine) as conn:
        upsert_payments(conn, rows, as_of=1)


def test_times_are_dates_in_korea_and_what_never_happened_is_empty(store: Engine) -> None:
    put_payments(store, payment("imp_1", AT, "paid", 1_000))
    (row,) = named(opened(content(store, "xlsx")).active)
    assert row["paid_at"].value == datetime(2026, 9, 21, 23, 13, 20)
    assert row["started_at"].value == datetime(2026, 9, 21, 23, 12, 50)
    assert row["paid_at"].is_date
    assert row["paid_at"].number_format == "yyyy-mm-dd hh:mm:ss"
    assert row["failed_at"].value is None


def test_an_amount_is_a_number_with_the_decimals_of_its_currency(store: Engine) -> None:
    amounts = {"KRW": 1_234_567, "USD": 1_050, "KWD": 12_345}
    put_payments(
        store,
        *(
            payment(f"imp_{currency}", AT, "paid", amount, currency=currency, cancel_amount=5)
            for currency, amount in amounts.items()
        ),
    )
    found = {row["currency"].value: row for row in named(opened(content(store, "xlsx")).active)}
    assert {currency: row["amount"].number_format for currency, row in found.items()} == FORMATS
    read = {currency: Decimal(str(row["amount"].value)) for currency, row in found.items()}
    assert read == {"KRW": Decimal(1_234_567), "USD": Decimal("10.5"), "KWD": Decimal("12.345")}
    assert found["USD"]["cancel_amount"].value == 0.05
    # Its currency is known though it is no column of the file.
    (header, *rows) = opened(content(store, "xlsx", names=("amount",))).active.iter_rows()
    assert [cell.value for cell in header] == ["amount"]
    assert sorted(row[0].number_format for row in rows) == sorted(FORMATS.values())


@settings(max_examples=40)
# Korea's last summer time was in 1988, before there was anything to pay here: Jangbu counts nine hours at all times.
@given(
    st.integers(631_152_000, 1 << 32),
    st.integers(0, 10**15),
    st.sampled_from(["KRW", "USD", "KWD", "UYW", "JPY", "?"]),
)
def test_any_time_and_any_amount_are_read_back_as_they_are(at: int, amount: int, currency: str) -> None:
    file = io.BytesIO()
    with Workbook(file) as book:
        formats, sheet = CellFormats(book), book.add_worksheet()
        formats.put_time(sheet, 0, 0, at)
        formats.put_money(sheet, 0, 1, amount, currency)
    time, money = next(opened(file.getvalue()).active.iter_rows())
    assert abs(time.value - seoul(at).replace(tzinfo=None)) < timedelta(milliseconds=1)
    assert round(Decimal(str(money.value)).scaleb(exponent(currency))) == amount


def test_a_partly_refunded_payment_is_told_apart_and_only_once(store: Engine) -> None:
    partly = {"cancel_amount": 300, "refunds": []}
    put_payments(store, payment("imp_1", AT, "paid", 1_000), payment("imp_2", AT, "paid", 1_000, **partly))
    told = {"paid": "결제 완료", "partly_refunded": "부분취소"}
    words = BookWords(codes={"status": told.__getitem__, "sandbox": {"true": "예", "false": "아니요"}.__getitem__})
    rows = named(opened(content(store, "xlsx", words=words)).active)
    assert {row["imp_uid"].value: row["status"].value for row in rows} == {"imp_1": "결제 완료", "imp_2": "부분취소"}
    assert {row["sandbox"].value for row in rows} == {"아니요"}
    assert "payment_state" not in rows[0], "it says what status says"
    (alone, *_others) = named(opened(content(store, "xlsx", names=("payment_state",))).active)
    assert alone["payment_state"].value == "paid" or alone["payment_state"].value == "partly_refunded"
    # Scripts read V1's own word, and the list's beside it.
    header, *lines = csv_rows(content(store, "csv", names=("imp_uid", "status", "payment_state")))
    assert header == ["imp_uid", "status", "payment_state"]
    assert sorted(lines) == [["imp_1", "paid", "paid"], ["imp_2", "paid", "partly_refunded"]]


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", list(BY_KIND))
def test_the_columns_asked_for_come_in_their_order(store: Engine, kind: str, fmt: str) -> None:
    names = [column.name for column in BY_KIND[kind] if column.name != "payment_state"][::-3]
    raw = content(store, fmt, kind=kind, names=names)
    header = csv_rows(raw)[0] if fmt == "csv" else [cell.value for cell in opened(raw).active[1]]
    assert header == names


def test_a_column_that_is_none_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InvalidRequest) as refused:
        columns_of("refunds", with_buyers=True, names=["amount", "nonsense"])
    assert str(refused.value).startswith("refunds have no column “nonsense”, but: imp_uid, merchant_uid, canc")
    with pytest.raises(InvalidRequest) as hidden:
        columns_of("refunds", with_buyers=False, names=["buyer_name"])
    assert not {"buyer_name,", "buyer_tel,"} & set(str(hidden.value).partition("but: ")[2].split())


@pytest.mark.parametrize("name", ["fail_reason", "failed_at"])
def test_a_single_column_has_a_line_for_every_row(store: Engine, name: str) -> None:
    failed = payment("imp_2", AT, "failed", 1, fail_reason="한도 초과")
    put_payments(store, payment("imp_1", AT + 9, "paid", 1, fail_reason=None), failed)
    raw = content(store, "csv", names=(name,)).decode("utf-8-sig")
    value = "한도 초과" if name == "fail_reason" else "2026-09-21T23:13:20+09:00"
    assert [line.strip('"') for line in raw.splitlines()] == [name, "", value]
    assert "" not in raw.splitlines(), "a blank line is no row to whoever reads it"


def test_text_that_looks_like_the_writers_own_xml_spoils_no_file(store: Engine) -> None:
    texts = ["<r>&<t>", "<r><t>1</t></r>", "<r>&</r>", "</r>", "<r>" + "가" * 40_000 + "</r>"]
    put_payments(store, *(payment(f"imp_{n}", AT - n, "paid", 1, name=text) for n, text in enumerate(texts)))
    words = BookWords(conditions="조건", lines=[("검색", texts[2])])
    book = opened(content(store, "xlsx", words=words))
    read = [row["name"].value for row in named(book.active)]
    assert book["조건"]["B1"].value == f"{texts[2]} "
    assert [text.rstrip() for text in read] == [text[:32_767] for text in texts]


def test_a_full_sheet_is_followed_by_another_and_the_conditions_stay_second(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "_SHEET_ROWS", 4)
    put_payments(store, *(payment(f"imp_{n}", AT - n, "paid", 1) for n in range(10)))
    words = BookWords(sheet="결제 내역", conditions="조건", rows="건수")
    book = opened(content(store, "xlsx", words=words, names=("imp_uid", "amount")))
    assert book.sheetnames == ["결제 내역", "조건", "결제 내역 2", "결제 내역 3"]
    data = [book[name] for name in book.sheetnames if name != "조건"]
    assert [sheet.max_row - 1 for sheet in data] == [4, 4, 2]
    assert [sheet.auto_filter.ref for sheet in data] == ["A1:B5", "A1:B5", "A1:B3"]
    assert {sheet.freeze_panes for sheet in data} == {"A2"}
    assert [row["imp_uid"].value for sheet in data for row in named(sheet)] == [f"imp_{n}" for n in range(10)]
    assert next(book["조건"].iter_rows(values_only=True))[:2] == ("건수", 10)


def test_columns_are_as_wide_as_what_stands_in_them(store: Engine) -> None:
    order = "ORD-202609212213-0001"
    put_payments(store, payment("imp_1", AT, "paid", 1, merchant_uid=order, name="가" * 90, card_quota=3))
    sheet = opened(content(store, "xlsx")).active
    widths = {cell.value: sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]}
    assert len(order) <= widths["merchant_uid"] <= len(order) + 4
    assert 20 <= widths["paid_at"] <= 24
    assert 30 <= widths["name"] <= 45, "a long text is cut, not the screen"


def recounted(kind: str, rows: list[dict[str, Any]], amount: Callable[[dict[str, Any]], int]) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        line = found[(row["currency"], bool(row["sandbox"]))]
        line[0] += 1
        line[1] += amount(row)
    return dict(found)


@pytest.mark.parametrize(
    "chosen",
    [EVERYTHING, PaymentFilter(), PaymentFilter(live=Live.TEST), PaymentFilter(states=frozenset({"failed", "ready"}))],
)
def test_totals_of_payments_are_what_was_paid_and_given_back_of_them(store: Engine, chosen: PaymentFilter) -> None:
    writes = mixed(400)
    fill(store, writes)
    expected: dict[Any, Counter[str]] = defaultdict(Counter)
    for values in (write.values for write in writes if lets_through(chosen, write)):
        line = expected[(values["currency"], values["sandbox"])]
        line["rows"] += 1
        if values["paid_at"] and charged(values):
            line.update({"paid": 1, "gross": values["amount"], "back": values["cancel_amount"]})
    with reading(store) as conn:
        found = totals_of(conn, "payments", chosen)
    assert {(one.currency, one.sandbox): (one.counts, one.sums) for one in found} == {
        place: ((line["rows"], line["paid"]), (line["gross"], line["back"], line["gross"] - line["back"]))
        for place, line in expected.items()
    }
    assert [one.sandbox for one in found] == sorted(one.sandbox for one in found), "test rows come last"


def test_totals_of_refunds_are_of_those_that_gave_money_back(store: Engine) -> None:
    writes = mixed(400)
    fill(store, writes)
    rows = [
        write.values | {"amount": one["amount"]}
        for write in writes
        for one in write.cancellations
        if write.values["paid_at"] and state_of(write.values) != "registered"
    ]
    with reading(store) as conn:
        found = {
            (one.currency, one.sandbox): [*one.counts, *one.sums] for one in totals_of(conn, "refunds", EVERYTHING)
        }
    assert found == recounted("refunds", rows, lambda row: row["amount"])
    assert len(found) > 1


def test_what_ended_is_in_no_mrr_of_a_file(store: Engine) -> None:
    one = {"pg_provider": "nice_v2", "sandbox": False, "currency": "KRW", "name": "구독", "every": 1, "unit": "month"}
    one |= {"confidence": 0.9, "price": 9_000, "monthly": 9_000, "since": AT}
    with writing(store) as conn:
        rows = [one | {"customer_uid": state, "state": state} for state in ("active", "past_due", "ended")]
        conn.execute(table(Subscription).insert(), rows)
    told = named(opened(content(store, "xlsx", EVERY["subscriptions"], kind="subscriptions")).active)
    assert {row["customer_uid"].value: row["monthly"].value for row in told} == {
        "active": 9_000,
        "past_due": 9_000,
        "ended": 0,
    }
    with reading(store) as conn:
        (total,) = totals_of(conn, "subscriptions", EVERY["subscriptions"])
    assert total.sums == (sum(row["monthly"].value for row in told),)


def test_totals_of_schedules_and_keys(store: Engine) -> None:
    put_keys(store, [key("a"), key("b"), key("test", sandbox=True)])
    booked = [
        schedule(f"s{n}", customer_uid=uid, amount=amount, currency=currency)
        for n, (uid, amount, currency) in enumerate(
            [("a", 100, "KRW"), ("a", 20, "KRW"), ("b", 3, "USD"), ("test", 7, "KRW")]
        )
    ]
    put_schedules(store, booked)
    with reading(store) as conn:
        lines = {kind: totals_of(conn, kind, EVERY[kind]) for kind in ("schedules", "billing-keys", "operations")}
        some = totals_of(conn, "schedules", ScheduleFilter(currency="USD"))
    told = {kind: [(o.currency, o.sandbox, *o.counts, *o.sums) for o in found] for kind, found in lines.items()}
    assert told["schedules"] == [("KRW", False, 2, 120), ("USD", False, 1, 3), ("KRW", True, 1, 7)]
    assert told["billing-keys"] == [("KRW", False, 2, 120), ("KRW", True, 1, 7)]
    assert told["operations"] == []
    assert [(one.currency, one.sums) for one in some] == [("USD", (3,))]


def test_an_empty_list_has_no_totals(store: Engine) -> None:
    chosen: ListFilter
    with reading(store) as conn:
        for kind, chosen in EVERY.items():
            assert totals_of(conn, kind, chosen) == []


def test_each_shape_of_every_kind_is_written_as_such(store: Engine) -> None:
    put_keys(store, [key("a", inserted=AT)])
    put_schedules(store, [schedule("s", customer_uid="a", schedule_at=AT, amount=9_900)])
    put_payments(store, payment("imp_1", AT, "paid", 1_000, customer_uid="a", customer_uid_usage="payment"))
    for kind in ("payments", "schedules", "billing-keys"):
        (row,) = named(opened(content(store, "xlsx", kind=kind)).active)
        for column in BY_KIND[kind]:
            if column.name not in row or (cell := row[column.name]).value is None:
                continue
            wanted = {Shape.TIME: "d", Shape.MONEY: "n", Shape.NUMBER: "n"}.get(column.shape, "s")
            assert cell.data_type == wanted, column.name


def test_the_sheet_of_conditions_has_the_words_the_rows_and_the_totals(store: Engine) -> None:
    dollars = payment("imp_3", AT, "paid", 1_050, currency="USD", cancel_amount=50)
    put_payments(store, payment("imp_1", AT, "paid", 7_000), payment("imp_2", AT, "failed", 900), dollars)
    put_payments(store, payment("imp_4", AT, "paid", 300, sandbox=True))
    words = BookWords(
        conditions="Conditions",
        lines=[("List", "Payments"), ("Period", "=1+1"), ("As of", AT)],
        rows="Rows",
        totals=["Currency", "Channels", "Rows", "Rows paid", "Gross", "Refunded", "Net"],
        channels=("Live", "Test"),
        notes=["Gross is what was paid."],
    )
    book = opened(content(store, "xlsx", words=words))
    sheet = book["Conditions"]
    assert [[value for value in row if value is not None] for row in sheet.iter_rows(values_only=True)] == [
        ["List", "Payments"],
        ["Period", "=1+1"],
        ["As of", datetime(2026, 9, 21, 23, 13, 20)],
        ["Rows", 4],
        [],
        ["Currency", "Channels", "Rows", "Rows paid", "Gross", "Refunded", "Net"],
        ["KRW", "Live", 2, 1, 7_000, 0, 7_000],
        ["USD", "Live", 1, 1, 10.5, 0.5, 10],
        ["KRW", "Test", 1, 1, 300, 0, 300],
        [],
        ["Gross is what was paid."],
    ]
    assert sheet["B2"].data_type == "s", "what somebody searched for is no formula either"
    assert [sheet[place].number_format for place in ("E7", "E8")] == [FORMATS["KRW"], FORMATS["USD"]]
    assert len(named(book.active)) == 4, "no row of totals stands among the others"
