"""What would be booked, payment by payment, and in one sentence."""

from collections.abc import Mapping, Sequence
from itertools import accumulate

import pandas as pd
import streamlit as st
from services.operations.actions.series import Planned, Series, Unit, planned
from services.operations.journal.journal import Wanted

from dashboard.kit.lists.money_cells import money_cells, money_column
from dashboard.locale import _, current_language, ngettext
from dashboard.words import formats


def booking_preview(wanted: Wanted) -> None:
    """Each payment before it is sent: day, weekday, whether banks are closed, and what it has come to by then."""
    entries: Sequence[Mapping[str, int]] = wanted.request["schedules"]
    days = [planned(Series(one["schedule_at"], Unit.MONTH, 1, count=1), language=current_language()) for one in entries]
    money = [(one["amount"], wanted.currency) for one in entries]
    sums = [(total, wanted.currency) for total in accumulate(one["amount"] for one in entries)]
    data = {
        _("Time in Korea"): [formats.time(one["schedule_at"]) for one in entries],
        _("Weekday"): [formats.weekdays()[day.day.weekday()] for (day,) in days],
        _("Banks closed"): [_closed(day) for (day,) in days],
        _("Amount"): money_cells(money),
        _("Sum so far"): money_cells(sums),
    }
    if any(one["naver_use_cfm"] for one in entries):
        data[_("Day of use")] = [str(one["naver_use_cfm"] or "") for one in entries]
    st.dataframe(
        pd.DataFrame(formats.cells(data)),
        hide_index=True,
        column_config={_("Amount"): money_column(None, money), _("Sum so far"): money_column(None, sums)},
        placeholder="",
        alt=_("Payments as they will be booked"),
    )
    if closed := sum(bool(day.holiday or day.weekend) for (day,) in days):
        words = ngettext(
            "{n} of them falls on a day on which banks are closed.",
            "{n} of them fall on days on which banks are closed.",
            closed,
        )
        st.caption(words.format(n=closed))


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


def _closed(day: Planned) -> str:
    if day.holiday:
        return f"● {day.holiday}"
    return "○ " + _("weekend") if day.weekend else ""
