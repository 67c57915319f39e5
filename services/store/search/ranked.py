"""The rows of a text with the likeliest first: as many as can be ranked at once, in pages by their places."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from services.store.fold import LAST_FOUR
from services.store.lists.keyset import Page, Row
from services.store.search.hits import Hits
from services.store.search.words import word_of

MOST = 500
"""Rows that are ranked; of a number that more rows hold, those of which something ends in it."""
_PLACE = re.compile("#([0-9]{1,4})")
"""A cursor of such a page, which no other list's looks like."""


def ranked_page(
    text: str,
    cursor: str | None,
    limit: int,
    read: Callable[[bool, int], Sequence[Any]],
    row: Callable[[Any], tuple[Hits, Row]],
) -> Page[Row] | None:
    """A page of the rows that hold a text; None where they are too many: then the list goes by its own order.

    `read` gives the newest rows, so many at most, of all or of those that end in the number; `row` says of each where
    the text is.
    """
    found = read(False, MOST + 1)
    only_ends = len(found) > MOST
    if only_ends:
        found = read(True, MOST) if len(word_of(text).number) >= LAST_FOUR else ()
        if not found:
            return None
    ranked = sorted(map(row, found), key=lambda one: one[0].rank)
    place = int(told[1]) if cursor and (told := _PLACE.fullmatch(cursor)) else 0
    return Page(
        tuple(one for _hits, one in ranked[place : place + limit]),
        newer=f"#{max(place - limit, 0)}" if place else None,
        older=f"#{place + limit}" if len(ranked) > place + limit else None,
        ranked=True,
        only_ends=only_ends,
    )


def is_place(cursor: str | None) -> bool:
    """Whether a cursor is one of such a page."""
    return bool(cursor and _PLACE.fullmatch(cursor))
