"""A test alarm: to all at once for a command that waits, and through the loop for a screen, which never does."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from services.alarms.message import NotDelivered
from services.alarms.receivers import Receiver
from services.alarms.tellings import Claim
from services.tables.alarms import About, Matter, MatterKind

from dashboard.alarms.watch import send

_AT_ONCE = 8


def try_out(to: Sequence[Receiver], now: float) -> Mapping[Receiver, str | None]:
    """Sends a test to each; why it did not arrive, None where it did. Nothing is written down."""

    def attempt(receiver: Receiver) -> str | None:
        matter = Matter(id=int(now), kind=MatterKind.TEST.value, key="", detail="{}", since=int(now))
        try:
            send(receiver, Claim(receiver, MatterKind.TEST, About.BEGIN, [matter]), now)
        except NotDelivered as error:
            return error.why.value
        return None

    with ThreadPoolExecutor(_AT_ONCE) as at_once:
        return dict(zip(to, at_once.map(attempt, to), strict=True))
