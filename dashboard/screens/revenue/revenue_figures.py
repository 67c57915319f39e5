"""Figures of a period beside another one; each says what it counts and leads to the rows behind it."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st
from services.months import month_name
from services.payment_states import PaymentKind
from services.recovery.reports import Recovered
from services.revenue.figures import Figures
from services.revenue.mrr import MrrMonth
from services.revenue.periods import Period
from services.tables.revenue import Movement

from dashboard.kit.figure import Rows, Sense, count_change, figure, money_change, percent, points_change, whole_month
from dashboard.locale import _, ngettext
from dashboard.screens.overview.overview import failed_rows, paid_rows, refund_rows
from dashboard.screens.revenue.revenue_words import inferred_words, meaning
from dashboard.words import formats


def money_figures(now: Figures, before: Figures, period: Period, currency: str) -> None:
    """Net, gross, refunds and their rate."""
    refunds = refund_rows(now, period, currency)
    with st.grid(4, min_column_width=190):
        change = money_change(now.net, before.net, currency)
        figure(_("Net"), _money(now.net, currency), change, Rows(_("Gross less refunds")), hint=meaning("net"))
        change = money_change(now.gross, before.gross, currency)
        figure(_("Gross"), _money(now.gross, currency), change, paid_rows(now, period, currency), hint=meaning("gross"))
        change = money_change(now.refunds, before.refunds, currency)
        words, hint = _money(now.refunds, currency), meaning("refunds")
        figure(_("Refunds"), words, change, refunds, sense=Sense.TROUBLE, hint=hint)
        change, hint = points_change(now.refund_rate, before.refund_rate), meaning("refund_rate")
        figure(_("Refund rate"), percent(now.refund_rate), change, refunds, sense=Sense.TROUBLE, hint=hint)


def mrr_figures(now: MrrMonth, before: MrrMonth, currency: str, *, runs: bool) -> None:
    """MRR, subscribers, ARPU and churn at a month's end beside the month before; `runs`: it is not over yet."""
    of_month = {"month": month_name(now.month), "currency": currency}
    people = ngettext("{n} subscriber", "{n} subscribers", now.subscribers).format(n=f"{now.subscribers:,}")
    left = ngettext("{n} ended", "{n} ended", now.churned_subscribers).format(n=f"{now.churned_subscribers:,}")
    counting = Rows(people, "subscriptions", of_month)
    gone = of_month | {"moved": Movement.CHURN.value}
    ended = Rows(left, "subscriptions", gone if now.churned_subscribers else None)
    with st.grid(5, min_column_width=170):
        change = money_change(now.mrr, before.mrr, currency)
        figure(_("MRR, inferred"), _money(now.mrr, currency), change, counting, hint=inferred_words())
        more = count_change(now.subscribers, before.subscribers)
        figure(_("Subscribers"), f"{now.subscribers:,}", more, counting, hint=meaning("subscription"))
        change = money_change(now.arpu, before.arpu, currency)
        figure(_("ARPU"), _money(now.arpu, currency), change, hint=meaning("arpu"))
        cost = replace(ended, words=formats.signed_money(now.churn, currency))
        for label, rate, earlier, rows in (
            (_("Churn rate"), now.churn_rate, before.churn_rate, ended),
            (_("MRR churn rate"), now.mrr_churn_rate, before.mrr_churn_rate, cost),
        ):
            change, hint = None if runs else points_change(rate, earlier), meaning("churn_rate")
            beside = [whole_month(before.month, percent(earlier))] if runs else []
            figure(label, percent(rate), change, rows, *beside, sense=Sense.LOSS, hint=hint)


def failure_figures(
    now: Figures,
    before: Figures,
    charges: Figures,
    charges_before: Figures,
    recovered: Sequence[Recovered],
    months: Sequence[int],
    period: Period,
    currency: str,
    *,
    runs: bool,
) -> None:
    """What failed in a period, of it the charges of billing keys, and what was paid after all in its last month.

    `runs`: that month is not over yet.
    """
    failures = failed_rows(now, period, currency)
    back, back_before = (_recovered_in(month, recovered) for month in (months[-1], months[-2]))
    words = ngettext("{n} schedule", "{n} schedules", back[1]).format(n=f"{back[1]:,}")
    with st.grid(4, min_column_width=190):
        more = count_change(now.failures, before.failures)
        figure(_("Failed payments"), f"{now.failures:,}", more, failures, sense=Sense.TROUBLE)
        change = money_change(now.failed_amount, before.failed_amount, currency)
        figure(_("Failed amount"), _money(now.failed_amount, currency), change, failures, sense=Sense.TROUBLE)
        change = money_change(charges.failed_amount, charges_before.failed_amount, currency)
        rows = failed_rows(charges, period, currency, kind=PaymentKind.RECURRING.value)
        label = _("Failed recurring payments")
        figure(label, _money(charges.failed_amount, currency), change, rows, sense=Sense.TROUBLE)
        label = _("Recovered in {month}").format(month=month_name(months[-1]))
        change = None if runs else money_change(back[0], back_before[0], currency)
        beside = [whole_month(months[-2], _money(back_before[0], currency))] if runs else []
        figure(label, _money(back[0], currency), change, Rows(words), *beside, hint=meaning("recovered"))


def _recovered_in(month: int, rows: Sequence[Recovered]) -> tuple[int, int]:
    """Amount and schedules of one month."""
    mine = [row for row in rows if row.month == month]
    return sum(row.amount for row in mine), sum(row.schedules for row in mine)


def _money(amount: int | None, currency: str) -> str:
    return formats.NOTHING if amount is None else formats.money(amount, currency)
