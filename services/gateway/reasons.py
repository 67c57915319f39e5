"""What a PG says of a failure, in any reading: without the birthday or one-time number that it may say back.

Whose they are is known for one request alone; a reading that comes later has to tell them by their look. All else
stays as the PG says it: its codes and days, and phones, which are masked where they are shown.
"""

import re
from collections.abc import Iterable

_DAY = "(?:0[1-9]|1[0-2]){0}(?:0[1-9]|[12][0-9]|3[01])"
_PERSONAL = re.compile(
    "|".join(
        (
            # A birthday's year, not this one's: what a PG says of days is of its own.
            r"(?<![0-9])(?:19[0-9]{2}|20[01][0-9])[-./년 ]{0,2}[01]?[0-9][-./월 ]{0,2}[0-3]?[0-9](?![0-9])",
            rf"(?<![0-9])[013-9][0-9]([-./]){_DAY.format(chr(92) + '1')}(?![0-9])",
            # As PGs want it. An amount says so, or is grouped; a card has stars and its end behind.
            rf"(?<![0-9])(?<![0-9][,.])[013-9][0-9]{_DAY.format('')}(?![0-9]|[*]+[0-9]|[,.][0-9]| ?원)",
            r"(?<=인증번호)[ :(\[]{0,2}[0-9]{3}[- ]?[0-9]{3}(?![0-9])",
        )
    )
)


def without_personal(words: str, known: Iterable[str | None] = ()) -> str:
    """The words with the digits of such numbers hidden; ids in `known` stay whole."""
    ids = sorted({one for one in known if one}, key=len, reverse=True)
    parts = re.split(f"({'|'.join(map(re.escape, ids))})", words) if ids else [words]
    return "".join(part if part in ids else _PERSONAL.sub(_hidden, part) for part in parts)


def _hidden(found: re.Match[str]) -> str:
    return re.sub("[0-9]", "*", found[0])
