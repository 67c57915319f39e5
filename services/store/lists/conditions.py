"""A filter as SQL conditions with `?`, for lists, counts and exports alike."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from services.clock import DAY, day_start
from services.store.fold import LAST_FOUR, digits, folded, is_number, phone_forms
from services.store.grams import query_grams
from services.store.lists.filters import Live, PaymentFilter
from services.store.positions import POSITION_BITS
from services.store.sql import fetch, in_dialect, one_of
from services.tables.v1 import Basis

_SOME_DIGITS = 3
TIMES = {Basis.STATUS: "status_at", Basis.STARTED: "started_at"}
"""Columns of the times that lists go by, where it is not that of their position."""
_AMOUNT_DIGITS = 16
_IDS = ("imp_uid", "merchant_uid")
_MOST = (1 << 63) - 1
"""No column holds more; SQLite's driver refuses to bind it."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """FROM (payment is `p`), what holds of its rows, and the values bound, in order."""

    source: str
    parts: tuple[str, ...]
    values: tuple[Any, ...]

    @property
    def where(self) -> str:
        return " AND ".join(self.parts) or "1 = 1"

    def and_(self, part: str, *values: Any) -> "Conditions":
        return Conditions(self.source, (*self.parts, part), (*self.values, *values))


def row_conditions(conn: Connection, chosen: PaymentFilter) -> Conditions:
    """Everything but the facets. Raises InvalidFilter for a filter without sense."""
    chosen.require_sense()
    found = Conditions("payment p", (), ())
    if chosen.text:
        found = text_matches(
            conn, "payment", "payment_gram", chosen.text, buyers=chosen.search_buyers, amount=True, card=True
        )
    found = _days(conn, found, chosen)
    if chosen.amount_from is not None:
        found = found.and_("p.amount >= ?", min(chosen.amount_from, _MOST))
    if chosen.amount_to is not None:
        found = found.and_("p.amount <= ?", min(chosen.amount_to, _MOST))
    if chosen.customer_uid is not None:
        found = found.and_("p.customer_uid = ?", chosen.customer_uid)
    return found


def exact_id(conn: Connection, text: str) -> Conditions | None:
    """The payments whose imp_uid, or else merchant_uid, is this text; None where nothing is called so."""
    for column in _IDS if text else ():
        sql = in_dialect(conn, f"SELECT 1 FROM payment p WHERE p.{column} = ? LIMIT 1")
        if conn.exec_driver_sql(sql, (text,)).fetchone():
            return Conditions("payment p", (f"p.{column} = ?",), (text,))
    return None


def with_facets(conn: Connection, found: Conditions, facet_ids: list[int]) -> Conditions:
    """Rows of these facets only, each looked at."""
    condition, bound = one_of(conn, "p.facet_id", facet_ids)
    return found.and_(condition, bound)


def facet_parts(
    conn: Connection, codes: Mapping[str, Collection[str]], live: Live, currency: str | None = None, *, prefix: str = ""
) -> tuple[list[str], list[Any]]:
    """What holds of a filter's facets, and its values: sets of codes by column, live or test rows, one currency."""
    parts, values = ["1 = 1"], []
    for column, wanted in codes.items():
        if wanted:
            condition, bound = one_of(conn, f"{prefix}{column}", sorted(wanted))
            parts.append(condition)
            values.append(bound)
    if live != Live.ALL:
        parts.append(f"{'' if live == Live.TEST else 'NOT '}{prefix}sandbox")
    if currency is not None:
        parts.append(f"{prefix}currency = ?")
        values.append(currency)
    return parts, values


def part_of(conn: Connection, facets: str, counted: str, wanted: Sequence[int]) -> tuple[float, bool]:
    """The share of all rows in the facets that a filter wants, by their counts, and whether there are no others."""
    n, rows = fetch(conn, f"SELECT count(*), coalesce(sum({counted}), 0) FROM {facets} WHERE {counted} > 0")[0]
    return float(sum(wanted) / max(rows, 1)), len(wanted) == n


