"""Windows of time: V1 answers for 90 days at most."""

from dataclasses import dataclass

from services.clock import day_of, day_start

WINDOW_DAYS = 90
_GRACE = 1
_SETTLED = 2


@dataclass(frozen=True, slots=True)
class Window:
    """UNIX seconds. `key` names it in every run, `from_at` is where reading begins, `end_at` is its last second."""

    key: int
    from_at: int
    end_at: int

    @property
    def days(self) -> int:
        """How many days it has."""
        return day_of(self.end_at) - day_of(self.from_at) + 1

    def until(self, latest: float) -> int:
        """Up to now; `latest` is the latest that it can be at the gateway."""
        return min(self.end_at, int(latest) + _GRACE)

    def settled(self, earliest: float) -> int:
        """Up to where nothing new can appear any more, so that pages hold still but for what leaves."""
        return max(self.from_at, min(self.end_at, int(earliest) - _SETTLED))


def payment_windows(now: float, days: int) -> list[Window]:
    """Windows over the last `days` Seoul days, oldest first.

    They begin at every ninetieth day since 1970, so that a window is the same one in every run.
    """
    today = day_of(now)
    first = today - days
    begins = range(first - first % WINDOW_DAYS, today + 1, WINDOW_DAYS)
    return [
        Window(day_start(begin), day_start(max(begin, first)), day_start(begin + WINDOW_DAYS) - 1) for begin in begins
    ]


def schedule_windows(from_day: int, to_day: int) -> list[tuple[int, int]]:
    """Windows over a span of Seoul days, both in it, as UNIX seconds."""
    return [
        (day_start(begin), day_start(min(begin + WINDOW_DAYS, to_day + 1)))
        for begin in range(from_day, to_day + 1, WINDOW_DAYS)
    ]
