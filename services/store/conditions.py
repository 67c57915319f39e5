"""A filter as SQL conditions with `?`, for lists, counts and exports alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from services.clock import DAY, day_start
from services.models import Basis
from services.store.filters import PaymentFilter
from services.store.grams import digits, query_grams
from services.store.positions import POSITION_BITS
from services.store.sql import in_dialect, one_of

_OPEN_FIELDS = ("imp_uid", "merchant_uid", "apply_num", "name", "cancel_reason")
_BUYER_FIELDS = ("buyer_name", "buyer_tel", "buyer_email")
_SOME_DIGITS = 3
TIMES = {Basis.STATUS: "status_at", Basis.STARTED: "started_at"}
"""Columns of the times that lists go by, where it is not that of their position."""
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
        parts, values = _verified(conn, chosen)
        found = gram_matches(conn, "payment", "payment_gram", chosen.text).and_(f"({' OR '.join(parts)})", *values)
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


def gram_matches(conn: Connection, table: str, gram: str, text: str) -> Conditions:
    """Rows whose pieces hold the text's; to be looked at once more, for pieces say nothing of their order."""
    needles = [text]
    if is_number(text) and len(digits(text)) >= _SOME_DIGITS:
        needles.append(digits(text))
    grams = [query_grams(needle) for needle in dict.fromkeys(needles)]
    if conn.dialect.name == "sqlite":
        match = " OR ".join("(" + " AND ".join(map(_quoted, group)) + ")" for group in grams)
        source = f"{gram} g CROSS JOIN {table} p ON p.position = g.rowid"
        return Conditions(source, (f"{gram} MATCH ?",), (match,))
    either = " OR ".join("g.grams @> ?::text[]" for _ in grams)
    return Conditions(f"{gram} g JOIN {table} p ON p.position = g.position", (f"({either})",), tuple(grams))


def contains(conn: Connection, columns: Sequence[str], text: str) -> tuple[str, list[Any]]:
    """A condition that one of the columns holds the text, and its values."""
    like = _like(conn)
    part = "(" + " OR ".join(f"{column} {like}" for column in columns) + ")"
    return part, [f"%{_literal(text)}%"] * len(columns)


def _like(conn: Connection) -> str:
    return "LIKE ? ESCAPE '\\'" if conn.dialect.name == "sqlite" else "ILIKE ? ESCAPE '\\'"


def phone_or_card(conn: Connection, text: str, *, card: bool) -> tuple[list[str], list[Any]]:
    """Conditions that a number is part of the buyer's phone, or the last four digits of the card, and their values."""
    number, like = digits(text), _like(conn)
    parts, values = [f"replace(replace(replace(p.buyer_tel, '-', ''), ' ', ''), '.', '') {like}"], [f"%{number}%"]
    if card and len(number) == 4:
        parts.append(f"p.card_number {like}")
        values.append(f"%{number}")
    return parts, values


def same_amount(text: str) -> int:
    """The amount that a number stands for; one that nothing has where it is too long to be one."""
    number = digits(text)
    return int(number) if len(number) < 16 else -1


def _verified(conn: Connection, chosen: PaymentFilter) -> tuple[list[str], list[Any]]:
    fields = _OPEN_FIELDS + (_BUYER_FIELDS if chosen.search_buyers else ())
    part, values = contains(conn, [f"p.{field}" for field in fields], chosen.text)
    reason, more = contains(conn, ["r.reason"], chosen.text)
    parts = [part, f"EXISTS (SELECT 1 FROM cancellation r WHERE r.imp_uid = p.imp_uid AND {reason})"]
    values += more
    if is_number(chosen.text):
        parts.append("p.amount = ?")
        values.append(same_amount(chosen.text))
        if chosen.search_buyers:
            some, more = phone_or_card(conn, chosen.text, card=True)
            parts += some
            values += more
    return parts, values


def is_number(text: str) -> bool:
    """Whether a text is a number as people write it, spaces and all."""
    return bool(digits(text)) and all(char.isdecimal() or char in "-,. 원₩" for char in text)


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _quoted(gram: str) -> str:
    return '"' + gram.replace('"', '""') + '"'
