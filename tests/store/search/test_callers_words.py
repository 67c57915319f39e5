"""What callers say finds what they mean: words one by one, ends of numbers first, on every list that has buyers."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine

from services.store.engine import reading
from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.payments import PaymentRow, search_payments
from services.store.lists.refunds import count_refunds, search_refunds
from services.store.lists.totals import count_payments
from services.store.search import ranked
from services.store.writes.payments import PaymentWrite
from tests.worlds.rows.page_walk import there_and_back
from tests.worlds.rows.payment_rows import fill, ids, listed, plain

DONGHYEON: dict[str, Any] = {
    "imp_uid": "imp_000000000001",
    "merchant_uid": "ORD202609170011286",
    "buyer_name": "최동현",
    "buyer_tel": "010-2253-1261",
    "buyer_email": "buyer@example.com",
    "name": "캔버스 에코백",
    "amount": 27_900,
    "card_name": "신한카드",
    "card_number": "5409-****-****-3142",
    "apply_num": "46116503",
}


def payment(write: PaymentWrite, **own: Any) -> PaymentWrite:
    return PaymentWrite(write.values | DONGHYEON | {"sandbox": False} | own, [], None)


@pytest.fixture
def shop(store: Engine) -> Engine:
    """Choi's payment, and others that have one thing in common with it."""
    first, second, third, fourth = plain(4)
    other = {"buyer_tel": "010-7777-8888", "merchant_uid": "ORD1", "card_number": None, "apply_num": "1"}
    fill(
        store,
        [
            payment(first),
            payment(second, imp_uid="imp_000000000002", amount=5_000, **other),
            payment(third, imp_uid="imp_000000000003", buyer_name="김서연", **other | {"card_number": "9999-3142"}),
            payment(
                fourth, imp_uid="imp_4", buyer_name="이하나", name="동현 캔버스", **other | {"card_name": "현대카드"}
            ),
        ],
    )
    return store


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ORD 2026 0917 0011286", {"1"}),
        ("ord202609170011286", {"1"}),
        ("0011286", {"1"}),
        ("010-2253-1261", {"1"}),
        ("010 2253 1261", {"1"}),
        ("+82 10 2253 1261", {"1"}),
        ("1261", {"1"}),
        ("최 동현", {"1", "2"}),
        ("최동현 27900", {"1"}),
        ("27,900원 최동현", {"1"}),
        ("최동현 1261", {"1"}),
        ("최동현 캔버스", {"1", "2"}),
        ("신한카드 3142", {"1", "3"}),
        ("신한 3142", {"1", "3"}),
        ("3142 현대카드", set()),
        ("신한카드 최동현", {"1", "2"}),
        ("최동현 김서연", set()),
        ("김서연 1261", set()),
    ],
)
def test_words_are_found_one_by_one(shop: Engine, typed: str, found: set[str]) -> None:
    rows = listed(shop, PaymentFilter(text=typed))
    assert {row.imp_uid[-1] for row in rows} == found


def test_who_may_not_see_buyers_finds_by_the_other_words_only(shop: Engine) -> None:
    for typed in ("최동현 27900", "신한카드 3142", "캔버스 1261"):
        assert listed(shop, PaymentFilter(text=typed, search_buyers=False)) == []
    rows = listed(shop, PaymentFilter(text="캔버스 27900", search_buyers=False))
    assert {row.imp_uid[-1] for row in rows} == {"1", "3", "4"}


NUMBER = "1261"
RANKED: dict[str, dict[str, Any]] = {
    "id": {"merchant_uid": NUMBER},
    "phone": {"buyer_tel": "01022531261"},
    "card": {"card_number": "5409-****-****-1261"},
    "order": {"merchant_uid": "ORD-1261"},
    "name": {"buyer_name": "김1261"},
    "product": {"name": "상품 1261호"},
    "inside": {"imp_uid": "imp_912610000000"},
    "in a phone": {"buyer_tel": "010-1261-0000"},
}
"""The likelier meant the earlier; phone and card are one, and so are the last two."""
BLANK: dict[str, Any] = {
    "buyer_name": "박", "buyer_tel": "010-0000-0000", "buyer_email": None, "name": "물", "card_number": None,
    "apply_num": "7", "amount": 100, "sandbox": False,
}  # fmt: skip


