"""Entries in a chain, each hashing the one before it; the head, kept apart, tells when the last ones are missing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from services.store.sql import in_dialect, upsert

_NONE: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Link:
    """An entry by its number and its hash; 0 stands before the first one."""

    number: int = 0
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many entries the chain has, and the number of the first that is not as it was written; None if all are."""

    entries: int
    broken_at: int | None


@dataclass(frozen=True, slots=True)
class HashChain:
    """A table of entries: their number, what they tell, the hash of the one before, their own; `mark` is the head's."""

    table: str
    told: Sequence[str]
    mark: str

    def append(self, conn: Connection, entries: Sequence[tuple[Any, ...]], at: int) -> None:
        """Adds entries inside a writing transaction, of which there is one at a time, in two statements."""
        last, rows = self.head(conn), []
        for number, told in enumerate(entries, start=last.number + 1):
            entry = (number, *told, last.hash)
            last = Link(number, digest_of(entry))
            rows.append((*entry, last.hash))
        if rows:
            marks = ", ".join("?" for _ in rows[0])
            sql = f"INSERT INTO {self.table} ({self._columns}) VALUES ({marks})"
            conn.exec_driver_sql(in_dialect(conn, sql), rows)
            head = in_dialect(conn, upsert("mark", ("name", "value", "at"), ("name",)))
            conn.exec_driver_sql(head, (self.mark, f"{last.number} {last.hash}", at))

    def verify(self, conn: Connection, begun: Link = Link(), known: Mapping[int, str] = _NONE) -> Verdict:
        """Walks it from behind `begun` to its head; entries that are `known` by number and hash have to be there."""
        number, previous, entries = begun.number, begun.hash, 0
        sql = f"SELECT {self._columns} FROM {self.table} ORDER BY id"
        for row in conn.execution_options(yield_per=1000).exec_driver_sql(sql):
            entry = tuple(row)
            number, entries = number + 1, entries + 1
            strange = entry[0] != number or entry[-2] != previous or entry[-1] != digest_of(entry[:-1])
            if strange or known.get(number, entry[-1]) != entry[-1]:
                return Verdict(entries, min(number, entry[0]))
            previous = entry[-1]
        whole = self._kept(conn) == Link(number, previous) and max(known, default=0) <= number
        return Verdict(entries, None if whole else number + 1)

    def head(self, conn: Connection) -> Link:
        """What the next entry goes on from: the last one known of; where the mark was lost, the last there is."""
        found = conn.exec_driver_sql(f"SELECT id, hash FROM {self.table} ORDER BY id DESC LIMIT 1").fetchone()
        last, kept = Link(*found) if found else Link(), self._kept(conn)
        return last if last.number > kept.number else kept

    def _kept(self, conn: Connection) -> Link:
        sql = in_dialect(conn, "SELECT value FROM mark WHERE name = ?")
        found = conn.exec_driver_sql(sql, (self.mark,)).fetchone()
        number, _space, digest = found[0].partition(" ") if found else ("0", "", "")
        return Link(int(number), digest)

    @property
    def _columns(self) -> str:
        return ", ".join(("id", *self.told, "previous", "hash"))


def digest_of(entry: tuple[Any, ...]) -> str:
    """The hash of an entry with that of the one before it."""
    return sha256(json.dumps(entry, ensure_ascii=False).encode()).hexdigest()
