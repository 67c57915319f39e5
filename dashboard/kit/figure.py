"""A figure in its tile: how it changed, and the way to the rows that it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Literal

import streamlit as st
from services.clock import day_to_date
from services.months import month_name

from dashboard.locale import _
from dashboard.navigation import link_to_list
from dashboard.words import formats

Color = Literal["green", "gray", "red", "orange"]


class Sense(Enum):
    """The colours of a rise and of a fall: red is for refunds and failures alone."""

    GAIN = ("green", "gray")
    TROUBLE = ("red", "green")
    LOSS = ("orange", "green")
    """Subscriptions that ended."""

    def __init__(self, rise: Color, fall: Color) -> None:
        self.rise, self.fall = rise, fall


@dataclass(frozen=True, slots=True)
class Change:
    """By how much a figure moved, without a sign, and whether it rose; None where it did not move."""

    size: str = ""
    rose: bool | None = None

    @property
    def words(self) -> str:
        """`▲ 1,000원 (+5.0%)`, `▼ 880,440원 (−19.2%)`: sign and word agree."""
        if self.rose is None:
            return _("No change")
        return f"{'▲' if self.rose else '▼'} {self.size}"

    def color(self, sense: Sense) -> Color:
        """No change is grey."""
        return "gray" if self.rose is None else sense.rise if self.rose else sense.fall


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows are behind a figure, in words, and the list that has exactly them; no list: words alone."""

    words: str
    page: str = ""
    params: Mapping[str, str] | None = None


def whole_month(month: int, value: str) -> Rows:
    """What a month that still runs can be seen beside: a difference to all of another one would say nothing."""
    return Rows(_("{month} in all: {value}").format(month=month_name(month), value=value))


def whole_day(day: int, value: str) -> Rows:
    """What a day that still runs can be seen beside."""
    return Rows(_("all of {day}: {value}").format(day=day_to_date(day).isoformat(), value=value))


def money_change(now: int | None, before: int | None, currency: str) -> Change | None:
    """Between two amounts in the smallest unit; None where there is nothing to hold it against."""
    if now is None or before is None:
        return None
    return _change(now, before, formats.money(abs(now - before), currency))


def count_change(now: int, before: int) -> Change:
    """Between two counts."""
    return _change(now, before, f"{abs(now - before):,}")


def points_change(now: Decimal | None, before: Decimal | None) -> Change | None:
    """Between two rates, in percentage points to one place."""
    if now is None or before is None:
        return None
    moved = round(100 * (now - before), 1)
    return Change(_("{n} points").format(n=f"{abs(moved)}"), moved > 0) if moved else Change()


def percent(rate: Decimal | None) -> str:
    """A rate to one place."""
    return formats.NOTHING if rate is None else f"{rate:.1%}"


def figure(
    label: str,
    value: str,
    change: Change | None,
    *rows: Rows,
    sense: Sense = Sense.GAIN,
    against: str = "",
    hint: str | None = None,
    trend: Sequence[int] = (),
) -> None:
    """The tile: `against` says what a change is held against, `hint` what is counted; `trend` is drawn as a line."""
    with st.container(border=True, gap="xxsmall", height="stretch"):
        st.metric(
            label,
            value,
            change.words if change else None,
            delta_color=change.color(sense) if change else "gray",
            delta_arrow="off",
            help=hint,
            chart_data=trend or None,
        )
        if against:
            st.caption(against)
        for one in rows:
            if one.params is not None:
                link_to_list(one.words, one.page, one.params)
            else:
                st.caption(one.words)


def _change(now: int, before: int, size: str) -> Change:
    if now == before:
        return Change()
    share = f" ({Decimal(now - before) / abs(before):+.1%})".replace("-", "−") if before else ""
    return Change(size + share, now > before)
