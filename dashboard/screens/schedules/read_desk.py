"""What the screens of schedules read of the store: one booked payment, the list, the calendar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.operations.actions.schedule_history import operations_on
from services.operations.actions.schedule_steps import subject_of
from services.operations.journal.audit import history
from services.store.lists import schedules
from services.store.lists.keyset import Page
from services.store.lists.one import get_payment, get_schedule, list_attempts
from services.store.lists.payments import PaymentRow
from services.store.lists.schedule_filters import ScheduleFilter
from services.store.lists.schedules import CalendarDay, ScheduleRow
from services.store.lists.totals import Count, FacetValues, RowSum
from services.tables.journal import Operation
from services.tables.v1 import Payment, Schedule

from dashboard.process import rereads
from dashboard.process.rereads import Reading
from dashboard.process.resources import open_session
from dashboard.screen import Screen
from dashboard.screens.asking import drafts
from dashboard.screens.asking.drafts import Draft
from dashboard.screens.payments.operation_events import Told
from dashboard.screens.schedules.schedule_desk import is_asked


@dataclass(frozen=True, slots=True)
class ScheduleScreen:
    """One booked payment, None where it is not here, and the form of a change of it."""

    draft: Draft
    reading: Reading
    schedule: Schedule | None
    payment: Payment | None
    """What it became."""
    attempts: Sequence[PaymentRow]
    """All payments of its order number."""
    operation: Operation | None
    """What is shown instead of the form."""
    operations: Sequence[Operation]
    told: Sequence[Told]
    """Each of them with its entries in the audit."""


def read_schedule(merchant_uid: str, screen: Screen) -> ScheduleScreen:
    """A schedule; has it read from the gateway whenever a change of it is entered."""
    draft = drafts.draft_of(subject_of(merchant_uid))
    if is_asked(screen.user):
        drafts.read_first(draft, merchant_uid, entered=screen.entered, ask_again=rereads.ask_schedule_again)
    reading = rereads.of_schedule(merchant_uid)
    with open_session() as session:
        schedule = get_schedule(session, merchant_uid)
        operations = operations_on(session, schedule) if schedule else []
        return ScheduleScreen(
            draft=draft,
            reading=reading,
            schedule=schedule,
            payment=get_payment(session, schedule.imp_uid) if schedule and schedule.imp_uid else None,
            attempts=list_attempts(session, merchant_uid) if schedule else (),
            operation=drafts.operation_to_show(session, draft, screen.user),
            operations=operations,
            told=[Told(one, history(session, one.id)) for one in operations],
        )


@dataclass(frozen=True, slots=True)
class ScheduleList:
    """One page of schedules, and what all that match come to."""

    found: Page[ScheduleRow]
    states: Mapping[str, int]
    count: Count
    everywhere: Count | None
    """How many hold a text whatever the day; None where there is none, or all days are shown."""
    totals: Sequence[RowSum] | None


def known_values() -> FacetValues:
    """What the filters offer."""
    with open_session() as session:
        return schedules.schedule_values(session)


def read_list(chosen: ScheduleFilter, *, before: str | None, after: str | None) -> ScheduleList:
    """Schedules by a filter. Raises InvalidFilter."""
    with open_session() as session:
        found = schedules.search_schedules(session, chosen, before=before, after=after)
        in_days = chosen.text and chosen.from_day is not None and not found.exact
        whole = replace(chosen, from_day=None, to_day=None)
        return ScheduleList(
            found=found,
            everywhere=schedules.count_schedules(session, whole) if in_days else None,
            states=schedules.schedule_tiles(session, chosen),
            count=schedules.count_schedules(session, chosen),
            totals=schedules.schedule_sums(session, chosen),
        )


def read_month(month: date, chosen: ScheduleFilter) -> tuple[list[CalendarDay], dict[str, int]]:
    """The days of a month that have schedules, and how many there are by state."""
    with open_session() as session:
        days = schedules.calendar_month(session, month.year, month.month, chosen)
        return days, schedules.schedule_tiles(session, chosen)
