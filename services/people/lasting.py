"""How long a session opens something."""

from dataclasses import dataclass

HOURS, MOST_HOURS = 12, 24
IDLE_MINUTES = 30


@dataclass(frozen=True, slots=True)
class Lasting:
    """In seconds: at the longest, and without its person."""

    longest: int = HOURS * 3600
    idle: int = IDLE_MINUTES * 60