def ranked_rows(store: Engine) -> dict[str, str]:
    """Stores one payment a place where a number can be, the likeliest the oldest; returns imp_uid by its name."""
    writes = plain(len(RANKED))
    made: dict[str, str] = {}
    rows = []
    for at, (name, own) in enumerate(RANKED.items()):
        values = writes[at].values | BLANK | {"imp_uid": f"imp_{at}", "merchant_uid": f"order{at}x"} | own
        made[name] = values["imp_uid"]
        rows.append(PaymentWrite(values, [], None))
    fill(store, rows)
    return made


def test_the_likeliest_rows_come_first_and_say_where(store: Engine) -> None:
    made = ranked_rows(store)
    rows = listed(store, PaymentFilter(text="12 61"))
    expected = ["id", "card", "phone", "order", "name", "product", "in a phone", "inside"]
    assert ids(rows) == [made[name] for name in expected]
    hits = {row.imp_uid: row.hits[0] for row in rows}
    fields = ("merchant_uid", "card_number", "buyer_tel", "merchant_uid", "buyer_name", "name", "buyer_tel", "imp_uid")
    assert [hits[made[name]] for name in expected] == list(fields)


def test_pages_of_ranked_rows_show_each_once_there_and_back(store: Engine) -> None:
    made = ranked_rows(store)
    with reading(store) as conn:
        rows: list[PaymentRow] = there_and_back(partial(search_payments, conn, PaymentFilter(text="1 261"), limit=3))
    assert sorted(ids(rows)) == sorted(made.values())


def test_of_too_many_rows_with_a_number_those_that_end_in_it_are_shown(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ranked_rows(store)
    monkeypatch.setattr(ranked, "MOST", 5)
    with reading(store) as conn:
        page = search_payments(conn, PaymentFilter(text="12-61"))
        assert page.only_ends
        assert {row.imp_uid for row in page.rows} == {made[name] for name in ("id", "phone", "card", "order", "name")}
        assert count_payments(conn, PaymentFilter(text="12-61")).n == len(RANKED)
        # What is no number has no end: all of it, the newest first.
        common = search_payments(conn, PaymentFilter(text="order"), limit=3)
        assert (common.ranked, len(common.rows)) == (False, 3)


def test_the_name_before_the_product_before_everything_else(store: Engine) -> None:
    writes = plain(3)
    own = ({"buyer_name": "나리"}, {"name": "나리 꽃"}, {"cancel_reason": "나리 변심"})
    fill(
        store,
        [
            PaymentWrite(one.values | BLANK | {"imp_uid": f"imp_{at}"} | own[at], [], None)
            for at, one in enumerate(writes)
        ],
    )
    rows = listed(store, PaymentFilter(text="나리", live=Live.ALL))
    assert [(row.imp_uid, row.hits) for row in rows] == [
        ("imp_0", ("buyer_name",)),
        ("imp_1", ("name",)),
        ("imp_2", ("cancel_reason",)),
    ]


@pytest.mark.parametrize(
    ("typed", "buyers", "found"),
    [("최동현", True, 1), ("1261", True, 1), ("최동현 변심", True, 1), ("변심", False, 1), ("최동현", False, 0)],
)
@pytest.mark.parametrize("many", [10_000, 0])
def test_refunds_are_found_by_their_payments_words(
    shop: Engine, monkeypatch: pytest.MonkeyPatch, typed: str, found: int, many: int, *, buyers: bool
) -> None:
    at = 1_780_000_000
    refund = {"cancellation_id": "r1", "amount": 900, "cancelled_at": at, "reason": "단순 변심"}
    paid = {"status": "paid", "paid_at": at - 60, "started_at": at - 90, "failed_at": 0, "cancelled_at": 0}
    write = payment(plain(1)[0], imp_uid="imp_refunded", cancel_amount=900, cancel_reason="단순 변심", **paid)
    fill(shop, [write._replace(cancellations=[refund])], as_of=2)
    monkeypatch.setattr("services.store.lists.refunds._MANY", many)
    chosen = PaymentFilter(text=typed, search_buyers=buyers)
    with reading(shop) as conn:
        page = search_refunds(conn, chosen)
        assert [row.imp_uid for row in page.rows] == ["imp_refunded"] * found
        assert count_refunds(conn, chosen).n == found
        assert all(row.hits for row in page.rows)
