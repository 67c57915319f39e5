"""Numbers that must not be kept are known however they are written, and order numbers are not taken for them."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.errors import InvalidRequest
from services.forbidden_numbers import Number, find_forbidden, hide_forbidden
from services.typed_text import require_all_typed, require_typed
from tests.worlds.operations.refusals import refused_at

# The networks' own numbers for trying out, and made-up residents.
CARDS = (
    "4111-1111-1111-1111", "4111111111111111", "4111 1111 1111 1111", "4111.1111.1111.1111", "4111–1111–1111–1111",
    "４１１１－１１１１－１１１１－１１１１", "4111\u00a01111\u00a01111\u00a01111",
    "4111\u200b1111\u200b1111\u200b1111", "카드4111111111111111번", "card4111111111111111",
    "3,000 4111 1111 1111 1111 환불",
    "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
    "4222222222222", "378282246310005", "3782 822463 10005", "5555555555554444", "2223003122003222", "6011111111111117",
    "30569309025904", "3530111333300000", "6200000000000005", "41111111 11111111",
    "4111ㅡ1111ㅡ1111ㅡ1111", "4111ー1111ー1111ー1111", "4111～1111～1111～1111", "4111~1111~1111~1111",
    "4111/1111/1111/1111", "4111,1111,1111,1111", "4111, 1111, 1111, 1111", "4111|1111|1111|1111",
    "4111 | 1111 | 1111 | 1111", "4111ㅣ1111ㅣ1111ㅣ1111", "4111:1111:1111:1111", "4111、1111、1111、1111",
    "4111\n1111\n1111\n1111", "4111\r\n1111\r\n1111\r\n1111", "4111\u20281111\u20281111\u20281111",
    "4111   1111   1111   1111", "4111 - 1111 - 1111 - 1111", "4111．1111．1111．1111", "4111・1111・1111・1111",
    "41-11-11-11-11-11-11-11", "41 11 11 11 11 11 11 11", "411 111 111 111 111 1", "37 82 82 24 63 10 00 5",
    "④①①①①①①①①①①①①①①①", "⁴¹¹¹ ¹¹¹¹ ¹¹¹¹ ¹¹¹¹", "₄₁₁₁₁₁₁₁₁₁₁₁₁₁₁₁", "٤١١١-١١١١-١١١١-١١١١",
    "4\ufe0f\u20e3" + "1\ufe0f\u20e3" * 15, "41\u00ad11-11\u200d11-1111-1111",
    "4111\u31641111\uffa01111\u115f1111", "4,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1",
    "4/1/1/1/1/1/1/1/1/1/1/1/1/1/1/1", "4111/1111/1111/1111/12/28", "12/28/4111/1111/1111/1111",
    "3782/822463/10005", "3056,930902,5904", "4222:2222:2222:2", "카드: 4111/1111/1111/1111, 12/28, 123",
    "010-1234-5678, 4111-1111-1111-1111",
)  # fmt: skip
RESIDENTS = ("900101-1234567", "9001011234567", "900101 1234567", "９００１０１－１２３４５６７",
    "주민 000229-4123456 확인",              "010101–3000000", "850515-5123456",
    "900101 - 1234567", "900101~1234567", "900101～1234567", "900101/1234567", "900101 / 1234567", "900101,1234567",
    "900101ㅡ1234567", "900101ー1234567", "900101*1234567", "900101\n1234567", "900101-\n1234567", "900101:1234567",
    "900101   1234567", "9 0 0 1 0 1 1 2 3 4 5 6 7", "9 0 0 1 0 1 - 1 2 3 4 5 6 7", "9-0-0-1-0-1-1-2-3-4-5-6-7",
    "9 0 0 1 0 1 / 1 2 3 4 5 6 7", "90 01 01 12 34 56 7", "⑨⓪⓪①⓪①-①②③④⑤⑥⑦", "⁹⁰⁰¹⁰¹-¹²³⁴⁵⁶⁷",
    "홍길동(900101-1234567)010-1234-5678")  # fmt: skip
NEITHER = (
    "", "4111-1111-1111-1112", "2026112800000012", "20261128123456", "imp_448280090638", "010-1234-5678 010-2345-6789",
    "2026-11-28 10:00", "110-222-333333", "900231-1234567", "901301-1234567", "900101-9234567", "991231-3123456",
    "ORD-20261128-000123", "주문 2건, 12,000원", "0000000000000000", "1234567890123456", "411111111111", "9" * 20,
    "20261128-0001", "2026-11-28 10:00:00", "2026112812345678", "1790000000000", "1790000000000000",
    "010-1234-5678, 010-9876-5432", "010-4111-1111, 010-1111-1111", "4111-1111, 1111-1111", "6213-4567/9812-3345",
    "02-4111-1111/02-1111-1111", "12,000,000", "411,111,111,111,111,1", "4,111,111,111,111,111",
    "4000, 5000, 6000, 4620", "9900,4500,6900,5550", "4000/5000/6000/4620", "5500\n4500\n6500\n3700",
    "4111, 1111, 1111, 1111, 2222, 3333",
    "2026/11/28 10:00:00 ~ 2026/12/28 10:00:00", "26/11/28~26/11/29 10:33", "26.11.28 10.30 - 26.11.29",
    "4500 ~ 5500, 6500 ~ 7500", "45, 32, 51, 60, 22, 31, 18, 27", "41/11/11/11/11/11/11/11", "302-0123-4567-81",
    "123456-01-234567", "1002-123-456789", "192.168.100.101:8080", "192.168.100.101, 192.168.100.102",
    "v4.111.1111.1111", "900101-*******", "900101-1******", "900101-1****** 010-1234-5678", "4111-11**-****-1111",
    "900101***1234567", "4111-****-****-1111", "41111111/11111111", "4111+1111+1111+1111원",
    "230, 235, 240, 245, 250, 255",
    "2001:4860:4860:8888:4111:1111:1111:1111", "90년 01월 01일 1234567",
)  # fmt: skip
SEPARATORS = ("", *" -–—_.·・ㅡー~～/,、|ㅣ:;*\n\t\u00a0\u3000", " - ", "   ", ", ", " / ", "\r\n")
"""What may stand between the groups of one number."""


@st.composite
def cards(draw: st.DrawFn) -> str:
    """A number of a card as it is printed: a range of a network, and the sum of Luhn."""
    begins, digits = draw(st.sampled_from([
        ("4", 13), ("30", 14), ("36", 14), ("38", 14), ("34", 15), ("37", 15), ("4", 16), ("51", 16), ("55", 16),
        ("2221", 16), ("2720", 16), ("3528", 16), ("3589", 16), ("6011", 16), ("62", 16), ("65", 16), ("9", 16),
        ("62", 17), ("62", 18), ("62", 19), ("4", 19)]))  # fmt: skip
    number = begins + draw(st.text("0123456789", min_size=digits - len(begins) - 1, max_size=digits - len(begins) - 1))
    if begins == "30":
        number = f"30{number[2:3] if number[2] < '6' else 0}{number[3:]}"
    luhn = sum(sum(divmod(int(one) * (2 - place % 2), 10)) for place, one in enumerate(reversed(number)))
    number += str(-luhn % 10)
    fours = [number[place : place + 4] for place in range(0, digits, 4)]
    assume(not all(one.endswith("0") and one[0] != "0" for one in fours))
    return "|".join(fours)


@pytest.mark.parametrize("text", CARDS)
def test_a_card_number_is_known_however_it_is_written(text: str) -> None:
    assert (found := find_forbidden(text)) is not None
    assert found.kind == Number.CARD
    with pytest.raises(InvalidRequest, match="card number") as refused:
        require_typed(text, "reason")
    assert refused.value.values == {"field": "reason"}


@pytest.mark.parametrize("text", RESIDENTS)
def test_a_resident_number_is_known_by_its_birthday(text: str) -> None:
    assert (found := find_forbidden(text)) is not None
    assert found.kind == Number.RESIDENT
    with pytest.raises(InvalidRequest, match="resident registration number"):
        require_typed(text, "note")


@pytest.mark.parametrize("text", NEITHER)
def test_orders_phones_days_and_accounts_are_neither(text: str) -> None:
    assert find_forbidden(text) is None
    assert hide_forbidden(text) == text


def test_hiding_leaves_what_tells_cards_and_people_apart() -> None:
    both = "a 4111-1111-1111-1111, 900101-1234567 b"
    assert hide_forbidden(both) == "a 4111-11**-****-1111, 900101-******* b"
    assert find_forbidden(hide_forbidden(both)) is None


@given(cards(), st.sampled_from(SEPARATORS))
def test_any_card_is_found_with_any_sign_between_its_groups_and_its_middle_is_hidden(card: str, sign: str) -> None:
    text = f"카드 {card.replace('|', sign)} 입니다"
    assert find_forbidden(text) is not None
    hidden = hide_forbidden(text)
    digits = [place for place, one in enumerate(text) if one.isdigit()]
    assert {hidden[place] for place in digits[6:-4]} == {"*"}
    assert find_forbidden(hidden) is None


def test_of_numbers_that_overlap_each_ones_middle_is_hidden() -> None:
    assert hide_forbidden("5500 4111 1111 1111 1111") == "5500 41** **** **** 1111"


@given(st.text(), st.sampled_from(CARDS + RESIDENTS), st.text())
def test_hidden_text_has_the_same_length_and_nothing_left_to_hide(before: str, number: str, after: str) -> None:
    text = f"{before} x{number}x {after}"
    hidden = hide_forbidden(text)
    assert len(hidden) == len(text)
    assert find_forbidden(hidden) is None
    assert hidden != text


def test_every_text_of_a_request_is_looked_at_and_ids_are_not() -> None:
    require_all_typed({"customer_uid": CARDS[1], "merchant_uid": [CARDS[1]], "amount": 4111111111111111})
    require_all_typed({"refund_account": "30569309025904"})
    for field, value in (("name", CARDS[0]), ("refund_account", CARDS[1])):
        with refused_at(field):
            require_all_typed({"schedules": [{"amount": 1, field: value}]})


@pytest.mark.parametrize("text", ["a\0b", "a\ud83d", "\udcff"])
def test_what_no_database_takes_is_a_sentence(text: str) -> None:
    with pytest.raises(InvalidRequest, match="nobody can type"):
        require_typed(text, "reason")


def test_a_long_text_of_short_numbers_is_hidden_to_its_end() -> None:
    assert hide_forbidden("1 " * 2_000) == "1 " * 2_000
    assert hide_forbidden("1 " * 2_000 + "x 4111 1111 1111 1111").endswith("4111 11** **** 1111")
