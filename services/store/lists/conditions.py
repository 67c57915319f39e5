"""A filter as SQL conditions with `?`, for lists, counts and exports alike."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from services.clock import DAY, day_start
from services.store.fold import CARD, LAST_FOUR, digits, folded
from services.store.grams import FIELD_ENDS, query_grams
from services.store.lists.filters import Live, PaymentFilter
from services.store.positions import POSITION_BITS
from services.store.search.words import Word, word_of, words_of
from services.store.sql import fetch, one_of
from services.tables.v1 import Basis

_CARD_ENDS = "p.card_number LIKE ?"
TIMES = {Basis.STATUS: "status_at", Basis.STARTED: "started_at"}
"""Columns of the times that lists go by, where it is not that of their position."""
_AMOUNT_DIGITS = 16
EXACT = {
    "imp_uid": "p.imp_uid = ?",
    "merchant_uid": "p.merchant_uid = ?",
    "pg_tid": "p.imp_uid IN "
    "(SELECT imp_uid FROM payment WHERE pg_tid = ? UNION SELECT imp_uid FROM cancellation WHERE pg_tid = ?)",
}
"""A payment by its own id, its order's, and the PG's of it or of one of its refunds."""
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


def row_conditions(conn: Connection, chosen: PaymentFilter, *, ends: bool = False) -> Conditions:
    """Everything but the facets; `ends`: of a number only where something ends in it.

    Raises InvalidFilter for a filter without sense.
    """
    chosen.require_sense()
    buyers = chosen.search_buyers
    found = of_text(conn, "payment", "payment_gram", chosen.text, buyers=buyers, amount=True, card=True, ends=ends)
    found = _days(conn, found, chosen)
    if chosen.amount_from is not None:
        found = found.and_("p.amount >= ?", min(chosen.amount_from, _MOST))
    if chosen.amount_to is not None:
        found = found.and_("p.amount <= ?", min(chosen.amount_to, _MOST))
    if chosen.customer_uid is not None:
        found = found.and_("p.customer_uid = ?", chosen.customer_uid)
    return found


def exact_fields(text: str) -> tuple[str, ...]:
    """Where a whole text is looked for as an id, one after the other until it is found: each look-up counts."""
    if not text:
        return ()
    ids = ("imp_uid", "merchant_uid") if text.startswith("imp") else ("merchant_uid", "imp_uid")
    return (*ids, "pg_tid")


def exact_id(conn: Connection, text: str) -> Conditions | None:
    """The payments of which an id is this text, by the first field that has it; None where none has."""
    for field in exact_fields(text):
        condition = EXACT[field]
        found = Conditions("payment p", (condition,), (text,) * condition.count("?"))
        if fetch(conn, f"SELECT 1 FROM payment p WHERE {condition} LIMIT 1", found.values):
            return found
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


def part_of(conn: Connection, facets: str, counted: str, wanted: Collection[int]) -> tuple[float, bool]:
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


def of_text(
    conn: Connection,
    table: str,
    gram: str,
    text: str,
    *,
    buyers: bool,
    amount: bool = False,
    card: bool = False,
    ends: bool = False,
) -> Conditions:
    """A list's rows, where a text is looked for those that hold it; `ends`: of a number where something ends in it."""
    if not text:
        return Conditions(f"{table} p", (), ())
    if ends:
        return ends_match(conn, table, gram, text, buyers=buyers, card=card)
    return text_matches(conn, table, gram, text, buyers=buyers, amount=amount, card=card)


def text_matches(
    conn: Connection, table: str, gram: str, text: str, *, buyers: bool, amount: bool = False, card: bool = False
) -> Conditions:
    """Rows that hold a text, or each of its words, however it is written: the index has the pieces, `x` their order.

    A number is looked for among phones, and where asked for as an amount and as the end of a card too; a card
    company's name beside other words means its cards.
    """
    ways = [(word_of(text),), *filter(None, (words_of(text),))]
    companies = card_companies(conn) if card and len(ways) > 1 else {}
    found = _pieces_of(conn, table, gram, [_with_pieces(way, companies) for way in ways])
    parts, values = [], []
    for way in ways:
        held = [_held(conn, word, companies if len(way) > 1 else {}, buyers, amount, card) for word in way]
        parts.append(f"({' AND '.join(part for part, _bound in held)})")
        values += [value for _part, bound in held for value in bound]
    return found.and_(f"({' OR '.join(parts)})", *values)


