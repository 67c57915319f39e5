"""Figures of a period beside another one; each says what it counts and leads to the rows behind it."""

from collections.abc import Mapping
from decimal import Decimal

import streamlit as st
from services.clock import day_to_date
from services.months import month_name
from services.revenue.figures import Figures
from services.revenue.mrr import MrrMonth
from services.revenue.periods import Period
from services.tables.revenue import Movement

from dashboard.locale import _, ngettext
from dashboard.navigation import link_to_list
from dashboard.screens.overview.overview import PAID_STATES, behind, day_params, net_words
from dashboard.words import formats


def days_words(period: Period) -> str:
    """`2026-11-01 – 2026-11-24`."""
    return f"{day_to_date(period.from_day)} – {day_to_date(period.to_day)}"


def money_figures(now: Figures, before: Figures, period: Period, currency: str) -> None:
    """Gross, refunds, net, what subscriptions paid of it, the average order and what failed."""
    with st.grid(4, min_column_width=190):
        _net_figures(now, before, period, currency)
        _part_figures(now, before, period, currency)


def _net_figures(now: Figures, before: Figures, period: Period, currency: str) -> None:
    money, days = _Money(currency), (period.from_day, period.to_day)
    paid, refunds = behind(*days, currency, state=PAID_STATES), day_params(*days, currency=currency)
    refunded = _refunds(now.refund_count)
    change = money.change(now.gross, before.gross)
    _figure(_("Gross"), money(now.gross), change, _payments(now.payments), paid)
    change = money.change(now.refunds, before.refunds)
    _figure(_("Refunds"), money(now.refunds), change, refunded, refunds, "refunds", up_is_bad=True)
    _figure(_("Net"), money(now.net), money.change(now.net, before.net), net_words())
    change = _points(now.refund_rate, before.refund_rate)
    _figure(_("Refund rate"), _percent(now.refund_rate), change, refunded, refunds, "refunds", up_is_bad=True)


def _part_figures(now: Figures, before: Figures, period: Period, currency: str) -> None:
    money, days = _Money(currency), (period.from_day, period.to_day)
    paid = behind(*days, currency, state=PAID_STATES)
    change, rows = money.change(now.recurring_gross, before.recurring_gross), _payments(now.recurring_payments)
    _figure(_("Subscription revenue"), money(now.recurring_gross), change, rows, paid | {"kind": "recurring"})
    change, rows = money.change(now.one_off_gross, before.one_off_gross), _payments(now.one_off_payments)
    _figure(_("One-off revenue"), money(now.one_off_gross), change, rows, paid | {"kind": "one_off"})
    change = money.change(now.average_order, before.average_order)
    _figure(_("Average order"), money(now.average_order), change, _payments(now.payments), paid)
    change, failed = money.change(now.failed_amount, before.failed_amount), behind(*days, currency, state="failed")
    rows = ngettext("{n} failure", "{n} failures", now.failures).format(n=f"{now.failures:,}")
    _figure(_("Failed amount"), money(now.failed_amount), change, rows, failed, up_is_bad=True)


def mrr_figures(now: MrrMonth, before: MrrMonth, currency: str) -> None:
    """MRR, subscribers, ARPU and churn at a month's end beside the month before."""
    money, of_month = _Money(currency), {"month": month_name(now.month), "currency": currency}
    counting, ended = of_month, of_month | {"moved": Movement.CHURN.value}
    people = ngettext("{n} subscriber", "{n} subscribers", now.subscribers).format(n=f"{now.subscribers:,}")
    left = ngettext("{n} ended", "{n} ended", now.churned_subscribers).format(n=f"{now.churned_subscribers:,}")
    st.caption(
        _("At the end of {month}, beside {before}. The month that runs counts what is known now.").format(
            month=month_name(now.month), before=month_name(before.month)
        )
    )
    with st.grid(4, min_column_width=190):
        _figure(
            _("MRR, inferred"), money(now.mrr), money.change(now.mrr, before.mrr), people, counting, "subscriptions"
        )
        _figure(
            _("Subscribers"),
            f"{now.subscribers:,}",
            f"{now.subscribers - before.subscribers:+,}" if now.subscribers != before.subscribers else None,
            people,
            counting,
            "subscriptions",
        )
        _figure(_("ARPU"), money(now.arpu), money.change(now.arpu, before.arpu))
        for label, rate, earlier in (
            (_("Churn rate"), now.churn_rate, before.churn_rate),
            (_("MRR churn rate"), now.mrr_churn_rate, before.mrr_churn_rate),
        ):
            change = _points(rate, earlier)
            _figure(label, _percent(rate), change, left, ended, "subscriptions", up_is_bad=True)


class _Money:
    """Amounts of one currency, and by how much they changed."""

    def __init__(self, currency: str) -> None:
        self._currency = currency

    def __call__(self, amount: int | None) -> str:
        return formats.NOTHING if amount is None else formats.money(amount, self._currency)

    def change(self, now: int | None, before: int | None) -> str | None:
        """`+1,000원 (+5.0%)`; None where it did not change, or there is nothing to hold it against."""
        if now is None or before is None or now == before:
            return None
        # Streamlit takes the direction from the first sign.
        moved = ("+" if now > before else "-") + formats.money(abs(now - before), self._currency)
        return moved + (f" ({(now - before) / abs(before):+.1%})" if before else "")


def _figure(
    label: str,
    value: str,
    change: str | None,
    rows: str = "",
    params: Mapping[str, str] | None = None,
    page: str = "payments",
    *,
    up_is_bad: bool = False,
) -> None:
    with st.container(border=True, gap="xsmall", height="stretch"):
        st.metric(label, value, change, delta_color="inverse" if up_is_bad else "normal")
        if params is not None:
            link_to_list(rows, page, params)
        elif rows:
            st.caption(rows)


def _payments(n: int) -> str:
    return ngettext("{n} payment", "{n} payments", n).format(n=f"{n:,}")


def _refunds(n: int) -> str:
    return ngettext("{n} refund", "{n} refunds", n).format(n=f"{n:,}")


def _percent(rate: Decimal | None) -> str:
    return formats.NOTHING if rate is None else f"{rate:.1%}"


def _points(now: Decimal | None, before: Decimal | None) -> str | None:
    moved = Decimal(0) if now is None or before is None else round(100 * (now - before), 1)
    return _("{n} points").format(n=f"{moved:+.1f}") if moved else None
