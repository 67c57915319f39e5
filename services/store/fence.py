"""The number that a loop's every write carries: the database refuses it once another process holds the loops."""

from sqlalchemy import Connection, Engine

from services.errors import Superseded
from services.store.sql import fetch, in_dialect

_NUMBER = "lease"


def fenced(engine: Engine, number: int) -> Engine:
    """The same store for whoever holds the loops under this number; nothing is written with it once that is over."""
    return engine.execution_options(**{_NUMBER: number})


def unfenced(engine: Engine) -> Engine:
    """The same store for what is written whoever holds the loops by now: the answer to a call that was made."""
    return engine.execution_options(**{_NUMBER: None})


def number_of(engine: Engine) -> int | None:
    """The number that the writes of this store carry; None where nobody asks for one."""
    found = engine.get_execution_options().get(_NUMBER)
    return None if found is None else int(found)


def require_own(conn: Connection) -> None:
    """Holds the number until the end of this transaction. Raises Superseded where another one is in force."""
    number = conn.get_execution_options().get(_NUMBER)
    if number is None:
        return
    # PostgreSQL: whoever takes over waits for this write, or this one finds its number gone.
    lock = " FOR KEY SHARE" if conn.dialect.name == "postgresql" else ""
    sql = in_dialect(conn, f"SELECT 1 FROM loop_lease WHERE number = ?{lock}")
    if not conn.exec_driver_sql(sql, (number,)).first():
        raise Superseded("Another process of Jangbu has taken over, so this one wrote nothing and sends nothing.")


def stands(conn: Connection) -> bool:
    """Whether the number of this store, where it has one, is in force at this moment."""
    number = conn.get_execution_options().get(_NUMBER)
    return number is None or bool(fetch(conn, "SELECT 1 FROM loop_lease WHERE number = ?", (number,)))
