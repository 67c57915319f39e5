"""What codes are called: as the gateway told it last, else as this program has it built in.

A process has all names at hand: hundreds, which rows by the thousand are given.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from services.store.sql import fetch, in_dialect, upsert
from services.tables.codes import CodeKind

_FILE = Path(__file__).with_name("built_in.toml")
_OF_ROWS = {
    "bank_code": CodeKind.BANKS,
    "card_code": CodeKind.CARDS,
    "card_issuer_code": CodeKind.CARDS,
    "card_publisher_code": CodeKind.CARDS,
}
"""Fields of V1 that hold a standard code, each with a name beside it. A vbank_code is the PG's own."""
_told: dict[CodeKind, dict[str, str]] = {kind: {} for kind in CodeKind}


def names(kind: CodeKind) -> dict[str, str]:
    """Code -> name of all banks, or of all card companies."""
    return _built_in()[kind] | _told[kind]


def name_of(kind: CodeKind, code: str | None) -> str | None:
    """What a code is called; None where nobody told it."""
    return _told[kind].get(code or "") or _built_in()[kind].get(code or "")


def learn(conn: Connection) -> None:
    """Has this process know what is kept."""
    for kind, code, name in fetch(conn, "SELECT kind, code, name FROM code_name"):
        if kind in _told:
            _told[CodeKind(kind)][code] = name


def keep_codes(conn: Connection, kind: CodeKind, told: Iterable[tuple[str, str]], at: int) -> None:
    """Stores what the gateway told (code, name); what it no longer lists stays."""
    statement = in_dialect(conn, upsert("code_name", ("kind", "code", "name", "read_at"), ("kind", "code")))
    for code, name in told:
        conn.exec_driver_sql(statement, (kind.value, code, name, at))


def nameless(fields: Mapping[str, Any]) -> list[tuple[CodeKind, str]]:
    """Codes of a payment or a billing key (V1's fields) that nobody has told the name of."""
    return [
        (kind, code)
        for field, kind in _OF_ROWS.items()
        if (code := fields.get(field)) and not fields.get(_beside(field)) and name_of(kind, code) is None
    ]


def with_names(fields: Mapping[str, Any]) -> dict[str, str]:
    """The names that a payment or a billing key lacks beside its codes."""
    return {
        _beside(field): name
        for field, kind in _OF_ROWS.items()
        if (code := fields.get(field)) and not fields.get(_beside(field)) and (name := name_of(kind, code))
    }


def _beside(field: str) -> str:
    return f"{field.removesuffix('_code')}_name"


@cache
def _built_in() -> dict[CodeKind, dict[str, str]]:
    found = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {kind: found[kind.value] for kind in CodeKind}
