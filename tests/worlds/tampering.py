"""Whoever writes into the database past Jangbu: a chain after that, undone again."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text


@contextmanager
def tampered(engine: Engine, *statements: str) -> Iterator[Connection]:
    """The chain after these statements, each of which changes something."""
    with engine.connect() as conn, conn.begin() as transaction:
        for statement in statements:
            assert conn.execute(text(statement)).rowcount > 0, statement
        yield conn
        transaction.rollback()
