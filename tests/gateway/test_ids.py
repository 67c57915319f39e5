"""Word for word, and no card number: an id that was asked about stays whole though it looks like a card's."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from services.errors import Refused
from services.forbidden_numbers import hide_forbidden
from services.gateway import Gateway
from services.gateway.requests import AgainRequest, UnscheduleRequest
from services.mirror.keep import read_again
from services.store.engine import reading
from services.store.lists.one import get_payment
from tests.gateway.test_reads import Answering, ok
from tests.worlds.operations.desk import Desk

ORDER, CARD, HIDDEN = "4111111111111111", "5555-5555-5555-4444", "5555-55**-****-4444"
SAID = f"주문 {ORDER} 없음 (ORD-{ORDER}), 카드 {CARD}"
TOLD = f"주문 {ORDER} 없음 (ORD-{ORDER}), 카드 {HIDDEN}"
ASKS: dict[str, Callable[[Gateway], Any]] = {
    "path": lambda gateway: gateway.schedule(ORDER),
    "several": lambda gateway: gateway.billing_keys(["key0", ORDER]),
    "body": lambda gateway: gateway.charge_again(AgainRequest("key0", ORDER, 100, "KRW", "구독")),
    "list in a body": lambda gateway: gateway.unschedule(UnscheduleRequest("key0", ("order1", ORDER))),
}


@pytest.mark.parametrize("way", ASKS)
def test_a_refusal_names_what_was_asked_about_word_for_word_and_no_card(way: str) -> None:
    answer = json.dumps({"code": -1, "message": SAID, "response": None}).encode()
    with pytest.raises(Refused) as refused:
        ASKS[way](Answering(200, answer).gateway)
    assert refused.value.refusal.message == str(refused.value) == TOLD


def test_a_number_that_nobody_asked_about_is_a_card() -> None:
    answer = json.dumps({"code": -1, "message": SAID, "response": None}).encode()
    with pytest.raises(Refused) as refused:
        Answering(200, answer).gateway.schedule("order0")
    assert ORDER not in str(refused.value)
    assert hide_forbidden(f"{ORDER}1 {ORDER}", ["111"]) == hide_forbidden(f"{ORDER}1 {ORDER}")


def test_a_row_of_the_gateway_names_its_own_ids_and_no_card() -> None:
    refund = {"cancellation_id": "c", "amount": 1, "reason": SAID, "pg_tid": "t", "cancelled_at": 1}
    row = {"imp_uid": "imp_1", "merchant_uid": ORDER, "amount": 1, "fail_reason": SAID, "name": f"사과 {CARD}"}
    for more in ({"cancel_history": [refund]}, {"cancel_history": [refund], "unheard_of": 1}):
        payment = Answering(200, ok(json.dumps(row | more).encode())).gateway.payment("imp_1")
        assert payment.fields["fail_reason"] == TOLD
        assert payment.fields["name"] == f"사과 {HIDDEN}"
        assert [one.fields["reason"] for one in payment.cancel_history] == [TOLD]
    schedule = {"merchant_uid": ORDER, "amount": 1, "fail_reason": SAID}
    assert Answering(200, ok(json.dumps(schedule).encode())).gateway.schedule("x").fields["fail_reason"] == TOLD


def test_what_is_kept_of_both_says_the_same(store: Engine) -> None:
    desk = Desk(store)
    row = desk.sandbox.payments["imp_0"]
    said = {"merchant_uid": ORDER, "fail_reason": SAID, "cancel_reason": SAID}
    desk.sandbox.world.put_payment(row | said)
    read_again(desk.executor.gateway, store, "imp_0")
    with reading(store) as conn:
        kept = get_payment(conn, "imp_0")
    assert kept is not None
    assert (kept.fail_reason, kept.cancel_reason) == (TOLD, TOLD)


@pytest.mark.parametrize(
    "written", ["5555\\/5555\\/5555\\/4444", "5555\\n5555\\n5555\\n4444", "\\uff15555 5555 5555 4444"]
)
def test_what_came_with_escapes_is_hidden_too_and_all_else_left_as_it_came(written: str) -> None:
    raw = '{"name":"%s",  "url":"https:\\/\\/x.kr\\/\\u3042", "amount":1e3}'
    told = Answering(200, ok((raw % written).encode())).gateway.payment_as_it_came("imp_1")
    before, after = raw.split("%s")
    assert told.startswith(before)
    assert told.endswith(after)
    assert json.loads(told)["name"] == hide_forbidden(json.loads(f'"{written}"')) != json.loads(f'"{written}"')
