"""The list of cash receipts on both databases: how each stands, what they come to, what finds them."""

from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from services.clock import day_of
from services.receipts import receipt_list
from services.receipts.kept import keep_receipt, live_receipt
from services.receipts.receipt_list import ReceiptFilter, list_receipts, receipt_totals
from services.store.engine import reading, writing
from services.store.writes.payments import upsert_payments
from tests.worlds.screens.screens import payment

AT = 1_790_000_000
A, B, TEST = "imp_900000000001", "imp_900000000002", "imp_900000000003"


def keep(conn: Connection, imp_uid: str | None, order: str, number: str, amount: int, **more: Any) -> None:
    told = {"apply_num": number, "type": "person", "amount": amount, "vat": amount // 11, "applied_at": AT}
    told |= {"cancelled_at": 0, "receipt_tid": None, "receipt_url": None} | more
    keep_receipt(conn, told, imp_uid=imp_uid, merchant_uid=order, issued=None, read_at=AT)


@pytest.fixture
def kept(store: Engine) -> Engine:
    """One that stands, one of a payment that was refunded in part, a test one, and a cancelled one of a sale."""
    money: dict[str, Any] = {"pg_provider": "html5_inicis", "pay_method": "trans"}
    with writing(store) as conn:
        rows = [
            payment(A, AT, "paid", 11_000, **money),
            payment(B, AT, "paid", 22_000, **money, cancel_amount=4_000),
            payment(TEST, AT, "paid", 33_000, **money, sandbox=True),
        ]
        upsert_payments(conn, rows, as_of=AT * 1000)
        keep(conn, A, "ORD-A", "1", 11_000)
        keep(conn, B, "ORD-B", "2", 22_000, applied_at=AT + 1)
        keep(conn, TEST, "ORD-T", "3", 33_000, applied_at=AT + 2)
        keep(conn, None, "CASH1", "4", 44_000, applied_at=AT + 3, cancelled_at=AT + 9, type="company")
    return store


def test_each_stands_as_its_money_does_and_test_ones_are_in_no_sum(kept: Engine) -> None:
    with reading(kept) as conn:
        rows = list_receipts(conn, ReceiptFilter()).rows
        assert [(one.apply_num, one.state) for one in rows] == [
            ("4", "cancelled"), ("3", "live"), ("2", "differs"), ("1", "live"),
        ]  # fmt: skip
        totals = receipt_totals(conn, ReceiptFilter())
        assert totals.states == {"live": 2, "differs": 1, "cancelled": 1}
        assert (totals.live, totals.amount, totals.vat) == (2, 33_000, 3_000)
        assert (totals.cancelled, totals.cancelled_amount) == (1, 44_000)


@pytest.mark.parametrize(
    ("chosen", "numbers"),
    [
        (ReceiptFilter(states=frozenset({"differs"})), ["2"]),
        (ReceiptFilter(type="company"), ["4"]),
        (ReceiptFilter(origin="payment"), ["3", "2", "1"]),
        (ReceiptFilter(origin="sale"), ["4"]),
        (ReceiptFilter(pg_providers=frozenset({"html5_inicis"})), ["3", "2", "1"]),
        (ReceiptFilter(pg_providers=frozenset({"nice"})), []),
        (ReceiptFilter(text="ash"), ["4"]),
        (ReceiptFilter(text="CASH1", states=frozenset({"live"})), ["4"]),
        (ReceiptFilter(text=B), ["2"]),
        (ReceiptFilter(from_day=day_of(AT) + 1), []),
    ],
)
def test_a_filter_narrows_it_and_a_whole_id_leaves_the_rest_aside(
    kept: Engine, chosen: ReceiptFilter, numbers: list[str]
) -> None:
    with reading(kept) as conn:
        assert [one.apply_num for one in list_receipts(conn, chosen).rows] == numbers


def test_pages_follow_each_other(kept: Engine) -> None:
    with reading(kept) as conn:
        first = list_receipts(conn, ReceiptFilter(), limit=3)
        then = list_receipts(conn, ReceiptFilter(), limit=3, before=first.older)
        back = list_receipts(conn, ReceiptFilter(), limit=3, after=then.newer)
    assert [one.apply_num for one in (*first.rows, *then.rows)] == ["4", "3", "2", "1"]
    assert back.rows == first.rows


def test_what_is_read_again_keeps_what_was_sent_and_takes_what_changed(kept: Engine) -> None:
    with writing(kept) as conn:
        keep(conn, A, "ORD-A", "1", 11_000, cancelled_at=AT + 99)
        assert live_receipt(conn, A) is None
        (row,) = list_receipts(conn, ReceiptFilter(text=A)).rows
    assert (row.cancelled_at, row.state, row.name) == (AT + 99, "cancelled", "유기농 사과 5kg")


def test_sums_and_what_no_index_has_look_at_the_latest_alone_and_say_so(
    kept: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reading(kept) as conn:
        assert not receipt_totals(conn, ReceiptFilter()).capped
        monkeypatch.setattr(receipt_list, "MOST", 2)
        totals = receipt_totals(conn, ReceiptFilter())
        assert totals.capped
        assert totals.states == {"live": 1, "cancelled": 1}
        assert [one.apply_num for one in list_receipts(conn, ReceiptFilter(origin="payment")).rows] == ["3"]
        assert len(list_receipts(conn, ReceiptFilter()).rows) == 4  # without a filter all pages are there
        assert not receipt_totals(conn, ReceiptFilter(text="ORD-A")).capped
