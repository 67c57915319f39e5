"""What a gateway says of a person or back of a secret: hidden in its words before anybody above hears them."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from services.errors import Refused, Unauthorized

_BETWEEN = r"[\s().·/‐-―-]{0,2}"
_FEWEST = 6
"""Digits of a birthday or of a one-time number: what has as many is hidden, codes of PGs that have fewer stay."""
_NUMBER = re.compile(rf"(?<![0-9])[0-9](?:{_BETWEEN}[0-9]){{{_FEWEST - 1},}}(?![0-9])")
_LINKING = re.compile(r"[A-Za-z0-9+/=_-]{40,}")
"""As long as CI (88 signs) and DI (64), which tell one person from all others."""


@contextmanager
def unspoken(told: Iterable[str] = (), *, known: str = "") -> Iterator[None]:
    """Inside, words of a refusal come without what was `told`, nor numbers and keys of a person; `known` is an id."""
    try:
        yield
    except Refused as error:
        raise error.saying(without_told(error.refusal.message, told, known)) from None
    except Unauthorized as error:
        raise Unauthorized("{message}", message=without_told(str(error), told, known)) from None


def without_told(words: str | None, told: Iterable[str], known: str = "") -> str | None:
    """The words without what was told, and without numbers and keys of a person; `known` stays whole."""
    if not words:
        return words
    parts = words.split(known) if known else [words]
    return known.join(_hidden(part, sorted(filter(None, told), key=len, reverse=True)) for part in parts)


def _hidden(words: str, told: list[str]) -> str:
    for secret in told:
        words = _spelled(secret).sub("***", words)
    return _NUMBER.sub("***", _LINKING.sub("***", words))


def _spelled(secret: str) -> re.Pattern[str]:
    """A number however it is grouped, a name with spaces in it or not; anything else as it is, in any case."""
    plain = re.sub(_BETWEEN, "", secret) if re.fullmatch(rf"[0-9](?:{_BETWEEN}[0-9])*", secret) else ""
    if plain:
        return re.compile(_BETWEEN.join(plain))
    return re.compile(r"\s*".join(map(re.escape, "".join(secret.split()) or secret)), re.IGNORECASE)
