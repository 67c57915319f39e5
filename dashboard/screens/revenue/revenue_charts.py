"""Charts of revenue, each with the table behind it: days, MRR and what moved it, shares, reasons."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st
from services.clock import day_to_date
from services.months import month_name
from services.revenue.mrr import MrrMonth
from services.revenue.splits import Reason, top_reasons, top_shares
from services.revenue.steps import Step, in_steps, step_of, step_starts
from services.store.lists.totals import DayTotal, Share
from streamlit.delta_generator import DeltaGenerator

from dashboard.kit.lists.cards import on_phone
from dashboard.kit.numbers import Columns, amount, number_table, numbers
from dashboard.kit.plots import (
    BLUE,
    GRAY,
    GREEN,
    LABELLED,
    ORANGE,
    RED,
    Scale,
    bars,
    day_axis,
    month_axis,
    plot,
    scale_for,
    unfinished_note,
)
from dashboard.locale import _
from dashboard.words import formats, labels, reason_labels
from dashboard.words.subscription_labels import movement

_MOVES = ("new", "expansion", "reactivation", "contraction", "chosen", "failed", "lapsed")
_TOP = 8
_HEIGHT = 200
_ROWS = 5
"""As high as two charts beside each other and a table below fit on one screen."""
_LONG = 18
"""Characters of a name on an axis."""


def days_chart(days: Sequence[DayTotal], before: Sequence[DayTotal], currency: str, *, today: int) -> None:
    """Gross above and refunds below the line, and net as a line beside that of the days it is held against.

    Many days stand together by weeks or months; the table behind has each.
    """
    every, starts, step = days, step_starts(days), step_of(len(days))
    runs = days[-1].day == today
    days, before = in_steps(days, starts), in_steps(before[: len(days)], starts)
    dates = [_name(day.day, step) for day in days]
    # What a day will bring is not known before its end: the line ends the day before.
    net = [day.net for day in days[: len(days) - runs]]
    net_before = [day.net for day in before]
    scale = scale_for((day.gross for day in days), currency)
    gross = {"type": "bar", "x": dates, "name": _("Gross"), "marker": bars(GREEN, len(days), unfinished=runs)}
    refunds = {"type": "bar", "x": dates, "name": _("Refunds"), "marker": bars(RED, len(days), unfinished=runs)}
    line = {"type": "scatter", "mode": "lines" if len(net) > 1 else "lines+markers", "showlegend": False}
    plot(
        [
            scale.trace([day.gross for day in days], **gross),
            scale.trace([-day.refunds for day in days], **refunds),
            scale.trace(net, x=dates[: len(net)], name=_("Net"), line={"color": BLUE}, **line),
            scale.trace(
                net_before,
                x=dates[: len(net_before)],
                name=_("Net (previous)"),
                line={"color": GRAY, "dash": "dot"},
                **line,
            ),
        ],
        key="revenue_days",
        alt=_by(step),
        height=_HEIGHT + 35,
        barmode="relative",
        bargap=0.25 if len(days) > 2 else 0.8,
        xaxis=month_axis(dates) if step == Step.MONTH else day_axis(dates),
        yaxis=scale.axis(),
        margin=LABELLED | {"t": 24},
        annotations=[
            *_end_labels(scale, {_("Net"): net, _("Net (previous)"): net_before}),
            *([unfinished_note(dates, _so_far(step))] if runs else []),
        ],
    )
    _days_table(every, currency)


def _days_table(days: Sequence[DayTotal], currency: str) -> None:
    numbers(
        _("Revenue by day"),
        {
            _("Day"): [day_to_date(day.day).isoformat() for day in days],
            _("Payments made"): [day.payments for day in days],
            _("Gross"): [amount(day.gross, currency) for day in days],
            _("Of it subscriptions"): [amount(day.recurring_gross, currency) for day in days],
            _("Refunds"): [amount(day.refunds, currency) for day in days],
            _("Net"): [amount(day.net, currency) for day in days],
        },
        key="revenue_days",
        currency=currency,
        money=(_("Gross"), _("Of it subscriptions"), _("Refunds"), _("Net")),
    )


def _name(day: int, step: Step) -> str:
    """A step's place on the axis: its first day, or its month."""
    date = day_to_date(day).isoformat()
    return date[:7] if step == Step.MONTH else date


def _by(step: Step) -> str:
    return {
        Step.DAY: _("Gross, refunds and net by day in Korea"),
        Step.WEEK: _("Gross, refunds and net by week in Korea"),
        Step.MONTH: _("Gross, refunds and net by month in Korea"),
    }[step]


def _so_far(step: Step) -> str:
    return {
        Step.DAY: _("Today so far"),
        Step.WEEK: _("This week so far"),
        Step.MONTH: _("This month so far"),
    }[step]


def _end_labels(scale: Scale, lines: Mapping[str, Sequence[int]]) -> list[dict[str, Any]]:
    """Each line's name at its end, those of two apart from each other."""
    ends = sorted((amounts[-1], words) for words, amounts in lines.items() if amounts)
    shifts = (-8, 8) if len(ends) > 1 else (0,)
    return [scale.end_label(amount, words, shift=shift) for (amount, words), shift in zip(ends, shifts, strict=True)]


