"""Rows that could not be read, asked for by themselves: another call may bring them in another spelling."""

from collections.abc import Callable

from sqlalchemy import Engine

from services.errors import GatewayError, Refused, UnreadableAnswer
from services.gateway import Gateway
from services.mirror.keep import read_again, read_billing_key, read_schedule_again
from services.mirror.run import Run
from services.mirror.single.selection import read_batches
from services.mirror.unreadable import could_be_read
from services.store.engine import writing
from services.tables.unreadable import RowKind

_AGAIN: dict[RowKind, Callable[[Gateway, Engine, str], object]] = {
    RowKind.PAYMENT: read_again,
    RowKind.SCHEDULE: read_schedule_again,
    RowKind.BILLING_KEY: read_billing_key,
}
_MOST = 1_000


def _payments_at_once(run: Run) -> bool:
    """Whether the gateway answers at all."""
    waiting = sorted(run.unreadable.get(RowKind.PAYMENT, ()))[:_MOST]
    try:
        known, _changed = read_batches(run.gateway, run.engine, waiting)
    except GatewayError:
        return False
    with writing(run.engine) as conn:
        could_be_read(run, conn, RowKind.PAYMENT, known)
    return True


def ask_again(run: Run) -> None:
    """Asks for each that is known by its id, and drops what can be read now; for payments a hundred at once first."""
    if not _payments_at_once(run):
        return
    for kind, read in _AGAIN.items():
        for uid in sorted(run.unreadable.get(kind, ()))[:_MOST]:
            try:
                read(run.gateway, run.engine, uid)
            except (Refused, UnreadableAnswer):
                continue
            except GatewayError:
                return  # it does not answer at all: the next deep pass asks
            with writing(run.engine) as conn:
                could_be_read(run, conn, kind, [uid])
