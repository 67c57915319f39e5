"""Rows kept as the JSON they are answered with, cut by window and status in several orders without sorting again."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

Row = dict[str, Any]
Numbers = NDArray[np.int64]
UPDATED = "updated"

encode = msgspec.json.Encoder(decimal_format="number").encode
_decode = msgspec.json.Decoder(float_hook=Decimal).decode
_SLOT_BITS = 24


@dataclass(frozen=True, slots=True)
class Facts:
    """What lists go by: the time that windows apply to, the status, and one number a sorting."""

    at: int
    status: str
    sortings: tuple[int, ...]


class _Order:
    """Every row in the order of one sorting, ties by age."""

    def __init__(self) -> None:
        self.keys: Numbers = np.empty(0, np.int64)
        self.slots: Numbers = np.empty(0, np.int64)
        self.at: Numbers = np.empty(0, np.int64)
        self.status: Numbers = np.empty(0, np.int64)

    def replace(self, dirty: Numbers, keys: Numbers, facts: Numbers) -> None:
        """Takes out what the dirty slots said before and puts in what they say now."""
        touched = np.zeros(len(facts), np.bool_)
        touched[dirty] = True
        kept = np.flatnonzero(~touched[self.slots])
        rank = np.argsort(keys)
        slots = dirty[rank]
        places = np.searchsorted(self.keys[kept], keys[rank])
        self.keys = np.insert(self.keys[kept], places, keys[rank])
        self.slots = np.insert(self.slots[kept], places, slots)
        self.at = np.insert(self.at[kept], places, facts[slots, 0])
        self.status = np.insert(self.status[kept], places, facts[slots, 1])


class Shelf(Mapping[str, Row]):
    """A mapping of id to row; rows come out as copies and change through `put` alone."""

    def __init__(self, facts: Callable[[Row], Facts], sortings: tuple[str, ...]) -> None:
        self._facts_of = facts
        self._ids: list[str] = []
        self._json: list[bytes] = []
        self._slots: dict[str, int] = {}
        self._facts = array("q")
        self._width = 3 + len(sortings)
        self._statuses: dict[str, int] = {}
        self._orders = {name: _Order() for name in (UPDATED, *sortings)}
        self._dirty: set[int] = set()
        self._changes = 0

    def __getitem__(self, uid: str) -> Row:
        row: Row = _decode(self._json[self._slots[uid]])
        return row

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, uid: object) -> bool:
        return uid in self._slots

    def put(self, uid: str, row: Row) -> None:
        """Adds or changes a row; it is now the one that changed last."""
        self.put_encoded(uid, encode(row), self._facts_of(row))

    def put_encoded(self, uid: str, raw: bytes, facts: Facts) -> None:
        """Puts a row whose JSON is made already in its place, or the place of what it replaces."""
        self._changes += 1
        status = self._statuses.setdefault(facts.status, len(self._statuses))
        numbers = array("q", (facts.at, status, self._changes, *facts.sortings))
        slot = self._slots.setdefault(uid, len(self._ids))
        if slot == len(self._ids):
            self._ids.append(uid)
            self._json.append(raw)
            self._facts.extend(numbers)
        else:
            self._json[slot] = raw
            self._facts[slot * self._width : (slot + 1) * self._width] = numbers
        self._dirty.add(slot)

    def encoded(self, uid: str) -> bytes:
        """A row's JSON."""
        return self._json[self._slots[uid]]

    def array(self, slots: Iterable[int]) -> bytes:
        """A JSON array of the rows in these slots."""
        return b"[" + b",".join([self._json[slot] for slot in slots]) + b"]"

    def slots_of(self, uids: Iterable[str]) -> list[int]:
        """Where rows are kept."""
        return [self._slots[uid] for uid in uids]

    def sorted_slots(self, uids: Iterable[str], sorting: str) -> list[int]:
        """A few rows in the order of a sorting; `-` in front for the highest first."""
        column = 2 + list(self._orders).index(sorting.lstrip("-"))
        slots = self.slots_of(uids)
        return sorted(
            slots,
            key=lambda slot: (self._facts[slot * self._width + column], slot),
            reverse=sorting[0] == "-",
        )

    def cut(self, first: int, last: int, status: str | None, sorting: str) -> Numbers:
        """Slots of the rows whose time lies in [first, last], in the order of a sorting."""
        self.settle()
        order = self._orders[sorting.lstrip("-")]
        chosen = (order.at >= first) & (order.at <= last)
        if status is not None:
            chosen &= order.status == self._statuses.get(status, -1)
        places = np.flatnonzero(chosen)
        return order.slots[places[::-1] if sorting.startswith("-") else places]

    def settle(self) -> None:
        """Brings the orders up to date, which `cut` does too: dear only after many changes."""
        if not self._dirty:
            return
        facts = np.frombuffer(self._facts, np.int64).reshape(-1, self._width)
        dirty = np.fromiter(self._dirty, np.int64, len(self._dirty))
        for column, order in enumerate(self._orders.values(), 2):
            order.replace(dirty, (facts[dirty, column] << _SLOT_BITS) | dirty, facts)
        self._dirty.clear()
