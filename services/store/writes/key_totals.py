"""Kept counts of billing keys: the difference that a change makes."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from services.store.sql import in_dialect, upsert

_KEY = ("state", "pg_provider", "sandbox", "duplicated")
_KEPT = ("keys", "booked_keys", "booked", "booked_won")


class KeyTotalsDelta:
    """Differences of a batch, added up in memory and written once."""

    def __init__(self) -> None:
        self._sums: defaultdict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0])

    def move(self, old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> None:
        """A key (columns of KeySummary) as it was, None where it is new, and as it is."""
        if old is not None:
            self._count(old, -1)
        self._count(new, 1)

    def write(self, conn: Connection) -> None:
        """Adds the differences to the kept rows."""
        rows = [(*key, *sums) for key, sums in self._sums.items() if any(sums)]
        if rows:
            changes = [f"{name} = key_total.{name} + excluded.{name}" for name in _KEPT]
            conn.exec_driver_sql(in_dialect(conn, upsert("key_total", (*_KEY, *_KEPT), _KEY, changes)), rows)

    def _count(self, row: Mapping[str, Any], sign: int) -> None:
        state, pg_provider, sandbox, duplicated = (row[name] for name in _KEY)
        sums = self._sums[state, pg_provider, bool(sandbox), bool(duplicated)]
        for at, value in enumerate((1, int(row["booked"] > 0), row["booked"], row["booked_won"])):
            sums[at] += sign * value
