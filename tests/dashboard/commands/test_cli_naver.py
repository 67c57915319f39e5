"""`jangbu naver`: an order is confirmed once, Naver Pay's words are told, and an amount is read."""

from services.sandbox.faults import Fault, Plan, calls
from tests.worlds.commands import Shop

SINCE = {"JANGBU_NAVERPAY_ESCROW_FROM": "2026-01-01", "JANGBU_NAVERPAY_POINTS_FROM": "2026-01-01"}


def test_a_confirmation_needs_the_contract_and_who_asks(shop: Shop) -> None:
    imp_uid = shop.pay()
    ended = shop.run("naver", "confirm", imp_uid, "--requester", "admin", "--json")
    assert (ended.status, "JANGBU_NAVERPAY_ESCROW_FROM is not set" in ended.told["error"]) == (1, True)
    assert shop.run("naver", "confirm", imp_uid, **SINCE).status == 1
    assert not shop.sandbox.world.naver_confirmed


def test_an_order_is_confirmed_once_and_credited_once(shop: Shop) -> None:
    imp_uid = shop.pay()
    words = ("naver", "confirm", imp_uid, "--requester", "customer", "--json")
    first, again = shop.run(*words, **SINCE), shop.run(*words, **SINCE)
    assert [(one.status, one.told["state"], one.told["operation"]) for one in (first, again)] == [
        (0, "succeeded", 1)
    ] * 2
    assert "--again" not in again.stderr
    other = shop.run("naver", "confirm", imp_uid, "--requester", "admin", "--json", **SINCE)
    assert (other.status, other.told["error"]) == (1, f"It was done already: operation 1 on {imp_uid}.")
    assert shop.run("naver", "points", imp_uid, "--json", **SINCE).status == 0
    assert (shop.sandbox.world.naver_confirmed, shop.sandbox.world.naver_points) == (
        {imp_uid: "customer"}, {imp_uid: 1},
    )  # fmt: skip


def test_naver_pays_words_and_a_lost_answer_have_their_exit_statuses(shop: Shop) -> None:
    refused, lost = shop.pay(), shop.pay()
    shop.sandbox.world.naver_confirmed[refused] = "admin"
    ended = shop.run("naver", "confirm", refused, "--requester", "admin", "--json", **SINCE)
    assert (ended.status, ended.told["message"]) == (2, "이미 거래완료 처리된 주문입니다.")
    shop.sandbox.plans = [Plan(Fault.LOST_AFTER, picks=calls("POST", f"/payments/{lost}"))]
    ended = shop.run("naver", "points", lost, "--wait", "0", "--json", **SINCE)
    assert (ended.status, ended.told["state"]) == (3, "unknown")


def test_the_amount_of_a_cash_receipt_is_told(shop: Shop) -> None:
    imp_uid, card = shop.pay(11_000, bank_code="088"), shop.pay(pg_provider="kakaopay")
    ended = shop.run("naver", "cash-amount", imp_uid, "--json")
    assert (ended.status, ended.told["amount_total"], ended.told["amount_vat"]) == (0, 11_000, 1_000)
    ended = shop.run("naver", "cash-amount", card, "--json")
    assert (ended.status, ended.told["message"]) == (2, "네이버페이 결제형 거래건이 아닙니다.")
