"""A webhook makes us read, once a payment, and never more than the minute allows; it is believed in nothing."""

import json

import pytest
from sqlalchemy import Engine, func, select

from dashboard.screens.webhooks.webhook_words import what
from services.checkout import checkouts, webhooks
from services.checkout.policy import Refunds
from services.checkout.webhooks import MOST_A_MINUTE, Said, read_body, read_due, take
from services.gateway import Gateway
from services.sandbox.faults import Fault, Plan
from services.sandbox.sandbox import Sandbox
from services.store.engine import reading, writing
from services.store.lists.one import get_payment
from services.store.sql import table
from services.tables.checkouts import CheckoutState
from services.tables.journal import Operation
from services.tables.webhooks import WebhookOutcome
from tests.checkout.conftest import Made, begun

JSON, FORM = "application/json", "application/x-www-form-urlencoded; charset=utf-8"

INICIS = (
    b'{"event": "Inicis.Escrow.Changed", "imp_uid": "imp_1", "merchant_uid": "o", "status": "paid", "extra": '
    b'{"escrow_status": %s, "changed_at": 1790000000, "denied_reason": "x"}}'
)


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b'{"imp_uid": "imp_1", "merchant_uid": "o", "status": "paid"}', JSON, Said("imp_1", "o", "paid")),
        (b"imp_uid=imp_1&merchant_uid=o&status=paid", FORM, Said("imp_1", "o", "paid")),
        (b'{"imp_uid": "imp_1", "new": [1], "cancellation_id": "c"}', JSON, Said("imp_1", cancellation_id="c")),
        (b'{"imp_uid": "imp_1", "merchant_uid": 7}', JSON, Said("imp_1")),
        (INICIS % b'"3"', JSON, Said("imp_1", "o", "escrow 3")),
        (INICIS % b"31", JSON, Said("imp_1", "o", "escrow 31")),
        (INICIS % b'"cancel it"', JSON, Said("imp_1", "o", "paid")),
        (INICIS % b"[2]", JSON, Said("imp_1", "o", "paid")),
        (b'{"type": "Transaction.Paid", "data": {}}', JSON, None),
        (b'{"tx_id": "t", "payment_id": "p", "status": "Paid"}', JSON, None),
    ],
)
def test_what_v1_says_is_read_and_v2_is_put_aside(body: bytes, kind: str, said: Said | None) -> None:
    assert read_body(body, kind) == said


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b"null", b'{"imp_uid": ""}', b'{"imp_uid": 7}', b'{"imp_uid": "a\\u0000"}', b"\xff",
     json.dumps({"imp_uid": "i" * 81}).encode()],
)  # fmt: skip
def test_what_no_gateway_says_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=""):
        read_body(body, JSON)


def said(store: Engine, now: float, *what: Said) -> None:
    with writing(store) as conn:
        for one in what:
            take(conn, one, now)


def outcomes(store: Engine, imp_uid: str) -> list[str | None]:
    with reading(store) as conn:
        return [one.outcome for one in webhooks.of_payment(conn, imp_uid)]


def test_a_payment_made_elsewhere_is_here_once_a_webhook_named_it(
    store: Engine, gateway: Gateway, sandbox: Sandbox, now: float
) -> None:
    imp_uid = sandbox.add_payment(5_000)["imp_uid"]
    said(store, now, Said(imp_uid, "forged", "cancelled"), Said(imp_uid, "forged", "paid"))
    before = gateway.requests
    assert read_due(gateway, store, now, Refunds()) == 1
    assert gateway.requests - before == 3  # a token, whose key this is, and the payment
    with reading(store) as conn:
        found = get_payment(conn, imp_uid)
    assert found is not None
    assert (found.status, found.amount) == ("paid", 5_000)
    assert outcomes(store, imp_uid) == [WebhookOutcome.CHANGED]
    said(store, now, Said(imp_uid, "", "failed"))
    assert read_due(gateway, store, now, Refunds()) == 1
    assert outcomes(store, imp_uid) == [WebhookOutcome.UNCHANGED, WebhookOutcome.CHANGED]


def test_what_inicis_says_of_an_escrow_has_the_payment_read_and_stands_in_its_story(
    store: Engine, gateway: Gateway, sandbox: Sandbox, now: float
) -> None:
    imp_uid = sandbox.add_payment(5_000, pg_provider="html5_inicis", pay_method="trans", escrow=True)["imp_uid"]
    told = read_body((INICIS % b"4").replace(b"imp_1", imp_uid.encode()), JSON)
    assert told is not None
    said(store, now, told)
    assert read_due(gateway, store, now, Refunds()) == 1
    with reading(store) as conn:
        (one,) = webhooks.of_payment(conn, imp_uid)
    assert (one.outcome, one.status, what(one)) == (WebhookOutcome.CHANGED, "escrow 4", "escrow: purchase refused")


