"""In which fields of a list's row a text was found, and how likely the row is the one that is looked for."""

from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from typing import Any, NamedTuple

from services.store.fold import BUYER_FIELDS, CARD, LAST_FOUR, folded, phone_forms
from services.store.search.words import Word, word_of, words_of

_IDS = ("imp_uid", "merchant_uid", "customer_uid", "cancellation_id")


class Rank(IntEnum):
    """What a caller is likelier to have said comes first."""

    WHOLE_ID = 0
    LAST_FOUR = 1
    """The end of a phone or card."""
    ORDER_END = 2
    """The end of an order number, or the amount."""
    NAME = 3
    PRODUCT = 4
    ELSEWHERE = 5


_OF_FIELD = {"buyer_name": Rank.NAME, "name": Rank.PRODUCT, "amount": Rank.ORDER_END, "card_number": Rank.LAST_FOUR}


class Hits(NamedTuple):
    """The fields that hold a text, the likeliest first; rows compare by `rank`, lower first."""

    rank: tuple[bool, int]
    """Whether only its words are held, one here and one there; and a Rank."""
    fields: tuple[str, ...]


def hits_of(
    row: Any, names: Sequence[str], text: str, *, buyers: bool, card: str | None = None, amount: int | None = None
) -> Hits:
    """Where a text is found, however it is written; in fields of the buyer and the card only with `buyers`.

    `card` and `amount` are the row's masked card number and sum, of lists that find these.
    """
    fields = (*names, *(BUYER_FIELDS if buyers else ()))
    card = card if buyers else None

    def held(word: Word) -> dict[str, Rank]:
        return dict(_held(row, fields, word, card, amount))

    if whole := held(word_of(text)):
        return Hits((False, min(whole.values())), _ordered(whole))
    of_words = [found for word in words_of(text) if (found := held(word))]
    if not of_words:
        return Hits((True, Rank.ELSEWHERE), ())
    every: dict[str, Rank] = {}
    for found in of_words:
        every |= {field: min(rank, every.get(field, rank)) for field, rank in found.items()}
    return Hits((True, max(min(found.values()) for found in of_words)), _ordered(every))


def _ordered(ranks: dict[str, Rank]) -> tuple[str, ...]:
    return tuple(sorted(ranks, key=ranks.__getitem__))


def _held(
    row: Any, names: Iterable[str], word: Word, card: str | None, amount: int | None
) -> Iterator[tuple[str, Rank]]:
    for name in names:
        value = getattr(row, name) or ""
        if (rank := _rank(name, value, word)) is not None:
            yield name, rank
    if len(word.number) == LAST_FOUR and (card or "").endswith(word.number):
        yield "card_number", Rank.LAST_FOUR
    if amount is not None and word.number == str(amount):
        yield "amount", Rank.ORDER_END


def _rank(name: str, value: str, word: Word) -> Rank | None:
    """How likely a field is what was meant; None where it does not hold the word."""
    text, needle = folded(value), word.needles[0]
    if name == "buyer_tel" and word.number:
        return _rank_of_phone(value, word)
    if name == "card_name":
        return Rank.PRODUCT if text in (needle, needle + CARD) else None
    if needle not in text:
        return None
    if name in _IDS and text == needle:
        return Rank.WHOLE_ID
    if name == "merchant_uid" and len(word.number) >= LAST_FOUR and text.endswith(needle):
        return Rank.ORDER_END
    return _OF_FIELD.get(name, Rank.ELSEWHERE)


def _rank_of_phone(tel: str, word: Word) -> Rank | None:
    kept = (folded(tel), *phone_forms(tel)) if tel else ()
    held = [(needle, one) for needle in word.needles for one in kept if needle in one]
    if not held:
        return None
    ends = len(word.number) >= LAST_FOUR and any(one.endswith(needle) for needle, one in held)
    return Rank.LAST_FOUR if ends else Rank.ELSEWHERE
