"""What is changed in a sub-store: sent there once, with its `Tier`, and read back there where no answer came."""

import pytest
from sqlalchemy import Engine

from services.mirror.sync import sync
from services.operations.actions.charges import ChargeForm, wanted_charge
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.actions.revocations import wanted_revocation
from services.operations.actions.vbanks.forms import WaitingForm, wanted_vbank
from services.operations.executor import Executor
from services.operations.journal import journal
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted
from services.operations.journal.replay import differing
from services.sandbox.faults import Fault, Plan, calls
from services.store.engine import reading, writing
from services.store.lists.one import get_billing_key, get_payment, get_schedule
from services.store.writes.late_payments import late_payments
from services.tables.journal import Operation
from services.tables.journal import OperationState as State
from services.tables.v1 import Channel
from tests.operations.vbanks.desks import ALL
from tests.worlds.sandboxes import DAY
from tests.worlds.sub_stores import Chain

_SUPPORT = Actor("support@shop.example", "screen")


class Desk:
    """Somebody who asks, and the executor, before a mirror of all stores."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.chain = engine, Chain()
        sync(self.chain.gateway, engine, days=100)
        self.chain.at += 60
        self.executor = self.process(tuple(self.chain.gateway.tiers))
        self.chain.asked.clear()

    def process(self, tiers: tuple[str, ...]) -> Executor:
        gateway = self.chain.client(tiers)
        return Executor(self.engine, gateway, lambda _one: True, clock=lambda: self.chain.at, pause=lambda _s: None)

    def ask(self, wanted: Wanted) -> int:
        return journal.record(self.engine, wanted, _SUPPORT, self.chain.at).id

    def refund(self, imp_uid: str, amount: int) -> int:
        with reading(self.engine) as conn:
            payment = get_payment(conn, imp_uid)
        assert payment is not None
        left = payment.amount - payment.cancel_amount
        form = RefundForm(amount=amount, balance=left, reason="단순 변심", requester="customer")
        return self.ask(wanted_refund(imp_uid, payment, form, approval_from=None))

    def run(self) -> None:
        self.executor.turn()

    def get(self, number: int) -> Operation:
        with reading(self.engine) as conn:
            assert not list(differing(conn))
            return journal.get(conn, number)

    def refunded(self, imp_uid: str) -> list[int]:
        world = self.chain.sandbox.worlds[imp_uid.removeprefix("imp_").replace("MAIN", "")]
        return [one["amount"] for one in world.payments[imp_uid]["cancel_history"]]


@pytest.fixture
def desk(store: Engine) -> Desk:
    return Desk(store)


def test_a_refund_in_a_sub_store_goes_there_once(desk: Desk) -> None:
    number = desk.refund("imp_ABC", 4_000)
    desk.run()
    assert desk.get(number).state == State.SUCCEEDED
    assert desk.get(number).tier == "ABC"
    assert desk.chain.calls() == [("POST", "/payments/cancel", "ABC")]
    assert desk.chain.tiers_asked == {"ABC"}
    assert (desk.refunded("imp_ABC"), desk.refunded("imp_MAIN"), desk.refunded("imp_DEF")) == ([4_000], [], [])
    with reading(desk.engine) as conn:
        kept = get_payment(conn, "imp_ABC")
    assert kept is not None
    assert (kept.tier, kept.cancel_amount) == ("ABC", 4_000)


def test_what_became_of_it_is_read_back_in_its_store_whatever_the_settings_say_by_then(desk: Desk) -> None:
    number = desk.refund("imp_ABC", 4_000)
    desk.chain.sandbox.plans.append(Plan(Fault.LOST_AFTER, picks=calls("POST", "/payments/cancel")))
    desk.run()
    assert desk.get(number).state == State.UNKNOWN
    desk.chain.asked.clear()
    desk.executor = desk.process(())
    desk.chain.at += 10
    desk.run()
    assert desk.get(number).state == State.SUCCEEDED
    assert desk.chain.calls() == []
    assert desk.chain.tiers_asked == {"ABC"}
    assert desk.refunded("imp_ABC") == [4_000]


def test_the_main_store_is_asked_without_the_header(desk: Desk) -> None:
    number = desk.refund("imp_MAIN", 4_000)
    desk.run()
    assert desk.get(number).state == State.SUCCEEDED
    assert desk.chain.calls() == [("POST", "/payments/cancel", "")]
    assert desk.chain.tiers_asked == {""}


def test_a_charge_and_a_revocation_go_to_the_store_of_their_key(desk: Desk) -> None:
    with reading(desk.engine) as conn:
        key, booked = get_billing_key(conn, "key-DEF"), get_schedule(conn, "booked-DEF")
    assert key is not None
    assert booked is not None
    form = ChargeForm(amount=9_900, name="구독")
    charge = desk.ask(wanted_charge("charge", key, form, minimum=100, now=desk.chain.at))
    desk.run()
    revoke = desk.ask(wanted_revocation("revoke", [booked], reason="해지", now=desk.chain.at))
    desk.run()
    assert [desk.get(one).state for one in (charge, revoke)] == [State.SUCCEEDED] * 2
    paths = ("/subscribe/payments/again", "/subscribe/payments/unschedule")
    assert desk.chain.calls() == [("POST", path, "DEF") for path in paths]
    assert desk.chain.tiers_asked == {"DEF"}
    with reading(desk.engine) as conn:
        made = get_payment(conn, desk.get(charge).imp_uid or "")
    assert made is not None
    assert made.tier == "DEF"


def test_a_store_that_was_changed_behind_the_audits_back_is_told(desk: Desk) -> None:
    number = desk.refund("imp_ABC", 4_000)
    with writing(desk.engine) as conn:
        conn.exec_driver_sql(f"UPDATE operation SET tier = 'DEF' WHERE id = {number}")
    with reading(desk.engine) as conn:
        assert [(one.operation, one.fields) for one in differing(conn)] == [(number, ("tier",))]


def test_an_account_for_an_order_is_issued_in_the_store_that_was_chosen(desk: Desk) -> None:
    pg = {"pg_provider": "settle", "pg_id": "settle01", "channel_key": "key-settle", "type": "api_payment"}
    for world in desk.chain.sandbox.worlds.values():
        world.channels.append(pg | {"sandbox": False, "channel_name": "settle"})
    form = WaitingForm(12_000, "도자기 머그컵", int(desk.chain.at) + DAY, "TEL1", "088", more=ALL, tier="DEF")
    channel = Channel(id=1, sandbox=False, **pg)
    number = desk.ask(wanted_vbank("vbank", channel, form, now=desk.chain.at, has_key=False))
    desk.run()
    assert desk.get(number).message is None
    assert desk.get(number).state == State.SUCCEEDED
    assert desk.chain.calls() == [("POST", "/vbanks", "DEF")]
    assert [tier for tier, world in desk.chain.sandbox.worlds.items() if "TEL1" in world.attempts] == ["DEF"]


def test_another_stores_booking_under_the_same_order_number_moves_no_charge_there(desk: Desk) -> None:
    with reading(desk.engine) as conn:
        key = get_billing_key(conn, "key-MAIN")
    assert key is not None
    form = ChargeForm(amount=9_900, name="구독", merchant_uid="booked-ABC")
    number = desk.ask(wanted_charge("charge", key, form, minimum=100, now=desk.chain.at))
    desk.run()
    assert (desk.get(number).state, desk.get(number).tier) == (State.SUCCEEDED, "")
    assert desk.chain.calls() == [("POST", "/subscribe/payments/again", "")]


def test_what_was_refused_in_one_store_is_not_found_paid_in_another(desk: Desk) -> None:
    with reading(desk.engine) as conn:
        key = get_billing_key(conn, "key-MAIN")
    assert key is not None
    del desk.chain.sandbox.worlds[""].billing_keys["key-MAIN"]
    form = ChargeForm(amount=9_900, name="구독", merchant_uid="order-2")
    number = desk.ask(wanted_charge("charge", key, form, minimum=100, now=desk.chain.at))
    desk.run()
    assert desk.get(number).state == State.REFUSED
    paid = {"pg_provider": "html5_inicis", "pay_method": "card", "status": "paid", "paid_at": int(desk.chain.at)}
    desk.chain.sandbox.worlds["ABC"].add_payment(
        9_900, int(desk.chain.at), imp_uid="imp_other", merchant_uid="order-2", customer_uid="key-MAIN", **paid
    )
    sync(desk.chain.gateway, desk.engine, days=100)
    with reading(desk.engine) as conn:
        assert get_payment(conn, "imp_other") is not None
        assert late_payments(conn) == []
