"""Carrying proposals out: the last look with counts, won and dates, and what became of each row."""

from collections import defaultdict
from collections.abc import Sequence

import pandas as pd
import streamlit as st
from services.operations.journal.journal import asked
from services.recovery.desk import Proposal
from services.tables.journal import Operation

from dashboard.kit.lists.money_cells import money_cells, money_column
from dashboard.kit.lists.tables import list_height
from dashboard.locale import _, ngettext
from dashboard.screens.asking.review import Choice
from dashboard.screens.recovery.recovery_list import moment
from dashboard.words import formats, labels, operation_labels


def carry_out_button(chosen: Sequence[Proposal]) -> bool:
    """Leads to the last look at the rows that were picked and have a proposal."""
    words = ngettext("Carry out {n} proposal", "Carry out {n} proposals", len(chosen))
    label = words.format(n=len(chosen)) if chosen else _("Carry out the proposals")
    return st.button(label, type="primary", icon=":material/event_repeat:", key="carry_out", disabled=not chosen)


def round_look(chosen: Sequence[Proposal], ended: int, closed: str | None) -> Choice | None:
    """What the person chose; `ended`: how many are of a subscription that is over; `closed`: why nothing can be sent
    at this moment."""
    with st.container(border=True):
        st.header(_("Is this right?"))
        words = ngettext("Book {n} failed payment again, {amount}.", "Book {n} failed payments again, {amount} in all.",
                         len(chosen))  # fmt: skip
        says = words.format(n=f"{len(chosen):,}", amount=_money(chosen))
        st.markdown(f"**{formats.escape(says)}**")
        _by_day(chosen)
        st.caption(_("Each under its own order number. Nothing is charged before its day."))
        if ended:
            told = ngettext(
                "{n} is of a subscription that counts as ended: ask its customer before it is charged.",
                "{n} are of subscriptions that count as ended: ask their customers before they are charged.",
                ended,
            )
            st.warning(told.format(n=f"{ended:,}"), icon=":material/event_busy:")
        if closed:
            st.warning(closed, icon=":material/cloud_off:")
        with st.container(horizontal=True):
            off = closed is not None
            sent = st.button(_("Book them again"), type="primary", icon=":material/send:", key="send", disabled=off)
            back = st.button(_("Change something"), icon=":material/edit:", key="change")
    if sent:
        return Choice.SEND
    return Choice.CHANGE if back else None


def round_result(operations: Sequence[Operation]) -> None:
    """What became of each row, in our words beside the gateway's own."""
    money = [(one.amount, one.currency) for one in operations]
    data = {
        _("State"): [operation_labels.state.badge(operation_labels.standing_code(one)) for one in operations],
        _("Next try"): [moment(asked(one)["schedule_at"]) for one in operations],
        _("Amount"): money_cells(money),
        labels.field("merchant_uid"): [one.merchant_uid for one in operations],
        labels.field("message"): [one.message for one in operations],
        labels.field("why"): [operation_labels.reason(one.state, one.why) for one in operations],
    }
    st.dataframe(
        pd.DataFrame(formats.cells(data)),
        hide_index=True,
        column_config={_("Amount"): money_column(None, money)},
        placeholder="",
        height=list_height(len(operations)),
        alt=_("What became of each"),
    )


def left_out(n: int) -> None:
    """Rows that nothing was written down for."""
    if n:
        words = ngettext(
            "{n} was left out: somebody else is at it, or it ended meanwhile.",
            "{n} were left out: somebody else is at them, or they ended meanwhile.",
            n,
        )
        st.warning(words.format(n=n), icon=":material/info:")


def _by_day(chosen: Sequence[Proposal]) -> None:
    days: defaultdict[tuple[int, str], list[Proposal]] = defaultdict(list)
    for one in chosen:
        days[one.schedule_at, one.currency].append(one)
    order = sorted(days)
    money = [(sum(one.amount for one in days[line]), line[1]) for line in order]
    data = {
        _("Next try"): [moment(at) for at, _currency in order],
        _("How many"): [len(days[line]) for line in order],
        _("Amount"): money_cells(money),
    }
    config, alt = {_("Amount"): money_column(None, money)}, _("By day")
    st.dataframe(pd.DataFrame(formats.cells(data)), hide_index=True, column_config=config, width="content", alt=alt)


def _money(chosen: Sequence[Proposal]) -> str:
    """A sum for each currency."""
    return formats.sums((one.currency, one.amount) for one in chosen)
