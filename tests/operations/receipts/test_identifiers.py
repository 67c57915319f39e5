"""The number that a receipt goes to: its kinds, what fits what, and what is left of it."""

import pytest

from services.receipts.identifiers import (
    checked_identifier,
    end_of,
    masked_number,
    require_fitting,
)
from services.told_back import without_number
from tests.worlds.operations.refusals import refused_at

RESIDENT = "900101-1234567"


@pytest.mark.parametrize(
    ("kind", "typed", "sent"),
    [
        ("phone", "010-1234-5678", "01012345678"),
        ("phone", "0111234567", "0111234567"),
        ("phone", "０１０ １２３４ ５６７８", "01012345678"),
        ("business", "220-81-62517", "2208162517"),
        ("business", "1248100998", "1248100998"),
        ("taxcard", "1234 5678 9012 3", "1234567890123"),
        ("taxcard", "9" * 19, "9" * 19),
        ("person", RESIDENT, "9001011234567"),
    ],
)
def test_a_number_of_its_kind_is_taken_without_its_signs(kind: str, typed: str, sent: str) -> None:
    assert checked_identifier(kind, typed, residents=True) == sent


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("phone", ""),
        ("phone", "02-123-4567"),
        ("phone", "010-1234-56789"),
        ("phone", "010-1234-567a"),
        ("business", "220-81-62518"),
        ("business", "220-81-6251"),
        ("taxcard", "9" * 12),
        ("taxcard", "9" * 20),
        ("person", "901301-1234567"),
        ("person", "900101-9234567"),
    ],
)
def test_a_number_that_is_none_is_refused_at_its_field(kind: str, typed: str) -> None:
    with refused_at("identifier"):
        checked_identifier(kind, typed, residents=True)


def test_a_resident_number_is_taken_only_with_a_legal_ground() -> None:
    with refused_at("identifier_type"):
        checked_identifier("person", RESIDENT, residents=False)


def test_a_kind_has_to_be_chosen() -> None:
    with refused_at("identifier_type"):
        checked_identifier(None, "01012345678", residents=False)


@pytest.mark.parametrize(
    ("type_", "kind", "meant", "field"),
    [
        ("person", "phone", False, None),
        ("person", "taxcard", False, None),
        ("person", "business", True, "type"),
        ("company", "business", False, None),
        ("company", "phone", False, "meant"),
        ("company", "phone", True, None),
        ("shop", "phone", False, "type"),
    ],
)
def test_what_a_receipt_is_for_and_where_it_goes_fit(type_: str, kind: str, meant: bool, field: str | None) -> None:
    if field is None:
        require_fitting(type_, kind, meant=meant)
        return
    with refused_at(field):
        require_fitting(type_, kind, meant=meant)


def test_of_a_number_four_digits_are_left_and_of_a_resident_number_none() -> None:
    assert (end_of("phone", "01012345678"), masked_number("phone", "01012345678")) == ("5678", "*******5678")
    assert (end_of("person", "9001011234567"), masked_number("person", "9001011234567")) == (None, "*" * 13)


@pytest.mark.parametrize(
    "said",
    ["01012345678", "010-1234-5678", "010 1234 5678", "0 1 0 1 2 3 4 5 6 7 8", "+82-10-1234-5678", "8210 1234 5678",
     "010)1234-5678", "1234-5678"],
)  # fmt: skip
def test_a_number_that_a_pg_says_back_is_hidden(said: str) -> None:
    assert without_number(f"식별번호({said}) 오류", "01012345678") == "식별번호(***********) 오류"
