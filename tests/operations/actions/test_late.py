"""Failed, and paid after all: unknown where the PG does that, and told, refundable and in the way where it did."""

import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from services.errors import InvalidRequest, Moved
from services.mirror.keep import read_again
from services.operations.actions import late
from services.operations.actions.charged import charged_already, refused_lately
from services.operations.actions.charges import ChargeForm, wanted_charge
from services.operations.journal import audit
from services.operations.journal.replay import differing
from services.operations.journal.states import Why
from services.store.engine import reading
from services.store.lists.operations import count_needing_person
from services.store.writes.late_payments import count_late, late_of, late_payments
from services.tables.v1 import BillingKey
from tests.worlds.commands import make_shop
from tests.worlds.instead import put_instead
from tests.worlds.operations.desk import FINANCE, Desk

SAID = "(PG사 결제 장애) Internal error"
DAY = 86_400


def refused(engine: Engine, pg: str = "html5_inicis") -> tuple[Desk, int, str]:
    """A charge that the PG says has failed: its operation, and its payment."""
    desk = Desk(engine)
    desk.sandbox.world.billing_keys["key1"] |= {"pg_provider": pg}
    desk.sandbox.world.broken_keys["key1"] = SAID
    number = desk.charge(key="key1")
    desk.run()
    (imp_uid,) = desk.sandbox.world.charges["key1"]
    return desk, number, imp_uid


def turn_paid(desk: Desk, imp_uid: str) -> None:
    """The PG has thought better of it."""
    row = desk.sandbox.payments[imp_uid]
    paid = {"status": "paid", "paid_at": int(desk.times.at), "failed_at": 0, "fail_reason": None}
    desk.sandbox.world.put_payment(row | paid)


def seen(desk: Desk, imp_uid: str) -> None:
    """The mirror sees it."""
    desk.wait(1)
    read_again(desk.executor.gateway, desk.engine, imp_uid)


@pytest.mark.parametrize("pg", ["paypal", "paypal_v2", "paymentwall"])
def test_where_the_pg_may_take_it_back_a_failure_is_not_final(sqlite_store: Engine, pg: str) -> None:
    desk, number, imp_uid = refused(sqlite_store, pg)
    found = desk.get(number)
    assert (found.state, found.why, found.message) == ("unknown", Why.FAILED_FOR_NOW, SAID)
    turn_paid(desk, imp_uid)
    desk.run(120, every=5)
    assert (desk.get(number).state, desk.get(number).imp_uid) == ("succeeded", imp_uid)
    with reading(desk.engine) as conn:
        assert count_late(conn) == 0


def test_where_it_stays_failed_a_person_is_asked(sqlite_store: Engine) -> None:
    desk, number, _imp_uid = refused(sqlite_store, "paymentwall")
    desk.run(1_500, every=60)
    assert (desk.get(number).state, desk.get(number).message) == ("needs_person", SAID)


def test_whatever_the_pg_a_mirror_that_sees_it_paid_says_so(store: Engine) -> None:
    desk, number, imp_uid = refused(store)
    assert desk.get(number).state == "refused"
    seen(desk, imp_uid)
    with reading(store) as conn:
        assert (late_payments(conn), count_needing_person(conn)) == ([], 0)
    desk.wait(3 * DAY)
    turn_paid(desk, imp_uid)
    seen(desk, imp_uid)
    with reading(store) as conn:
        (found,) = late_payments(conn)
        assert (found.imp_uid, found.operation_id, found.amount, found.said) == (imp_uid, number, 9_900, SAID)
        assert (late_of(conn, number), count_needing_person(conn)) == (found, 1)
        (charged,) = charged_already(conn, "key1", desk.times.ours() + 30 * DAY)
        assert (charged.amount, charged.late) == (9_900, True)
        assert charged_already(conn, "key0", desk.times.ours()) == []
    assert desk.get(number).state == "refused"


def test_what_the_buyer_paid_instead_under_the_shops_order_number_is_not_our_charge(store: Engine) -> None:
    desk = Desk(store)
    desk.sandbox.world.broken_keys["key1"] = SAID
    form = ChargeForm(amount=9_900, name="구독", merchant_uid="SHOP-1")
    key = BillingKey(customer_uid="key1", pg_provider="html5_inicis")
    number = desk.ask(wanted_charge("t", key, form, minimum=100, now=desk.times.ours()))
    desk.run()
    desk.sandbox.add_payment(9_900, imp_uid="imp_window", merchant_uid="SHOP-1")
    seen(desk, "imp_window")
    assert desk.get(number).state == "refused"
    with reading(store) as conn:
        assert late_payments(conn) == []


