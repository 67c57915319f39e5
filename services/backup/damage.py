"""How a SQLite database that is damaged shows itself."""

import sqlite3

_KINDS = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_PRIMARY = 0xFF
"""The bits of an error code that say the kind."""


def is_damage(error: Exception) -> bool:
    """Whether SQLite, or SQLAlchemy of it, says that a database is not whole, or none at all."""
    found = getattr(error, "orig", error)
    return getattr(found, "sqlite_errorcode", 0) & _PRIMARY in _KINDS
