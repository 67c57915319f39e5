"""Saying under Needs a person that it was done: the gateway is asked first, and no page waits for it."""

import random
import time
from collections.abc import Iterator
from threading import Event

import httpx
import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.process import rereads, resources
from dashboard.screens.needs_person import settle_desk
from dashboard.settings import Role
from services.gateway import Gateway
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.faults import Fault, Plan
from services.sandbox.sandbox import Sandbox
from services.sandbox.world.channels import channel_rows
from services.sandbox.world.world import World
from services.store.engine import reading
from services.store.lists.filters import PaymentFilter
from services.store.lists.refunds import search_refunds
from services.tables.journal import Operation
from tests.worlds.screens.money_forms import CARD, lost, operations, press
from tests.worlds.screens.screens import run_page, texts

NOTE = "콘솔에서 확인"
ASKING, NOT_SHOWN = "The gateway is being read …", "The gateway does not show that it was done"


class Counter:
    """A gateway whose answers can be held back."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(World(channels=channel_rows(), chance=random.Random(1)))
        self.sandbox.add_payment(70_000, imp_uid=CARD, pg_provider="nice_v2", pay_method="card")
        self.open, self.payments_read = Event(), 0
        self.open.set()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert self.open.wait(20)
        self.payments_read += request.url.path.startswith("/payments")
        return self.sandbox(request)


@pytest.fixture
def counter(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    counter = Counter()
    gateway = Gateway("http://sandbox", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(counter))
    monkeypatch.setattr(resources, "_gateway", gateway)
    monkeypatch.setattr(rereads, "_failed", {})
    yield counter
    counter.open.set()


@pytest.fixture
def operation(engine: Engine) -> Operation:
    return lost(engine)


def noted(operation: Operation, language: str = "en") -> AppTest:
    """The page with a reason typed in."""
    at = run_page("needs_person", role=Role.SUPPORT, language=language)
    at.text_input(key=f"note_{operation.id}").set_value(NOTE)
    return at


def said_to_be_done(operation: Operation, language: str = "en") -> AppTest:
    """The page after somebody wrote why and said that it was done."""
    return press(noted(operation, language), f"done_{operation.id}")


def answered(at: AppTest, operation: Operation) -> AppTest:
    """The page once the gateway has been read."""
    for _turn in range(500):
        if not settle_desk.is_reading(operation.id):
            break
        time.sleep(0.02)
    return at.run()


def test_a_shortened_refund_said_to_be_done_is_tied_while_the_page_goes_on(
    engine: Engine, counter: Counter, operation: Operation
) -> None:
    made = counter.sandbox.refund(CARD, operation.amount, "배송")["cancel_history"][0]
    counter.open.clear()
    at = said_to_be_done(operation)
    assert ASKING in texts(at)
    assert at.text_input(key=f"note_{operation.id}").value == NOTE
    assert at.button(key=f"done_{operation.id}").disabled
    assert operations(engine)[0].state == "needs_person"
    counter.open.set()
    at = answered(at, operation)
    (settled,) = operations(engine)
    assert (settled.state, settled.note, settled.noted_by) == ("succeeded", NOTE, "support@example.com")
    assert settled.cancellation_id == made["cancellation_id"]
    assert f"operation {operation.id}" in texts(at)
    assert NOTE in texts(at.run())
    with reading(engine) as conn:
        mine = [row for row in search_refunds(conn, PaymentFilter()).rows if row.imp_uid == CARD]
    assert [(row.operation_id, row.requester) for row in mine] == [(operation.id, "admin")]


def test_a_second_click_asks_the_gateway_nothing_more(engine: Engine, counter: Counter, operation: Operation) -> None:
    counter.sandbox.refund(CARD, operation.amount, "배송")
    first, second = noted(operation), noted(operation)
    counter.open.clear()
    for at in (first, second):
        press(at, f"done_{operation.id}")
    counter.open.set()
    for at in (first, second):
        assert not answered(at, operation).error
    assert (operations(engine)[0].state, counter.payments_read) == ("succeeded", 1)


@pytest.mark.parametrize(("language", "sentence"), [("en", NOT_SHOWN), ("ko", "포트원에 없어")])
def test_what_the_gateway_does_not_show_is_said_and_waits_on(
    engine: Engine, counter: Counter, operation: Operation, language: str, sentence: str
) -> None:
    at = answered(said_to_be_done(operation, language), operation)
    assert [sentence in one.value for one in at.error] == [True]
    assert (operations(engine)[0].state, operations(engine)[0].note) == ("needs_person", None)
    assert at.text_input(key=f"note_{operation.id}").value == NOTE
    keys = [str(one.key) for one in at.button if str(one.key).endswith(f"_{operation.id}")]
    assert keys.index(f"done_unseen_{operation.id}") == len(keys) - 1


def test_what_the_gateway_does_not_show_is_settled_on_a_persons_word(
    engine: Engine, counter: Counter, operation: Operation
) -> None:
    at = answered(said_to_be_done(operation), operation)
    at = answered(press(at, f"done_unseen_{operation.id}"), operation)
    assert (operations(engine)[0].state, operations(engine)[0].note) == ("succeeded", NOTE)
    assert operations(engine)[0].cancellation_id is None


def test_where_no_answer_comes_the_card_and_its_note_stay(
    engine: Engine, counter: Counter, operation: Operation
) -> None:
    counter.sandbox.plans = [Plan(Fault.EXPIRED_TOKEN, times=99)]
    at = answered(said_to_be_done(operation), operation)
    assert at.error
    assert operations(engine)[0].state == "needs_person"
    assert at.text_input(key=f"note_{operation.id}").value == NOTE
    assert f"done_unseen_{operation.id}" not in [one.key for one in at.button]


def test_saying_that_it_was_done_wants_a_reason(engine: Engine, counter: Counter, operation: Operation) -> None:
    at = press(run_page("needs_person", role=Role.SUPPORT), f"done_{operation.id}")
    assert at.error[0].value == "Give a reason: it is kept with the operation."
    assert counter.payments_read == 0
