"""Korean particles: which of two forms follows a word goes by how the word ends."""

import re

_PAIRS = {"(으)로": ("으로", "로"), "이(가)": ("이", "가"), "은(는)": ("은", "는"), "과(와)": ("과", "와")}
"""Each with its form after a final consonant, and after none."""
_PAIR = re.compile("|".join(map(re.escape, _PAIRS)))
_NOT_SAID = re.compile(r"(\\?\([^()]*\))?[^\w()]*$")
"""What stands between a word and its particle: quotes, Markdown's signs, and what is in brackets behind the word."""
_DIGITS = dict(zip("0123456789", "영일이삼사오육칠팔구", strict=True))
_SYLLABLES = range(ord("가"), ord("힣") + 1)
_FINALS = 28
_RIEUL = 8
"""The final consonant after which it is 로 and not 으로."""


class Fitted(str):
    """A message with particles in both forms: what is filled in chooses among them, and stays as it is."""

    __slots__ = ()

    def format(self, *args: object, **values: object) -> str:
        """`네이버페이(으)로` as `네이버페이로`; both forms stay where the word is not Korean."""
        first, *others = (part.format(*args, **values) for part in _PAIR.split(self))
        for pair, rest in zip(_PAIR.findall(self), others, strict=True):
            first += _form(first, pair) + rest
        return first


def with_particles(message: str) -> str:
    """A message, its particles in both forms chosen once it is filled in."""
    return Fitted(message) if _PAIR.search(message) else message


def _form(before: str, pair: str) -> str:
    word = _NOT_SAID.sub("", before)
    last = ord(_DIGITS.get(word[-1:], word[-1:] or " "))
    if last not in _SYLLABLES:
        return pair
    final = (last - _SYLLABLES.start) % _FINALS
    with_final, without = _PAIRS[pair]
    return without if final == 0 or (pair == "(으)로" and final == _RIEUL) else with_final
