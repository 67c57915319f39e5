"""Stories keep their order within one second, in which a quick gateway answers: asked, sent, what happened, done."""

import time

from sqlalchemy import Engine

from dashboard.words.formats import escape
from services.operations.actions.charges import ChargeForm, wanted_charge
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.journal import journal
from services.operations.journal.journal import Wanted
from services.store.engine import reading, writing
from services.store.lists.one import get_billing_key, get_payment
from services.store.writes.payments import upsert_payments
from services.tables.journal import Operation
from services.tables.journal import OperationState as State
from tests.worlds.screens.money_forms import EXECUTOR, NAVER_KEY, OTHER
from tests.worlds.screens.screens import payment, run_page

AT = int(time.time()) - 30
QUICK = "imp_300000000001"
REFUND = ("Refund: asked for", "Refund: approved", "Refund: sent", "Refund 1", "Refund: done")
CHARGE = ("Charge: asked for", "Charge: sent", "Requested", "Paid", "Charge: done")


def carried_out(engine: Engine, wanted: Wanted, *steps: tuple[str, State]) -> Operation:
    """Asked for and moved on within one second."""
    operation = journal.record(engine, wanted, OTHER, AT)
    for action, state in steps:
        more = {"claimed_by": "here:1:x", "claimed_until": AT + 900} if state == State.SENT else {}
        more |= {"imp_uid": QUICK} if state == State.SUCCEEDED else {}
        with journal.saving(engine) as conn:
            operation = journal.move(conn, operation, state, EXECUTOR, action, AT, **more)
    return operation


def kept(engine: Engine, **more: object) -> None:
    """A payment of that second, which is also the second of its refund."""
    row = payment(QUICK, AT, "paid", 50_000, started_at=AT, customer_uid=NAVER_KEY, **more)
    with writing(engine) as conn:
        upsert_payments(conn, [row._replace(values=row.values | {"customer_uid_usage": "payment"})], as_of=AT * 1000)


def refunded(engine: Engine, token: str = "one") -> None:
    with reading(engine) as conn:
        found = get_payment(conn, QUICK)
    assert found
    form = RefundForm(amount=1_000, balance=found.amount - found.cancel_amount, reason="배송 지연", requester="admin")
    wanted = wanted_refund(token, found, form, approval_from=0)
    carried_out(engine, wanted, ("approved", State.INTENT), ("sent", State.SENT), ("succeeded", State.SUCCEEDED))
    refund = {"cancellation_id": "c9", "pg_tid": "t9", "amount": 1_000, "cancelled_at": AT, "reason": "배송 지연"}
    kept(engine, refunds=[refund], cancel_amount=1_000)


def charged(engine: Engine) -> None:
    with reading(engine) as conn:
        found = get_billing_key(conn, NAVER_KEY)
    assert found
    form = ChargeForm(amount=50_000, name="유기농 사과 5kg")
    wanted = wanted_charge("two", found, form, minimum=100, now=AT)
    carried_out(engine, wanted, ("sent", State.SENT), ("succeeded", State.SUCCEEDED))


def story(page: str, **query: str) -> list[str]:
    at = run_page(page, query=query)
    return list(at.table[-1].value["What"])


def test_a_refund_of_one_second_is_told_after_it_was_asked_for_approved_and_sent(engine: Engine) -> None:
    kept(engine)
    refunded(engine)
    assert story("payment", imp_uid=QUICK) == ["Requested", "Paid", *map(escape, REFUND)]


def test_a_charge_and_its_refund_of_one_second_are_told_in_order_and_backwards_on_the_key(engine: Engine) -> None:
    charged(engine)
    kept(engine)
    refunded(engine)
    assert story("payment", imp_uid=QUICK) == [escape(words) for words in (*CHARGE, *REFUND)]
    booked, *of_key = story("billing_key", customer_uid=NAVER_KEY)
    assert booked == "Due"
    assert of_key[:4] == [escape(words) for words in ("Refunded", "Charge: done", "Paid", "Charge: sent")]


def test_what_was_sent_again_within_the_second_keeps_its_own_order(engine: Engine) -> None:
    kept(engine)
    with reading(engine) as conn:
        found = get_payment(conn, QUICK)
    assert found
    form = RefundForm(amount=1_000, balance=50_000, reason="배송 지연", requester="admin")
    steps = (
        ("sent", State.SENT), ("unknown", State.UNKNOWN), ("gave_up", State.NEEDS_PERSON), ("sent_again", State.INTENT),
        ("sent", State.SENT), ("succeeded", State.SUCCEEDED),
    )  # fmt: skip
    carried_out(engine, wanted_refund("one", found, form, approval_from=None), *steps)
    told = ("asked for", "sent", "answer lost", "needs a person", "sent again", "sent", "done")
    assert story("payment", imp_uid=QUICK)[2:] == [escape(f"Refund: {words}") for words in told]