def position_column(conn: Connection, text: str) -> str:
    """The column of a list's order: the search index's own where a text is looked for, which has its rows in order."""
    if not text:
        return "p.position"
    return "g.rowid" if conn.dialect.name == "sqlite" else "g.position"


def in_days(found: Conditions, column: str, scale: int, from_day: int | None, to_day: int | None) -> Conditions:
    """Rows of these Seoul days, by a column that has the UNIX time `scale` bits up."""
    if from_day is not None:
        found = found.and_(f"{column} >= ?", day_start(from_day) << scale)
    if to_day is not None:
        found = found.and_(f"{column} < ?", (day_start(to_day) + DAY) << scale)
    return found


def _days(conn: Connection, found: Conditions, chosen: PaymentFilter) -> Conditions:
    if chosen.basis in TIMES:
        return in_days(found, f"p.{TIMES[chosen.basis]}", 0, chosen.from_day, chosen.to_day)
    column = position_column(conn, chosen.text)
    return in_days(found, column, POSITION_BITS, chosen.from_day, chosen.to_day)


def text_matches(
    conn: Connection, table: str, gram: str, text: str, *, buyers: bool, amount: bool = False, card: bool = False
) -> Conditions:
    """Rows that hold a text, however it is written: the index has its pieces, the texts beside it their order.

    A number is looked for among phones, and where asked for as an amount and as the end of a card too.
    """
    number = is_number(text)
    forms = [one for one in phone_forms(text) if len(one) >= _SOME_DIGITS] if number else []
    needles = list(dict.fromkeys((folded(text), *forms)))
    found = _pieces_of(conn, table, gram, [query_grams(needle) for needle in needles])
    part = "instr({}, ?) > 0" if conn.dialect.name == "sqlite" else "strpos({}, ?) > 0"
    parts, values = [part.format("x.everybody")], [needles[0]]
    if buyers:
        parts += [part.format("x.buyers")] * len(needles)
        values += needles
    more: list[tuple[str, Any]] = []
    if number and amount:
        more.append(("p.amount = ?", _same_amount(text)))
    if number and buyers and card and len(digits(text)) == LAST_FOUR:
        more.append(("p.card_number LIKE ?", f"%{digits(text)}"))
    parts += [part for part, _value in more]
    return found.and_(f"({' OR '.join(parts)})", *values, *(value for _part, value in more))


def _pieces_of(conn: Connection, table: str, gram: str, grams: list[list[str]]) -> Conditions:
    if conn.dialect.name == "sqlite":
        match = " OR ".join("(" + " AND ".join(map(_quoted, group)) + ")" for group in grams)
        source = (
            f"{gram} g CROSS JOIN {gram}_text x ON x.position = g.rowid CROSS JOIN {table} p ON p.position = g.rowid"
        )
        return Conditions(source, (f"{gram} MATCH ?",), (match,))
    either = " OR ".join("g.grams @> ?::text[]" for _ in grams)
    source = f"{gram} g JOIN {gram}_text x ON x.position = g.position JOIN {table} p ON p.position = g.position"
    return Conditions(source, (f"({either})",), tuple(grams))


def contains(conn: Connection, columns: Sequence[str], text: str) -> tuple[str, list[Any]]:
    """A condition that one of the columns holds the text, and its values."""
    like = _like(conn)
    part = "(" + " OR ".join(f"{column} {like}" for column in columns) + ")"
    return part, [f"%{_literal(text)}%"] * len(columns)


def _like(conn: Connection) -> str:
    return "LIKE ? ESCAPE '\\'" if conn.dialect.name == "sqlite" else "ILIKE ? ESCAPE '\\'"


def _same_amount(text: str) -> int:
    """The amount that a number stands for; one that nothing has where it is too long to be one."""
    number = digits(text)
    return int(number) if len(number) < _AMOUNT_DIGITS else -1


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _quoted(gram: str) -> str:
    return '"' + gram.replace('"', '""') + '"'
