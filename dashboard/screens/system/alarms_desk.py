"""What the System page reads of alarms, and the test that an administrator sends."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from services.alarms.matters import TEST_AGAIN, begin_test, lasting
from services.alarms.receivers import Receiver
from services.alarms.tellings import State, state_of
from services.errors import JangbuError
from services.tables.alarms import Matter, MatterKind

from dashboard.access import User
from dashboard.alarms.people import receivers
from dashboard.alarms.watch import wake_alarms
from dashboard.process.executor import actor_of
from dashboard.process.resources import open_session, open_store
from dashboard.process.roster import require_admin


@dataclass(frozen=True, slots=True)
class AlarmsNow:
    """What is the matter, and how each receiver stands."""

    matters: Sequence[Matter]
    receivers: Sequence[tuple[Receiver, State]]
    is_testing: bool
    """Whether a test was sent just now."""


def read_alarms() -> AlarmsNow:
    """As the loop left it."""
    now = time.time()
    with open_session() as session:
        found = [one for one in lasting(session) if one.gone_at is None]
        to = [(one, state_of(session, one.name)) for one in receivers(session)]
    tests = [one for one in found if one.kind == MatterKind.TEST]
    matters = [one for one in found if one.kind != MatterKind.TEST]
    return AlarmsNow(matters, to, any(now - one.since < TEST_AGAIN for one in tests))


def send_test(user: User) -> JangbuError | None:
    """The loop tells every receiver; what stood in the way of asking for it, None for nothing."""
    try:
        name = actor_of(user).name
        with open_session() as session:
            require_admin(session, name)
        begin_test(open_store(checked=False), time.time())
    except JangbuError as error:
        return error
    wake_alarms()
    return None
