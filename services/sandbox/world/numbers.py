"""Ids, order numbers, approval numbers and moments, all from one seed."""

import random

from services.clock import seoul
from services.sandbox.world.shelf import Row

_DAY = 86_400
_HOURS = (2, 1, 1, 1, 1, 1, 2, 4, 6, 8, 9, 10, 11, 10, 9, 9, 9, 9, 9, 10, 12, 13, 11, 6)
"""How much is bought in each hour of a Seoul day."""


class Numbers:
    """Numbers that belong to one world; none comes twice."""

    def __init__(self, chance: random.Random, begin: int, until: int) -> None:
        self._chance, self.begin, self.until = chance, begin, until
        self._used: set[int] = set()
        self._orders = 0
        self._dates: dict[int, str] = {}

    def imp_uid(self) -> str:
        """A new id."""
        while (number := int(self._chance.random() * 10**12)) in self._used:
            pass
        self._used.add(number)
        return f"imp_{number:012d}"

    def order(self, prefix: str, at: int) -> str:
        """A new order number that tells its Seoul date."""
        self._orders += 1
        day = (at + 9 * 3600) // _DAY
        date = self._dates.get(day) or self._dates.setdefault(day, seoul(at).strftime("%Y%m%d"))
        return f"{prefix}{date}{self._orders:07d}"

    def moment(self) -> int:
        """A time of the span: more by day than by night, a little more each month."""
        draw = self._chance.random
        day = self.begin + int(draw() ** 0.8 * (self.until - self.begin))
        hour = self._chance.choices(range(24), _HOURS)[0]
        at = day - (day + 9 * 3600) % _DAY + hour * 3600 + int(draw() * 3600)
        return at if self.begin <= at < self.until else day

    def approval(self, pg: str, at: int) -> Row:
        """What a payment says once it is paid."""
        draw = self._chance.random
        number = int(draw() * 10**14)
        return {
            "status": "paid",
            "paid_at": at,
            "apply_num": f"{int(draw() * 10**8):08d}",
            "pg_tid": f"{pg[:6]}{number:014d}",
            "receipt_url": f"https://receipts.example.com/{pg}/{number:014d}",
        }
