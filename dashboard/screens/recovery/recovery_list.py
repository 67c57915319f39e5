"""The recovery desk: the policy, what failed by what can be done, each row with its reason and the next try."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import streamlit as st
from services.clock import seoul
from services.operations.journal.told import Telling
from services.recovery.desk import AMOUNTS, RECENT, ActionTotal, Failed, Proposal
from services.recovery.policy import LAST_DAY, Policy
from services.store.lists.keyset import Page
from services.subscriptions.reasons import Action
from services.tables.keys import KeyState
from services.tables.revenue import Churn

from dashboard.kit.filters.form import FilterForm, View
from dashboard.kit.filters.hits import hits_column
from dashboard.kit.filters.no_rows import filtered_away
from dashboard.kit.lists.columns import Column, MoneyColumn, number, state_column
from dashboard.kit.lists.pick import key_of_rows, pick_rows
from dashboard.locale import _
from dashboard.navigation import Place, link_to, link_to_list
from dashboard.screens.overview.desks_today import PROPOSED
from dashboard.screens.recovery.desk_filters import DeskFilter, Tile, desk_form, tiles_of
from dashboard.screens.telling import messages
from dashboard.screens.telling.advice import advice, gateway_words
from dashboard.screens.telling.telling_desk import tell
from dashboard.words import formats, labels, recovery_labels, subscription_labels
from dashboard.words.operation_labels import person


def moment(at: int) -> str:
    """`2026-12-10 (Thu) 11:00`."""
    return f"{formats.day(seoul(at).date())} {seoul(at):%H:%M}"


def policy_line(policy: Policy) -> None:
    """Whether Jangbu books again by itself, when and how often, and which settings say so."""
    if not policy.automatic:
        words = _("Automatic recovery is off: what failed is booked again only when a person says so.")
        st.info(f"{words} {_switches()}", icon=":material/pause_circle:")
        return
    days = ", ".join(_("the last") if day == LAST_DAY else str(day) for day in policy.pay_days)
    words = _("Automatic recovery is on: what may pass by itself is booked again, at most {n} times.")
    when = _("Where money was short, on the first working day from these days of the month on: {days}.")
    st.info(f"{words.format(n=policy.tries)} {when.format(days=days)} {_switches()}", icon=":material/autorenew:")


def scope_line() -> None:
    """What is listed and what is not, with the way to the rest."""
    words = _(
        "Booked payments that failed first in the last {n} days, the latest of them on top unless another order is "
        "chosen. What failed earlier or without a booking is not here."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(formats.escape(words.format(n=RECENT)), width="content")
        link_to_list(_("Every billing key that fails"), Place.BILLING_KEYS, {"state": KeyState.FAILING.value})


def action_tiles(totals: Sequence[ActionTotal], proposed: Collection[Proposal]) -> list[Tile]:
    """Count and sums by what can be done, test rows left out; what can be booked again follows whose part it is."""
    money: Counter[str] = Counter()
    for one in proposed:
        money[one.currency] += one.amount
    words = _("Of “{all}”: can be booked again now").format(all=recovery_labels.action(Action.WAIT))
    part = Tile(PROPOSED, "↻ " + words, len(proposed), sorted(money.items()))
    sums = ((total.action, total.schedules, total.currency, total.amount) for total in totals)
    tiles = tiles_of(recovery_labels.action, sums)
    behind = list(Action).index(Action.WAIT) + 1
    return [*tiles[:behind], part, *tiles[behind:]]


def failed_form(providers: Collection[str] = (), *, buyers: bool = True) -> FilterForm[DeskFilter]:
    """The filter's fields; `providers` are the PGs that occur, `buyers` False leaves buyers out of the search."""
    amounts, kinds = {name: labels.field(name) for name in AMOUNTS}, ("action", [PROPOSED, *Action], _kind)
    return desk_form("recovery", kinds, _("By first failure, newest first"), amounts, providers, buyers=buyers)


def _kind(kind: str) -> str:
    return _("Can be booked again now") if kind == PROPOSED else recovery_labels.action(kind)


def failed_table(found: Page[Failed], columns: Sequence[Column[Failed]], *, key: str) -> list[Failed]:
    """What failed, as it comes; returns the rows that were picked."""
    alt = _("Failed schedules, times in Korea")
    boxes = key_of_rows(key, [row.merchant_uid for row in found.rows])
    return pick_rows(found, columns, alt=alt, key=boxes, order=failed_form().order, many=True)


def next_words(row: Failed, proposal: Proposal | None, policy: Policy) -> str:
    """When it is tried next, or why it is not."""
    if row.booked_at:
        return _("booked: {time}").format(time=moment(row.booked_at))
    if proposal:
        return moment(proposal.schedule_at)
    if row.ended:
        return _("none: the key is gone or the customer left")
    if row.action != Action.WAIT:
        return formats.NOTHING
    return _("none: tried often enough") if row.tries >= policy.tries else _("asked for already")


