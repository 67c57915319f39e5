"""Windows of time: V1 answers for 90 days at most."""

from dataclasses import dataclass

from services.clock import day_of, day_start

WINDOW_DAYS = 90


@dataclass(frozen=True, slots=True)
class Window:
    """UNIX seconds, both ends in it; begins at a Seoul midnight."""

    from_at: int
    to_at: int


def payment_windows(now: float, days: int) -> list[Window]:
    """Windows over the last `days` days, newest first.

    They begin at every ninetieth day since 1970, so that a window is the same one in every run.
    """
    # The gateway tells its time in whole seconds: the one that has begun belongs to the window too.
    last = int(now) + 1
    first, today = day_of(last) - days, day_of(last)
    found = []
    begin = today - today % WINDOW_DAYS
    while begin + WINDOW_DAYS > first:
        end = min(last, day_start(begin + WINDOW_DAYS) - 1)
        found.append(Window(day_start(max(begin, first)), end))
        begin -= WINDOW_DAYS
    return found


def schedule_windows(from_day: int, to_day: int) -> list[Window]:
    """Windows over a span of Seoul days, both in it."""
    return [
        Window(day_start(begin), day_start(min(begin + WINDOW_DAYS, to_day + 1)) - 1)
        for begin in range(from_day, to_day + 1, WINDOW_DAYS)
    ]
