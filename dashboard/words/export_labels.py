"""Headings of an export as the screen writes them: times say KST, amounts say where their currency stands."""

from services.exports.columns import BY_KIND, Column, Shape

from dashboard.words import labels


def labels_of(kind: str) -> dict[str, str]:
    """A heading for each of a kind's columns, by V1's name, in the language of the moment."""
    return {column.name: _heading(column) for column in BY_KIND[kind]}


def _heading(column: Column) -> str:
    words = labels.field(column.name)
    if column.shape == Shape.TIME:
        return f"{words} (KST)"
    return f"{words} ({labels.field('currency')})" if column.shape == Shape.MONEY else words
