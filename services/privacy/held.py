"""What each kind of row holds of a buyer, and what the law says of it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from services.operations.journal.states import TERMINAL
from services.payment_states import MONEY_STATES, state_of
from services.privacy.rows import Held, Kind, Stays, Terms
from services.privacy.sweeps import anonymous_link
from services.privacy.terms import NOTE_YEARS, last_day, past_before
from services.store.anonymous import anonymous_key, anonymous_payment, anonymous_request, anonymous_schedule
from services.tables.checkouts import CAN_OPEN
from services.tables.v1 import PaymentStatus, ScheduleStatus

Row = Mapping[str, Any]
_OURS = ("id", "position", "facet_id", "digest", "token", "fence", "claimed_by", "claimed_until", "looks", "look_at")
_WAITS_DAYS = 90 * 86_400
"""What was begun longer ago and is not paid is waited for by nobody."""


def payments(rows: Iterable[Row], refunds: Mapping[str, Sequence[Row]], terms: Terms) -> Iterator[Held]:
    """Payments that were made stay for their term; those of which nothing came need no name."""
    for row in rows:
        history = refunds.get(row["imp_uid"], [])
        bare, told = anonymous_payment(row, history)
        personal = [*_changed(row, bare), *(["cancel_history"] if told != [{**one} for one in history] else [])]
        latest = max(row[name] for name in ("started_at", "paid_at", "failed_at", "cancelled_at"))
        fields = _plain(row) | ({"cancel_history": [_plain(one) for one in history]} if history else {})
        held = Held(Kind.PAYMENT, row["imp_uid"], row["paid_at"] or row["started_at"], fields, tuple(personal))
        yield _judged(held, _of_payment(row, latest, terms), latest, terms.years)


def _of_payment(row: Row, latest: int, terms: Terms) -> Stays | None:
    if row["sandbox"]:
        return None
    if state_of(row) in MONEY_STATES:
        return Stays.PAID if _within(latest, terms) else None
    waits = row["status"] in (PaymentStatus.READY, PaymentStatus.PENDING)
    return Stays.UNDER_WAY if waits and latest > terms.now - _WAITS_DAYS else None


def schedules(rows: Iterable[Row]) -> Iterator[Held]:
    """What is booked needs its buyer; of what ran or was revoked the payment tells enough."""
    for row in rows:
        booked = row["schedule_status"] == ScheduleStatus.SCHEDULED
        personal = _changed(row, anonymous_schedule(row))
        stays = Stays.UNDER_WAY if booked else None
        yield Held(Kind.SCHEDULE, row["merchant_uid"], row["schedule_at"], _plain(row), personal, stays)


def billing_keys(rows: Iterable[Row], booked: Iterable[str | None]) -> Iterator[Held]:
    """A key on which something is booked is in use."""
    in_use = {*booked}
    for row in rows:
        stays = Stays.UNDER_WAY if row["customer_uid"] in in_use else None
        personal = _changed(row, anonymous_key(row))
        yield Held(Kind.BILLING_KEY, row["customer_uid"], row["inserted"], _plain(row), personal, stays)


def operations(rows: Iterable[Row]) -> Iterator[Held]:
    """What was asked for stays; whose account or phone it was, until it has ended."""
    for row in rows:
        open_still = row["state"] not in TERMINAL
        personal = ("request",) if _differs(row["request"]) and row["anonymous_at"] is None else ()
        stays = Stays.UNDER_WAY if open_still else None
        yield Held(Kind.OPERATION, str(row["id"]), row["asked_at"], _plain(row), personal, stays)


def links(rows: Iterable[Row]) -> Iterator[Held]:
    """A link by which somebody can still pay is theirs."""
    for row in rows:
        personal = tuple(name for name, value in anonymous_link(row).items() if row[name] != value)
        if "request" in personal and not _differs(row["request"]):
            personal = tuple(name for name in personal if name != "request")
        stays = Stays.UNDER_WAY if row["state"] in CAN_OPEN else None
        yield Held(Kind.LINK, str(row["id"]), row["made_at"], _plain(row), personal, stays)


def notes(rows: Iterable[Row], terms: Terms) -> Iterator[Held]:
    """What was said with a buyer may be needed in a dispute."""
    for row in rows:
        at = row["written_at"]
        held = Held(Kind.NOTE, str(row["id"]), at, _plain(row), ("text",) if row["text"] else ())
        stays = Stays.DISPUTE if held.personal and at >= past_before(terms.now, NOTE_YEARS) else None
        yield _judged(held, stays, at, NOTE_YEARS)


def receipts(rows: Iterable[Row], terms: Terms) -> Iterator[Held]:
    """A cash receipt goes with its payment."""
    for row in rows:
        latest = max(row["applied_at"], row["cancelled_at"])
        personal = ("identifier_end",) if row["identifier_end"] is not None else ()
        held = Held(Kind.RECEIPT, str(row["id"]), row["applied_at"], _plain(row), personal)
        stays = Stays.PAID if personal and _within(latest, terms) else None
        yield _judged(held, stays, latest, terms.years)


def unreadable(rows: Iterable[Row]) -> Iterator[Held]:
    """What nobody could read is dropped whole."""
    for row in rows:
        told = {**row, "raw": bytes(row["raw"]).decode(errors="replace")}
        yield Held(Kind.UNREADABLE, f"{row['kind']} {row['uid']} {row['digest']}", row["first_at"], told, ("raw",))


def others(
    payments: Iterable[Row],
    schedules: Iterable[Row],
    keys: Iterable[Row],
    operations: Iterable[Row],
    links: Iterable[Row],
) -> Iterator[Held]:
    """Rows of other people who share a billing key: that there are such, and nothing of what they hold."""
    for kind, uid, at, rows in (
        (Kind.PAYMENT, "imp_uid", "started_at", payments),
        (Kind.SCHEDULE, "merchant_uid", "schedule_at", schedules),
        (Kind.BILLING_KEY, "customer_uid", "inserted", keys),
        (Kind.OPERATION, "id", "asked_at", operations),
        (Kind.LINK, "id", "made_at", links),
    ):
        for row in rows:
            yield Held(kind, str(row[uid]), row[at], {}, (), Stays.OTHER)


def _within(latest: int, terms: Terms) -> bool:
    """Whether the term is not over; of a row without any time nobody can say that it is."""
    return not latest or latest >= past_before(terms.now, terms.years)


def _judged(held: Held, stays: Stays | None, at: int, years: int) -> Held:
    until = last_day(at, years) if at and stays in (Stays.PAID, Stays.DISPUTE) else None
    return Held(held.kind, held.uid, held.at, held.fields, held.personal, stays, until)


def _changed(row: Row, bare: Row) -> tuple[str, ...]:
    return tuple(name for name in bare if row[name] not in (None, "") and row[name] != bare[name])


def _differs(request: str) -> bool:
    return bool(json.loads(anonymous_request(request)) != json.loads(request))


def _plain(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _OURS and value not in (None, "")}