def test_a_sync_that_was_faster_than_the_record_hides_nothing(sqlite_store: Engine) -> None:
    desk = Desk(sqlite_store)
    desk.sandbox.world.broken_keys["key1"] = SAID
    number = desk.charge(key="key1")
    whole = desk.executor._called

    def called(action: object, operation: object) -> object:
        answer = whole(action, operation)
        (imp_uid,) = desk.sandbox.world.charges["key1"]
        turn_paid(desk, imp_uid)
        seen(desk, imp_uid)
        return answer

    put_instead(desk.executor, "_called", called)
    desk.run()
    assert desk.get(number).state == "refused"
    with reading(sqlite_store) as conn:
        assert [one.operation_id for one in late_payments(conn)] == [number]


def test_refunded_or_let_stand_it_is_settled(sqlite_store: Engine) -> None:
    desk, number, imp_uid = refused(sqlite_store)
    turn_paid(desk, imp_uid)
    seen(desk, imp_uid)
    with pytest.raises(InvalidRequest):
        late.put_aside(sqlite_store, imp_uid, number, FINANCE, " ", desk.times.ours())
    late.put_aside(sqlite_store, imp_uid, number, FINANCE, "구매자가 동의", desk.times.ours())
    with pytest.raises(Moved):
        late.put_aside(sqlite_store, imp_uid, number, FINANCE, "또", desk.times.ours())
    with reading(sqlite_store) as conn:
        assert count_late(conn) == 0
        assert charged_already(conn, "key1", desk.times.ours() + 3 * DAY) == []
        assert audit.history(conn, number)[-1]["detail"]["note"] == "구매자가 동의"
        assert list(differing(conn)) == []

    desk.charge(key="key1", token="t2")
    desk.run()
    second = next(uid for uid in desk.sandbox.world.charges["key1"] if uid != imp_uid)
    turn_paid(desk, second)
    seen(desk, second)
    with reading(sqlite_store) as conn:
        assert count_late(conn) == 1
    desk.sandbox.refund(second, 9_900, "환불")
    seen(desk, second)
    with reading(sqlite_store) as conn:
        assert count_late(conn) == 0


def test_what_was_refused_lately_is_to_be_read_again_before_the_next(sqlite_store: Engine) -> None:
    desk, _number, imp_uid = refused(sqlite_store)
    with reading(sqlite_store) as conn:
        assert refused_lately(conn, "key1", desk.times.ours()) == [imp_uid]
        assert refused_lately(conn, "key1", desk.times.ours() + 8 * DAY) == []
        assert refused_lately(conn, "key0", desk.times.ours()) == []


def test_the_command_line_says_it_holds_a_second_one_up_and_lets_it_stand(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        world = shop.sandbox.world
        uid = next(uid for uid, key in world.billing_keys.items() if key["pg_provider"] == "html5_inicis")
        world.broken_keys[uid] = SAID
        words = ("charge", uid, "--amount", "9900", "--name", "월 구독", "--json")
        first = shop.run(*words)
        assert (first.status, first.told["message"]) == (2, SAID)
        imp_uid = world.charges[uid][-1]
        paid = {"status": "paid", "paid_at": first.told["operation"] + 1_790_000_000, "failed_at": 0}
        world.put_payment(world.payments[imp_uid] | paid | {"fail_reason": None})
        del world.broken_keys[uid]
        # Answers are told apart by the second in which they were asked for.
        shop.sandbox.clock = lambda: time.time() + 5
        held = shop.run("charge", uid, "--amount", "9900", "--name", "월 구독", "--json")
        assert held.status == 1
        assert "9,900" in held.told["error"]
        assert len([one for one in world.charges[uid] if one != imp_uid]) == len(world.charges[uid]) - 1
        listed = shop.run("operations", "list", "--json").told["operations"]
        assert (listed[0]["state"], listed[0]["paid_after_all"]) == ("refused", imp_uid)
        looked = shop.run("operations", "resolve", "--json")
        assert (looked.status, looked.told["operations"][0]["paid_after_all"]) == (3, imp_uid)
        settled = shop.run("operations", "resolve", "1", "--done", "--note", "구매자가 동의", "--json")
        assert "paid_after_all" not in settled.told
        assert shop.run("operations", "resolve", "--json").told == {"operations": []}
