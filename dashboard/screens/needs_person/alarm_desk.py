"""What a person does about a payment under a link that waits for one."""

import time

from services.checkout import alarms
from services.errors import JangbuError
from services.tables.v1 import Payment

from dashboard.access import Permission, User
from dashboard.kit.session import Slot
from dashboard.process.executor import actor_of, require_in_store_of
from dashboard.process.resources import open_store
from dashboard.screens.needs_person.alarm_list import Done, key_of

ERRORS: Slot[dict[str, JangbuError | None]] = Slot("alarm_errors", dict)
"""What stood in the way of settling one, by its key."""


def settle(chosen: Done, user: User) -> None:
    """Keeps that a person is done with it, or what stood in the way."""
    one, problem = chosen.alarm, None
    try:
        require_in_store_of(user, Payment, [one.imp_uid], Permission.RESOLVE)
        alarms.done(open_store(checked=False), one.imp_uid, one.what, actor_of(user), chosen.note, time.time())
    except JangbuError as error:
        problem = error
    ERRORS.get()[key_of(one)] = problem
