"""The days of a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st
from services.clock import date_to_day, day_to_date
from services.errors import InvalidRequest

from dashboard.kit.filters.field import Field
from dashboard.kit.filters.kept import Kept
from dashboard.kit.filters.names import PERIOD
from dashboard.kit.filters.query import Part, Typed, codes_of, only_one
from dashboard.locale import _
from dashboard.words import periods
from dashboard.words.periods import Periods


@dataclass(frozen=True, slots=True)
class Days(Field):
    """A range of Seoul days, both inside: one of some named periods, or from a day to a day."""

    label: str
    periods: Periods
    today: int
    earliest: int
    latest: int
    name: str = "period"
    typed: Typed | None = PERIOD

    @property
    def parameters(self) -> Mapping[str, str]:
        return {"from": "from_day", "to": "to_day"}

    def read(self, params: Mapping[str, str]) -> dict[str, Any]:
        days = self._named(params) or self._asked(params) or self.periods.first(self.today)
        return {"from_day": days[0], "to_day": days[1]}

    def write(self, chosen: object) -> dict[str, str]:
        return {} if self._range(chosen) == self.periods.first(self.today) else self.written(chosen)

    def written(self, chosen: object) -> dict[str, str]:
        """The days of a filter, those that a list starts with too."""
        first, last = (day_to_date(day).isoformat() for day in self._range(chosen))
        return {"from": first, "to": last}

    def lasting(self, kept: Kept, chosen: object) -> dict[str, str]:
        """The parameters that on another day mean what the period is called, not the days that it is today."""
        if kept[self.name] == periods.CUSTOM:
            return self.written(chosen)
        return {} if kept[self.name] == self.periods.default else {self.name: kept[self.name]}

    def open(self, kept: Kept, params: Mapping[str, str]) -> None:
        """A period by its name stays what it is called, where another one has the same days today."""
        if self._named(params):
            kept[self.name] = params[self.name]

    def remember(self, kept: Kept, chosen: object) -> None:
        days = self._range(chosen)
        kept[self.name] = self.periods.name_of(days, self.today)
        kept["days"] = (day_to_date(days[0]), day_to_date(days[1]))

    def told(self, kept: Kept) -> dict[str, Any]:
        if kept[self.name] != periods.CUSTOM:
            from_day, to_day = self.periods.days(kept[self.name], self.today)
        else:
            # While a range is being picked it has one end.
            ends: Sequence[date] = kept["days"] or (day_to_date(self.today),)
            from_day, to_day = date_to_day(ends[0]), date_to_day(ends[-1])
        return {"from_day": from_day, "to_day": to_day}

    def of_parts(self, parts: Sequence[Part], _now: Mapping[str, Any]) -> dict[str, Any]:
        spans = [self._span(part) for part in parts]
        first = max(self.earliest, *(span[0] for span in spans))
        last = min(self.latest, *(span[1] for span in spans))
        if last < first:
            raise InvalidRequest("The last day is before the first.", field=self.name)
        return {"from_day": first, "to_day": last}

    def offers(self) -> Mapping[str, str]:
        return {name: periods.period_label(name) for name in self.periods.names[:-1]}

    def sample(self) -> str:
        return f"{day_to_date(self.today):%Y-%m}"

    def _span(self, part: Part) -> tuple[int, int]:
        """The days that a part says: by name, a day, a month or a year, from one to another, before or after one."""
        if part.ends:
            first, last = ((self._days(part._replace(value=end)) if end else None) for end in part.ends)
            return first[0] if first else self.earliest, last[1] if last else self.latest
        first_day, last_day = self._days(part)
        ways = {
            ">": (last_day + 1, self.latest),
            ">=": (first_day, self.latest),
            "<": (self.earliest, first_day - 1),
            "<=": (self.earliest, last_day),
        }
        return ways.get(part.sign, (first_day, last_day))

    def _days(self, part: Part) -> tuple[int, int]:
        if days := periods.days_called(part.value):
            return days
        named = codes_of([part._replace(sign="")], self.offers)
        return self.periods.days(only_one([part], named), self.today)

    def draw(self, kept: Kept) -> None:
        words = periods.period_label
        names = list(self.periods.names)
        st.selectbox(
            self.label, names, format_func=words, label_visibility="collapsed", width=150, **kept.widget(self.name)
        )
        if kept[self.name] == periods.CUSTOM:
            st.date_input(
                _("Days in Korea"),
                min_value=day_to_date(self.earliest),
                max_value=day_to_date(self.latest),
                format="YYYY-MM-DD",
                label_visibility="collapsed",
                width=230,
                **kept.widget("days"),
            )

    def _named(self, params: Mapping[str, str]) -> tuple[int, int] | None:
        name = params.get(self.name, "")
        return self.periods.days(name, self.today) if name in self.periods.names[:-1] else None

    def _asked(self, params: Mapping[str, str]) -> tuple[int, int] | None:
        """Both ends of an address, brought into what the list can show; None where they are no range."""
        from_day, to_day = read_day(params.get("from")), read_day(params.get("to"))
        if from_day is None or to_day is None:
            return None
        from_day, to_day = max(from_day, self.earliest), min(to_day, self.latest)
        return (from_day, to_day) if from_day <= to_day else None

    def _range(self, chosen: Any) -> tuple[int, int]:
        return chosen.from_day or self.today, chosen.to_day or self.today


def show_days(kept: Kept, from_day: int, to_day: int, period: str = periods.CUSTOM) -> None:
    """The list's next run shows these days, `period` if they have that name."""
    kept["period"], kept["days"] = period, (day_to_date(from_day), day_to_date(to_day))
    kept.turn_page()


def read_day(text: str | None) -> int | None:
    """A Seoul day out of an address; None where it is none."""
    try:
        return date_to_day(date.fromisoformat(text or ""))
    except ValueError:
        return None
