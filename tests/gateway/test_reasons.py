"""A failure's words, read whenever: no birthday or one-time number in them, and all else as the PG says it."""

import pytest

from services.gateway.reasons import without_personal


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("생년월일 900307 불일치", "생년월일 ****** 불일치"),
        ("생년월일(1990-03-07) 불일치", "생년월일(****-**-**) 불일치"),
        ("19900307/47", "********/47"),
        ("90.03.07", "**.**.**"),
        ("900307-2******", "******-2******"),
        ("900307*******", "*************"),
        ("인증번호 482913 오류", "인증번호 ****** 오류"),
        ("인증번호 482 913 오류", "인증번호 *** *** 오류"),
    ],
)
def test_what_may_be_a_persons_is_hidden(said: str, told: str) -> None:
    assert without_personal(said) == told


@pytest.mark.parametrize(
    "said",
    [
        "[한도초과] 카드 이용한도를 초과하였습니다.",
        "[3095] 잔액부족 (고객센터 1544-7772)",
        "한도 500,000원 초과, 요청 600000원",
        "2026-11-30 12:30:45 점검 중",
        "F1004 02-1234-5678",
        "주문 20261130123456",
        "[카드오류] 409202******0003",
        "휴대폰 010-7341-5678 확인",
        "[KCP 102401] 거절, 26.11.30 점검 (261130)",
        "C100012 482913",
    ],
)
def test_what_the_pg_says_of_itself_stays(said: str) -> None:
    assert without_personal(said) == said


def test_an_id_of_the_payment_stays_whole_whatever_it_looks_like() -> None:
    assert (
        without_personal("주문 900307 은 900308 과 다릅니다", ["900307", None]) == "주문 900307 은 ****** 과 다릅니다"
    )
