"""A list's cards on a phone: whom a row is about stands first, whatever was looked for."""

import pytest

from dashboard.kit.lists import cards
from dashboard.kit.lists.columns import Column


@pytest.mark.parametrize(
    ("names", "who", "rest"),
    [
        (("paid_at", "buyer_name"), "buyer_name", "paid_at"),
        (("paid_at", "hits", "buyer_name", "name"), "buyer_name", "hits · paid_at · name"),
        (("paid_at", "hits", "name"), "paid_at", "hits · name"),
    ],
)
def test_what_a_text_was_found_in_stands_below_whom_it_is_about(
    monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], who: str, rest: str
) -> None:
    drawn: list[cards.Card] = []
    monkeypatch.setattr(cards, "card_list", lambda rows, **_more: drawn.extend(rows))
    columns = [Column(name, name, lambda row, name=name: row[name]) for name in names]
    cards.draw_cards([{name: name for name in names}], columns, alt="", key="", many=False)
    assert [(one["who"], one["rest"]) for one in drawn] == [(who, rest)]
