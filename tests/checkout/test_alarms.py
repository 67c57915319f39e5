"""What no refund follows from waits for a person, once, until somebody says what was done."""

from typing import Any

import pytest
from sqlalchemy import Engine, select

from services.checkout import alarms
from services.checkout.loop import turn
from services.checkout.policy import CHECKOUT, TRIES, Refunds
from services.checkout.verify import verify
from services.errors import InvalidRequest, Moved
from services.gateway import Gateway
from services.operations.executor import Executor
from services.operations.journal import journal
from services.sandbox.sandbox import Sandbox
from services.store.engine import reading
from services.store.lists.operations import count_needing_person
from services.store.sql import read_all, table
from services.store.writes.link_alarms import link_alarms
from services.tables.checkouts import AlarmKind
from services.tables.journal import AuditEntry, Operation
from tests.checkout.conftest import SUPPORT, Made, begun


def read_back(store: Engine, gateway: Gateway, order: str, now: float, imp_uid: str) -> None:
    verify(gateway, store, order, now, imp_uid=imp_uid, refunds=Refunds())


def waiting(store: Engine) -> list[tuple[str, str]]:
    with reading(store) as conn:
        found = [(one.imp_uid, one.what) for one in link_alarms(conn)]
        # Operations that expired are counted too; each test has none of them at this moment.
        assert count_needing_person(conn) == len(found)
    return found


def told(store: Engine, action: str) -> int:
    with reading(store) as conn:
        return len(read_all(conn, AuditEntry, select(table(AuditEntry)).where(table(AuditEntry).c.action == action)))


NAVER: dict[str, Any] = {"pg_provider": "naverpay", "pay_method": "naverpay"}


@pytest.mark.parametrize(
    ("strange", "what"),
    [
        ({"sandbox": True}, AlarmKind.MODE),
        ({"pg_id": "np_other000001"}, AlarmKind.CHANNEL),
        ({"customer_uid": "member_78", "customer_uid_usage": "issue"}, AlarmKind.KEY),
    ],
)
def test_a_payment_of_another_mode_channel_or_key_waits_until_a_person_is_done(
    store: Engine, gateway: Gateway, sandbox: Sandbox, made: Made, now: float, strange: dict[str, Any], what: AlarmKind
) -> None:
    order = begun(store, made(), now).merchant_uid
    imp_uid = sandbox.add_payment(12_000, merchant_uid=order, **NAVER | strange)["imp_uid"]
    for _ in range(2):
        read_back(store, gateway, order, now, imp_uid)
    assert waiting(store) == [(imp_uid, what)]
    with pytest.raises(InvalidRequest):
        alarms.done(store, imp_uid, what, SUPPORT, "  ", now)
    alarms.done(store, imp_uid, what, SUPPORT, "고객과 통화, 다시 결제함", now)
    assert waiting(store) == []
    with pytest.raises(Moved):
        alarms.done(store, imp_uid, what, SUPPORT, "again", now)
    read_back(store, gateway, order, now, imp_uid)
    assert waiting(store) == []
    assert (told(store, "link_mismatch"), told(store, "link_alarm_done")) == (1, 1)


def test_an_altered_amount_is_no_alarm_because_it_goes_back(
    store: Engine, gateway: Gateway, sandbox: Sandbox, made: Made, now: float
) -> None:
    order = begun(store, made(), now).merchant_uid
    read_back(store, gateway, order, now, sandbox.add_payment(100, merchant_uid=order, **NAVER)["imp_uid"])
    assert waiting(store) == []


def test_a_virtual_account_that_should_go_back_waits_because_nobody_knows_the_buyers_account(
    store: Engine, gateway: Gateway, sandbox: Sandbox, made: Made, now: float
) -> None:
    order = begun(store, made(), now).merchant_uid
    account = {"pg_provider": "naverpay", "pay_method": "vbank", "vbank_num": "110-222-333333"}
    imp_uid = sandbox.add_payment(100, merchant_uid=order, **account)["imp_uid"]
    for _ in range(3):
        read_back(store, gateway, order, now, imp_uid)
    assert waiting(store) == [(imp_uid, AlarmKind.NOT_REFUNDED)]
    assert told(store, "link_not_refunded") == 1
    # Whoever refunds it by hand has nothing left to say here.
    sandbox.refund(imp_uid, 100, "console")
    read_back(store, gateway, order, now, imp_uid)
    assert waiting(store) == []


def test_a_refund_that_the_gateway_refuses_each_time_waits_for_a_person(
    store: Engine, gateway: Gateway, sandbox: Sandbox, made: Made, now: float
) -> None:
    order = begun(store, made(), now).merchant_uid
    imp_uid = sandbox.add_payment(100, merchant_uid=order, **NAVER)["imp_uid"]
    for _ in range(TRIES + 1):
        assert waiting(store) == []
        read_back(store, gateway, order, now, imp_uid)
        # Nobody may do it any more: each ends refused.
        Executor(store, gateway, lambda _operation: False).turn()
    with reading(store) as conn:
        asked = read_all(conn, Operation, select(table(Operation)).where(table(Operation).c.asked_from == CHECKOUT))
    assert len(asked) == TRIES
    assert waiting(store) == [(imp_uid, AlarmKind.NOT_REFUNDED)]


def test_a_refund_that_a_person_declines_is_not_asked_for_again_and_waits_with_that_reason(
    store: Engine, gateway: Gateway, sandbox: Sandbox, made: Made, now: float
) -> None:
    order = begun(store, made(), now).merchant_uid
    imp_uid = sandbox.add_payment(100, merchant_uid=order, **NAVER)["imp_uid"]
    verify(gateway, store, order, now, refunds=Refunds(wait_for_person=True))
    journal.decline(store, 1, SUPPORT, "고객이 차액을 더 냄", now)
    for _ in range(2):
        verify(gateway, store, order, now, refunds=Refunds(wait_for_person=True))
    with reading(store) as conn:
        assert len(read_all(conn, Operation, select(table(Operation)))) == 1
        [alarm] = link_alarms(conn)
    assert (alarm.imp_uid, alarm.what) == (imp_uid, AlarmKind.NOT_REFUNDED)
    assert alarm.why
    assert "Its refund was declined." in alarm.why


def test_what_goes_back_only_after_days_is_looked_at_until_it_has_or_waits_for_a_person(
    store: Engine, gateway: Gateway, sandbox: Sandbox, made: Made, now: float
) -> None:
    """A person may say yes within seven days, and the gateway no after that: nobody else would know."""
    order = begun(store, made(), now).merchant_uid
    imp_uid = sandbox.add_payment(100, merchant_uid=order, **NAVER)["imp_uid"]
    refunds, day = Refunds(wait_for_person=True), 86_400
    for n in range(12 * 4):
        turn(gateway, store, now + n * day / 4, refunds)
    journal.decline(store, 1, SUPPORT, "아니요", now + 12 * day)
    turn(gateway, store, now + 13 * day, refunds)
    assert waiting(store) == [(imp_uid, AlarmKind.NOT_REFUNDED)]
    # Nothing is left to be looked at.
    assert turn(gateway, store, now + 30 * day, refunds) == 0
