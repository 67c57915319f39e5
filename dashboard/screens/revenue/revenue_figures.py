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

from dashboard.kit.figure import (
    Change,
    Rows,
    Sense,
    count_change,
    figure,
    money_change,
    percent,
    points_change,
    whole_day,
    whole_month,
)
from dashboard.locale import _, ngettext
from dashboard.screens.overview.overview import failed_rows, paid_rows, refund_rows
from dashboard.screens.revenue.revenue_words import inferred_words, meaning
from dashboard.words import formats


def money_figures(now: Figures, before: Figures, period: Period, currency: str, *, whole: int | None) -> None:
    """Net, gross, refunds and their rate; `whole`: the day that today, which still runs, stands beside."""
    refunds = refund_rows(now, period, currency)
    parts: Sequence[tuple[str, int, int, Rows, str, Sense]] = (
        (_("Net"), now.net, before.net, Rows(_("Gross less refunds")), "net", Sense.GAIN),
        (_("Gross"), now.gross, before.gross, paid_rows(now, period, currency), "gross", Sense.GAIN),
        (_("Refunds"), now.refunds, before.refunds, refunds, "refunds", Sense.TROUBLE),
    )
    with st.grid(4, min_column_width=190):
        for label, new, old, rows, word, sense in parts:
            change, beside = _held_against(money_change(new, old, currency), whole, _money(old, currency))
            figure(label, _money(new, currency), change, rows, *beside, sense=sense, hint=meaning(word))
        change, hint = points_change(now.refund_rate, before.refund_rate), meaning("refund_rate")
        change, beside = _held_against(change, whole, percent(before.refund_rate))
        figure(_("Refund rate"), percent(now.refund_rate), change, refunds, *beside, sense=Sense.TROUBLE, hint=hint)


def _held_against(change: Change | None, whole: int | None, before: str) -> tuple[Change | None, Sequence[Rows]]:
    """The difference, or where a day still runs in its place what a whole one was."""
    return (change, ()) if whole is None else (None, (whole_day(whole, before),))


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
    whole: int | None,
) -> None:
    """What failed in a period, of it the charges of billing keys, and what was paid after all in its last month.

    `runs`: that month is not over yet; `whole`: the day that today, which still runs, stands beside.
    """
    failures = failed_rows(now, period, currency)
    back, back_before = (_recovered_in(month, recovered) for month in (months[-1], months[-2]))
    words = ngettext("{n} schedule", "{n} schedules", back[1]).format(n=f"{back[1]:,}")
    with st.grid(4, min_column_width=190):
        label, value, hint = _("Failed payments"), f"{now.failures:,}", meaning("failures")
        more, beside = _held_against(count_change(now.failures, before.failures), whole, f"{before.failures:,}")
        figure(label, value, more, failures, *beside, sense=Sense.TROUBLE, hint=hint)
        rows = failed_rows(charges, period, currency, kind=PaymentKind.RECURRING.value)
        for label, new, old, behind in (
            (_("Failed amount"), now.failed_amount, before.failed_amount, failures),
            (_("Failed recurring payments"), charges.failed_amount, charges_before.failed_amount, rows),
        ):
            change, beside = _held_against(money_change(new, old, currency), whole, _money(old, currency))
            figure(label, _money(new, currency), change, behind, *beside, sense=Sense.TROUBLE, hint=hint)
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
