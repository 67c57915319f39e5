"""How often booked charges succeed: by PG, amount band and try, each drawn towards the whole where it is rare."""

from collections import defaultdict

BANDS = (10_000, 30_000, 100_000)
"""Edges between small and large amounts, smallest unit."""
_PRIOR = 20
"""As many charges of the whole stand behind each rate."""
_UNSEEN = {1: 0.9, 2: 0.5, 3: 0.5}


class Success:
    """Rates of the charges that were counted in; tries are 1, 2, and 3 for all later ones."""

    def __init__(self) -> None:
        self._seen: defaultdict[tuple[str, int, int], list[int]] = defaultdict(lambda: [0, 0])
        self._all: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])

    def count(self, pg_provider: str, band: int, attempt: int, *, tried: int, paid: int) -> None:
        """So many charges of one sort, of which so many were paid."""
        attempt = min(attempt, 3)
        for sums in (self._seen[pg_provider, band, attempt], self._all[attempt]):
            sums[0] += tried
            sums[1] += paid

    def rate(self, pg_provider: str, band: int, attempt: int = 1) -> float:
        """0 to 1; what is usual where nothing was seen."""
        attempt = min(attempt, 3)
        tried, paid = self._all[attempt]
        usual = (paid + _UNSEEN[attempt]) / (tried + 1)
        own_tried, own_paid = self._seen[pg_provider, band, attempt]
        return (own_paid + _PRIOR * usual) / (own_tried + _PRIOR)


def band_sql(amount: str) -> str:
    """The band of an amount as SQL: how many edges it reaches."""
    return " + ".join(f"CASE WHEN {amount} >= {edge} THEN 1 ELSE 0 END" for edge in BANDS)
