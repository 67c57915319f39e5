"""The recovery desk: what failed by what can be done, proposals, automatic recovery, and what it brought."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from dashboard.process import executor
from dashboard.settings import Settings
from services.clock import seoul
from services.operations.journal import journal
from services.recovery.desk import Unlisted, failed_by_action, list_failed, proposals, unlisted
from services.recovery.policy import Policy
from services.recovery.reports import Recovered, recovered_by_month
from services.recovery.rounds import BY_POLICY, carry_out, recover
from services.store.engine import reading, writing
from services.subscriptions.keep import refresh_chains
from services.subscriptions.reasons import Action, rules_digest
from services.tables.chains import RecoveredBy
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from tests.worlds.operations.desk import FINANCE
from tests.worlds.recovery_shop import BANK, EXPIRED, GONE, NO_LIMIT, NO_MONEY, ON, Shop
from tests.worlds.rows.times import at


def report(engine: Engine) -> list[Recovered]:
    with reading(engine) as conn:
        return recovered_by_month(conn, 202609, 202612)


def when(operation: Operation) -> str:
    return f"{seoul(journal.asked(operation)['schedule_at']):%Y-%m-%d %H:%M}"


def test_a_failed_schedule_is_booked_for_pay_day_paid_and_reported(store: Engine) -> None:
    shop = Shop(store)
    shop.november_fails(NO_MONEY)
    assert [(one.merchant_uid, one.action, one.tries, one.fail_reason) for one in shop.failed()] == [
        ("order0-11", Action.WAIT, 0, NO_MONEY)
    ]
    with reading(store) as conn:
        assert proposals(conn, shop.clock(), ON, among=["order0-11", "order0-10"]) == shop.proposed() != []
        assert proposals(conn, shop.clock(), ON, among=["order0-10"]) == []
    (asked,) = shop.recover()
    assert (asked.kind, asked.asked_by, asked.asked_from) == (OperationKind.REBOOK, "policy", "policy")
    assert when(asked) == "2026-11-10 11:00"
    assert shop.world.schedules["order0-11"]["schedule_status"] == "scheduled"
    assert shop.failed()[0].booked_at == at("2026-11-10 11:00")
    assert shop.proposed() == []
    assert shop.recover() == []
    shop.fails(None)
    shop.until("2026-11-10 12:00")
    assert shop.paid() == ["order0-09", "order0-10", "order0-11"]
    assert shop.failed() == []
    assert report(store) == [Recovered(202611, RecoveredBy.POLICY, "KRW", 1, 9_900)]


def test_nothing_is_tried_a_fourth_time(sqlite_store: Engine) -> None:
    shop = Shop(sqlite_store)
    shop.november_fails(NO_LIMIT)
    days = []
    for _ in range(6):
        if asked := shop.recover():
            days.append(when(asked[0]))
            shop.until(f"{days[-1][:10]} 12:00")
    assert days == ["2026-11-10 11:00", "2026-11-16 11:00", "2026-11-25 11:00"]
    assert [one.tries for one in shop.failed()] == [3]
    assert shop.proposed() == []
    assert shop.paid() == ["order0-09", "order0-10"]
    assert report(sqlite_store) == []


def test_the_policy_may_be_shorter(sqlite_store: Engine) -> None:
    shop = Shop(sqlite_store)
    shop.november_fails(NO_LIMIT)
    once = replace(ON, tries=1, pay_days=(20,))
    assert [when(one) for one in shop.recover(once)] == ["2026-11-20 11:00"]
    shop.until("2026-11-20 12:00")
    assert shop.proposed(once) == []
    assert len(shop.proposed()) == 1


def test_switched_off_nothing_is_asked_and_the_proposals_stay(sqlite_store: Engine) -> None:
    shop = Shop(sqlite_store)
    shop.november_fails(NO_MONEY)
    assert shop.recover(Policy()) == []
    assert [one.merchant_uid for one in shop.proposed(Policy())] == ["order0-11"]
    assert shop.world.schedules["order0-11"]["payment_status"] == "failed"


def test_only_what_may_pass_by_itself_is_proposed(sqlite_store: Engine) -> None:
    reasons = {0: NO_MONEY, 1: NO_LIMIT, 2: BANK, 3: EXPIRED, 4: GONE}
    shop = Shop(sqlite_store, keys=6)
    shop.until("2026-11-04 12:00")
    for number, reason in reasons.items():
        shop.fails(reason, number)
    del shop.world.billing_keys["key5"]
    shop.until("2026-11-05 12:00")
    assert {one.customer_uid: f"{seoul(one.schedule_at):%m-%d}" for one in shop.proposed()} == {
        "key0": "11-10",
        "key1": "11-10",
        "key2": "11-06",
    }
    with reading(sqlite_store) as conn:
        totals = failed_by_action(conn, shop.clock())
        assert {one.action: (one.schedules, one.amount) for one in totals} == {
            Action.WAIT: (3, 29_700),
            Action.MEND: (2, 19_800),
            Action.UNKNOWN: (1, 9_900),
        }
        mend = list_failed(conn, shop.clock(), action=Action.MEND).rows
        assert {(one.customer_uid, one.ended) for one in mend} == {("key3", False), ("key5", True)}
        page = list_failed(conn, shop.clock(), limit=4)
        rows, rest = page.rows, list_failed(conn, shop.clock(), after=page.older).rows
        assert {one.customer_uid for one in (*rows, *rest)} == {f"key{number}" for number in range(6)}
        assert len(rest) == 2
    assert all(one.remedy.action == one.action for one in (*rows, *rest))


@pytest.mark.parametrize(
    ("first", "then", "action", "proposed"),
    [(NO_MONEY, GONE, Action.UNKNOWN, 0), (EXPIRED, NO_LIMIT, Action.WAIT, 1), (GONE, EXPIRED, Action.MEND, 0)],
)
def test_the_latest_failure_of_the_key_decides_whatever_kind_of_payment_it_was(
    sqlite_store: Engine, first: str, then: str, action: Action, proposed: int
) -> None:
    shop = Shop(sqlite_store)
    shop.november_fails(first)
    failed_at = shop.failed()[0].last_failed_at
    shop.until("2026-11-07 12:00")
    shop.tried_elsewhere(then)
    (row,) = shop.failed()
    assert (row.merchant_uid, row.action, row.fail_reason, row.tries) == ("order0-11", action, then, 0)
    assert row.last_failed_at == failed_at
    with reading(sqlite_store) as conn:
        assert [(one.action, one.schedules) for one in failed_by_action(conn, shop.clock())] == [(action, 1)]
    assert [one.fail_reason for one in shop.proposed()] == [then] * proposed


def test_what_was_paid_after_all_keeps_its_own_reason(sqlite_store: Engine) -> None:
    shop = Shop(sqlite_store)
    shop.november_fails(NO_MONEY)
    shop.until("2026-11-07 12:00")
    shop.fails(None)
    shop.charged_elsewhere("extra")
    shop.until("2026-11-09 12:00")
    shop.tried_elsewhere(EXPIRED, "another")
    assert shop.failed() == []
    with reading(sqlite_store) as conn:
        kept = conn.exec_driver_sql("SELECT merchant_uid, fail_reason, action FROM failed_schedule").fetchall()
    assert [tuple(row) for row in kept] == [("order0-11", NO_MONEY, "wait")]


def test_a_database_of_before_goes_by_the_latest_reason_too(store: Engine) -> None:
    shop = Shop(store)
    shop.november_fails(NO_MONEY)
    shop.until("2026-11-07 12:00")
    shop.tried_elsewhere(GONE)
    # As it was kept before: by the booking's own reason.
    with writing(store) as conn:
        conn.execute(text("UPDATE failed_schedule SET fail_reason = :reason, action = 'wait'"), {"reason": NO_MONEY})
        conn.execute(text("UPDATE mark SET value = :value WHERE name = 'reason_rules'"), {"value": rules_digest()})
    assert len(shop.proposed()) == 1
    refresh_chains(store, shop.clock())
    assert [(one.action, one.fail_reason) for one in shop.failed()] == [(Action.UNKNOWN, GONE)]
    assert refresh_chains(store, shop.clock()) == 0


def test_of_a_key_that_fails_it_is_known_why_the_desk_has_nothing(store: Engine) -> None:
    shop = Shop(store, keys=3)
    shop.world.billing_keys["key1"] |= {"sandbox": True}
    shop.november_fails(NO_MONEY, keys=2)
    shop.tried_elsewhere(NO_MONEY, "extra", 2)
    with reading(store) as conn:
        assert [unlisted(conn, f"key{number}", shop.clock()) for number in range(3)] == [
            None,
            Unlisted.TEST,
            Unlisted.UNBOOKED,
        ]
        # Sixty-two days of the desk: the 5th of November is the last of them on the 6th of January.
        assert unlisted(conn, "key0", at("2027-01-06 23:59")) is None
        assert unlisted(conn, "key0", at("2027-01-07 00:00")) == Unlisted.OLD


def test_a_proposal_of_before_the_latest_failure_is_not_carried_out(sqlite_store: Engine) -> None:
    shop = Shop(sqlite_store)
    shop.november_fails(NO_MONEY)
    shown = shop.proposed()
    assert len(shown) == 1
    shop.tried_elsewhere(GONE)
    assert carry_out(sqlite_store, shown, FINANCE, shop.clock()) == []


def test_a_person_carries_a_proposal_out_once_however_often_they_click(sqlite_store: Engine) -> None:
    shop = Shop(sqlite_store)
    shop.november_fails(NO_MONEY)
    chosen = shop.proposed()
    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(lambda _n: carry_out(sqlite_store, chosen, FINANCE, shop.clock()), range(16)))
    assert {one.id for found in asked for one in found} == {1}
    assert recover(sqlite_store, ON, shop.clock()) == []
    shop.executor.turn()
    shop.fails(None)
    shop.until("2026-11-10 12:00")
    assert report(sqlite_store) == [Recovered(202611, RecoveredBy.PERSON, "KRW", 1, 9_900)]


def test_what_was_refused_is_not_asked_for_again_by_itself(sqlite_store: Engine) -> None:
    shop = Shop(sqlite_store)
    shop.november_fails(NO_MONEY)
    row = shop.world.schedules["order0-11"]
    shop.world.put_schedule(row | {"payment_status": "paid"})  # the gateway knows better than the mirror
    (asked,) = shop.recover()
    with reading(sqlite_store) as conn:
        assert journal.get(conn, asked.id).state == State.REFUSED
        assert proposals(conn, shop.clock(), ON) == []
    assert shop.recover() == []


def test_paid_otherwise_meanwhile_it_is_taken_back_and_nobody_pays_twice(store: Engine) -> None:
    shop = Shop(store)
    shop.november_fails(NO_MONEY)
    shop.recover()
    shop.fails(None)
    shop.clock.at = at("2026-11-07 12:00")
    shop.charged_elsewhere("again-1")
    shop.look()
    (asked,) = shop.recover()
    assert (asked.kind, asked.asked_by) == (OperationKind.REVOKE, "policy")
    shop.until("2026-11-30 12:00")
    assert shop.paid() == ["order0-09", "order0-10", "again-1"]
    assert report(store) == [Recovered(202611, RecoveredBy.ELSEWHERE, "KRW", 1, 9_900)]
    assert shop.recover() == []


def test_a_customer_who_leaves_is_not_charged_by_what_was_booked_again(sqlite_store: Engine) -> None:
    shop = Shop(sqlite_store)
    shop.book(0, "2026-12-05 10:00", "order0-12")
    shop.november_fails(NO_MONEY)
    shop.recover()
    shop.clock.at = at("2026-11-07 12:00")
    row = shop.world.schedules["order0-12"]
    shop.world.put_schedule(row | {"schedule_status": "revoked", "revoked_at": int(shop.clock.at)})
    shop.fails(None)
    shop.look()
    assert [one.kind for one in shop.recover()] == [OperationKind.REVOKE]
    shop.until("2026-12-30 12:00")
    assert shop.paid() == ["order0-09", "order0-10"]


def test_what_a_person_booked_again_is_left_to_them(sqlite_store: Engine) -> None:
    shop = Shop(sqlite_store)
    shop.november_fails(NO_MONEY)
    shop.carry_out(FINANCE)
    shop.fails(None)
    shop.clock.at = at("2026-11-07 12:00")
    shop.charged_elsewhere("again-1")
    shop.look()
    assert shop.recover() == []
    assert shop.world.schedules["order0-11"]["schedule_status"] == "scheduled"


def test_the_next_cycle_s_payment_recovers_nothing(sqlite_store: Engine) -> None:
    shop = Shop(sqlite_store)
    shop.book(0, "2026-12-05 10:00", "order0-12")
    shop.november_fails(NO_MONEY)
    shop.fails(None)
    shop.until("2026-12-06 12:00")
    assert shop.paid() == ["order0-09", "order0-10", "order0-12"]
    assert report(sqlite_store) == []
    assert [one.merchant_uid for one in shop.failed()] == ["order0-11"]


def test_a_failure_of_long_ago_is_not_tried_when_recovery_is_switched_on(sqlite_store: Engine) -> None:
    shop = Shop(sqlite_store)
    shop.november_fails(NO_MONEY)
    shop.until("2027-02-01 12:00")
    assert shop.recover() == []


@pytest.mark.parametrize(
    ("automatic", "kind", "may"),
    [
        (True, OperationKind.REBOOK, True),
        (True, OperationKind.REVOKE, True),
        (True, OperationKind.REFUND, False),
        (True, OperationKind.CHARGE, False),
        (False, OperationKind.REBOOK, False),
    ],
)
def test_the_policy_may_only_book_again_and_only_while_it_is_on(
    automatic: bool, kind: OperationKind, may: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executor, "current_settings", lambda: Settings(recovery_automatic=automatic))
    asked = Operation.model_construct(kind=kind, asked_by=BY_POLICY.name, asked_from=BY_POLICY.origin)
    assert executor.permits(asked) is may


def test_a_test_row_is_in_no_list_as_it_is_in_no_sum(store: Engine) -> None:
    shop = Shop(store, keys=2)
    shop.world.billing_keys["key1"] |= {"sandbox": True}
    shop.november_fails(NO_MONEY, keys=2)
    with reading(store) as conn:
        counted = failed_by_action(conn, shop.clock())
        kept = conn.exec_driver_sql("SELECT merchant_uid, sandbox FROM failed_schedule ORDER BY 1").fetchall()
    assert [(row[0], bool(row[1])) for row in kept] == [("order0-11", False), ("order1-11", True)]
    assert [one.merchant_uid for one in shop.failed()] == ["order0-11"]
    assert [(one.action, one.schedules) for one in counted] == [(Action.WAIT, 1)]
