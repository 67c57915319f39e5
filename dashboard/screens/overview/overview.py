"""The rows behind figures of money, as addresses of their lists, and the currency that figures are in."""

from collections.abc import Sequence

import streamlit as st
from services.clock import day_to_date
from services.payment_states import MONEY_STATES, PaymentKind
from services.revenue.figures import Figures
from services.revenue.known import Known
from services.revenue.periods import Period
from services.store.lists.totals import RowSum

from dashboard.kit.figure import Rows
from dashboard.locale import _, ngettext

PAID_STATES = ",".join(sorted(MONEY_STATES))
_CHARGED_KINDS = f"{PaymentKind.ONE_OFF},{PaymentKind.RECURRING}"


def day_params(from_day: int, to_day: int, **more: str) -> dict[str, str]:
    """The address of a list of payments over some Seoul days."""
    return {"from": day_to_date(from_day).isoformat(), "to": day_to_date(to_day).isoformat(), **more}


def behind(from_day: int, to_day: int, currency: str, **more: str) -> dict[str, str]:
    """The address of the rows that sums in one currency are made of: registrations are in none."""
    return day_params(from_day, to_day, currency=currency, kind=_CHARGED_KINDS, **more)


def paid_rows(now: Figures | Known, period: Period, currency: str, **more: str) -> Rows:
    """The payments that gross is made of."""
    words = ngettext("{n} payment", "{n} payments", now.payments).format(n=f"{now.payments:,}")
    return Rows(words, "payments", behind(period.from_day, period.to_day, currency, state=PAID_STATES) | more)


def refund_rows(now: Figures | Known, period: Period, currency: str) -> Rows:
    """The refunds that are taken off it."""
    words = ngettext("{n} refund", "{n} refunds", now.refund_count).format(n=f"{now.refund_count:,}")
    return Rows(words, "refunds", day_params(period.from_day, period.to_day, currency=currency))


def part_rows(parts: Sequence[RowSum], period: Period, currency: str) -> Rows | None:
    """Those of them that gave back a part; None without any."""
    n = sum(one.rows for one in parts if one.currency == currency)
    words = ngettext("{n} of a part", "{n} of parts", n).format(n=f"{n:,}")
    address = day_params(period.from_day, period.to_day, currency=currency, part="partial")
    return Rows(words, "refunds", address) if n else None


def failed_rows(now: Figures, period: Period, currency: str, **more: str) -> Rows:
    """The payments that failed."""
    words = ngettext("{n} failure", "{n} failures", now.failures).format(n=f"{now.failures:,}")
    return Rows(words, "payments", behind(period.from_day, period.to_day, currency, state="failed") | more)


def choose_currency(currencies: Sequence[str]) -> str:
    """One currency at a time, for sums never mix them; won first where there is any."""
    main = "KRW" if "KRW" in currencies else currencies[0]
    if len(currencies) == 1:
        return main
    chosen = st.segmented_control(
        _("Currency"),
        currencies,
        default=main,
        required=True,
        key="overview.currency",
        label_visibility="collapsed",
        persist_state="session",
    )
    return chosen or main
