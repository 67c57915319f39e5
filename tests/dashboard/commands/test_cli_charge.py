"""`jangbu charge`: a billing key is charged once, and what the PG says of it is told word for word."""

from typing import Any

import pytest

from services.clock import DAY, seoul
from services.gateway import Gateway
from services.operations.actions.charges import ChargeForm, wanted_charge
from services.operations.executor import Executor
from services.operations.journal import journal
from services.operations.journal.audit import Actor
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.faults import Fault, Plan, calls
from services.store.engine import reading
from services.store.lists.one import get_billing_key
from services.tables.v1 import BillingKey
from tests.worlds.commands import Ended, Shop

AGAIN = calls("POST", "/subscribe/payments/again")


def charge(shop: Shop, uid: str, *more: str, amount: str = "9900", **environment: str) -> Ended:
    return shop.run("charge", uid, "--amount", amount, "--name", "추가 결제", "--json", *more, **environment)


def charged(shop: Shop, uid: str) -> list[dict[str, Any]]:
    """Payments named as the command names them."""
    found = (shop.sandbox.payments[one] for one in shop.sandbox.world.charges.get(uid, ()))
    return [row for row in found if row["name"] == "추가 결제"]


def test_a_charge_is_made_and_told_as_one_object(shop: Shop) -> None:
    uid = shop.keys()[0]
    ended = charge(shop, uid, "--naver-use-cfm", f"{seoul(shop.sandbox.clock() + DAY):%Y%m%d}")
    (row,) = charged(shop, uid)
    assert ended.status == 0
    assert ended.told == {
        "operation": 1,
        "state": "succeeded",
        "imp_uid": row["imp_uid"],
        "merchant_uid": row["merchant_uid"],
        "amount": 9900,
        "cancel_amount": 0,
        "message": None,
    }


def test_a_charge_that_fails_ends_with_the_pgs_reason_byte_for_byte(shop: Shop) -> None:
    uid, reason = shop.keys()[0], "[1234] 한도 초과 — <b>카드사</b>에 문의하세요 \\n"
    shop.sandbox.world.broken_keys[uid] = reason
    ended = charge(shop, uid)
    assert (ended.status, ended.told["state"], ended.told["message"]) == (2, "refused", reason)
    assert "한도 초과 — <b>카드사</b>에 문의하세요".encode() in ended.stdout
    assert ended.told["imp_uid"] == charged(shop, uid)[0]["imp_uid"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ({}, "less than minimum amount (100 won)"),
        ({"LANG": "ko_KR.UTF-8"}, "최소 결제 금액은 100원입니다"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C.UTF-8"}, "less than minimum amount (100 won)"),
    ],
)
def test_below_naver_pays_minimum_nothing_is_sent(shop: Shop, language: dict[str, str], said: str) -> None:
    uid = shop.keys()[0]
    ended = charge(shop, uid, amount="99", **language)
    assert (ended.status, ended.told, ended.stderr) == (1, {"error": said}, f"{said}\n")
    assert charged(shop, uid) == []


def test_a_key_that_is_deleted_is_refused_and_marked(shop: Shop) -> None:
    uid = shop.keys()[0]
    assert charge(shop, uid).status == 0
    del shop.sandbox.world.billing_keys[uid]
    ended = charge(shop, uid, "--again")
    assert (ended.status, ended.stderr) == (1, "This billing key is gone: nothing can be charged on it.\n")
    with reading(shop.engine) as conn:
        key = get_billing_key(conn, uid)
    assert key is not None
    assert key.deleted_at is not None


def test_the_same_charge_again_charges_once(shop: Shop) -> None:
    uid = shop.keys()[0]
    shop.sandbox.plans = [Plan(Fault.LOST_AFTER, picks=AGAIN)]
    ended = [charge(shop, uid, "--wait", "0"), charge(shop, uid), charge(shop, uid)]
    assert [(one.status, one.told["operation"], one.told["state"]) for one in ended] == [
        (3, 1, "unknown"),
        (0, 1, "succeeded"),
        (0, 1, "succeeded"),
    ]
    assert len(charged(shop, uid)) == 1
    assert charge(shop, uid, "--again").told["operation"] == 2
    assert len(charged(shop, uid)) == 2


def test_another_charge_today_is_a_decision_however_the_first_was_asked_for(shop: Shop) -> None:
    uid = shop.keys()[0]
    form, key = ChargeForm(amount=7_000, name="화면에서"), BillingKey(customer_uid=uid, pg_provider="naverpay")
    wanted = wanted_charge("screen", key, form, minimum=100, now=shop.sandbox.clock())
    journal.record(shop.engine, wanted, Actor("support@shop.example", "screen"), shop.sandbox.clock())
    gateway = Gateway(shop.environment["JANGBU_IMP_API_URL"], IMP_KEY, IMP_SECRET)
    Executor(shop.engine, gateway, lambda _operation: True).turn()
    assert shop.operation(1).state == "succeeded"
    ended = charge(shop, uid)
    assert (ended.status, charged(shop, uid)) == (1, [])
    assert ended.stderr == "This buyer was charged today already (₩7,000): --again means a second one.\n"
    assert charge(shop, uid, "--again").told["state"] == "succeeded"


def test_instalments_and_a_day_are_checked_before_anything_is_sent(shop: Shop) -> None:
    naver, card = shop.keys()[0], shop.keys("html5_inicis")[0]
    for uid, words, said in (
        (naver, ("--quota", "3"), "Naver Pay's billing keys have no instalments."),
        (card, ("--quota", "3"), "Instalments are 2 months or more, from 50,000 won on."),
        (card, ("--naver-use-cfm", "20300101"), "Only Naver Pay takes a day of use."),
        (naver, ("--naver-use-cfm", "2030-01-01"), "A day is written yyyyMMdd."),
        (naver, ("--naver-use-cfm", "20200101"), "The day of use is the day of payment in Seoul or later."),
    ):
        ended = charge(shop, uid, *words)
        assert (ended.status, ended.stderr) == (1, f"{said}\n")
        assert charged(shop, uid) == []
