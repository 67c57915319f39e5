"""The same command given twice: it finds what it asked for the first time, unless a second one is meant."""

from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import Connection, select

from services.clock import DAY
from services.journal_models import Operation
from services.journal_models import OperationState as State

_TABLE = Operation.__table__  # type: ignore[attr-defined]
_CAME_TO_NOTHING = (State.REFUSED.value, State.EXPIRED.value)


def same_command(
    conn: Connection, subject: str, words: Sequence[str], now: float, *, again: bool
) -> tuple[Operation | None, str]:
    """What these words made within a day and did not come to nothing, or None; and the token of a new one.

    The token counts, so that two processes that both found nothing write down the same operation.
    """
    named = f"command:{sha256(chr(0).join((subject, *words)).encode()).hexdigest()[:32]}:"
    mine = (_TABLE.c.subject == subject) & _TABLE.c.token.startswith(named)
    alive = mine & _TABLE.c.state.not_in(_CAME_TO_NOTHING) & (_TABLE.c.asked_at > int(now) - DAY)
    latest = conn.execute(select(_TABLE.c.token).where(mine).order_by(_TABLE.c.id.desc()).limit(1)).scalar()
    token = f"{named}{int(latest.rpartition(':')[2]) + 1 if latest else 1}"
    row = conn.execute(select(_TABLE).where(alive).order_by(_TABLE.c.id.desc()).limit(1)).first()
    return (None if again or row is None else Operation(**row._mapping)), token
