"""How each value becomes its cell in SQL, for either database."""

from collections.abc import Sequence

from sqlalchemy import Connection

from services.clock import SEOUL_OFFSET
from services.exports.columns import Column, Shape
from services.exports.guard import CONTROLS, SIGNS, STARTS, VISIBLE, WHITE
from services.money import PLACES
from services.personal import PATTERNS

_SIGNS = ", ".join(f"'{sign}'" for sign in SIGNS)
_STARTS = ", ".join(f"'{sign}'" for sign in STARTS)


def texts(conn: Connection, columns: Sequence[Column]) -> list[str]:
    """Each column as the text of its cell; amounts and numbers may stay numbers."""
    lite = conn.dialect.name == "sqlite"
    return [_time(column.sql, lite) if column.shape == Shape.TIME else _plain(column, lite) for column in columns]


def raw(conn: Connection, columns: Sequence[Column]) -> list[str]:
    """Each column as a workbook takes it: times are seconds of the epoch, amounts stay in the smallest unit."""
    lite = conn.dialect.name == "sqlite"
    as_kept = (Shape.TIME, Shape.MONEY)
    return [column.sql if column.shape in as_kept else _plain(column, lite) for column in columns]


def packed(columns: Sequence[Column]) -> str:
    """SQLite: a whole row as one JSON array, made in one call; times stay seconds of the epoch. For a CSV file."""
    return f"CAST(json_array({', '.join(_plain(column, True) for column in columns)}) AS BLOB)"


def guarded(conn: Connection, columns: Sequence[Column]) -> list[str]:
    """PostgreSQL: each column as it is written in a CSV file, texts as guarding.py wants them."""
    cells = [
        _guarded(_text(one, False)) if one.shape == Shape.TEXT else cell
        for one, cell in zip(columns, texts(conn, columns), strict=True)
    ]
    # Nothing, alone on its line, would be a blank line, which readers leave out.
    return [f"coalesce({cells[0]}, '')"] if len(cells) == 1 else cells


def _plain(column: Column, lite: bool) -> str:
    name = column.sql
    if column.shape == Shape.MONEY:
        return _money(name, column.currency, lite)
    if column.shape == Shape.FLAG:
        return f"CASE WHEN {name} THEN 'true' ELSE 'false' END"
    return _text(column, lite)


def _text(column: Column, lite: bool) -> str:
    if not column.hidden:
        return column.sql
    if lite:
        return f"CASE WHEN {column.sql} GLOB '*[0-9@＠]*' THEN hide_persons({column.sql}) ELSE {column.sql} END"
    found = column.sql
    for pattern, instead in PATTERNS:
        # A question mark of its own would be taken for a place-holder.
        written = pattern.replace("?", "' || chr(63) || '")
        found = f"regexp_replace({found}, '{written}', '{instead}', 'g')"
    return found


def _money(name: str, currency: str, lite: bool) -> str:
    """An amount in major units, with as many decimal places as its currency has."""
    # Won first, and looked at once: an amount may be an expression of its own.
    cases = [f"WHEN {currency} = 'KRW' THEN {_major(name, 0, lite)}", f"WHEN {name} IS NULL THEN NULL"]
    for places in sorted(set(PLACES.values())):
        codes = ", ".join(f"'{code}'" for code in sorted(PLACES) if PLACES[code] == places)
        cases.append(f"WHEN upper({currency}) IN ({codes}) THEN {_major(name, places, lite)}")
    return f"CASE {' '.join(cases)} ELSE {_major(name, 2, lite)} END"


def _major(name: str, places: int, lite: bool) -> str:
    if not places:
        return name if lite else f"{name}::text"
    unit = 10**places
    if not lite:
        return f"({name} / {unit}.0)::numeric(20, {places})::text"
    sign = f"CASE WHEN {name} < 0 THEN '-' ELSE '' END"
    return f"printf('%s%d.%0{places}d', {sign}, abs({name}) / {unit}, abs({name}) % {unit})"


def _time(name: str, lite: bool) -> str:
    written = (
        f"strftime('%Y-%m-%dT%H:%M:%S+09:00', {name} + {SEOUL_OFFSET}, 'unixepoch')"
        if lite
        else f"to_char(to_timestamp({name}) AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD\"T\"HH24:MI:SS') || '+09:00'"
    )
    return f"CASE WHEN {name} > 0 THEN {written} END"


def _guarded(name: str) -> str:
    shown = f"translate({name}, '{CONTROLS}', '{VISIBLE}')"
    risky = f"substr(ltrim({name}, '{WHITE}'), 1, 1) IN ({_SIGNS}) OR substr({name}, 1, 1) IN ({_STARTS})"
    return f"CASE WHEN {risky} THEN '''' || {shown} ELSE {shown} END"
