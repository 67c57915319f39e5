"""Writing payments as the gateway says they are: unchanged ones cost a look, changed ones move the kept totals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection

from services.payment_states import MONEY_STATES, state_of
from services.store.anonymous import anonymous_payment
from services.store.grams import gram_text
from services.store.positions import positions
from services.store.sql import column_names, in_dialect, one_of, upsert
from services.store.writes.chains import mark_changed
from services.store.writes.digests import unlike_stored
from services.store.writes.escrow_waiting import parcels_changed
from services.store.writes.facets import facet_ids, facet_key
from services.store.writes.grams import GramChange, write_grams
from services.store.writes.key_summaries import payments_came
from services.store.writes.late_payments import may_be_ours, note_late
from services.store.writes.revenue import RevenueDelta, refunds_of
from services.store.writes.sync import came_at
from services.store.writes.totals import TotalsDelta
from services.tables.marks import MirrorMark
from services.tables.v1 import Cancellation, Payment

_DERIVED = ("position", "facet_id", "status_at", "digest", "read_at", "anonymous_at")
_COLUMNS = column_names(Payment, "id")
V1_COLUMNS = tuple(name for name in _COLUMNS if name not in _DERIVED)
"""Columns that a PaymentWrite brings: the gateway's fields and `extra`."""
_CANCELLATION = column_names(Cancellation)
_REFUND_FIELDS = _CANCELLATION[2:]
_TIME_OF = {"paid": "paid_at", "cancelled": "cancelled_at", "failed": "failed_at"}
_CHARGED = (
    "name", "amount", "currency", "started_at", "paid_at", "failed_at", "fail_reason", "customer_uid_usage",
    "pg_provider", "pay_method", "channel",
)  # fmt: skip
_in_order = itemgetter(*_COLUMNS)


class PaymentWrite(NamedTuple):
    """A payment to store: V1_COLUMNS by name, its refunds in their order, and its answer's digest."""

    values: dict[str, Any]
    cancellations: list[dict[str, Any]]
    digest: bytes | None
    anonymous_at: int | None = None
    """Since when its buyer is gone (UNIX seconds)."""
    read_at: int | None = None
    """When it was asked for (ms), where that is not now."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the store holds of a payment that is about to change."""

    values: dict[str, Any]
    cancellations: list[dict[str, Any]]

    def same_as(self, write: PaymentWrite) -> bool:
        return all(self.values[name] == write.values[name] for name in V1_COLUMNS) and self.cancellations == [
            {field: one.get(field) for field in _REFUND_FIELDS} for one in write.cancellations
        ]


class Upserted(NamedTuple):
    """How many payments were new or changed, and how many were the same but had come by no list before."""

    changed: int
    confirmed: int


def upsert_payments(conn: Connection, writes: Sequence[PaymentWrite], *, as_of: int) -> Upserted:
    """Stores what changed; `as_of` is when the answer was asked for (ms).

    A row that a later answer already wrote is left alone.
    """
    last = {write.values["imp_uid"]: write for write in writes}
    unlike = unlike_stored(conn, Payment, {imp_uid: write.digest for imp_uid, write in last.items()}, as_of=as_of)
    changed = [write for imp_uid, write in last.items() if imp_uid in unlike]
    if not changed:
        return Upserted(0, 0)
    stored = _stored(conn, [write.values["imp_uid"] for write in changed])
    changed = [_kept_of(write, stored.get(write.values["imp_uid"])) for write in changed]
    same = [write for write in changed if (old := stored.get(write.values["imp_uid"])) and old.same_as(write)]
    _note_digests(conn, same, as_of)
    kept = {write.values["imp_uid"] for write in same}
    news = [write for write in changed if write.values["imp_uid"] not in kept]
    if news:
        _write(conn, news, stored, as_of)
    confirmed = sum(stored[write.values["imp_uid"]].values["digest"] is None for write in same)
    return Upserted(len(news), confirmed)


