"""Words to the buyer: in both languages whoever reads, and nothing in them that is not so."""

from dataclasses import replace
from datetime import date

import pytest

from dashboard.locale import LANGUAGES, current_language, set_language
from dashboard.words.buyers_part import buyers_part
from dashboard.words.to_buyer import (
    About,
    Message,
    account_waiting,
    charge_made,
    payment_failed,
    refund_made,
    refund_refused,
    subscription_ended,
)
from dashboard.words.ways import Way
from services.subscriptions.reasons import BECAUSE
from services.tables.revenue import Churn

AT = 1_795_824_000  # 2026-11-28 in Seoul
NAVER = Way("card", "naverpay", "신한카드")
BAG = About("김승현", "캔버스 에코백", 13_160, "KRW", NAVER, "ORD1", "https://pay.naver.com/slip/1")
CARD_COMPANY = ("카드사", "card company")


def refunded(about: About = BAG, *, left: int = 5_640, to_account: bool = False) -> Message:
    return refund_made(about, AT, by=date(2026, 12, 4), left=left, to_account=to_account)


@pytest.mark.parametrize("own", LANGUAGES)
def test_both_languages_are_made_whatever_the_persons_own_is(own: str) -> None:
    set_language(own)
    texts = refunded().texts
    assert current_language() == own
    assert texts["ko"].startswith("김승현 고객님, 안녕하세요.\n‘캔버스 에코백’ 환불이 처리되었습니다.")
    assert texts["en"].startswith("Hello 김승현,\nYour refund for “캔버스 에코백” has been made.")
    for told in (
        "13,160원",
        "5,640원",
        "네이버페이(신한카드)",
        "2026-12-04(금)",
        "ORD1",
        "https://pay.naver.com/slip/1",
    ):
        assert told in texts["ko"]
    for told in ("KRW 13,160", "KRW 5,640", "Naver Pay (신한카드)", "2026-12-04 (Fri)", "ORD1"):
        assert told in texts["en"]


@pytest.mark.parametrize("method", ["card", "naverpay", "naverpay_point", "point"])
def test_a_naver_pay_refund_goes_back_by_naver_pay_and_never_to_a_card_company(method: str) -> None:
    for text in refunded(replace(BAG, way=replace(NAVER, pay_method=method))).texts.values():
        assert "네이버페이" in text or "Naver Pay" in text
        assert not [words for words in CARD_COMPANY if words in text]


def test_a_whole_refund_names_nothing_that_is_left_and_one_to_an_account_no_card() -> None:
    assert "남은" not in refunded(left=0).texts["ko"]
    vbank = replace(BAG, way=Way("vbank", "tosspayments", None), slip=None)
    text = refunded(vbank, to_account=True).texts["ko"]
    assert "알려 주신 계좌" in text
    assert "카드" not in text
    assert "전표" not in text


def test_an_amount_of_another_currency_keeps_its_decimals() -> None:
    paid = charge_made(replace(BAG, amount=1_050, currency="USD"), AT)
    assert all("USD 10.50" in text for text in paid.texts.values())


def test_a_refusal_says_that_nothing_has_moved() -> None:
    texts = refund_refused(BAG, AT, wished=True).texts
    assert "결제는 그대로입니다" in texts["ko"]
    assert "nothing has changed on your payment" in texts["en"]


@pytest.mark.parametrize(("wished", "amount"), [(True, "요청하신 환불 금액: "), (False, "\n환불 금액: ")])
def test_what_the_shop_wanted_to_refund_is_not_called_the_buyers_wish(wished: bool, amount: str) -> None:
    text = refund_refused(BAG, AT, wished=wished).texts["ko"]
    assert amount in text
    assert ("요청하신" in text) == wished


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_that_is_known_has_a_part_of_the_buyers(language: str) -> None:
    set_language(language)
    assert {because for because in BECAUSE if buyers_part(because) == because} == set()


@pytest.mark.parametrize(
    ("fail_reason", "words"),
    [
        ("[한도초과] 카드 이용한도를 초과하였습니다.", "한도를 확인하시거나 다른 카드를 등록해 주세요."),
        ("카드 유효기간이 만료되었습니다.", "새 카드를 등록해 주세요."),
        ("E-1234", "카드사 또는 은행에 확인하시거나"),
        (None, "카드사 또는 은행에 확인하시거나"),
    ],
)
def test_a_failed_payment_says_what_the_buyer_should_do(fail_reason: str | None, words: str) -> None:
    text = payment_failed(BAG, AT, fail_reason).texts["ko"]
    assert words in text
    assert "다시 결제하는 날" not in text
    assert fail_reason is None or fail_reason not in text


def test_a_payment_that_is_booked_again_names_the_day() -> None:
    text = payment_failed(BAG, AT, None, again_at=AT + 86_400).texts["ko"]
    assert "다시 결제하는 날: 2026-11-29(일)" in text


@pytest.mark.parametrize(("churn", "words"), [(Churn.FAILED, "결제 수단을 등록"), (Churn.CHOSEN, "감사합니다")])
def test_an_ended_subscription_says_when_and_how_to_go_on(churn: Churn, words: str) -> None:
    text = subscription_ended(BAG, AT, churn).texts["ko"]
    assert "2026-11-28(토)에 종료" in text
    assert words in text


def test_a_virtual_account_says_where_to_and_until_when() -> None:
    message = account_waiting(BAG, AT, bank="신한은행", number="110222333333", holder="장부상점", until=AT + 3_600)
    for told in ("신한은행", "110222333333", "장부상점", "2026-11-28 10:00", "13,160원"):
        assert told in message.texts["ko"]


def test_names_that_have_no_end_or_lines_of_their_own_stay_on_one_short_line() -> None:
    text = refunded(replace(BAG, buyer=None, product="가\n나" * 100)).texts["ko"]
    assert text.splitlines()[0] == "고객님, 안녕하세요."
    assert len(text.splitlines()[1]) < 100
