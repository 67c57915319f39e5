"""The pack of the demo's world lists its planted violations and nothing else."""

import pytest
from sqlalchemy import Engine

from services.checkout.parameters.case import Merchant
from services.checkout.policy import Refunds
from services.gateway import Gateway
from services.inspection.findings import Check, Grade
from services.inspection.reasons import is_filler
from services.mirror.keep import read_again
from services.sandbox.sandbox import Sandbox
from tests.inspection.planted import PRODUCT, Shop, subject


@pytest.fixture
def shop(store: Engine, gateway: Gateway, sandbox: Sandbox) -> Shop:
    return Shop(store, gateway, sandbox)


def test_the_pack_lists_what_was_planted_and_nothing_else(shop: Shop) -> None:
    shop.mirror()
    # As it should be.
    shop.refund(20_000, "단순 변심")
    shop.refund(5_000, "색상 교환 후 차액", requester="admin")
    shop.delete_key("구매자 구독 해지")
    link = shop.link()
    shop.order(link, 12_000)
    shop.order(link, 12_000, status="failed", paid_at=0, fail_reason="F0005:결제가 중단되었습니다 | <b>잔액</b> 부족 ")
    forged = shop.order(link, 100)
    # By other PGs nobody of Naver Pay asks.
    shop.refund(20_000, "test", pg_provider="kakaopay", pay_method="kakaopay")
    planted = {
        (Check.REFUNDS, shop.refund(20_000, "환불")),
        (Check.REFUNDS, shop.refund(1_000, "ㅇㅇ")),
        (Check.REFUNDS, shop.refund_of_nobody(20_000, "배송 지연")),
        (Check.REFUNDS, shop.refund_elsewhere(3_000, "test")),
        (Check.DELETIONS, shop.delete_key("-")),
        (Check.MINIMUM, str(shop.link(amount=99))),
        (Check.PRODUCTS, str(shop.link(naverProducts=None))),
        (Check.PRODUCTS, str(shop.link(name="책 외 2개", naverProducts=[PRODUCT | {"name": "책 외 2개"}]))),
        (Check.PRODUCTS, str(shop.link(naverProducts=[PRODUCT | {"categoryId": "general"}]))),
        (Check.USE_DAY, str(shop.link(naverUseCfm="20991231"))),
        (Check.AMOUNT, shop.order(link, 12_001, Refunds(wait_for_person=True))),
    }
    changed = shop.order(link, 12_000, status="failed", paid_at=0, fail_reason="[한도초과] ")
    shop.sandbox.world.put_payment(shop.sandbox.payments[changed] | {"fail_reason": "[한도초과]"})
    read_again(shop.gateway, shop.store, changed)
    planted.add((Check.ERRORS, changed))

    report, found = shop.inspected()
    assert {subject(one) for one in found if one.grade == Grade.VIOLATION} == planted
    assert report.count(Grade.VIOLATION) == len([one for one in found if one.grade == Grade.VIOLATION])
    # What the console refunded is there with its reason alone, and nothing tells who asked.
    assert [(one.check, one.grade) for one in found if one.grade == Grade.OPEN] == [(Check.REFUNDS, Grade.OPEN)]
    shown = {subject(one) for one in found if one.grade == Grade.SHOWN}
    assert (Check.AMOUNT, forged) in shown
    (failed,) = [one for one in found if one.grade == Grade.SHOWN and one.check == Check.ERRORS]
    assert failed.words == "F0005:결제가 중단되었습니다 | <b>잔액</b> 부족 "
    assert [one["uid"] for one in report.products] == ["P1"]


def test_of_a_shop_that_did_nothing_yet_each_point_is_open(shop: Shop) -> None:
    report, found = shop.inspected()
    assert {one.grade for one in found} == {Grade.OPEN}
    assert {one.check for one in found} == set(Check) - {Check.MINIMUM, Check.USE_DAY}
    assert (report.products, report.minimum) == ((), 100)


def test_one_reason_on_all_is_a_default(shop: Shop) -> None:
    for _ in range(4):
        shop.refund(20_000, "고객 요청에 의한 취소")
    assert not shop.inspected()[0].count(Grade.VIOLATION)
    shop.refund(20_000, "고객 요청에 의한 취소")
    (default,) = shop.inspected()[0].checks[Check.REFUNDS].violations
    assert default.says.values == {"n": 5}
    shop.refund(20_000, "사이즈가 맞지 않음")
    assert not shop.inspected()[0].count(Grade.VIOLATION)


def test_where_the_contract_settles_by_the_day_of_use_every_link_names_it(shop: Shop) -> None:
    without, right, past = shop.link(), shop.link(naverUseCfm="20991231"), shop.link(naverUseCfm="20200101")
    _, found = shop.inspected(Merchant(use_confirm_day=True))
    judged = {one.link: one.grade for one in found if one.check == Check.USE_DAY}
    assert judged == {without: Grade.VIOLATION, right: Grade.SHOWN, past: Grade.VIOLATION}


_FILLERS = (
    "",
    " ",
    "-",
    "...",
    "x",
    "ㅋㅋㅋ",
    "1234",
    "환불",
    " 환 불. ",
    "테스트 2",
    "TEST",
    "ｔｅｓｔ",
    "취소요청api",
    "n/a",
)
_REASONS = ("단순 변심", "품절", "오배송", "중복 결제", "고객 요청에 의한 취소", "Paid twice", "환불 요청: 사이즈")


@pytest.mark.parametrize(("reason", "says"), [*((one, True) for one in _FILLERS), *((one, False) for one in _REASONS)])
def test_what_only_fills_the_field_is_no_reason(reason: str, says: bool) -> None:
    assert is_filler(reason) == says
