"""What moved, in sentences: each is computed, carries its figures, and leads to its rows."""

from collections.abc import Mapping, Sequence

import streamlit as st
from services.months import month_name
from services.revenue.insights import Insight, Topic
from services.revenue.periods import Period

from dashboard.locale import _, ngettext
from dashboard.navigation import link_to_list
from dashboard.screens.overview.overview import PAID_STATES, behind, day_params
from dashboard.words import formats, labels, reason_labels
from dashboard.words.subscription_labels import movement

_UP, _DOWN = ":material/trending_up:", ":material/trending_down:"


def insight_list(found: Sequence[Insight], period: Period, currency: str) -> None:
    """One line each; says so where nothing moved."""
    if not found:
        st.caption(_("Nothing moved against the period before."))
    for one in found:
        rows = _rows(one, period, currency)
        with st.container(horizontal=True, vertical_alignment="center"):
            icon = _UP if one.change > 0 else _DOWN
            st.markdown(f"{icon} {formats.escape(_sentence(one, currency))}", width="content")
            if rows:
                link_to_list(_("Show"), *rows)


def _sentence(one: Insight, currency: str) -> str:
    if one.topic == Topic.PLAN:
        return _plan(one, currency)
    words = {
        Topic.NET: _("Net revenue is {now}, {change}."),
        Topic.PG: _("{value} moved most of all PGs: {now}, {change}."),
        Topic.PRODUCT: _("{value} moved most of all products: {now}, {change}."),
        Topic.REFUNDS: _("Refunds are {now}, {change}."),
        Topic.REFUND_REASON: _("The refund reason that moved most is “{value}”: {now}, {change}."),
        Topic.FAILURES: _("{now} failed, {change}."),
        Topic.FAIL_REASON: _("The failure reason that moved most is “{value}”: {now}, {change}."),
        Topic.MRR: _("MRR at the end of {value} is {now}, {change}."),
    }[one.topic]
    value = month_name(one.month) if one.topic == Topic.MRR else _value(one)
    amounts = one.topic not in (Topic.FAILURES, Topic.FAIL_REASON)
    now = formats.money(one.now, currency) if amounts else _payments(one.now)
    return words.format(value=value, now=now, change=_change(one, currency if amounts else None))


def _plan(one: Insight, currency: str) -> str:
    words = _("{value} moved MRR most in {month}: {what} of {n}, {amount}.")
    kind = one.churn.value if one.churn else one.movement.value if one.movement else ""
    n = ngettext("{n} subscription", "{n} subscriptions", one.n).format(n=f"{one.n:,}")
    amount = ("+" if one.change > 0 else "") + formats.money(one.change, currency)
    return words.format(value=_value(one), month=month_name(one.month), what=movement(kind), n=n, amount=amount)


def _change(one: Insight, currency: str | None) -> str:
    """`120,000원 more (+5.0%)`."""
    moved = abs(one.change)
    size = _payments(moved) if currency is None else formats.money(moved, currency)
    words = _("{size} more than before") if one.change > 0 else _("{size} less than before")
    return words.format(size=size) + (f" ({one.change / abs(one.before):+.1%})" if one.before else "")


def _value(one: Insight) -> str:
    if one.topic == Topic.PG:
        return labels.provider(one.value)
    if one.topic == Topic.REFUND_REASON:
        return reason_labels.refund(one.value) or _("(none)")
    return one.value or _("(none)")


def _payments(n: int) -> str:
    return ngettext("{n} payment", "{n} payments", n).format(n=f"{n:,}")


def _rows(one: Insight, period: Period, currency: str) -> tuple[str, Mapping[str, str]] | None:
    """The list that has exactly what a sentence counts; None where no list filters by it."""
    days = period.from_day, period.to_day
    match one.topic:
        case Topic.MRR:
            return "subscriptions", {"month": month_name(one.month), "currency": currency}
        case Topic.PLAN:
            moved = {"moved": one.movement.value if one.movement else "", "churn": one.churn.value if one.churn else ""}
            given = {"month": month_name(one.month), "currency": currency, "plan": one.value} | moved
            return "subscriptions", {name: value for name, value in given.items() if value}
        case Topic.REFUNDS:
            return "refunds", day_params(*days, currency=currency)
        case Topic.FAILURES:
            return "payments", behind(*days, currency, state="failed")
        case Topic.PG if one.value:
            return "payments", behind(*days, currency, state=PAID_STATES, pg=one.value)
    return None
