"""Booking payments on a billing key: one or a series, its fields, what stands booked already, the last look's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st
from services.months import LAST_DAY
from services.operations.actions.bookings import MOST, BookingForm
from services.operations.actions.charges import NAVERPAY
from services.operations.actions.series import Series, Unit, booking_forms, planned
from services.tables.v1 import BillingKey, Schedule

from dashboard.kit.fields import Fields, Typed, TypedTime, Typing, review_button
from dashboard.locale import _, current_language
from dashboard.screens.charges.more_fields import More, more_fields
from dashboard.screens.payments.related import schedules_table
from dashboard.words import formats

ONE, SERIES = "one", "series"
COUNT, UNTIL = "count", "until"


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the fields at first: proposed by an address, else as the key was charged last."""

    amount: str
    name: str
    at: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often, and until when."""

    unit: Unit
    every: int
    count: int | None
    until: date | None
    month_end: bool
    """The last day of each month, whichever that is."""


@dataclass(frozen=True, slots=True)
class BookingTyping(Typing):
    """What stands in the fields at this moment."""

    amount: Typed
    name: str
    at: TypedTime
    tax_free: Typed
    use_after: int | None
    """Days from a payment to Naver Pay's day of use."""
    repeat: Repeat | None
    more: More

    def forms(self) -> list[BookingForm]:
        """As bookings, one a payment. Raises InvalidRequest where something is none."""
        at = self.at.read()
        form = BookingForm(
            schedule_at=at,
            amount=self.amount.read(),
            name=self.name,
            currency=self.amount.currency,
            tax_free=self.tax_free.read(),
            merchant_uid=self.more.order,
            more=self.more.given,
        )
        return booking_forms(planned(self._series(at), language=current_language()), form, use_after=self.use_after)

    def _series(self, at: int) -> Series:
        repeat = self.repeat
        if repeat is None:
            return Series(at, Unit.MONTH, 1, count=1)
        month_day = LAST_DAY if repeat.month_end and repeat.unit == Unit.MONTH else None
        return Series(at, repeat.unit, repeat.every, repeat.count, repeat.until, month_day)


def booked_already(booked: Sequence[Schedule]) -> str | None:
    """What is booked on the key, so that nothing is booked twice; returns the order number that was picked."""
    st.header(_("Booked on this key"))
    if not booked:
        st.caption(_("Nothing is booked on it."))
        return None
    return schedules_table(booked, key="booked_already")


def booking_fields(key: BillingKey, fields: Fields, filled: Filled, *, minimum: int) -> BookingTyping:
    """The fields of one payment, or of a series."""
    naver = key.pg_provider == NAVERPAY
    repeats = _one_or_series(fields) == SERIES
    ends = _ends(fields) if repeats else COUNT
    with st.form(fields.key("form"), border=False):
        hint = _("at least {minimum}").format(minimum=formats.money(minimum, "KRW")) if naver else None
        amount = fields.amount(
            "amount", _("Amount of each"), filled.currency, required=True, value=filled.amount, placeholder=hint
        )
        name = fields.text("name", _("What it is for"), required=True, value=filled.name, max_chars=40)
        label = _("First day and time, in Korea") if repeats else _("Day and time, in Korea")
        at = fields.time("schedule_at", fields.marked(label), filled.at)
        repeat = _repeat(fields, ends) if repeats else None
        tax_free = fields.amount("tax_free", _("Tax-free part, if any"), filled.currency)
        use_after = _use_after(fields) if naver else None
        more = more_fields(fields, key, books=True, series=repeats)
        with fields.place("customer_uid"):
            done = review_button(fields)
    return BookingTyping(fields, done, amount, name, at, tax_free, use_after, repeat, more)


def _one_or_series(fields: Fields) -> str:
    words = {ONE: _("One payment"), SERIES: _("A series")}
    return fields.switch("how", _("How many"), words)


def _ends(fields: Fields) -> str:
    words = {COUNT: _("After so many payments"), UNTIL: _("On a day")}
    return fields.switch("ends", _("It ends"), words)


def _repeat(fields: Fields, ends: str) -> Repeat:
    with st.grid(3, min_column_width=150, width=500):
        every = fields.number("every", _("Every"), 1, most=52)
        units = {Unit.MONTH: _("months"), Unit.WEEK: _("weeks")}
        unit = fields.pick("unit", _("Counted in"), units) or Unit.MONTH
        count = fields.number("count", _("Number of payments"), 3, most=MOST) if ends == COUNT else None
        until = fields.day("until", fields.marked(_("Last day"))) if ends == UNTIL else None
    with fields.place("month_day"):
        words = _("Always on the last day of the month")
        month_end = st.checkbox(words, key=fields.key("month_end"), persist_state="session")
    return Repeat(unit, every, count, until, month_end)


def _use_after(fields: Fields) -> int | None:
    hint = _("Empty where the contract does not ask for it; 0 is the day of the payment itself.")
    with fields.place("naver_use_cfm"):
        value = st.number_input(
            _("Day of use (Naver Pay): days after the payment"),
            min_value=0,
            max_value=365,
            value=None,
            help=hint,
            key=fields.key("naver_use_cfm"),
            persist_state="session",
            width=320,
        )
    return None if value is None else int(value)
