"""The page of schedules as query parameters and back; a search text goes there only if it is an id."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.clock import date_to_day, day_to_date
from services.months import month_after
from services.store.lists.filters import AmountOrder, Live
from services.store.lists.schedule_filters import ScheduleFilter
from services.store.lists.schedules import AMOUNTS

from dashboard.screens.payments.filter_url import day_text, names_in, read_day
from dashboard.words.periods import DUE_DEFAULT, due_days

LIST, CALENDAR = "list", "calendar"
FIRST, LAST = date(2010, 1, 1), date(2099, 12, 31)
_NAMES = frozenset(
    {"view", "month", "q", "from", "to", "state", "pg", "live", "customer_uid", "order", "before", "after"}
)
_ID_FIELDS = frozenset({"imp_uid", "merchant_uid", "customer_uid"})
_MONTH = "%Y-%m"


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """What the page shows: list or calendar, its filter, where the list is being paged, the calendar's month."""

    chosen: ScheduleFilter
    month: date
    """Its first day."""
    shape: str = LIST
    before: str | None = None
    after: str | None = None


def default_view(today: int) -> ScheduleView:
    """What the page starts with: what is due in the next seven days."""
    first, last = due_days(DUE_DEFAULT, today)
    chosen = ScheduleFilter(from_day=first, to_day=last, soonest_first=True)
    return ScheduleView(chosen, month_after(day_to_date(today), 0))


def is_shareable(text: str, hits: Iterable[str] = ()) -> bool:
    """Whether a search text may stand in an address: it only matched ids."""
    return bool(text and hits) and frozenset(hits) <= _ID_FIELDS


def has_view(params: Mapping[str, str]) -> bool:
    """Whether an address says anything about the page."""
    return bool(_NAMES & params.keys())


def to_params(view: ScheduleView, today: int, *, with_text: bool) -> dict[str, str]:
    """The parameters that bring this view back; none for the view the page starts with."""
    chosen, first = view.chosen, default_view(today)
    params = {
        "q": chosen.text if with_text else "",
        "state": ",".join(sorted(chosen.states)),
        "pg": ",".join(sorted(chosen.pg_providers)),
        "live": "" if chosen.live == Live.LIVE else chosen.live.value,
        "customer_uid": chosen.customer_uid or "",
        "order": str(chosen.order or ""),
        "before": view.before or "",
        "after": view.after or "",
    }
    given = {name: value for name, value in params.items() if value}
    if view.shape == CALENDAR:
        return given | {"view": CALENDAR, "month": view.month.strftime(_MONTH)}
    if given or (chosen.from_day, chosen.to_day) != (first.chosen.from_day, first.chosen.to_day):
        # Days are written out, so that a link opened next week shows the rows it showed today.
        given |= {"from": day_text(chosen.from_day), "to": day_text(chosen.to_day)}
    return given


def from_params(params: Mapping[str, str], today: int) -> ScheduleView:
    """The view that an address describes; what cannot be read is left at its default."""
    first = default_view(today)
    from_day, to_day = _days(params) or (first.chosen.from_day, first.chosen.to_day)
    chosen = replace(
        first.chosen,
        text=params.get("q", ""),
        from_day=from_day,
        to_day=to_day,
        states=names_in(params.get("state")),
        pg_providers=names_in(params.get("pg")),
        live=Live(params["live"]) if params.get("live") in list(Live) else Live.LIVE,
        customer_uid=params.get("customer_uid") or None,
        order=AmountOrder.read(params.get("order"), AMOUNTS),
    )
    return ScheduleView(
        chosen,
        month=_month(params.get("month")) or first.month,
        shape=CALENDAR if params.get("view") == CALENDAR else LIST,
        before=params.get("before") or None,
        after=params.get("after") or None,
    )


def key_params(customer_uid: str, today: int) -> dict[str, str]:
    """The address of everything on one billing key: a year back, and as far ahead as anybody books."""
    return {"customer_uid": customer_uid, "from": day_text(today - 365), "to": day_text(today + 5 * 366)}


def _days(params: Mapping[str, str]) -> tuple[int, int] | None:
    from_day, to_day = read_day(params.get("from")), read_day(params.get("to"))
    if from_day is None or to_day is None:
        return None
    from_day, to_day = max(from_day, date_to_day(FIRST)), min(to_day, date_to_day(LAST))
    return (from_day, to_day) if from_day <= to_day else None


def _month(text: str | None) -> date | None:
    day = read_day(f"{text}-01")
    return day_to_date(day) if day is not None and date_to_day(FIRST) <= day <= date_to_day(LAST) else None
