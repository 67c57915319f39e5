"""Where a text was found in a row, as the lists say it."""

from types import SimpleNamespace

import pytest

from services.store.search.hits import hits_of
from services.store.search.marks import held_parts

ROW = SimpleNamespace(
    imp_uid="imp_1234", name="사과 정기배송", buyer_name="김하나", buyer_tel="010-1234-5678", buyer_email=None
)


@pytest.mark.parametrize(
    ("text", "buyers", "hits"),
    [
        ("사과정기", False, ("name",)),
        ("1234", False, ("imp_uid",)),
        ("1234", True, ("card_number", "imp_uid", "buyer_tel")),
        ("5678", True, ("buyer_tel",)),
        ("+82 10-1234-5678", True, ("buyer_tel",)),
        ("9,900", False, ("amount",)),
        ("김하나", False, ()),
        ("234", True, ("imp_uid", "buyer_tel")),
    ],
)
def test_fields_that_hold_the_text(text: str, hits: tuple[str, ...], *, buyers: bool) -> None:
    found = hits_of(ROW, ("imp_uid", "name"), text, buyers=buyers, card="5409-****-****-1234", amount=9_900)
    assert found.fields == hits


def test_a_list_without_cards_and_amounts_finds_neither() -> None:
    assert hits_of(ROW, ("imp_uid",), "9900", buyers=True).fields == ()


@pytest.mark.parametrize(
    ("value", "text", "marked"),
    [
        ("김민서", "민서", ["민서"]),
        ("010-1234-5678", "5678", ["5678"]),
        ("010-1234-5678", "0101234", ["010-1234"]),
        ("ORDER-12 34", "order1234", ["ORDER-12 34"]),
        ("유기농 사과 5kg", "5KG 사과", ["사과", "5kg"]),
        ("사과 사과", "사과", ["사과"]),
        ("+82 10-1234-5678", "010-1234-5678", []),
        ("배", "사과", []),
        ("", "사과", []),
    ],
)
def test_the_part_that_was_found_is_told_as_it_is_written(value: str, text: str, marked: list[str]) -> None:
    assert [value[first:last] for first, last in held_parts(value, text)] == marked
