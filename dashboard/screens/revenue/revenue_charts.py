"""Charts of revenue, each with the table behind it: days, MRR and what moved it, shares, reasons."""

from collections.abc import Sequence
from html import escape

import streamlit as st
from services.clock import day_to_date
from services.months import month_name
from services.revenue.mrr import MrrMonth
from services.revenue.splits import Reason, top_reasons, top_shares
from services.store.lists.totals import DayTotal, Share

from dashboard.kit.numbers import Columns, amount, number_table, numbers
from dashboard.kit.plots import BLUE, GRAY, GREEN, ORANGE, RED, day_axis, plot, scale_for
from dashboard.locale import _
from dashboard.words import formats, labels, reason_labels
from dashboard.words.subscription_labels import movement

_MOVES = ("new", "expansion", "reactivation", "contraction", "chosen", "failed", "lapsed")
_TOP = 12
_LONG = 18
"""Characters of a name on an axis."""


def days_chart(days: Sequence[DayTotal], before: Sequence[DayTotal], currency: str) -> None:
    """Gross above and refunds below the line, net as a line, and the net of the days it is held against."""
    dates = [day_to_date(day.day).isoformat() for day in days]
    net_before = [day.net for day in before[: len(days)]]
    scale = scale_for((day.gross for day in days), currency)
    plot(
        [
            scale.trace([day.gross for day in days], type="bar", x=dates, name=_("Gross"), marker={"color": GREEN}),
            scale.trace([-day.refunds for day in days], type="bar", x=dates, name=_("Refunds"), marker={"color": RED}),
            scale.trace([day.net for day in days], type="scatter", x=dates, name=_("Net"), line={"color": BLUE}),
            scale.trace(
                net_before,
                type="scatter",
                x=dates[: len(net_before)],
                name=_("Net, held against"),
                line={"color": GRAY, "dash": "dot"},
            ),
        ],
        key="revenue_days",
        alt=_("Gross, refunds and net by day in Korea"),
        barmode="relative",
        xaxis=day_axis(dates),
        yaxis=scale.axis(),
    )
    numbers(
        _("Revenue by day"),
        {
            _("Day"): dates,
            _("Payments"): [day.payments for day in days],
            _("Gross"): [amount(day.gross, currency) for day in days],
            _("Of it subscriptions"): [amount(day.recurring_gross, currency) for day in days],
            _("Refunds"): [amount(day.refunds, currency) for day in days],
            _("Net"): [amount(day.net, currency) for day in days],
        },
        key="revenue_days",
        currency=currency,
        money=(_("Gross"), _("Of it subscriptions"), _("Refunds"), _("Net")),
    )


def waterfall(month: MrrMonth, before: MrrMonth, currency: str) -> None:
    """What moved MRR since the month before, movement by movement; they add up to the change."""
    moves = [getattr(month, name) for name in _MOVES]
    amounts = [*moves, month.mrr - before.mrr]
    scale, ends = scale_for(amounts, currency), (month_name(before.month), month_name(month.month))
    trace = scale.trace(
        amounts,
        type="waterfall",
        x=[*map(movement, _MOVES), _("Change")],
        measure=[*["relative"] * len(moves), "total"],
        text=[formats.short_won(one) if currency == "KRW" else formats.money(one, currency) for one in amounts],
        textposition="outside",
        cliponaxis=False,
        increasing={"marker": {"color": GREEN}},
        decreasing={"marker": {"color": RED}},
        totals={"marker": {"color": BLUE}},
        connector={"line": {"color": GRAY, "width": 1}},
    )
    alt = _("What moved MRR from the end of {before} to that of {month}").format(before=ends[0], month=ends[1])
    st.markdown(f"**{alt}**")
    plot([trace], key="mrr_waterfall", alt=alt, yaxis=scale.axis(), xaxis={"type": "category"}, hovermode="closest")