def test_a_link_whose_tab_was_closed_is_paid_by_its_webhook(
    store: Engine, gateway: Gateway, sandbox: Sandbox, made: Made, now: float
) -> None:
    link = made()
    order = begun(store, link, now).merchant_uid
    fields = {"pg_provider": "naverpay", "pay_method": "naverpay"}
    imp_uid = sandbox.add_payment(12_000, merchant_uid=order, **fields)["imp_uid"]
    said(store, now, Said(imp_uid, order, "paid"))
    read_due(gateway, store, now, Refunds())
    with reading(store) as conn:
        assert checkouts.get(conn, link.id).state == CheckoutState.PAID


def test_a_thousand_forged_calls_cost_no_more_than_a_minute_allows_and_ours_comes_first(
    store: Engine, gateway: Gateway, made: Made, sandbox: Sandbox, now: float
) -> None:
    order = begun(store, made(), now).merchant_uid
    said(store, now, *(Said(f"imp_forged{n}") for n in range(1_000)))
    real = sandbox.add_payment(12_000, merchant_uid=order, pg_provider="naverpay", pay_method="naverpay")["imp_uid"]
    said(store, now, Said(real, order, "paid"))
    before = gateway.requests
    assert read_due(gateway, store, now, Refunds()) == MOST_A_MINUTE
    assert read_due(gateway, store, now + 30, Refunds()) == 0
    assert outcomes(store, real) == [WebhookOutcome.CHANGED]
    assert gateway.requests - before <= 60
    assert read_due(gateway, store, now + 61, Refunds()) == MOST_A_MINUTE
    with reading(store) as conn:
        assert conn.execute(select(func.count()).select_from(table(Operation))).scalar_one() == 0


def test_what_is_said_again_after_it_was_read_is_read_again(
    store: Engine, gateway: Gateway, sandbox: Sandbox, now: float
) -> None:
    imp_uid = sandbox.add_payment(5_000)["imp_uid"]
    said(store, now, Said(imp_uid))
    read_due(gateway, store, now, Refunds())
    sandbox.refund(imp_uid, 2_000, "console")
    said(store, now + 5, Said(imp_uid, "", "cancelled", "c"))
    read_due(gateway, store, now + 5, Refunds())
    with reading(store) as conn:
        found = get_payment(conn, imp_uid)
    assert found is not None
    assert found.cancel_amount == 2_000


@pytest.mark.parametrize("fault", [Fault.BAD_GATEWAY, Fault.TOO_MANY])
def test_a_gateway_that_does_not_answer_is_asked_ever_less_and_after_a_day_no_more(
    store: Engine, gateway: Gateway, sandbox: Sandbox, now: float, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    imp_uid = sandbox.add_payment(5_000)["imp_uid"]
    monkeypatch.setattr("services.gateway.http._TRIES", 1)
    plan = Plan(fault, 1_000)
    sandbox.plans = [plan]
    said(store, now, Said(imp_uid))
    minutes = [*range(100), 440, 441, 442, 1460, 1461, 1462, 5_000]
    read = [minute for minute in minutes if read_due(gateway, store, now + 60 * minute, Refunds())]
    assert read == [0, 1, 6, 21, 81, 441, 1461]
    assert outcomes(store, imp_uid) == [WebhookOutcome.UNREAD]
    plan.times = 0
    with writing(store) as conn:
        [one] = webhooks.of_payment(conn, imp_uid)
        webhooks.look_again(conn, one.id, now + 400_000)
    assert read_due(gateway, store, now + 400_000, Refunds()) == 1
    assert outcomes(store, imp_uid) == [WebhookOutcome.CHANGED]


def test_who_says_it_again_is_read_at_once_though_the_gateway_was_down(
    store: Engine, gateway: Gateway, sandbox: Sandbox, now: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    imp_uid = sandbox.add_payment(5_000)["imp_uid"]
    monkeypatch.setattr("services.gateway.http._TRIES", 1)
    sandbox.plans = [Plan(Fault.BAD_GATEWAY)]
    said(store, now, Said(imp_uid))
    read_due(gateway, store, now, Refunds())
    said(store, now + 5, Said(imp_uid))
    assert read_due(gateway, store, now + 5, Refunds()) == 1
    assert outcomes(store, imp_uid) == [WebhookOutcome.CHANGED]
