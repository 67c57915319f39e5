"""Before an approval: yes to what was asked for and is free, no with a reason to all else, the same to the same."""

from decimal import Decimal

import pytest
from sqlalchemy import Engine

from services.checkout import checkouts
from services.checkout.confirm import ENDED, OTHER_AMOUNT, TAKEN, UNKNOWN, confirm
from services.checkout.policy import Refunds
from services.checkout.verify import verify
from services.gateway import Gateway
from services.sandbox.sandbox import Sandbox
from services.store.engine import writing
from tests.checkout.conftest import SUPPORT, Made, begun

ASKED = Decimal(12_000)


def test_of_two_windows_of_a_link_one_goes_on_and_the_other_is_told_why(store: Engine, made: Made, now: float) -> None:
    link = made()
    first, second = begun(store, link, now).merchant_uid, begun(store, link, now).merchant_uid
    with writing(store) as conn:
        assert confirm(conn, "imp_1", first, ASKED, now) is None
        assert confirm(conn, "imp_2", second, ASKED, now) == TAKEN
        assert confirm(conn, "imp_1", first, ASKED, now + 5) is None
        assert confirm(conn, "imp_2", second, ASKED, now + 700) == TAKEN  # the same payment, the same answer
        assert confirm(conn, "imp_3", second, ASKED, now + 700) is None  # the first one was never made


@pytest.mark.parametrize("amount", [Decimal(11_999), Decimal("12000.5"), Decimal(0), Decimal(-12_000)])
def test_another_amount_stops(store: Engine, made: Made, now: float, amount: Decimal) -> None:
    order = begun(store, made(), now).merchant_uid
    with writing(store) as conn:
        assert confirm(conn, "imp_1", order, amount, now) == OTHER_AMOUNT


def test_an_unknown_order_and_an_ended_link_stop(store: Engine, made: Made, now: float) -> None:
    link = made()
    order = begun(store, link, now).merchant_uid
    with writing(store) as conn:
        assert confirm(conn, "imp_1", "somebody-elses", ASKED, now) == UNKNOWN
        assert confirm(conn, "imp_1", order, ASKED, link.expires_at) == ENDED
        checkouts.withdraw(conn, link.id, SUPPORT, now)
        assert confirm(conn, "imp_2", order, ASKED, now) == ENDED


def test_an_order_that_has_its_end_is_not_paid_twice_though_its_link_is_open(
    store: Engine, gateway: Gateway, sandbox: Sandbox, made: Made, now: float
) -> None:
    """What is altered, or paid a second time under one order, goes back: it is stopped before it is taken."""
    link = made(uses=2)
    for amount in (12_000, 100):
        order = begun(store, link, now).merchant_uid
        sandbox.add_payment(amount, merchant_uid=order, pg_provider="naverpay", pay_method="naverpay")
        verify(gateway, store, order, now, refunds=Refunds())
        with writing(store) as conn:
            assert confirm(conn, "imp_2", order, ASKED, now) == ENDED
    order = begun(store, link, now).merchant_uid
    with writing(store) as conn:
        assert confirm(conn, "imp_3", order, ASKED, now) is None
