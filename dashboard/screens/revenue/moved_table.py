"""What moved, line by line: an item, its figure now and before, the difference; a click opens its rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import streamlit as st
from services.months import month_name
from services.revenue.figures import Figures
from services.revenue.insights import Insight, Topic
from services.revenue.mrr import MrrMonth
from services.revenue.periods import Period
from services.tables.revenue import Movement

from dashboard.kit.figure import Change, Rows, count_change, money_change
from dashboard.kit.lists.cards import Card, card_list, on_phone
from dashboard.kit.lists.tables import LOW_ROW, OPENS, low_table_height, picked_row
from dashboard.locale import _, ngettext
from dashboard.screens.overview.overview import PAID_STATES, behind, failed_rows, paid_rows
from dashboard.words import formats, labels, reason_labels
from dashboard.words.subscription_labels import movement

_WIDTHS = (None, 93, 93, 162)


@dataclass(frozen=True, slots=True)
class Item:
    """One line in words; `rows` where a list has exactly what it counts."""

    name: str
    now: str
    before: str
    change: Change | None
    rows: Rows | None = None


def moved_table(items: Sequence[Item], *, key: str) -> Rows | None:
    """The table; returns the rows of the line that was clicked."""
    st.markdown(f"**{_('What moved')}**")
    if not items:
        st.caption(_("Nothing moved against the period before."))
        return None
    if on_phone():
        cards = [Card(who=one.name, amount=one.now, rest=_beside(one), badges=(), moved="") for one in items]
        return _rows_of(items, card_list(cards, alt=_("What moved"), key=key))
    columns = {
        _("Item"): [item.name for item in items],
        _("Now"): [item.now for item in items],
        _("Before"): [item.before for item in items],
        _("Difference"): [item.change.words if item.change else formats.NOTHING for item in items],
    }
    config = {
        name: st.column_config.TextColumn(alignment="right" if place else "left", width=width)
        for place, (name, width) in enumerate(zip(columns, _WIDTHS, strict=True))
    }
    found = st.dataframe(
        pa.table(formats.cells(columns)),
        hide_index=True,
        column_config=config,
        height=low_table_height(len(items)),
        row_height=LOW_ROW,
        alt=_("What moved"),
        key=key,
        **OPENS,
    )
    return _rows_of(items, found)


def _rows_of(items: Sequence[Item], found: Any) -> Rows | None:
    picked = picked_row(found, len(items))
    return items[picked].rows if picked is not None else None


def _beside(one: Item) -> str:
    """By how much it moved, and what it was before."""
    before = _("before: {value}").format(value=one.before)
    return f"{one.change.words} · {before}" if one.change else before


def sales_items(
    now: Figures, before: Figures, found: Sequence[Insight], period: Period, currency: str, *, runs: bool
) -> Sequence[Item]:
    """What gross is made of, what failed, and the PG, product and refund reason that moved most.

    `runs`: the period's only day is not over, so nothing is held against a whole one.
    """
    parts: Sequence[tuple[str, int | None, int | None, dict[str, str]]] = (
        (_("Subscription revenue"), now.recurring_gross, before.recurring_gross, {"kind": "recurring"}),
        (_("One-off revenue"), now.one_off_gross, before.one_off_gross, {"kind": "one_off"}),
        (_("Average order"), now.average_order, before.average_order, {}),
    )
    items = [_amounts(name, new, old, currency, paid_rows(now, period, currency, **of)) for name, new, old, of in parts]
    failed = _counts(_("Failed payments"), now.failures, before.failures, failed_rows(now, period, currency))
    named = (Topic.PG, Topic.PRODUCT, Topic.REFUND_REASON)
    items = [*items, failed, *(_most_moved(one, period, currency) for one in found if one.topic in named)]
    return _not_compared(items) if runs else items


def mrr_items(
    now: MrrMonth, before: MrrMonth, found: Sequence[Insight], currency: str, *, runs: bool
) -> Sequence[Item]:
    """Who came and went, and the plan that moved MRR most.

    `runs`: the month is not over, so nothing is held against all of the one before.
    """
    of_month = {"month": month_name(now.month), "currency": currency}
    people = (
        (_("New subscribers"), now.new_subscribers, before.new_subscribers, Movement.NEW),
        (_("Came back"), now.reactivated_subscribers, before.reactivated_subscribers, Movement.REACTIVATION),
        (_("Ended"), now.churned_subscribers, before.churned_subscribers, Movement.CHURN),
    )
    items = [
        _counts(name, new, old, Rows("", "subscriptions", of_month | {"moved": kind.value}))
        for name, new, old, kind in people
    ]
    prices = (
        (Movement.EXPANSION, now.expansion, before.expansion),
        # Without its sign, as refunds are: more of it is a rise.
        (Movement.CONTRACTION, -now.contraction, -before.contraction),
    )
    for kind, new, old in prices:
        rows = Rows("", "subscriptions", of_month | {"moved": kind.value}) if new else None
        if new or old:
            items.append(_amounts(movement(kind.value), new, old, currency, rows))
    items = _not_compared(items) if runs else items
    return [*items, *(_plan(one, currency) for one in found if one.topic == Topic.PLAN)]


def _not_compared(items: Sequence[Item]) -> list[Item]:
    return [replace(one, change=None) for one in items]


def _most_moved(one: Insight, period: Period, currency: str) -> Item:
    """By reason no list is narrowed, nor by product."""
    days = (period.from_day, period.to_day)
    what, value = {
        Topic.PG: (labels.field("pg_provider"), labels.provider(one.value)),
        Topic.PRODUCT: (labels.field("name"), one.value),
        Topic.REFUND_REASON: (_("Refund reason"), reason_labels.refund(one.value)),
    }[one.topic]
    name = f"{what}: {value or _('(none)')}"
    pg = one.topic == Topic.PG and one.value
    rows = Rows("", "payments", behind(*days, currency, state=PAID_STATES, pg=one.value)) if pg else None
    return _amounts(name, one.now, one.before, currency, rows)


def _plan(one: Insight, currency: str) -> Item:
    kind = one.churn.value if one.churn else one.movement.value if one.movement else ""
    n = ngettext("{n} subscription", "{n} subscriptions", one.n).format(n=f"{one.n:,}")
    moved = {"moved": one.movement.value if one.movement else "", "churn": one.churn.value if one.churn else ""}
    given = {"month": month_name(one.month), "currency": currency, "plan": one.value} | moved
    rows = Rows("", "subscriptions", {name: value for name, value in given.items() if value})
    name = f"{one.value or _('(none)')}: {movement(kind)} ({n})"
    return Item(name, formats.signed_money(one.now, currency), formats.NOTHING, None, rows)


def _amounts(name: str, now: int | None, before: int | None, currency: str, rows: Rows | None) -> Item:
    words = [formats.NOTHING if one is None else formats.money(one, currency) for one in (now, before)]
    return Item(name, words[0], words[1], money_change(now, before, currency), rows)


def _counts(name: str, now: int, before: int, rows: Rows | None) -> Item:
    return Item(name, f"{now:,}", f"{before:,}", count_change(now, before), rows)
