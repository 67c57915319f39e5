"""What the screens of recovery read of the store: booked payments that failed, and chains that broke off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.months import month_of, months_until
from services.operations.journal.told import Telling, told_of_orders
from services.recovery import desk, radar
from services.recovery.desk import ActionTotal, Failed, Proposal
from services.recovery.jumps import FailureRate, failure_rates
from services.recovery.policy import Policy
from services.recovery.radar import AtRisk, BrokenChain
from services.recovery.reports import Recovered, recovered_by_month
from services.store.lists.keys import key_values
from services.store.lists.keyset import Page
from services.store.lists.one import list_attempts
from services.store.lists.operations import operations_of_key
from services.store.lists.schedules import schedule_values
from services.store.lists.subscriptions import ended_of
from services.subscriptions.reasons import Action
from services.tables.chains import LastResult
from services.tables.journal import Operation, OperationKind, OperationState
from services.tables.notes import Told
from services.tables.revenue import Churn

from dashboard.kit.filters.form import View
from dashboard.process.resources import open_session
from dashboard.screens.overview.desks_today import PROPOSED
from dashboard.screens.recovery.desk_filters import ROWS, DeskFilter
from dashboard.screens.recovery.recovered import MONTHS

_CLOCKS = 60
"""Seconds that the gateway's clock may differ from ours."""


def providers_of_schedules() -> Sequence[str]:
    """PGs on which anything was booked."""
    with open_session() as session:
        return schedule_values(session).pg_providers


def providers_of_keys() -> Sequence[str]:
    """PGs that hold billing keys."""
    with open_session() as session:
        return key_values(session).pg_providers


@dataclass(frozen=True, slots=True)
class FailedScreen:
    """One page of failed schedules, and what all of them come to."""

    totals: Sequence[ActionTotal]
    rates: Sequence[FailureRate]
    every: Sequence[Proposal]
    """All that can be booked again now."""
    found: Page[Failed]
    proposed: Mapping[str, Proposal]
    """Proposals for the rows of the page, by order number."""
    told: Mapping[str, Telling]
    """Who told which of their buyers, by order number."""
    ends: Mapping[str, tuple[int, Churn]]
    """When and how the subscription ended of those that did, by customer_uid."""
    months: Sequence[int]
    """The last twelve, like 202611."""
    report: Sequence[Recovered]


def read_failed(view: View[DeskFilter], policy: Policy, now: float) -> FailedScreen:
    """Failed schedules by what can be done about them. Raises InvalidFilter."""
    months, chosen = months_until(month_of(now), MONTHS), view.chosen
    with open_session() as session:
        every = desk.proposals(session, now, policy)
        found = desk.list_failed(
            session,
            now,
            action=Action(chosen.kind) if chosen.kind in list(Action) else None,
            pg_provider=chosen.pg_provider,
            among=[one.merchant_uid for one in every] if chosen.kind == PROPOSED else None,
            text=chosen.text,
            buyers=chosen.search_buyers,
            order=chosen.order,
            after=view.after,
            limit=ROWS,
        )
        orders = [row.merchant_uid for row in found.rows]
        return FailedScreen(
            totals=desk.failed_by_action(session, now),
            rates=failure_rates(session, now),
            every=every,
            found=found,
            proposed={one.merchant_uid: one for one in desk.proposals(session, now, policy, among=orders)},
            told=_told_since_failing(found.rows, told_of_orders(session, orders, Told.FAILED)),
            ends=ended_of(session, {row.customer_uid for row in found.rows}),
            months=months,
            report=recovered_by_month(session, months[0], months[-1]),
        )


def _told_since_failing(rows: Sequence[Failed], told: Mapping[str, Telling]) -> dict[str, Telling]:
    """Of an earlier failure the buyer knows; of the latest not yet."""
    failed_at = {row.merchant_uid: row.last_failed_at for row in rows}
    return {order: one for order, one in told.items() if one.at >= failed_at[order]}


def latest_payment(row: Failed) -> str | None:
    """The latest one (imp_uid) under its order number, on which is noted that its buyer was told."""
    with open_session() as session:
        return next((one.imp_uid for one in list_attempts(session, row.merchant_uid)), None)


def revocation_of(row: BrokenChain) -> Operation | None:
    """What took back a chain's last booking; None where that was not done here."""
    if row.last_result != LastResult.REVOKED:
        return None
    with open_session() as session:
        asked = operations_of_key(session, row.customer_uid, limit=20)
    done = (one for one in asked if (one.kind, one.state) == (OperationKind.REVOKE, OperationState.SUCCEEDED))
    return next((one for one in done if one.asked_at - _CLOCKS <= row.last_at <= one.state_at + _CLOCKS), None)


@dataclass(frozen=True, slots=True)
class BrokenScreen:
    """One page of broken chains, and what all of them come to."""

    risks: Sequence[AtRisk]
    found: Page[BrokenChain]


def read_broken(view: View[DeskFilter], now: float) -> BrokenScreen:
    """Chains that broke off, by how their last charge ended. Raises InvalidFilter."""
    chosen = view.chosen
    with open_session() as session:
        return BrokenScreen(
            risks=radar.at_risk(session, now),
            found=radar.broken_chains(
                session,
                now,
                last_result=LastResult(chosen.kind) if chosen.kind else None,
                pg_provider=chosen.pg_provider,
                text=chosen.text,
                buyers=chosen.search_buyers,
                order=chosen.order,
                after=view.after,
                limit=ROWS,
            ),
        )
