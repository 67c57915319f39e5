"""Indexes of a part of a table's rows, said once for both databases."""

from typing import Any

from sqlalchemy import TextClause, text


def where(condition: TextClause | str) -> dict[str, Any]:
    """Arguments of an Index that holds the rows of this condition, in SQL."""
    told = text(condition) if isinstance(condition, str) else condition
    return {"sqlite_where": told, "postgresql_where": told}


def where_known(column: str) -> dict[str, Any]:
    """Arguments of an Index that holds the rows in which this column is not null."""
    return where(f"{column} IS NOT NULL")
