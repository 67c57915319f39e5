"""Where a text was found in a row, as the lists say it."""

from types import SimpleNamespace

import pytest

from services.store.search.hits import hits_of

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
