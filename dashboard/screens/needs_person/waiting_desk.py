"""What the Needs a person page reads: what waits of operations, files, recurring payments, late ones and links."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.operations.files.batches import waiting_batches
from services.store.lists.one import Bought, notes_on, parts_of_payments
from services.store.writes.late_payments import Late, late_payments
from services.store.writes.link_alarms import Alarm, link_alarms
from services.tables.journal import Operation, OperationKind, OperationState, RefundBatch
from services.tables.notes import Note

from dashboard.process.after_sync import recurring_now
from dashboard.process.resources import open_session
from dashboard.screens.needs_person import settle_desk
from dashboard.screens.overview.attention import Concern
from dashboard.screens.overview.desks_today import Recurring, recurring_concerns


@dataclass(frozen=True, slots=True)
class WaitingScreen:
    """Everything that waits for a person at one moment."""

    operations: Sequence[Operation]
    files: Sequence[RefundBatch]
    open_now: Recurring
    late: Sequence[Late]
    """Charges that were refused and paid after all."""
    alarms: Sequence[Alarm]
    """Payments under links that are not as asked for, or do not go back."""
    bought: Mapping[str, Bought]
    """What was bought with the payments whose refunds wait for approval, by imp_uid."""
    notes: Mapping[int, str]
    """What whoever asked wrote beside it for colleagues, by the operation's id."""

    @property
    def concerns(self) -> list[Concern]:
        """What of recurring payments stands open."""
        return recurring_concerns(self.open_now)

    @property
    def refund_files(self) -> bool:
        """Whether a file of refunds waits for approval."""
        return any(one.kind == OperationKind.REFUND for one in self.files)

    @property
    def schedule_files(self) -> bool:
        """Whether a list of schedules waits for approval."""
        return any(one.kind != OperationKind.REFUND for one in self.files)


def read_waiting(now: float) -> WaitingScreen:
    """What waits at a moment."""
    operations = settle_desk.waiting_now()
    with open_session() as session:
        files = waiting_batches(session)
        uids = [one.imp_uid for one in operations if one.imp_uid and one.state == OperationState.AWAITING_APPROVAL]
        bought, notes = parts_of_payments(session, Bought, uids), _asked_with(operations, notes_on(session, uids))
        return WaitingScreen(
            operations,
            files,
            recurring_now(session, now),
            late_payments(session),
            link_alarms(session),
            bought,
            notes,
        )


def shown_now() -> object:
    """What the page would show at this moment of what waits by itself."""
    shown = settle_desk.shown_now()
    with open_session() as session:
        return shown, late_payments(session), link_alarms(session)


def as_shown(found: WaitingScreen, settled: Sequence[Operation]) -> object:
    """The same of what it shows; `settled` are operations that were settled here."""
    return settle_desk.as_shown([*found.operations, *settled]), found.late, found.alarms


def _asked_with(operations: Iterable[Operation], notes: Iterable[Note]) -> dict[int, str]:
    """A note that came with a wish was written in its second, in the same name."""
    kept = {(one.imp_uid, one.written_by, one.written_at): one.text for one in notes if one.told is None}
    asked = ((one.id, (one.imp_uid or "", one.asked_by, one.asked_at)) for one in operations)
    return {number: kept[about] for number, about in asked if about in kept}
