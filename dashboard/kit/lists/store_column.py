"""The column of a list that says which of the merchant's stores a row is of."""

from collections.abc import Callable, Mapping
from typing import Any

from dashboard.kit.lists.columns import Column
from dashboard.words import labels
from dashboard.words.names.stores import store_name


def store_column(names: Mapping[str, str], of: Callable[[Any], str] = lambda row: str(row.tier)) -> list[Column[Any]]:
    """It, `of` telling the code of a row's store; none where the merchant has no sub-stores."""
    return [Column("tier", labels.field("tier"), lambda row: store_name(of(row), names))] if names else []
