"""Working out chains and subscriptions: after each sync, of the keys that changed, so that no screen pays for it.

Inference looks at all of a key's payments. In the mirror's own transactions that would be done for every page that
brings one; here it is done once a sync and key, outside of the writing transaction, and a screen reads kept rows.
"""

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import Engine

from services.clock import DAY, day_of, day_start
from services.store.engine import reading, writing, writing_one_of_many
from services.store.lists.system import marks
from services.store.sql import fetch
from services.store.writes.chains import (
    History,
    KeyPayment,
    KeySchedule,
    Row,
    changed_chains,
    keep_chains,
    mark_failed_changed,
    read_histories,
)
from services.store.writes.subscriptions import keep_subscriptions, mark_due_subscriptions
from services.store.writes.sync import set_mark
from services.subscriptions.cadence import SURE, Cadence, Charge, infer_cadence
from services.subscriptions.failures import failed_schedules, revocations
from services.subscriptions.history import subscription_of
from services.subscriptions.reasons import rules_digest
from services.tables.chains import LastResult
from services.tables.journal import OperationKind
from services.tables.keys import KeyState

_AT_ONCE = 200
_BOOKED_AHEAD = 4
"""Bookings ahead that are looked at: two years of them say no more."""
_TRIED_WITHIN = 6 * DAY
_RULES = "reason_rules"
_WAY = 2
"""Counted up where a failed schedule is sorted by another failure than before: databases of before are sorted anew."""


def refresh_chains(engine: Engine, now: float) -> int:
    """Works out the chains of every key that changed since. Returns how many."""
    _follow_rules(engine, int(now))
    _follow_time(engine, int(now))
    done = 0
    while True:
        with reading(engine) as conn:
            seen = changed_chains(conn, _AT_ONCE)
            histories = read_histories(conn, seen)
        if not seen:
            return done
        cadences = {uid: cadence_of(history) for uid, history in histories.items()}
        chains = [_chain(uid, history, cadences[uid]) for uid, history in histories.items()]
        failed = {uid: failed_schedules(uid, history, cadences[uid]) for uid, history in histories.items()}
        worked = [subscription_of(uid, history, cadences[uid], now) for uid, history in histories.items()]
        sold = [one for one in worked if one]
        with writing_one_of_many(engine) as conn:
            kept = keep_chains(conn, seen, chains, failed)
            movements = [row for one in sold for row in one.movements]
            keep_subscriptions(conn, kept, [one.subscription for one in sold], movements)
        done += len(kept)
        if not kept:
            return done  # all of them change faster than they are worked out: next time


def _follow_rules(engine: Engine, now: int) -> None:
    """What was sorted by other rules is sorted again."""
    digest = f"{_WAY} {rules_digest()}"
    with reading(engine) as conn:
        known = marks(conn).get(_RULES)
    if known != digest:
        with writing(engine) as conn:
            mark_failed_changed(conn)
            set_mark(conn, _RULES, digest, now)


def _follow_time(engine: Engine, now: int) -> None:
    """What changed because days are over is worked out again."""
    with reading(engine) as conn:
        due = fetch(conn, "SELECT 1 FROM subscription WHERE review_at <= ? LIMIT 1", (now,))
    if due:
        with writing(engine) as conn:
            mark_due_subscriptions(conn, now)