def make_payments_anonymous(conn: Connection, imp_uids: Sequence[str], at: int) -> int:
    """Takes the buyer out of payments, in whatever they are found by too, at a time in seconds; of how many.

    They stay as the gateway told them last: another answer of the same bytes is still known as the same.
    """
    found = {uid: one for uid, one in _stored(conn, imp_uids).items() if one.values["anonymous_at"] is None}
    writes = []
    for old in found.values():
        values, refunds = anonymous_payment(old.values, old.cancellations)
        kept = {name: values[name] for name in V1_COLUMNS}
        writes.append(PaymentWrite(kept, refunds, old.values["digest"], at, old.values["read_at"]))
    if writes:
        _write(conn, writes, found, at * 1000)
        _forget_reasons(conn, writes, found)
    return len(writes)


def _forget_reasons(conn: Connection, writes: Sequence[PaymentWrite], stored: Mapping[str, _Stored]) -> None:
    """Sums are kept by reason: where the words of one named a buyer, its row is left with nothing, and goes."""
    gone: set[str | None] = set()
    for new in writes:
        old = stored[new.values["imp_uid"]]
        gone |= {*_reasons_of(old.values, old.cancellations)} - {*_reasons_of(new.values, new.cancellations), None}
    if gone:
        condition, bound = one_of(conn, "value", gone)
        nothing = "payments = 0 AND gross = 0 AND refunds = 0"
        conn.exec_driver_sql(in_dialect(conn, f"DELETE FROM split_total WHERE {nothing} AND {condition}"), (bound,))


def _reasons_of(values: Mapping[str, Any], refunds: Sequence[Mapping[str, Any]]) -> list[str | None]:
    return [values["fail_reason"], values["cancel_reason"], *(one["reason"] for one in refunds)]


def _kept_of(write: PaymentWrite, stored: _Stored | None) -> PaymentWrite:
    """What is kept of an answer: all of it, unless its buyer was made anonymous and it has not been paid since."""
    if stored is None or stored.values["anonymous_at"] is None or _must_be_kept(write.values, stored.values):
        return write
    values, refunds = anonymous_payment(write.values, write.cancellations)
    return PaymentWrite(values, refunds, write.digest, stored.values["anonymous_at"])