def failed_details(
    row: Failed, latest_payment: str | None, ended: tuple[int, Churn] | None, *, buyers: bool, may_charge: bool
) -> None:
    """One of them: the PG's words, what helps and where that is known from, what to tell whom, the ways from here.

    Its billing key may have failed again since, by another payment: then the words are of that failure.
    """
    with st.container(border=True):
        st.caption(_("The gateway's words"))
        if row.reason_at > row.last_failed_at:
            words = _("This billing key failed again at {time} KST: its latest reason is what counts.")
            st.caption(formats.escape(words.format(time=formats.time(row.reason_at))))
        if row.reason_at > row.failed_at:
            words = _("This booking itself failed first at {time} KST.")
            st.caption(formats.escape(words.format(time=formats.time(row.failed_at))))
        gateway_words(row.fail_reason)
        if ended:
            words = _(
                "The subscription counts as ended since {time} KST ({how}): ask the customer before it is charged."
            )
            told = words.format(time=formats.time(ended[0]), how=subscription_labels.churn(ended[1]))
            st.warning(formats.escape(told), icon=":material/event_busy:")
        advice(row.fail_reason)
        if buyers:
            st.text(formats.line(row.buyer_name, row.buyer_tel, row.buyer_email))
            tell(messages.of_failed(row), latest_payment)
        with st.container(horizontal=True):
            if may_charge and row.action == Action.MEND:
                link_to(_("Send a registration link"), Place.NEW_LINK, customer_uid=row.customer_uid)
            link_to(_("Open the schedule"), Place.SCHEDULE, merchant_uid=row.merchant_uid)
            link_to(_("Open the billing key"), Place.BILLING_KEY, customer_uid=row.customer_uid)


def ended_words(ended: tuple[int, Churn] | None) -> str | None:
    """That a subscription counts as ended, and since when."""
    return _("ended {time}").format(time=formats.short_time(ended[0])) if ended else None


def nothing_failed(view: View[DeskFilter]) -> None:
    """Says what to do next."""
    if not filtered_away(view, failed_form(), _("Take the filters away to see what else failed.")):
        words = _("What fails from now on is listed here with its reason, for sixty-two days or until it is paid.")
        st.success(words, title=_("No booked payment is left failed"), icon=":material/check_circle:")


def _switches() -> str:
    return _(
        "The person who runs Jangbu switches it on or off, and says when and how often; System shows what is in force."
    )


def failed_columns(
    policy: Policy,
    proposed: Mapping[str, Proposal],
    told: Mapping[str, Telling],
    ends: Mapping[str, tuple[int, Churn]],
    *,
    buyers: bool,
) -> list[Column[Failed]]:
    """Every column there is; the next try of those for which one is `proposed`, whose buyers were `told`, and when the
    subscription `ends`, by customer_uid."""
    field, words = labels.field, recovery_labels
    return [
        Column("failed_at", field("failed_at"), lambda row: formats.short_time(row.reason_at)),
        hits_column(failed_form().kept),
        MoneyColumn("amount", field("amount"), lambda row: (row.amount, row.currency)),
        Column("buyer_name", field("buyer_name"), lambda row: formats.buyer(row.buyer_name, buyers)),
        Column("buyer_tel", field("buyer_tel"), lambda row: _phone(row, buyers)),
        state_column("action", _("What can be done"), words.action, lambda row: row.action),
        Column("subscription", _("Subscription"), lambda row: ended_words(ends.get(row.customer_uid))),
        Column("told", _("Buyer told"), lambda row: _told(told.get(row.merchant_uid))),
        Column("next", _("Next try"), lambda row: next_words(row, proposed.get(row.merchant_uid), policy)),
        Column("fail_reason", field("fail_reason"), lambda row: row.fail_reason),
        Column("because", _("What helps"), lambda row: _(row.remedy.because)),
        Column("name", field("name"), lambda row: row.name),
        Column("pg_provider", field("pg_provider"), lambda row: labels.provider(row.pg_provider)),
        Column("tries", _("Tried again"), lambda row: row.tries, number),
        Column("merchant_uid", field("merchant_uid"), lambda row: row.merchant_uid),
        Column("customer_uid", field("customer_uid"), lambda row: row.customer_uid),
    ]


def _phone(row: Failed, buyers: bool) -> str | None:
    return row.buyer_tel if buyers else formats.mask_phone(row.buyer_tel)


def _told(telling: Telling | None) -> str:
    return f"{formats.short_time(telling.at)} {person(telling.by)}" if telling else ""
