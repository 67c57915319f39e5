"""The tables that hold rows of their own: not the search index, which is made anew from them."""

import sqlite3


def plain_tables(copy: sqlite3.Connection) -> list[str]:
    """Their names, of a store in a SQLite file."""
    found = copy.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name")
    return [name for (name,) in found if not name.startswith("sqlite_")]


def columns_of(copy: sqlite3.Connection, table: str) -> list[str]:
    """The names of a table's columns."""
    return [name for (name,) in copy.execute("SELECT name FROM pragma_table_info(?) ORDER BY cid", (table,))]


def rows_of(copy: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {name: copy.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in plain_tables(copy)}
