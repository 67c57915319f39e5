"""In which fields of a list's row a text was found."""

from collections.abc import Iterable, Sequence
from typing import Any

from services.store.fold import BUYER_FIELDS, LAST_FOUR, digits, folded, is_number, phone_forms


def hits_of(
    row: Any, names: Sequence[str], text: str, *, buyers: bool, card: str | None = None, amount: int | None = None
) -> tuple[str, ...]:
    """The fields that hold a text, however either is written; those of the buyer and the card only with `buyers`.

    `card` and `amount` are the row's masked card number and sum, of lists that find these.
    """
    hits = _holding(row, (*names, *(BUYER_FIELDS if buyers else ())), text)
    number = digits(text) if is_number(text) else ""
    if buyers and len(number) == LAST_FOUR and (card or "").endswith(number):
        hits.append("card_number")
    if amount is not None and number == str(amount):
        hits.append("amount")
    return tuple(hits)


def _holding(row: Any, names: Iterable[str], text: str) -> list[str]:
    needle = folded(text)
    held = [name for name in names if needle in folded(getattr(row, name) or "")]
    if "buyer_tel" in names and "buyer_tel" not in held and is_number(text) and _same_phone(row.buyer_tel, text):
        held.append("buyer_tel")
    return held


def _same_phone(tel: str | None, text: str) -> bool:
    kept: Sequence[str] = phone_forms(tel) if tel else ()
    return any(sought in one for sought in phone_forms(text) for one in kept)