def cadence_of(history: History) -> Cadence | None:
    """From what was paid and booked in the currency of the latest payment."""
    paid = [one for one in history.payments if one.paid_at]
    if not paid:
        return None
    currency, last = paid[-1].currency, paid[-1].paid_at
    tried = [(one.started_at, one) for one in _first_tries(history.payments)]
    booked = _charges([*tried, *((one.schedule_at, one) for one in history.schedules)], currency)
    ahead = sum(one.at > last for one in booked)
    known = booked[: len(booked) - ahead + _BOOKED_AHEAD] if ahead else booked
    charged = _charges(((one.paid_at, one) for one in paid), currency)
    found = infer_cadence(charged, known)
    if found and found.confidence >= SURE:
        return found
    # What a person charged here follows no rhythm: where it hides one, that one stands.
    by_hand = {asked.merchant_uid for asked in history.asked if asked.kind == OperationKind.CHARGE}
    usual = [(one.paid_at, one) for one in paid if one.merchant_uid not in by_hand]
    without = infer_cadence(_charges(usual, currency), known) if by_hand else None
    if without and without.confidence >= SURE:
        return without
    if history.key.next_at is None:
        return found
    # Its next charge is booked: what was charged besides, of an amount that was never booked, hides no rhythm.
    amounts = {one.amount for one in booked}
    return infer_cadence([one for one in charged if one.amount in amounts], known) or found


def _first_tries(payments: Sequence[KeyPayment]) -> list[KeyPayment]:
    """Failures that began a run of tries: on that day it was due, whenever it was paid, or its booking moved to."""
    found, failed_at = [], 0
    for one in payments:
        if one.paid_at or not one.failed_at:
            continue
        if one.started_at - failed_at > _TRIED_WITHIN:
            found.append(one)
        failed_at = one.started_at
    return found


def _charges(timed: Iterable[tuple[int, KeyPayment | KeySchedule]], currency: str) -> list[Charge]:
    fitting = [Charge(at, one.amount, one.name) for at, one in timed if at and one.currency == currency]
    return sorted(fitting, key=lambda one: one.at)


def _chain(uid: str, history: History, cadence: Cadence | None) -> Row:
    paid = [one for one in history.payments if one.paid_at]
    result, at, reason = _last(history)
    due_at, lapses_at = _due(cadence)
    deleted = history.key.state == KeyState.DELETED
    regular = cadence is not None and cadence.confidence >= SURE and due_at is not None
    return {
        "customer_uid": uid,
        "pg_provider": history.key.pg_provider,
        "sandbox": history.key.sandbox,
        "every": cadence.every if cadence else None,
        "unit": cadence.unit.value if cadence else None,
        "day_of_month": cadence.day_of_month if cadence else None,
        "confidence": cadence.confidence if cadence else 0.0,
        "evidence": json.dumps([one.isoformat() for one in cadence.evidence] if cadence else []),
        "amount": cadence.last.amount if cadence else 0,
        "currency": paid[-1].currency if paid else "KRW",
        "name": cadence.last.name if cadence else None,
        "charged_at": cadence.last.at if cadence else 0,
        "paid_at": max((one.paid_at for one in paid), default=0),
        "due_at": due_at,
        "lapses_at": lapses_at,
        "next_at": history.key.next_at,
        "last_result": result.value if result else None,
        "last_at": at,
        "fail_reason": reason,
        "deleted": deleted,
        "broken": regular and not deleted and history.key.next_at is None,
    }


def _due(cadence: Cadence | None) -> tuple[int | None, int | None]:
    """When the cycle after the last paid one begins and ends, at the time of day that is usual."""
    if cadence is None or cadence.paid_day is None:
        return None, None
    due = cadence.grid.after(cadence.paid_day)
    return at_hour_of(cadence.last.at, due), day_start(cadence.grid.after(due))


def at_hour_of(at: int, day: int) -> int:
    """The UNIX time of a Seoul day at the time of day of another moment."""
    return day_start(day) + at - day_start(day_of(at))


def _last(history: History) -> tuple[LastResult | None, int, str | None]:
    """What happened last, when, and the reason of a failure."""
    found: list[tuple[int, LastResult, str | None]] = []
    for one in history.payments:
        if one.paid_at:
            found.append((one.paid_at, LastResult.PAID, None))
        elif one.failed_at:
            found.append((one.failed_at, LastResult.FAILED, one.fail_reason))
    found += [(at, LastResult.REVOKED, None) for at in revocations(history.schedules)]
    if not found:
        return None, 0, None
    at, result, reason = max(found, key=lambda one: one[0])
    return result, at, reason