def _must_be_kept(new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Whether money came of what nothing had come of when its buyer was erased: the law has it kept with its buyer."""
    return not new["sandbox"] and state_of(new) in MONEY_STATES and state_of(old) not in MONEY_STATES


def _stored(conn: Connection, imp_uids: Iterable[str]) -> dict[str, _Stored]:
    condition, bound = one_of(conn, "imp_uid", imp_uids)
    names = ", ".join(_COLUMNS)
    rows = conn.exec_driver_sql(in_dialect(conn, f"SELECT {names} FROM payment WHERE {condition}"), (bound,))
    found = {row[0]: _Stored(dict(zip(_COLUMNS, row, strict=True)), []) for row in rows}
    if found:
        names = ", ".join(_CANCELLATION)
        sql = f"SELECT {names} FROM cancellation WHERE {condition} ORDER BY imp_uid, seq"
        for row in conn.exec_driver_sql(in_dialect(conn, sql), (bound,)):
            found[row[0]].cancellations.append(dict(zip(_REFUND_FIELDS, row[2:], strict=True)))
    return found


def _note_digests(conn: Connection, writes: Sequence[PaymentWrite], as_of: int) -> None:
    rows = [(write.digest, as_of, write.values["imp_uid"]) for write in writes]
    if rows:
        sql = "UPDATE payment SET digest = ?, read_at = ? WHERE imp_uid = ?"
        conn.exec_driver_sql(in_dialect(conn, sql), rows)


def _write(conn: Connection, writes: Sequence[PaymentWrite], stored: dict[str, _Stored], as_of: int) -> None:
    keys = [facet_key(write.values) for write in writes]
    facets = facet_ids(conn, keys)
    places = _positions(conn, writes, stored)
    delta, revenue = TotalsDelta(), RevenueDelta(conn, as_of // 1000)
    rows, grams, pairs = [], [], []
    for write, key in zip(writes, keys, strict=True):
        imp_uid = write.values["imp_uid"]
        values = write.values | {
            "position": places[imp_uid],
            "facet_id": facets[key],
            "status_at": status_time(write.values),
            "digest": write.digest,
            "read_at": write.read_at or as_of,
            "anonymous_at": write.anonymous_at,
        }
        rows.append(_in_order(values))
        refunds = refunds_of(values, write.cancellations)
        delta.add(values, refunds, facets[key], 1)
        revenue.add(values, refunds, 1)
        old = stored.get(imp_uid)
        if old:
            refunds = refunds_of(old.values, old.cancellations)
            delta.add(old.values, refunds, old.values["facet_id"], -1)
            revenue.add(old.values, refunds, -1)
        grams.append(_gram_change(values, write.cancellations, old))
        pairs.append((old.values if old else None, values))
    conn.exec_driver_sql(in_dialect(conn, upsert("payment", _COLUMNS, ("imp_uid",))), rows)
    _write_cancellations(conn, writes, stored)
    write_grams(conn, grams)
    delta.write(conn)
    revenue.write(conn)
    payments_came(conn, pairs)
    parcels_changed(conn, [new["imp_uid"] for old, new in pairs if new["escrow"] or (old and old["escrow"])])
    _came(conn, pairs)
    note_late(conn, [new["imp_uid"] for old, new in pairs if _turned_paid(old, new)], now=as_of // 1000)
    mark_changed(
        conn, {uid for old, new in pairs if old and _charged(old) != _charged(new) and (uid := new["customer_uid"])}
    )


def _came(conn: Connection, pairs: Sequence[tuple[Mapping[str, Any] | None, Mapping[str, Any]]]) -> None:
    """What is new at its place, or has a buyer again, is gone through by the next pass where it is old enough."""
    places = [
        new["position"]
        for old, new in pairs
        if old is None or old["position"] != new["position"] or (old["anonymous_at"] and not new["anonymous_at"])
    ]
    came_at(conn, MirrorMark.ANONYMOUS_PAYMENTS, min(places, default=None))


def _turned_paid(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> bool:
    """Whether a payment that Jangbu may have made is paid that was not before, as far as is known here."""
    return new["status"] == "paid" and (old is None or old["status"] != "paid") and may_be_ours(new)


def _charged(values: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a key's chain and subscription are worked out from, beside what its summary shows."""
    return tuple(values[name] for name in _CHARGED)


def status_time(values: dict[str, Any]) -> int:
    """The UNIX time that belongs to a payment's status: what V1's windows go by."""
    return values.get(_TIME_OF.get(values["status"], "started_at")) or values["started_at"] or 0


def made_time(values: dict[str, Any]) -> int:
    """The UNIX time by which a list has its rows: when it was paid, else the time of its status."""
    return values["paid_at"] if values["status"] == "cancelled" and values["paid_at"] else status_time(values)


def _positions(conn: Connection, writes: Sequence[PaymentWrite], stored: dict[str, _Stored]) -> dict[str, int]:
    kept: dict[str, int] = {}
    times: dict[str, int] = {}
    for write in writes:
        imp_uid, at = write.values["imp_uid"], made_time(write.values)
        old = stored.get(imp_uid)
        if old and made_time(old.values) == at:
            kept[imp_uid] = old.values["position"]
        else:
            times[imp_uid] = at
    return positions(conn, "payment", kept, times)


def _gram_change(values: dict[str, Any], cancellations: Sequence[dict[str, Any]], old: _Stored | None) -> GramChange:
    text = gram_text(values, (one.get("reason") for one in cancellations))
    if old is None:
        return GramChange(None, "", values["position"], text)
    before = gram_text(old.values, (one["reason"] for one in old.cancellations))
    return GramChange(old.values["position"], before, values["position"], text)


def _write_cancellations(conn: Connection, writes: Sequence[PaymentWrite], stored: dict[str, _Stored]) -> None:
    gone = [imp_uid for write in writes if (imp_uid := write.values["imp_uid"]) in stored]
    if gone:
        condition, bound = one_of(conn, "imp_uid", gone)
        conn.exec_driver_sql(in_dialect(conn, f"DELETE FROM cancellation WHERE {condition}"), (bound,))
    rows = [
        (write.values["imp_uid"], seq, *(one.get(field) for field in _REFUND_FIELDS))
        for write in writes
        for seq, one in enumerate(write.cancellations)
    ]
    if rows:
        marks = ", ".join("?" for _ in _CANCELLATION)
        sql = f"INSERT INTO cancellation ({', '.join(_CANCELLATION)}) VALUES ({marks})"
        conn.exec_driver_sql(in_dialect(conn, sql), rows)
