"""Booking payments on a billing key: the fields, what stands booked already, and the sentence of the last look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st
from services.models import BillingKey, Schedule, ScheduleStatus
from services.operations.bookings import BookingForm
from services.operations.charges import NAVERPAY
from services.operations.journal import Wanted

from dashboard.components import formats
from dashboard.components.fields import Fields, Typed, TypedTime, review_button
from dashboard.components.related import schedules_table
from dashboard.locale import _


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the fields at first: proposed by an address, else as the key was charged last."""

    amount: str
    name: str
    at: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Typing:
    """What stands in the fields at this moment."""

    fields: Fields
    done: bool
    """Whether the person is done and wants to look at it."""
    amount: Typed
    name: str
    at: TypedTime
    tax_free: Typed
    day_of_use: date | None

    def forms(self) -> list[BookingForm]:
        """As bookings. Raises InvalidRequest where an amount or a time is none."""
        return [
            BookingForm(
                schedule_at=self.at.read(),
                amount=self.amount.read(),
                name=self.name,
                currency=self.amount.currency,
                tax_free=self.tax_free.read(),
                naver_use_cfm=self.day_of_use.strftime("%Y%m%d") if self.day_of_use else None,
            )
        ]


def booked_already(schedules: Sequence[Schedule]) -> None:
    """What is booked on the key: a second booking of the same charge is seen before it is made."""
    st.subheader(_("Booked on this key"))
    booked = [one for one in schedules if one.schedule_status == ScheduleStatus.SCHEDULED]
    if booked:
        schedules_table(booked)
    else:
        st.caption(_("Nothing is booked on it."))


def booking_fields(key: BillingKey, fields: Fields, filled: Filled, *, minimum: int) -> Typing:
    """The fields of one payment."""
    naver = key.pg_provider == NAVERPAY
    with st.form(fields.key("form"), border=False):
        hint = _("at least {minimum}").format(minimum=formats.money(minimum, "KRW")) if naver else None
        amount = fields.amount("amount", _("Amount"), filled.currency, value=filled.amount, placeholder=hint)
        name = fields.text("name", _("What it is for"), value=filled.name, max_chars=40)
        at = fields.time("schedule_at", _("Day and time, in Korea"), filled.at)
        tax_free = fields.amount("tax_free", _("Tax-free part, if any"), filled.currency)
        hint = _("The day on which the buyer has used or received it: the day of the payment in Seoul or later.")
        day = fields.day("naver_use_cfm", _("Day of use (Naver Pay), if any"), help=hint) if naver else None
        with fields.place("customer_uid"):
            done = review_button()
    return Typing(fields, done, amount, name, at, tax_free, day)


def booking_sentence(wanted: Wanted) -> str:
    """`Book 9,900원 for 사과 정기배송, to be charged at 2026-12-24 10:00:00 KST.`; of a series its ends and its sum."""
    entries: Sequence[Mapping[str, object]] = wanted.request["schedules"]
    first, last = entries[0], entries[-1]
    words = _("Book {amount} for {name}, to be charged at {first} KST.")
    if len(entries) > 1:
        words = _("Book {n} payments for {name} from {first} to {last} KST, {amount} in all.")
    return words.format(
        n=len(entries),
        amount=formats.money(wanted.amount, wanted.currency),
        name=first["name"],
        first=formats.time(int(str(first["schedule_at"]))),
        last=formats.time(int(str(last["schedule_at"]))),
    )
