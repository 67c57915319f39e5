"""Approval: nobody approves their own, and what was approved is exactly what was asked."""

import pytest

from services.errors import Moved, NotAllowed
from services.operations.journal import audit, journal, terms
from services.operations.journal.states import Why
from services.store.engine import reading
from services.store.lists.operations import refunded_alone
from services.tables.journal import Operation
from tests.worlds.operations.desk import MANAGER, SUPPORT, Desk


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


def test_a_limit_in_won_lets_no_other_currency_by(desk: Desk) -> None:
    row = {"pg_provider": "paypal_v2", "pay_method": "paypal", "currency": "USD"}
    desk.sandbox.add_payment(5_000, imp_uid="imp_d", **row)
    number = desk.refund(500_000, imp_uid="imp_d", approval_from=1_000_000)
    assert desk.get(number).state == "awaiting_approval"


def test_parts_add_up_to_the_limit_unless_a_second_person_said_yes_or_nothing_came_of_them(desk: Desk) -> None:
    def ask(amount: int, token: str) -> Operation:
        with reading(desk.engine) as conn:
            alone = refunded_alone(conn, "imp_0")
        found = desk.get(desk.refund(amount, token=token, approval_from=4_000, alone=alone))
        if found.state == "awaiting_approval":
            journal.approve(desk.engine, found.id, MANAGER, desk.times.ours())
        desk.run()
        return found

    failed = desk.refund(3_000, token="none")
    desk.sandbox.refund("imp_0", 1_000, "콘솔에서 환불")
    desk.run()
    assert desk.get(failed).state == "refused"
    states = [ask(amount, str(n)).state for n, amount in enumerate((2_000, 1_999, 1, 4_000))]
    assert states == ["intent", "intent", "awaiting_approval", "awaiting_approval"]
    with reading(desk.engine) as conn:
        assert refunded_alone(conn, "imp_0") == 3_999
        assert refunded_alone(conn, "imp_0", but=2) == 1_999


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
    desk.run(terms.APPROVAL_LIVES + 1, every=86_400)
    assert (desk.get(number).state, desk.get(number).why) == ("expired", Why.NOT_APPROVED_IN_TIME)
