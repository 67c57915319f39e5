"""What the desks for recurring payments have for a person, each with the way to it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import streamlit as st
from services.clock import day_to_date
from services.recovery.desk import ActionTotal, Proposal
from services.recovery.jumps import FailureRate
from services.recovery.radar import AtRisk
from services.store.lists.totals import ScheduleDay
from services.subscriptions.reasons import Action
from services.tables.chains import LastResult

from dashboard.locale import _, ngettext
from dashboard.navigation import link_to_list
from dashboard.screens.overview.attention import Concern
from dashboard.screens.recovery.failure_rates import jump_words
from dashboard.words import formats, recovery_labels

PROPOSED = "proposed"
"""Of the recovery desk's kinds: what can be booked again now."""


@dataclass(frozen=True, slots=True)
class Recurring:
    """What stands open at this moment; test rows are outside."""

    due: Sequence[ScheduleDay]
    """Still booked for today, by currency."""
    rates: Sequence[FailureRate]
    proposed: Sequence[Proposal]
    failed: Sequence[ActionTotal]
    broken: Sequence[AtRisk]
    """Every chain that is broken."""


def recurring_concerns(found: Recurring) -> list[Concern]:
    """A jump by PG, what can be booked again, what the buyer has to mend, what broke off."""
    jumps = [
        Concern(jump_words(rate), ":material/crisis_alert:", {"pg": rate.pg_provider}, "recovery")
        for rate in found.rates
        if rate.jumped
    ]
    return [
        *jumps,
        *_proposed(found.proposed),
        *_mend(found.failed),
        *_shop(found.failed),
        *_broken(found.broken),
    ]


def due_today(due: Collection[ScheduleDay], today: int) -> None:
    """How many payments are still due today and what they come to, and the way to them."""
    if not due:
        return
    n, money = sum(day.schedules for day in due), _sums((day.currency, day.amount) for day in due)
    words = ngettext("{n} payment is still due today, {money}.", "{n} payments are still due today, {money}.", n)
    date = day_to_date(today).isoformat()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/today: {words.format(n=f'{n:,}', money=money)}", width="content")
        link_to_list(_("Show"), "schedules", {"from": date, "to": date, "state": "scheduled"})


def _proposed(proposed: Sequence[Proposal]) -> list[Concern]:
    if not proposed:
        return []
    n, money = len(proposed), _sums((one.currency, one.amount) for one in proposed)
    words = ngettext(
        "{n} failed payment can be booked again, {money}.", "{n} failed payments can be booked again, {money}.", n
    )
    params = {"action": PROPOSED}
    return [
        Concern(
            words.format(n=f"{n:,}", money=money), ":material/event_repeat:", params, "recovery", _("Book them again")
        )
    ]


def _mend(failed: Sequence[ActionTotal]) -> list[Concern]:
    def says(n: int) -> str:
        return ngettext(
            "{n} failed payment waits for the buyer to mend the card, {money}.",
            "{n} failed payments wait for the buyer to mend the card, {money}.",
            n,
        )

    return _to_be_done(failed, Action.MEND, says, ":material/credit_card_off:", _("Tell the buyers"))


def _shop(failed: Sequence[ActionTotal]) -> list[Concern]:
    def says(n: int) -> str:
        return ngettext(
            "{n} failed payment waits for the shop's limit or contract at the PG, {money}.",
            "{n} failed payments wait for the shop's limit or contract at the PG, {money}.",
            n,
        )

    return _to_be_done(failed, Action.SHOP, says, ":material/store:", _("Call the PG"))


def _to_be_done(
    failed: Sequence[ActionTotal], action: Action, says: Callable[[int], str], icon: str, label: str
) -> list[Concern]:
    """What failed and waits for one action, with its number and sum."""
    totals = [total for total in failed if total.action == action]
    n, money = sum(total.schedules for total in totals), _sums((total.currency, total.amount) for total in totals)
    words = says(n).format(n=f"{n:,}", money=money)
    return [Concern(words, icon, {"action": action.value}, "recovery", label)] if totals else []


def _broken(broken: Sequence[AtRisk]) -> list[Concern]:
    """By what happened last: where somebody took the booking back, the customer may have left, and none is owed."""
    found = []
    for result in LastResult:
        risks = [risk for risk in broken if risk.last_result == result]
        if n := sum(risk.chains for risk in risks):
            words = ngettext(
                "{n} subscription has lapsed ({why}), {money} a month.",
                "{n} subscriptions have lapsed ({why}), {money} a month.",
                n,
            )
            money = _sums((risk.currency, risk.amount) for risk in risks)
            says = words.format(n=f"{n:,}", why=formats.escape(recovery_labels.last_result(result)), money=money)
            act = _("Check") if result == LastResult.REVOKED else _("Book the next payments")
            found.append(Concern(says, ":material/link_off:", {"result": result.value}, "radar", act))
    return found


def _sums(amounts: Iterable[tuple[str, int]]) -> str:
    return formats.escape(formats.sums(amounts))
