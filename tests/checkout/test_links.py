"""A link opens as long as it may, and each opening is an order of its own."""

import json

import pytest
from sqlalchemy import Engine, select

from services.checkout import attempts, checkouts, loop
from services.checkout.attempts import MOST_AN_HOUR
from services.errors import Busy, Moved
from services.operations.journal import audit
from services.store.engine import reading, writing
from services.store.sql import read_all, table
from services.tables.checkouts import CheckoutState
from services.tables.journal import AuditEntry
from tests.checkout.conftest import SUPPORT, Made, begun


def test_two_openings_are_two_orders(store: Engine, made: Made, now: float) -> None:
    link = made()
    first, second = begun(store, link, now), begun(store, link, now)
    assert first.merchant_uid != second.merchant_uid
    assert max(len(first.merchant_uid), len(second.merchant_uid)) <= 40
    with reading(store) as conn:
        found = checkouts.get(conn, link.id)
    assert (found.attempts, found.state) == (2, CheckoutState.STARTED)


def test_no_two_links_have_an_address_that_can_be_guessed(made: Made) -> None:
    tokens = {made().token for _ in range(5)}
    assert len(tokens) == 5
    assert min(map(len, tokens)) >= 22  # 128 bits, 6 a sign


def test_a_withdrawn_link_opens_no_more(store: Engine, made: Made, now: float) -> None:
    link = made()
    with writing(store) as conn:
        checkouts.withdraw(conn, link.id, SUPPORT, now)
        ended = checkouts.get(conn, link.id)
        assert (ended.state, ended.withdrawn_by) == (CheckoutState.WITHDRAWN, SUPPORT.name)
        with pytest.raises(Moved):
            attempts.begin(conn, link.id, now)
        with pytest.raises(Moved):
            checkouts.withdraw(conn, link.id, SUPPORT, now)


def test_a_link_ends_at_its_time_and_not_before(store: Engine, made: Made, now: float) -> None:
    link = made()
    assert checkouts.may_open(link, link.expires_at - 1)
    assert not checkouts.may_open(link, link.expires_at)
    with writing(store) as conn:
        assert checkouts.expire(conn, link.expires_at - 1) == 0
        assert checkouts.expire(conn, link.expires_at) == 1
        assert checkouts.get(conn, link.id).state == CheckoutState.EXPIRED


def test_links_that_end_at_one_moment_end_a_part_at_a_time(store: Engine, made: Made, now: float) -> None:
    """Those of a file do: thousands in one transaction keep a buyer's confirmation waiting."""
    links = [made() for _ in range(5)]
    with writing(store) as conn:
        assert [checkouts.expire(conn, links[0].expires_at, 2) for _ in range(4)] == [2, 2, 1, 0]
        assert {checkouts.get(conn, one.id).state for one in links} == {CheckoutState.EXPIRED}
        told = read_all(conn, AuditEntry, select(table(AuditEntry)).where(table(AuditEntry).c.action == "link_expired"))
        assert [json.loads(one.detail)["link"] for one in told] == [one.id for one in links]
        assert audit.verify(conn).broken_at is None


def test_the_loop_ends_all_links_whose_time_is_over(store: Engine, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "_AT_ONCE", 2)
    links = [made() for _ in range(5)]
    loop.tidy(store, links[0].expires_at)
    with reading(store) as conn:
        assert {checkouts.get(conn, one.id).state for one in links} == {CheckoutState.EXPIRED}


def test_nobody_opens_a_link_without_end(store: Engine, made: Made, now: float) -> None:
    link = made(uses=99, expires_at=int(now) + 86_400)
    for _ in range(MOST_AN_HOUR + link.uses):
        begun(store, link, now)
    with pytest.raises(Busy):
        begun(store, link, now + 3599)
    begun(store, link, now + 3601)
