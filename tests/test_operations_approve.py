"""Approval: nobody approves their own, and what was approved is exactly what was asked."""

import pytest
from sqlalchemy import Engine

from services.errors import Moved, NotAllowed
from services.operations import audit, journal
from services.operations.states import Why
from services.store.engine import reading
from tests.operations_desk import MANAGER, SUPPORT, Desk


@pytest.fixture
def desk(sqlite_store: Engine) -> Desk:
    return Desk(sqlite_store)


def test_nothing_is_sent_before_somebody_approved(desk: Desk) -> None:
    number = desk.refund(4_000, approval_from=4_000)
    desk.run(60)
    assert (desk.get(number).state, desk.gate.posts) == ("awaiting_approval", 0)


def test_who_asked_does_not_approve(desk: Desk) -> None:
    number = desk.refund(4_000, approval_from=4_000)
    with pytest.raises(NotAllowed):
        journal.approve(desk.engine, number, SUPPORT, desk.times.ours())
    desk.run()
    assert desk.gate.posts == 0


def test_who_asked_may_withdraw_and_another_decline(desk: Desk) -> None:
    numbers = [desk.refund(approval_from=1, imp_uid=f"imp_{one}", token=str(one)) for one in range(2)]
    for number, who in zip(numbers, (SUPPORT, MANAGER), strict=True):
        journal.decline(desk.engine, number, who, "고객이 마음을 바꿈", desk.times.ours())
    assert [desk.get(one).why for one in numbers] == [Why.WITHDRAWN, Why.DECLINED]


def test_below_the_limit_nobody_is_asked(desk: Desk) -> None:
    number = desk.refund(3_999, approval_from=4_000)
    desk.run()
    assert desk.get(number).state == "succeeded"


def test_approved_once_it_is_made_once_and_the_chain_tells_who(desk: Desk) -> None:
    number = desk.refund(4_000, approval_from=4_000)
    journal.approve(desk.engine, number, MANAGER, desk.times.ours())
    with pytest.raises(Moved):
        journal.approve(desk.engine, number, MANAGER, desk.times.ours())
    desk.run()
    assert len(desk.made(number)) == 1
    with reading(desk.engine) as conn:
        told = [(one["actor"], one["action"]) for one in audit.history(conn, number)]
    assert told[:2] == [(SUPPORT.name, "asked"), (MANAGER.name, "approved")]


def test_what_changed_while_it_waited_stops_it(desk: Desk) -> None:
    number = desk.refund(4_000, approval_from=4_000)
    desk.sandbox.refund("imp_0", 1_000, "콘솔에서 환불")
    journal.approve(desk.engine, number, MANAGER, desk.times.ours())
    desk.run()
    assert (desk.get(number).why, desk.gate.posts) == (Why.BALANCE_CHANGED, 0)


def test_what_nobody_approves_in_a_week_ends_and_says_so(desk: Desk) -> None:
    number = desk.refund(4_000, approval_from=4_000)
    desk.run(journal.APPROVAL_LIVES + 1, every=86_400)
    assert (desk.get(number).state, desk.get(number).why) == ("expired", Why.NOT_APPROVED_IN_TIME)
