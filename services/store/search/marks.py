"""Which part of a field is what was looked for, as it is written there."""

from services.store.fold import folded
from services.store.search.words import Word, word_of, words_of


def held_parts(value: str, text: str) -> list[tuple[int, int]]:
    """The places of a text in a value, or of its words, from … to; none where it is held in another form."""
    signs = [(place, sign) for place, written in enumerate(value) for sign in folded(written)]
    plain = "".join(sign for _place, sign in signs)

    def places(word: Word) -> tuple[int, int] | None:
        for needle in word.needles:
            if needle and (first := plain.find(needle)) >= 0:
                return signs[first][0], signs[first + len(needle) - 1][0] + 1
        return None

    if whole := places(word_of(text)):
        return [whole]
    found = sorted(place for word in words_of(text) if (place := places(word)))
    return [one for number, one in enumerate(found) if not number or one[0] >= found[number - 1][1]]
