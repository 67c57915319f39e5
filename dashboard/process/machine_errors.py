"""What stands behind an error of the database, this machine or the way to the gateway, with the next step.

An error's own words are not repeated but for the gateway's: they may hold a row or a password.
"""

import errno
import sqlite3

import psycopg
from services.errors import JangbuError, NotSent, SettingsError, StoreError, Unauthorized
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from dashboard.process.resources import current_settings

# libpq gives no code where a connection fails, only these words.
_NOBODY_ANSWERS = ("refused", "resolve host", "timeout", "timed out", "No such file", "unreachable", "No route")
_NO_DATABASE = 'database "'


def cause_of(error: Exception) -> JangbuError | None:
    """An error that says what to do; None where nothing is known about it."""
    if isinstance(error, DBAPIError):
        if isinstance(error.orig, sqlite3.Error):
            return _of_sqlite(getattr(error.orig, "sqlite_errorname", ""))
        if isinstance(error.orig, psycopg.OperationalError):
            return _of_postgresql(str(error.orig))
    if isinstance(error, NotSent):
        return _of_gateway(error)
    return _of_machine(error) if isinstance(error, OSError) else None


def _of_gateway(error: NotSent) -> JangbuError | None:
    address = current_settings().imp_api_url
    if isinstance(error, Unauthorized):
        return SettingsError(
            "PortOne at {address} does not take the key: are JANGBU_IMP_KEY and JANGBU_IMP_SECRET, in .env or in the "
            "environment, the REST API key and secret of V1? It says: {message}",
            address=address, message=error.values["message"],
        )  # fmt: skip
    if "kind" in error.values:
        return SettingsError(
            "The gateway cannot be reached at {address} ({kind}): is this machine online, and is JANGBU_IMP_API_URL "
            "right?",
            address=address, kind=error.values["kind"],
        )  # fmt: skip
    return None


def _of_sqlite(name: str) -> StoreError | None:
    path = make_url(current_settings().database_url).database
    kind = "_".join(name.split("_")[:2])
    match kind:
        case "SQLITE_CANTOPEN":
            return StoreError(
                "The database {path} cannot be opened: its folder has to be there, and file and folder have to belong "
                "to the user who starts Jangbu (ls -ld shows the rights).",
                path=path,
            )
        case "SQLITE_READONLY":
            return StoreError(
                "The database {path} cannot be written to: file and folder have to belong to the user who starts "
                "Jangbu (ls -ld shows the rights).",
                path=path,
            )
        case "SQLITE_NOTADB" | "SQLITE_CORRUPT":
            return StoreError(
                "{path} is no whole SQLite database: put a backup in its place, or name another file in "
                "JANGBU_DATABASE_URL.",
                path=path,
            )
        case "SQLITE_BUSY":
            return StoreError("Another program holds the database {path} locked: end it, or try again.", path=path)
        case "SQLITE_FULL":
            return StoreError("The disk of {path} is full: make room, then try again.", path=path)
    return None


def _of_postgresql(words: str) -> StoreError | None:
    url = make_url(current_settings().database_url)
    where = str(url.query.get("host") or f"{url.host or 'localhost'}:{url.port or 5432}")
    if any(one in words for one in _NOBODY_ANSWERS):
        return StoreError(
            "No PostgreSQL answers at {where}: is the server running, and are host and port in JANGBU_DATABASE_URL "
            "right?",
            where=where,
        )
    if _NO_DATABASE in words and "does not exist" in words:
        return StoreError(
            "PostgreSQL at {where} has no database {name}: make it with createdb {name}, then jangbu migrate.",
            where=where, name=url.database,
        )  # fmt: skip
    if words.startswith("connection failed"):
        return StoreError(
            "PostgreSQL at {where} lets {user} not in: are user, password and database in JANGBU_DATABASE_URL right?",
            where=where, user=url.username or "",
        )  # fmt: skip
    return None


def _of_machine(error: OSError) -> JangbuError:
    path = error.filename or ""
    match error.errno:
        case errno.EACCES | errno.EPERM:
            return SettingsError(
                "{path}: the user who starts Jangbu may not read or write there. Change its owner or rights "
                "(ls -ld shows them), or choose another place.",
                path=path,
            )
        case errno.ENOENT:
            return SettingsError("{path} is not there: make the folder, or write the place right.", path=path)
        case errno.EROFS:
            return SettingsError("{path}: nothing can be written to this disk. Choose another place.", path=path)
        case errno.ENOSPC | errno.EDQUOT:
            return SettingsError("The disk is full: make room, then try again.")
        case errno.EISDIR:
            return SettingsError("{path} is a folder: name a file.", path=path)
        case errno.ENOTDIR | errno.EEXIST:
            return SettingsError("{path}: a file stands where a folder is needed. Choose another place.", path=path)
    kind = errno.errorcode.get(error.errno or 0, type(error).__name__)
    return SettingsError("{path} cannot be used ({kind}).", path=path or "–", kind=kind)
