"""For tests of backups: what stands in a store, table by table."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, inspect

from services.store.engine import reading

_OWN = {"payment_gram", "key_gram", "schedule_gram", "mark", "person_session", "person_token", "alembic_version"}
"""The search index, whose form is the database's, and what being put back changes by itself."""


def all_rows(engine: Engine) -> Mapping[str, list[tuple[Any, ...]]]:
    """Every row of every table that is the same on both databases, in one order; a boolean is a number."""
    with reading(engine) as conn:
        names = [name for name in inspect(conn).get_table_names() if not name.startswith(tuple(_SHADOWS)) or
                 name.endswith("_text")]  # fmt: skip
        found = {}
        for name in sorted({*names} - _OWN):
            columns = sorted(one["name"] for one in inspect(conn).get_columns(name))
            rows = conn.exec_driver_sql(f"SELECT {', '.join(columns)} FROM {name}").fetchall()
            plain = [tuple(int(value) if isinstance(value, bool) else value for value in row) for row in rows]
            found[name] = sorted(plain, key=repr)
    return found


_SHADOWS = ("payment_gram", "key_gram", "schedule_gram")