def mrr_chart(months: Sequence[MrrMonth], currency: str) -> None:
    """MRR at the end of each month, and the table of all movements."""
    names = [month_name(one.month) for one in months]
    scale = scale_for((one.mrr for one in months), currency)
    trace = scale.trace([one.mrr for one in months], type="bar", x=names, name=_("MRR"), marker={"color": GREEN})
    plot([trace], key="mrr_months", alt=_("MRR by month"), height=260, yaxis=scale.axis(), xaxis={"type": "category"})
    moved = {movement(name): [amount(getattr(one, name), currency) for one in months] for name in _MOVES}
    numbers(
        _("MRR by month"),
        {
            _("Month"): names,
            _("MRR"): [amount(one.mrr, currency) for one in months],
            **moved,
            _("Subscribers"): [one.subscribers for one in months],
            _("New subscribers"): [one.new_subscribers for one in months],
            _("Came back"): [one.reactivated_subscribers for one in months],
            _("Ended"): [one.churned_subscribers for one in months],
        },
        key="mrr_months",
        currency=currency,
        money=(_("MRR"), *moved),
    )


def shares(title: str, rows: Sequence[Share], field: str, currency: str, *, pick: bool) -> str | None:
    """Gross by PG, method, product or card; returns the value of the row that was picked."""
    if not rows:
        st.caption(_("Nothing was paid in these days."))
        return None
    rows = top_shares(rows)
    words = [_value(row.value, field) for row in rows]
    _bars(words, [row.gross for row in rows], currency, key=f"shares_{field}", alt=title, color=GREEN)
    total = sum(row.gross for row in rows) or 1
    picked = number_table(
        title,
        {
            labels.field(field): words,
            _("Payments"): [row.payments for row in rows],
            _("Gross"): [amount(row.gross, currency) for row in rows],
            _("Refunds"): [amount(row.refunds, currency) for row in rows],
            _("Net"): [amount(row.net, currency) for row in rows],
            _("Share of gross"): [f"{row.gross / total:.1%}" for row in rows],
        },
        key=f"shares_{field}",
        currency=currency,
        money=(_("Gross"), _("Refunds"), _("Net")),
        pick=pick,
    )
    return rows[picked].value if picked is not None else None


def reasons_chart(title: str, rows: Sequence[Reason], currency: str, *, key: str, nothing: str) -> None:
    """What failed or was refunded by its reason, in the words that came."""
    st.markdown(f"**{title}**")
    if not rows:
        st.caption(nothing)
        return
    rows = top_reasons(rows)
    words = [_reason(row.value) for row in rows]
    _bars(words, [row.amount for row in rows], currency, key=key, alt=title, color=ORANGE)
    number_of, sum_of = _("How many"), _("Amount")
    columns: Columns = {
        _("Reason"): words,
        number_of: [row.n for row in rows],
        sum_of: [amount(row.amount, currency) for row in rows],
    }
    numbers(title, columns, key=key, currency=currency, money=(sum_of,))


def _bars(words: Sequence[str], amounts: Sequence[int], currency: str, *, key: str, alt: str, color: str) -> None:
    n, scale = min(len(words), _TOP), scale_for(amounts, currency)
    trace = scale.trace(amounts[:n], type="bar", orientation="h", marker={"color": color})
    places = list(range(n))
    plot(
        [trace | {"x": trace["y"], "y": places}],
        key=key,
        alt=alt,
        height=80 + 28 * n,
        xaxis=scale.axis(),
        yaxis={
            "autorange": "reversed",
            "automargin": True,
            "tickvals": places,
            "ticktext": [_on_axis(word) for word in words[:n]],
        },
        hovermode="closest",
    )


def _on_axis(words: str) -> str:
    """As much of a name as there is room for; plotly would take markup in it for its own."""
    return escape(words if len(words) <= _LONG else words[: _LONG - 1] + "…", quote=False)


def _value(value: str | None, field: str) -> str:
    if value is None:
        return _("All others")
    if field == "pg_provider":
        return labels.provider(value)
    return labels.method(value) if field == "pay_method" else value or _("(none)")


def _reason(value: str | None) -> str:
    return _("All others") if value is None else reason_labels.refund(value) or _("(none)")
