"""How long an intent, an approval and a file live."""

from services.clock import DAY
from services.operations.journal.journal import AHEAD
from services.tables.journal import Operation

INTENT_LIVES = 600
APPROVAL_LIVES = 7 * DAY
FILE_LIVES = DAY
"""After its approval the rows of a file go one after another, and wait for a gateway that is down; so long at most."""


def is_row(operation: Operation) -> bool:
    """Whether an operation goes by its file; what was sent before goes by the person who has it sent again."""
    return operation.batch_id is not None and not operation.fence


def is_late(operation: Operation, now: float) -> bool:
    """Whether an intent may no longer be sent: too old, or written by a clock that was set back since."""
    if is_row(operation):
        return now > (operation.approved_at or 0) + FILE_LIVES
    return not now - INTENT_LIVES <= operation.state_at <= now + AHEAD
