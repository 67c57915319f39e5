"""A month's figures now, as closed, as known on a day, and by both time bases."""

from collections.abc import Callable, Sequence

import streamlit as st
from services.months import month_name, month_span
from services.revenue.bridge import Bridge, Side, Sum
from services.revenue.closed_months import Closed
from services.revenue.known import Known
from services.revenue.periods import Period
from services.tables.revenue import What

from dashboard.kit.numbers import Columns, number_table
from dashboard.locale import _
from dashboard.navigation import link_to_list
from dashboard.screens.overview.overview import paid_rows, refund_rows
from dashboard.words import formats, operation_labels
from dashboard.words.labels import Words, once_a_language


@once_a_language
def what() -> Words:
    """The two sides of net."""
    return {What.GROSS: _("Gross"), What.REFUNDS: _("Refunds")}


def closed_line(closed: Closed | None, month: int) -> None:
    """Who closed it and when, or that nobody did."""
    if closed is None:
        st.info(_("{month} is not closed.").format(month=month_name(month)), icon=":material/lock_open:")
        return
    words = _("Closed by {name} on {time} (KST).")
    told = words.format(
        name=formats.escape(operation_labels.person(closed.closed_by)), time=formats.time(closed.closed_at)
    )
    st.success(told, icon=":material/lock:")
    if closed.note:
        st.text(formats.shown(closed.note))


def month_table(now: Known, before: Known | None, title: str, currency: str, *, key: str) -> None:
    """Payments, gross, refunds and net now; beside them what they were, and the difference."""
    money = _money(currency)
    rows: list[tuple[str, Callable[[int], str], Callable[[Known], int]]] = [
        (_("Payments made"), _count, lambda one: one.payments),
        (_("Gross"), money, lambda one: one.gross),
        (_("Single refunds"), _count, lambda one: one.refund_count),
        (_("Refunds"), money, lambda one: one.refunds),
        (_("Net"), money, lambda one: one.net),
    ]
    columns: Columns = {_("Figure"): [name for name, _form, _get in rows]}
    columns[_("Now")] = [form(get(now)) for _name, form, get in rows]
    if before is not None:
        columns[title] = [form(get(before)) for _name, form, get in rows]
        columns[_("Difference")] = [
            ("+" if get(now) > get(before) else "") + form(get(now) - get(before)) for _name, form, get in rows
        ]
    number_table(title if before else _("Figures of the month"), columns, key=key, currency=currency)


def rows_behind(now: Known, month: int, currency: str) -> None:
    """The way to the month's payments and refunds, as they are now."""
    period = Period(*month_span(month))
    with st.container(horizontal=True):
        for rows in (paid_rows(now, period, currency), refund_rows(now, period, currency)):
            link_to_list(rows.words, rows.page, rows.params or {})


def bridge_table(bridges: Sequence[Bridge], currency: str) -> None:
    """From what happened in the month to what its payments' states say of it."""
    money = _money(currency)

    def cells(pick: str) -> list[str]:
        sums: list[Sum] = [getattr(bridge, pick) for bridge in bridges]
        return [f"{money(one.amount)} · {one.rows:,}" for one in sums]

    columns: Columns = {
        _("Figure"): [what(bridge.what) for bridge in bridges],
        _("By payment or refund"): cells("by_event"),
        _("− state of another month"): cells("elsewhere"),
        _("+ state of this month"): cells("from_elsewhere"),
        _("= by time of the state"): cells("by_status"),
    }
    number_table(_("Both time bases"), columns, key="bridge", currency=currency)


@once_a_language
def side() -> Words:
    """Which rows lead from one basis to the other."""
    return {
        Side.ELSEWHERE: _("of this month, state of another"),
        Side.FROM_ELSEWHERE: _("of another month, state of this one"),
    }


def choose_item() -> tuple[What, Side]:
    """Which rows of the bridge are shown."""
    items = [(one, of) for one in What for of in Side]
    chosen = st.selectbox(
        _("Rows behind it"),
        items,
        format_func=lambda item: f"{what(item[0])}: {side(item[1])}",
        key="closing.item",
        persist_state="session",
        width=420,
    )
    return chosen or items[0]


def _money(currency: str) -> Callable[[int], str]:
    return lambda amount: formats.money(amount, currency)


def _count(n: int) -> str:
    return f"{n:,}"
