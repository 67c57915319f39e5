"""What needs a person: found in what the store keeps anyway, each with the way to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from services.operations.actions.naver.due import DueOrders
from services.store.lists.operations import Waiting
from services.store.lists.system import Freshness
from services.store.lists.totals import Count, DayTotal
from services.tables.journal import OperationKind
from services.tables.v1 import SyncRun

from dashboard.locale import _, ngettext, retell
from dashboard.navigation import link_to_list
from dashboard.words import formats, kinds

_RISE = 1.5
_MANY = 10
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing to look at, as Markdown; `params` lead to its rows on `page`, None where it has none.

    `act` says what is done about it there.
    """

    text: str
    icon: str
    params: Mapping[str, str] | None = None
    page: str = "payments"
    act: str | None = None


def mirror_concerns(fresh: Freshness, runs: Sequence[SyncRun]) -> list[Concern]:
    """Trouble between the gateway and the mirror."""
    found = []
    if fresh.last_error:
        # The gateway's words come from outside.
        text = _("The last reading from the gateway failed: {error}").format(
            error=formats.escape(retell(fresh.last_error))
        )
        found.append(Concern(text, ":material/cloud_off:"))
    if not fresh.backfilled:
        text = _("The mirror is still being filled: older payments are missing, sums are too low.")
        found.append(Concern(text, ":material/hourglass_top:"))
    if drift := sum(run.drift for run in runs):
        words = ngettext(
            "{n} row differed from the gateway and was mended in the last runs.",
            "{n} rows differed from the gateway and were mended in the last runs.",
            drift,
        )
        found.append(Concern(words.format(n=f"{drift:,}"), ":material/difference:"))
    return found


def approval_concern(waiting: Sequence[Waiting]) -> list[Concern]:
    """Refunds that a second person has not said yes to yet; `waiting` by currency."""
    n = sum(one.operations for one in waiting)
    if not n:
        return []
    money = formats.escape(formats.sums((one.currency, one.amount) for one in waiting))
    words = ngettext("{n} refund waits for approval, {money}.", "{n} refunds wait for approval, {money}.", n)
    text = words.format(n=f"{n:,}", money=money)
    return [Concern(text, ":material/group:", {}, "needs_person", _("Decide"))]


def order_concerns(orders: Mapping[OperationKind, DueOrders]) -> list[Concern]:
    """Naver Pay orders that are still to be confirmed, or credited with points."""
    found = []
    for kind, due in orders.items():
        if n := len(due.rows):
            confirm = ngettext(
                "{n} Naver Pay order is to be confirmed.", "{n} Naver Pay orders are to be confirmed.", n
            )
            credit = ngettext(
                "The points of {n} Naver Pay order are to be credited.",
                "The points of {n} Naver Pay orders are to be credited.",
                n,
            )
            words = confirm if kind == OperationKind.NAVER_CONFIRM else credit
            text, of = words.format(n=formats.counted(n, more=due.more)), kinds.of(kind)
            found.append(Concern(text, of.icon, {"kind": kind.value}, "bulk_naver", _("Look at them")))
    return found


def parcel_concern(waiting: Count | None, params: Mapping[str, str]) -> list[Concern]:
    """Escrow payments without a delivery, for which the PG pays nothing out; `params` lead to them."""
    if waiting is None or not waiting.n:
        return []
    words = ngettext(
        "{n} escrow payment has no delivery entered: its money is held back.",
        "{n} escrow payments have no delivery entered: their money is held back.",
        waiting.n,
    )
    text = words.format(n=formats.counted(waiting.n, more=waiting.capped))
    return [Concern(text, ":material/local_shipping:", params, "deliveries", _("Enter them"))]


def failure_concern(days: Sequence[DayTotal], params: Mapping[str, str]) -> list[Concern]:
    """Failures of the last seven days against the weeks before; `days` oldest first, at least two weeks."""
    recent, before = days[-_WEEK:], days[:-_WEEK]
    now = sum(day.failures for day in recent)
    usual = sum(day.failures for day in before) / max(len(before), 1) * _WEEK
    if now < usual * _RISE or now - usual < _MANY:
        return []
    text = _("Failures are rising: {now} in seven days, {usual} in a usual week.").format(
        now=f"{now:,}", usual=f"{usual:,.0f}"
    )
    return [Concern(text, ":material/trending_up:", params)]


def waiting_concerns(payable: Count, overdue: int, days: Mapping[str, str]) -> list[Concern]:
    """Virtual accounts that can still be paid, and those past their term that never changed: nobody paid, or the PG
    tells of no deposits. `days` are those of the issuing."""
    waits = ngettext(
        "{n} virtual account waits for its money.", "{n} virtual accounts wait for their money.", payable.n
    )
    over = ngettext(
        "{n} virtual account is past its term and never changed: does its PG tell of deposits?",
        "{n} virtual accounts are past their term and never changed: does their PG tell of deposits?",
        overdue,
    )
    found = []
    if payable.n:
        params = {**days, "state": "soon,open,no_term", "method": "vbank"}
        text = waits.format(n=formats.counted(payable.n, more=payable.capped))
        found.append(Concern(text, ":material/account_balance:", params, "waiting"))
    if overdue:
        params = {**days, "state": "overdue"}
        found.append(Concern(over.format(n=f"{overdue:,}"), ":material/event_busy:", params, "waiting"))
    return found


def attention(concerns: Sequence[Concern]) -> None:
    """The list, or that there is nothing on it."""
    st.header(_("Needs attention"))
    if not concerns:
        st.success(_("Nothing needs a person now."), icon=":material/check_circle:")
    concern_lines(concerns)


def concern_lines(concerns: Sequence[Concern]) -> None:
    """Each with the way to its rows."""
    for concern in concerns:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{concern.icon} {concern.text}", width="content")
            if concern.params is not None:
                link_to_list(concern.act or _("Show"), concern.page, concern.params)