def waterfall(month: MrrMonth, before: MrrMonth, currency: str) -> None:
    """What moved MRR since the month before, movement by movement; they add up to the change."""
    moves = [getattr(month, name) for name in _MOVES]
    names, amounts = [*map(movement, _MOVES), _("Change")], [*moves, month.mrr - before.mrr]
    # Eight names beside each other would stand upon each other there.
    lying = on_phone()
    scale, ends = scale_for(amounts, currency), (month_name(before.month), month_name(month.month))
    trace = scale.trace(
        amounts,
        type="waterfall",
        x=names if lying else [_two_lines(words) for words in names],
        measure=[*["relative"] * len(moves), "total"],
        text=[formats.short_won(one) if currency == "KRW" else formats.money(one, currency) for one in amounts],
        textposition="outside",
        cliponaxis=False,
        increasing={"marker": {"color": GREEN}},
        decreasing={"marker": {"color": ORANGE}},
        totals={"marker": {"color": BLUE}},
        connector={"line": {"color": GRAY, "width": 1}},
    )
    alt = _("What moved MRR from {before} to {month}").format(before=ends[0], month=ends[1])
    st.markdown(f"**{alt}**")
    by_name = {"type": "category", "tickangle": 0, "tickfont": {"size": 10}}
    if lying:
        trace |= {"orientation": "h", "x": trace["y"], "y": names}
    plot(
        [trace],
        key="mrr_waterfall",
        alt=alt,
        height=_HEIGHT + 80 * lying,
        yaxis=by_name | {"autorange": "reversed", "automargin": True} if lying else scale.axis(),
        xaxis=scale.axis() if lying else by_name,
        margin=LABELLED | {"r": 40 * lying},
        hovermode="closest",
    )
    moved = _("MRR moved")
    columns: Columns = {_("Movement"): names, moved: [amount(one, currency) for one in amounts]}
    numbers(alt, columns, key="mrr_waterfall", currency=currency, money=(moved,))


def _two_lines(words: str) -> str:
    """`Came back` and `종료(결제 실패)` on a narrow axis."""
    return words.replace("(", "<br>(") if "(" in words else words.replace(" ", "<br>", 1)


def mrr_chart(months: Sequence[MrrMonth], currency: str, *, runs: bool) -> None:
    """MRR at the end of each month, the last as it is now where it `runs`, and the table of all movements."""
    names = [month_name(one.month) for one in months]
    scale = scale_for((one.mrr for one in months), currency)
    marker = bars(GREEN, len(months), unfinished=runs)
    trace = scale.trace([one.mrr for one in months], type="bar", x=names, marker=marker)
    st.markdown(f"**{_('MRR by month')}**")
    plot(
        [trace],
        key="mrr_months",
        alt=_("MRR by month"),
        height=_HEIGHT,
        yaxis=scale.axis(),
        xaxis=month_axis(names),
        margin=LABELLED | {"r": 0},
        annotations=[unfinished_note(names, _("This month so far"))] if runs else [],
    )
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


def shares(
    title: str, rows: Sequence[Share], field: str, currency: str, *, pick: bool, head: DeltaGenerator
) -> str | None:
    """Gross by PG, method, product or card, its export in its `head`; returns the value of the row that was picked."""
    if not rows:
        st.caption(_("Nothing was paid in these days."))
        return None
    rows = top_shares(rows)
    total, share = sum(row.gross for row in rows) or 1, _("Share of gross")
    values: Columns = {labels.field(field): [_value(row.value, field) for row in rows]}
    parts: Columns = {
        share: [round(100 * row.gross / total, 1) for row in rows],
        _("Payments made"): [row.payments for row in rows],
    }
    sums: Columns = {
        _("Gross"): [amount(row.gross, currency) for row in rows],
        _("Refunds"): [amount(row.refunds, currency) for row in rows],
        _("Net"): [amount(row.net, currency) for row in rows],
    }
    picked = number_table(
        title,
        values | (sums | parts if on_phone() else parts | sums),
        key=f"shares_{field}",
        currency=currency,
        money=tuple(sums),
        percent=share,
        rows=_ROWS,
        pick=pick,
        export_in=head,
    )
    return rows[picked].value if picked is not None else None


def more_shares(rows: Sequence[Share], currency: str) -> None:
    """What the table of shares has below the rows that are in sight."""
    rest = rows[_ROWS:]
    if rest:
        words = _("{n} more: {sum} (scroll the table)")
        told = words.format(n=f"{len(rest):,}", sum=formats.money(sum(row.gross for row in rest), currency))
        st.caption(formats.escape(told), width="content")


def reasons_chart(title: str, rows: Sequence[Reason], currency: str, *, key: str, nothing: str) -> None:
    """What failed or was refunded by its reason, in the words that came."""
    st.markdown(f"**{title}**")
    if not rows:
        st.caption(nothing)
        return
    rows = top_reasons(rows)
    words = [_reason(row.value) for row in rows]
    _bars(words, [row.amount for row in rows], currency, key=key, alt=title, color=RED)
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
        height=40 + 24 * n,
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
    words = formats.shown(words)
    return escape(words if len(words) <= _LONG else words[: _LONG - 1] + "…", quote=False)


def _value(value: str | None, field: str) -> str:
    if value is None:
        return _("All others")
    if field == "pg_provider":
        return labels.provider(value)
    return labels.method(value) if field == "pay_method" else value or _("(none)")


def _reason(value: str | None) -> str:
    return _("All others") if value is None else reason_labels.refund(value) or _("(none)")
