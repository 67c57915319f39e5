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
        found = _text(conn, chosen)
    found = _days(found, chosen)
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


def _days(found: Conditions, chosen: PaymentFilter) -> Conditions:
    column, scale = ("p.started_at", 0) if chosen.basis == Basis.STARTED else ("p.position", POSITION_BITS)
    if chosen.basis != Basis.STARTED and chosen.text and found.source.startswith("payment_gram g"):
        column = "g.rowid" if "MATCH" in found.where else "g.position"
    if chosen.from_day is not None:
        found = found.and_(f"{column} >= ?", day_start(chosen.from_day) << scale)
    if chosen.to_day is not None:
        found = found.and_(f"{column} < ?", (day_start(chosen.to_day) + DAY) << scale)
    return found


def _text(conn: Connection, chosen: PaymentFilter) -> Conditions:
    """Rows whose pieces hold the text's, looked at once more: pieces say nothing of their order."""
    needles = [chosen.text]
    if _is_number(chosen.text) and len(digits(chosen.text)) >= _SOME_DIGITS:
        needles.append(digits(chosen.text))
    grams = [query_grams(needle) for needle in dict.fromkeys(needles)]
    if conn.dialect.name == "sqlite":
        match = " OR ".join("(" + " AND ".join(map(_quoted, group)) + ")" for group in grams)
        found = Conditions(
            "payment_gram g CROSS JOIN payment p ON p.position = g.rowid", ("payment_gram MATCH ?",), (match,)
        )
    else:
        either = " OR ".join("g.grams @> ?::text[]" for _ in grams)
        source = "payment_gram g JOIN payment p ON p.position = g.position"
        found = Conditions(source, (f"({either})",), tuple(grams))
    parts, values = _verified(conn, chosen)
    return found.and_("(" + " OR ".join(parts) + ")", *values)


def contains(conn: Connection, columns: Sequence[str], text: str) -> tuple[str, list[Any]]:
    """A condition that one of the columns holds the text, and its values."""
    like = _like(conn)
    part = "(" + " OR ".join(f"{column} {like}" for column in columns) + ")"
    return part, [f"%{_literal(text)}%"] * len(columns)


def _like(conn: Connection) -> str:
    return "LIKE ? ESCAPE '\\'" if conn.dialect.name == "sqlite" else "ILIKE ? ESCAPE '\\'"


def _verified(conn: Connection, chosen: PaymentFilter) -> tuple[list[str], list[Any]]:
    like = _like(conn)
    fields = _OPEN_FIELDS + (_BUYER_FIELDS if chosen.search_buyers else ())
    part, values = contains(conn, [f"p.{field}" for field in fields], chosen.text)
    reason, more = contains(conn, ["r.reason"], chosen.text)
    parts = [part, f"EXISTS (SELECT 1 FROM cancellation r WHERE r.imp_uid = p.imp_uid AND {reason})"]
    values += more
    if _is_number(chosen.text):
        number = digits(chosen.text)
        parts.append("p.amount = ?")
        values.append(int(number) if len(number) < 16 else -1)
        if chosen.search_buyers:
            bare = "replace(replace(replace(p.buyer_tel, '-', ''), ' ', ''), '.', '')"
            parts += [f"{bare} {like}", f"p.card_number {like}"]
            values += [f"%{number}%", f"%{number}" if len(number) == 4 else ""]
    return parts, values


def _is_number(text: str) -> bool:
    return bool(digits(text)) and all(char.isdecimal() or char in "-,. 원₩" for char in text)


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _quoted(gram: str) -> str:
    return '"' + gram.replace('"', '""') + '"'
