"""The filters of schedules: list or calendar, due days, states, PG, live or test, a text or an exact id."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from services.clock import date_to_day, day_to_date
from services.store.lists.filters import Live
from services.store.lists.schedule_filters import ScheduleFilter
from services.store.lists.schedules import AMOUNTS
from services.store.lists.totals import FacetValues
from streamlit.delta_generator import DeltaGenerator

from dashboard.kit.filters import names
from dashboard.kit.filters.choices import OneOf, Several, Tiles, Word, codes
from dashboard.kit.filters.days import Days, read_day, show_days
from dashboard.kit.filters.field import Single
from dashboard.kit.filters.form import FilterForm, View
from dashboard.kit.filters.kept import Kept
from dashboard.kit.filters.typed import Search
from dashboard.kit.lists.list_order import InOrder
from dashboard.locale import _
from dashboard.words import labels, periods, schedule_labels

KEPT = Kept("schedules")
LIST, CALENDAR = "list", "calendar"
FIRST, LAST = periods.FIRST_DAY, date_to_day(date(2099, 12, 31))


@dataclass(frozen=True, slots=True)
class ShownSchedules(ScheduleFilter):
    """A filter of schedules, and how they are shown: as a list, or as the calendar of a month."""

    shape: str = LIST
    month: date = date.min
    """Its first day."""


@dataclass(frozen=True, slots=True)
class _Month(Single[date]):
    """The calendar's month."""

    today: int

    def decode(self, text: str) -> date:
        day = read_day(f"{text}-01")
        return day_to_date(day if day is not None and FIRST <= day <= LAST else self.today).replace(day=1)

    def encode(self, value: date) -> str:
        return f"{value:%Y-%m}"

    def write(self, chosen: Any) -> dict[str, str]:
        return {self.name: self.encode(chosen.month)} if chosen.shape == CALENDAR else {}


@dataclass(frozen=True, slots=True)
class _DueDays(Days):
    """The days of the list; the calendar's are its month's."""

    def written(self, chosen: Any) -> dict[str, str]:
        return {} if chosen.shape == CALENDAR else Days.written(self, chosen)

    def told(self, kept: Kept) -> dict[str, Any]:
        if kept["shape"] == LIST:
            return Days.told(self, kept)
        from_day, to_day = periods.month_days(kept["month"])
        return {"from_day": from_day, "to_day": to_day}


def schedule_form(today: int, values: FacetValues | None = None, *, buyers: bool = True) -> FilterForm[ShownSchedules]:
    """The filter's fields; `values` are what occurs, `buyers` False leaves buyers out of the search."""
    with_buyers = _("Order number, billing key, product, name, phone, e-mail, amount")
    without = _("Order number, billing key, product, amount")
    shapes = {LIST: _("List"), CALENDAR: _("Calendar")}
    shown = {shape: shape for shape in shapes}
    providers = values.pg_providers if values else ()
    return FilterForm(
        KEPT,
        partial(ShownSchedules, soonest_first=True, search_buyers=buyers),
        (
            OneOf("shape", "shape", _("View"), shown, shapes.__getitem__, LIST, hidden_label=True, parameter="view"),
            _Month("month", "month", today),
            Search("text", "text", with_buyers if buyers else without, parameter="q"),
            _DueDays(_("Due"), periods.DUE, today, FIRST, LAST),
            Tiles("states", "states", schedule_labels.due_state, parameter="state", typed=names.STATUS),
            InOrder("order", "order", {"": _("Soonest first")}, {name: labels.field(name) for name in AMOUNTS}),
        ),
        more=(
            Several("pg", "pg_providers", _("PG"), providers, labels.provider, typed=names.PG),
            OneOf("live", "live", _("Live or test"), codes(Live), labels.live, Live.LIVE, typed=names.CHANNEL),
            Word("customer_uid", "customer_uid", _("Of one billing key"), typed=names.KEY),
        ),
        ids=frozenset({"imp_uid", "merchant_uid", "customer_uid"}),
    )


def schedule_filters(
    form: FilterForm[ShownSchedules], params: Mapping[str, str], *, entered: bool
) -> tuple[View[ShownSchedules], DeltaGenerator]:
    """Draws the filters; returns the view they ask for, and the rest of their line."""
    form.recall(params, entered=entered)
    in_list = KEPT["shape"] == LIST
    if not in_list:
        KEPT["customer_uid"] = None
    line = form.bar("shape", "text", "period") if in_list else form.bar("shape")
    view = form.view()
    # The calendar knows no text: nothing is kept of a day for it.
    return (view if in_list else replace(view, chosen=replace(view.chosen, text="")), line)


def sought(chosen: ShownSchedules, today: int) -> ShownSchedules:
    """What is listed: what is due last comes first where a text is sought, and that in all days if none were chosen."""
    if not chosen.text:
        return chosen
    found = replace(chosen, soonest_first=False)
    untouched = (chosen.from_day, chosen.to_day) == periods.DUE.first(today)
    return replace(found, from_day=None, to_day=None) if untouched else found


def show_day(day: int) -> None:
    """The list of one day of the calendar."""
    KEPT["shape"], KEPT["text"], KEPT["customer_uid"] = LIST, "", None
    show_days(KEPT, day, day)


def turn_month(month: date) -> None:
    """Another month of the calendar."""
    KEPT["month"] = month


def key_params(customer_uid: str, today: int) -> dict[str, str]:
    """The address of everything on one billing key: a year back, and as far ahead as anybody books."""
    first, last = (day_to_date(day).isoformat() for day in (today - 365, today + 5 * 366))
    return {"customer_uid": customer_uid, "from": first, "to": last}
