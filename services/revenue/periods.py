"""Periods of Seoul days, and what they are compared with."""

from dataclasses import dataclass

from services.clock import date_to_day, day_to_date
from services.months import in_month, month_after, month_of_day, month_span, previous_month


@dataclass(frozen=True, slots=True)
class Period:
    """From a Seoul day to another, both inside."""

    from_day: int
    to_day: int

    @property
    def days(self) -> int:
        """How many."""
        return self.to_day - self.from_day + 1

    def has_just_begun(self, today: int) -> bool:
        """Whether today is all there is of it: against whole days it would say nothing."""
        return self.from_day == self.to_day == today

    def before(self, today: int) -> "Period":
        """The days before: as many; of a month, or of its first days, the month before, or its first days.

        A month is one when it is over: on its last day as many days stand against it.
        """
        month = month_of_day(self.from_day)
        first, last = month_span(month)
        if self.from_day != first or self.to_day > last:
            return Period(self.from_day - self.days, self.from_day - 1)
        first_before, last_before = month_span(previous_month(month))
        if self.to_day == last < today:
            return Period(first_before, last_before)
        return Period(first_before, min(first_before + self.days - 1, last_before))

    def last_year(self) -> "Period":
        """A period's dates a year before, February 29 as 28; a month's end stays one."""
        whole = self.days > 1 and self.to_day == month_span(month_of_day(self.to_day))[1]
        to_day = _year_before(self.to_day)
        return Period(_year_before(self.from_day), month_span(month_of_day(to_day))[1] if whole else to_day)


def _year_before(day: int) -> int:
    when = day_to_date(day)
    return date_to_day(in_month(month_after(when, -12), when.day))
