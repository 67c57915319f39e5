"""Numbers that must not be kept are known however they are written, and order numbers are not taken for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import forbidden_numbers
from services.errors import InvalidRequest
from services.forbidden_numbers import Number, find_forbidden, hide_forbidden
from services.typed_text import require_all_typed, require_typed

# The networks' own numbers for trying out, and made-up residents.
CARDS = (
    "4111-1111-1111-1111", "4111111111111111", "4111 1111 1111 1111", "4111.1111.1111.1111", "4111–1111–1111–1111",
    "４１１１－１１１１－１１１１－１１１１", "4111\u00a01111\u00a01111\u00a01111",
    "4111\u200b1111\u200b1111\u200b1111", "카드4111111111111111번", "card4111111111111111",
    "3,000 4111 1111 1111 1111 환불",
    "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
    "4222222222222", "378282246310005", "3782 822463 10005", "5555555555554444", "2223003122003222", "6011111111111117",
    "30569309025904", "3530111333300000", "6200000000000005", "41111111 11111111",
)  # fmt: skip
RESIDENTS = ("900101-1234567", "9001011234567", "900101 1234567", "９００１０１－１２３４５６７",
    "주민 000229-4123456 확인",              "010101–3000000", "850515-5123456")  # fmt: skip
NEITHER = (
    "", "4111-1111-1111-1112", "2026112800000012", "20261128123456", "imp_448280090638", "010-1234-5678 010-2345-6789",
    "2026-11-28 10:00", "110-222-333333", "900231-1234567", "901301-1234567", "900101-9234567", "991231-3123456",
    "ORD-20261128-000123", "주문 2건, 12,000원", "0000000000000000", "1234567890123456", "411111111111", "9" * 20,
)  # fmt: skip


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
        with pytest.raises(InvalidRequest) as refused:
            require_all_typed({"schedules": [{"amount": 1, field: value}]})
        assert refused.value.values["field"] == field


@pytest.mark.parametrize("text", ["a\0b", "a\ud83d", "\udcff"])
def test_what_no_database_takes_is_a_sentence(text: str) -> None:
    with pytest.raises(InvalidRequest, match="nobody can type"):
        require_typed(text, "reason")


def test_a_long_text_of_short_numbers_is_looked_at_once_and_not_for_every_pair_of_them() -> None:
    assert len(list(forbidden_numbers._spans(2_000))) <= 2_000 * 19
    assert hide_forbidden("1 " * 2_000) == "1 " * 2_000
    assert hide_forbidden("1 " * 2_000 + "x 4111 1111 1111 1111").endswith("4111 11** **** 1111")
