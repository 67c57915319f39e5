"""The list of links: what a filter lets through, page by page, and what it comes to."""

from typing import Any

import pytest
from sqlalchemy import Engine

from services.checkout import checkouts, link_list
from services.checkout.checkouts import new_token
from services.checkout.link_list import LinkFilter, LinkSum, link_totals, list_links, makers
from services.clock import DAY, day_of
from services.errors import InvalidFilter
from services.operations.journal.audit import Actor
from services.store.engine import reading, writing
from services.tables.checkouts import CAN_OPEN, CheckoutKind, CheckoutState
from tests.worlds.screens.links import NAVER, planted, stands, tried

KIM = Actor("kim@shop.example", "screen")
TEST = checkouts.Channel("channel-key-test", "naverpay", "np_test", sandbox=True)


@pytest.fixture
def links(store: Engine, now: float) -> dict[str, int]:
    """A link in each state, each a day older than the one before, and some others."""
    found = {}
    with writing(store) as conn:
        for days, state in enumerate(CheckoutState):
            link = planted(conn, now - days * DAY, name=f"상품 {state}", expires_at=int(now) + 3600)
            found[state.value] = link.id
            stands(conn, link, state, used=int(state == CheckoutState.PAID))
        key = planted(conn, now - 20 * DAY, customer_uid="key-1", amount=0, actor=KIM, buyer_tel="01098765432")
        many = planted(conn, now - 21 * DAY, uses=5, amount=1_000, memo="100% 확인_필요", buyer_name="김민서")
        stands(conn, many, CheckoutState.STARTED, used=3)
        test = planted(conn, now - 22 * DAY, channel=TEST)
        order = tried(conn, planted(conn, now - 23 * DAY, expires_at=int(now)), now - 22 * DAY, imp_uid="imp_1")
    return found | {"key": key.id, "many": many.id, "test": test.id, "ordered": order.checkout_id}


def ids(store: Engine, **chosen: Any) -> list[int]:
    with reading(store) as conn:
        return [row.id for row in list_links(conn, LinkFilter(**chosen)).rows]


def test_links_stand_newest_first_and_pages_hold_each_once(store: Engine, links: dict[str, int]) -> None:
    for states in (frozenset(), frozenset({"open", "paid", "started"})):
        chosen, seen, before = LinkFilter(states=states), [], None
        with reading(store) as conn:
            while True:
                page = list_links(conn, chosen, limit=2, before=before)
                seen += [row.id for row in page.rows]
                if not (before := page.older):
                    break
            back = list_links(conn, chosen, limit=2, after=page.newer)
        assert seen == ids(store, states=states)
        assert len(seen) == len(set(seen)) == (12 if not states else 7)
        assert [row.id for row in back.rows] == seen[-2 - len(page.rows) : -len(page.rows)]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"states": frozenset({"paid"})}, ["paid"]),
        ({"kind": "registration"}, ["key"]),
        ({"made_by": "kim@shop.example"}, ["key"]),
        ({"made_by": "kim@shop.example", "states": frozenset({"paid"})}, []),
        ({"text": "상품 expired"}, ["expired"]),
        ({"text": "100% 확인_"}, ["many"]),
        ({"text": "100_"}, []),
        ({"text": "민서"}, ["many"]),
        ({"text": "010-9876-5432"}, ["key"]),
        ({"text": "98765"}, ["key"]),
        ({"text": "민서", "search_buyers": False}, []),
        ({"text": "98765", "search_buyers": False}, []),
        ({"text": "imp_1"}, ["ordered"]),
        ({"text": "key-1", "states": frozenset({"paid"})}, ["key"]),
    ],
)
def test_a_filter_lets_through(
    store: Engine, links: dict[str, int], chosen: dict[str, Any], expected: list[str]
) -> None:
    assert ids(store, **chosen) == [links[name] for name in expected]


def test_days_are_those_of_the_making(store: Engine, links: dict[str, int], now: float) -> None:
    day = day_of(now - 20 * DAY)
    assert ids(store, from_day=day, to_day=day) == [links["key"]]
    assert ids(store, from_day=day, to_day=day, text="상품") == []


def test_sums_leave_out_tests_and_registrations_and_count_each_payment(store: Engine, links: dict[str, int]) -> None:
    with reading(store) as conn:
        all_of_them = link_totals(conn, LinkFilter())
        paid = link_totals(conn, LinkFilter(states=frozenset({"paid"})))
        people = makers(conn)
    # open, started, failed and mismatch of 12,000, the many, and the one that was ordered.
    assert all_of_them.sums == [LinkSum("KRW", 6, 5 * 12_000 + 1_000, 4, 12_000 + 3_000)]
    assert paid.sums == [LinkSum("KRW", 0, 0, 1, 12_000)]
    assert (all_of_them.tests, paid.tests) == (1, 0)
    assert all_of_them.states == paid.states
    assert sum(all_of_them.states[state] for state in CAN_OPEN) == 8
    assert not all_of_them.capped
    assert people == ["kim@shop.example", "support@example.com"]


def test_only_the_latest_are_summed_and_said_to_be(
    store: Engine, links: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_list, "SUMMED", 2)
    with reading(store) as conn:
        totals = link_totals(conn, LinkFilter())
    assert totals.capped
    assert sum(totals.states.values()) == 2


@pytest.mark.parametrize("chosen", [{"text": "\0"}, {"from_day": 3, "to_day": 2}, {"text": "4111 1111 1111 1111"}])
def test_a_filter_without_sense_is_refused(store: Engine, chosen: dict[str, Any]) -> None:
    with reading(store) as conn, pytest.raises(InvalidFilter):
        list_links(conn, LinkFilter(**chosen))


def test_one_form_makes_one_link_however_often_it_is_sent(store: Engine, now: float) -> None:
    offer = checkouts.Offer(
        kind=CheckoutKind.PAYMENT, channel=NAVER, request={"name": "배송비", "amount": 3_000},
        currency="KRW", expires_at=int(now) + 60,
    )  # fmt: skip
    token = new_token()
    with writing(store) as conn:
        made = [checkouts.make(conn, offer, KIM, now, token).id for _ in range(2)]
        other = checkouts.make(conn, offer, KIM, now, new_token()).id
    assert made[0] == made[1] != other
    assert len(ids(store)) == 2
