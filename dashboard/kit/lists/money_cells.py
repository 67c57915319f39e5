"""Columns of amounts: Streamlit's own sorting puts them in order by currency, then by amount."""

from collections.abc import Sequence
from typing import Any

import streamlit as st
from services.money import exponent, to_major

from dashboard.kit.lists.tables import text_width
from dashboard.words import formats

Money = tuple[int | None, str]
"""An amount in the smallest unit and its currency; None is an empty cell."""
_PADDING = 24
_HEADING = 86
"""Pixels that a heading may take: a longer one is cut."""
_SPACE = "\u2007"
"""As wide as a digit; a browser's collation has every space before every sign and digit."""


def money_cells(column: Sequence[Money], *, paged: bool = False) -> list[Any]:
    """Numbers where the column has one currency; else texts.

    Those are as long as the longest of their currency, for they are compared sign by sign from the left: won, which
    have no code, then code by code, in each the smallest. A list with pages is put in order by its statement instead.
    """
    if len(_currencies(column)) <= 1:
        return [None if amount is None else _major(amount, currency) for amount, currency in column]
    texts = [None if amount is None else formats.money(amount, currency) for amount, currency in column]
    if paged:
        return texts
    longest: dict[str, int] = {}
    for text, (_amount, currency) in zip(texts, column, strict=True):
        longest[currency] = max(longest.get(currency, 0), len(text or ""))
    return [text and _padded(text, longest[currency]) for text, (_, currency) in zip(texts, column, strict=True)]


def money_column(label: str | None, column: Sequence[Money], *, signed: bool = False) -> Any:
    """How these cells are shown: without a label under the column's name, `signed` differences with their plus."""
    known = _currencies(column)
    cells = (text_width(formats.money(amount, currency)) for amount, currency in column if amount is not None)
    width = _PADDING + max((min(text_width(label or ""), _HEADING), *cells))
    if len(known) > 1:
        return st.column_config.TextColumn(label, alignment="right", width=width)
    form = formats.money_column_format(next(iter(known), "KRW"))
    form = form.replace("%", "%+") if signed else form
    return st.column_config.NumberColumn(label, format=form, width=width)


def _currencies(column: Sequence[Money]) -> set[str]:
    return {currency for amount, currency in column if amount is not None}


def _major(amount: int, currency: str) -> float | int:
    return amount if exponent(currency) == 0 else float(to_major(amount, currency))


def _padded(text: str, length: int) -> str:
    code, space, number = text.rpartition(" ")
    return f"{code}{space}{_SPACE * (length - len(text))}{number}"
