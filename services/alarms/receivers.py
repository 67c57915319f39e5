"""Receivers: who is told of which kinds, by which way, and when nobody is."""

from dataclasses import dataclass, field
from enum import StrEnum

from services.clock import SEOUL_OFFSET
from services.tables.alarms import MatterKind

_HOUR, _HOURS = 3600, 24


class Way(StrEnum):
    """How something is sent; each has a thread of its own, so that none waits for another."""

    MAIL = "mail"
    SLACK = "slack"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in Korea in which nobody is told: from one on, up to another, over midnight too."""

    begin: int
    end: int

    def holds(self, now: float) -> bool:
        """Whether it is quiet now."""
        hour = int(now + SEOUL_OFFSET) // _HOUR % _HOURS
        return (hour - self.begin) % _HOURS < (self.end - self.begin) % _HOURS


@dataclass(frozen=True, slots=True)
class Receiver:
    """One receiver; `address` of Slack and of a webhook is a secret, and stands nowhere."""

    way: Way
    address: str = field(repr=False)
    kinds: tuple[MatterKind, ...]
    quiet: Quiet | None = None

    @property
    def name(self) -> str:
        """What it is known by: `mail:hong@x.kr`, `slack`, `webhook`."""
        return f"{self.way}:{self.address}" if self.way == Way.MAIL else self.way.value
