"""A list read page by page: `read` gives the first page, and with a cursor the one beside it."""

from collections.abc import Callable
from typing import TypeVar

from services.store.lists.keyset import Page

Row = TypeVar("Row")


def onwards(read: Callable[..., Page[Row]], turn: str = "before") -> list[Row]:
    """The rows of every page, one after another; `turn` is what the list calls the cursor."""
    page = read()
    rows = list(page.rows)
    while page.older:
        page = read(**{turn: page.older})
        rows += page.rows
    return rows


def there_and_back(read: Callable[..., Page[Row]]) -> list[Row]:
    """The rows of every page, one after another; the way back shows the same and ends at the same first page."""
    first = page = read()
    assert first.newer is None
    rows = list(page.rows)
    while page.older:
        page = read(before=page.older)
        rows += page.rows
    back = list(page.rows)
    while page.newer:
        page = read(after=page.newer)
        back = [*page.rows, *back]
    assert back == rows
    assert page == first or not rows
    return rows
