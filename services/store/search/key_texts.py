"""A text among rows that belong to billing keys: in what the key is found by, or in texts of the rows' own."""

from collections.abc import Sequence
from dataclasses import Field, replace
from typing import Any, ClassVar, Protocol, TypeVar

from sqlalchemy import Connection

from services.store.lists.conditions import Conditions, text_matches
from services.store.lists.filters import require_sought, require_text
from services.store.search.hits import hits_of
from services.store.search.words import Word, word_of, words_of


class OfKey(Protocol):
    """A row, a dataclass, that says in which fields the text was found; `card_number` is its key's, masked."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def card_number(self) -> str | None: ...
    @property
    def hits(self) -> tuple[str, ...]: ...


Row = TypeVar("Row", bound=OfKey)


def of_keys(
    conn: Connection, found: Conditions, text: str, uid: str, own: Sequence[str], *, buyers: bool
) -> Conditions:
    """Rows whose billing key, in the column `uid`, or one of whose own columns holds a text, or each of its words.

    Without a text all of them. Raises InvalidFilter.
    """
    require_text("text", text)
    if not text:
        return found
    require_sought(text)
    parts, values = [], []
    for way in ((word_of(text),), words_of(text)):
        held = [_held(conn, word, uid, own, buyers) for word in way]
        if held:
            parts.append(" AND ".join(f"({part})" for part, _bound in held))
            values += [value for _part, bound in held for value in bound]
    return found.and_(f"({' OR '.join(parts)})", *values)


def with_hits(rows: list[Row], text: str, names: Sequence[str], *, buyers: bool) -> list[Row]:
    """The rows, each with the fields that hold the text: those of `names`, and its key's."""
    if not text:
        return rows
    return [replace(row, hits=hits_of(row, names, text, buyers=buyers, card=row.card_number).fields) for row in rows]


def _held(conn: Connection, word: Word, uid: str, own: Sequence[str], buyers: bool) -> tuple[str, list[Any]]:
    keys = text_matches(conn, "key_summary", "key_gram", word.text, buyers=buyers, card=True)
    part = "instr({}, ?) > 0" if conn.dialect.name == "sqlite" else "strpos({}, ?) > 0"
    parts = [f"{uid} IN (SELECT p.customer_uid FROM {keys.source} WHERE {keys.where})"]
    # These are no column of the index, and written as they came.
    parts += [part.format(f"replace(replace(lower(coalesce({name}, '')), ' ', ''), '-', '')") for name in own]
    return " OR ".join(parts), [*keys.values, *[word.needles[0]] * len(own)]