def ends_match(conn: Connection, table: str, gram: str, text: str, *, buyers: bool, card: bool = False) -> Conditions:
    """Rows of which a phone, an order number, another id or a card ends in a number of four digits or more."""
    number = digits(text)
    ends = [[*query_grams(number), number[-2:] + after] for after in FIELD_ENDS]
    found = _pieces_of(conn, table, gram, [[ends]])
    part = _contains(conn)
    names = ("x.everybody", "x.buyers") if buyers else ("x.everybody",)
    parts = [part.format(f"({name} || ?)") for name in names]
    values: list[Any] = ["\n", f"{number}\n"] * len(names)
    if buyers and card and len(number) == LAST_FOUR:
        parts.append(_CARD_ENDS)
        values.append(f"%{number}")
    return found.and_(f"({' OR '.join(parts)})", *values)


def card_companies(conn: Connection) -> dict[str, list[str]]:
    """The card companies that occur, by their folded names, with and without the word for card."""
    named: dict[str, list[str]] = {}
    for (name,) in fetch(conn, "SELECT DISTINCT card_name FROM facet WHERE card_name <> ''"):
        for form in {folded(name), folded(name).removesuffix(CARD)}:
            named.setdefault(form, []).append(name)
    return named


def _with_pieces(way: Sequence[Word], companies: Mapping[str, list[str]]) -> list[list[list[str]]]:
    """The pieces that every match of a way has: of all words but a card company's, which is in no text."""
    others = [word for word in way if word.needles[0] not in companies]
    return [word.grams for word in others or way]


def _held(
    conn: Connection, word: Word, companies: Mapping[str, list[str]], buyers: bool, amount: bool, card: bool
) -> tuple[str, list[Any]]:
    """What holds of a row that has a word, and the values."""
    part = _contains(conn)
    parts, values = [part.format("x.everybody")], [word.needles[0]]
    if buyers:
        parts += [part.format("x.buyers")] * len(word.needles)
        values += word.needles
    more: list[tuple[str, Any]] = []
    if word.number and amount:
        more.append(("p.amount = ?", _same_amount(word.number)))
    if buyers and card and len(word.number) == LAST_FOUR:
        more.append((_CARD_ENDS, f"%{word.number}"))
    if names := companies.get(word.needles[0]):
        more.append(one_of(conn, "p.card_name", names))
    parts += [part for part, _value in more]
    return f"({' OR '.join(parts)})", [*values, *(value for _part, value in more)]


def _contains(conn: Connection) -> str:
    return "instr({}, ?) > 0" if conn.dialect.name == "sqlite" else "strpos({}, ?) > 0"


def _pieces_of(conn: Connection, table: str, gram: str, ways: Sequence[Sequence[list[list[str]]]]) -> Conditions:
    """Rows with the pieces of any way: of each of its words those of one form."""
    lite = conn.dialect.name == "sqlite"

    def form(pieces: list[str]) -> str:
        return "(" + " AND ".join(map(_quoted, pieces)) + ")" if lite else "g.grams @> ?::text[]"

    either = " OR ".join(
        "(" + " AND ".join("(" + " OR ".join(map(form, word)) + ")" for word in way) + ")" for way in ways
    )
    if lite:
        source = (
            f"{gram} g CROSS JOIN {gram}_text x ON x.position = g.rowid CROSS JOIN {table} p ON p.position = g.rowid"
        )
        return Conditions(source, (f"{gram} MATCH ?",), (either,))
    source = f"{gram} g JOIN {gram}_text x ON x.position = g.position JOIN {table} p ON p.position = g.position"
    return Conditions(source, (f"({either})",), tuple(pieces for way in ways for word in way for pieces in word))


def contains(conn: Connection, columns: Sequence[str], text: str) -> tuple[str, list[Any]]:
    """A condition that one of the columns holds the text, and its values."""
    like = _like(conn)
    part = "(" + " OR ".join(f"{column} {like}" for column in columns) + ")"
    return part, [f"%{_literal(text)}%"] * len(columns)


def _like(conn: Connection) -> str:
    return "LIKE ? ESCAPE '\\'" if conn.dialect.name == "sqlite" else "ILIKE ? ESCAPE '\\'"


def _same_amount(number: str) -> int:
    """The amount that digits stand for; one that nothing has where they are too many to be one."""
    return int(number) if len(number) < _AMOUNT_DIGITS else -1


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _quoted(gram: str) -> str:
    return '"' + gram.replace('"', '""') + '"'
