"""All that is kept of one buyer, by a whole phone, e-mail address or customer_uid, whatever way it is written."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from services.errors import InvalidRequest
from services.privacy import held
from services.privacy.contacts import Contacts, all_contacts, contacts_of
from services.privacy.rows import Held, Terms
from services.store.fold import folded, is_number, phone_digits, phone_forms
from services.store.lists.conditions import text_matches
from services.store.sql import fetch, in_dialect, one_of
from services.store.writes.key_facts import same_tel
from services.tables.v1 import ScheduleStatus
from services.typed_text import checked

MOST = 5_000
"""Rows of a kind that may be one person's: what more have in common is nobody's."""
_LONGEST, _SHORTEST = 100, 3
_READINGS = ("read_at", "checked_at", "last_at", "seen")
Row = dict[str, Any]


class Way(StrEnum):
    """What a typed text is."""

    TEL = "buyer_tel"
    EMAIL = "buyer_email"
    KEY = "customer_uid"


@dataclass(frozen=True, slots=True)
class Sought:
    """What was typed, and which of the three it is."""

    way: Way
    text: str

    def is_in(self, row: Row) -> bool:
        """Whether a row with a buyer's fields has the same."""
        kept = row.get(self.way.value)
        if not kept or self.way == Way.KEY:
            return bool(kept == self.text)
        if self.way == Way.TEL:
            return phone_digits(kept) == phone_digits(self.text)
        return folded(kept) == folded(self.text)


@dataclass(frozen=True, slots=True)
class Buyer:
    """Every row that is theirs."""

    sought: Sought
    rows: Sequence[Held]
    others: Sequence[Held] = ()
    """Rows of the same billing keys that name somebody else, without what they hold: neither copied nor erased."""

    @property
    def seal(self) -> str:
        """Another one where anything was added, changed or erased since."""
        told = [(row.kind.value, row.uid, row.can_go, sorted(map(str, _lasting(row)))) for row in self.rows]
        return sha256(repr(told).encode()).hexdigest()


def _lasting(row: Held) -> list[tuple[str, Any]]:
    """What of a row does not change by being read again."""
    return [(name, value) for name, value in row.fields.items() if name not in _READINGS]


def read_sought(text: str) -> Sought:
    """Which of the three was typed. Raises InvalidRequest."""
    plain = checked(text, "buyer", most=_LONGEST)
    if len(plain) < _SHORTEST:
        raise InvalidRequest("Type the buyer's whole phone, e-mail address or customer_uid.", field="buyer")
    if "@" in plain:
        return Sought(Way.EMAIL, plain)
    return Sought(Way.TEL if is_number(plain) and same_tel(plain) else Way.KEY, plain)


@dataclass(frozen=True, slots=True)
class Scan:
    """What no index knows by a phone or an address, read through once: links and rows that nobody could read."""

    links: frozenset[int]
    unreadable: tuple[Row, ...] = field(repr=False)


def scan(conn: Connection, text: str) -> Scan:
    """Reads them through: for a read of its own, never in a write. Raises InvalidRequest."""
    sought = read_sought(text)
    return Scan(frozenset(_links_made_for(conn, sought)), tuple(_unreadable(conn, sought)))


def find_buyer(conn: Connection, text: str, terms: Terms, scanned: Scan | None = None) -> Buyer:
    """Every row that has what was typed, and what belongs to those; `scanned` by a look before.

    Raises InvalidRequest.
    """
    sought = read_sought(text)
    scanned = scanned or scan(conn, text)
    payments, schedules = _holding(conn, "payment", sought), _holding(conn, "schedule", sought)
    keys = {*_keys(conn, sought), *_named(payments, "customer_uid"), *_named(schedules, "customer_uid")}
    payments = _joined("imp_uid", payments, _by(conn, "payment", "customer_uid", keys))
    schedules = _joined("merchant_uid", schedules, _by(conn, "schedule", "customer_uid", keys))
    cards = _by(conn, "billing_key", "customer_uid", keys)
    part = _Part.by(sought, [*payments, *schedules, *cards])
    payments, elses_payments = part.rows(payments)
    schedules, elses_schedules = part.rows(schedules)
    cards, elses_cards = part.rows(cards)
    uids, orders = _named(payments, "imp_uid"), _named([*payments, *schedules], "merchant_uid")
    elses_uids = _named(elses_payments, "imp_uid")
    elses_orders = _named([*elses_payments, *elses_schedules], "merchant_uid")
    operations, elses_operations = part.rows(
        _operations(conn, uids, orders, keys),
        theirs=lambda row: row["imp_uid"] in uids or row["merchant_uid"] in orders,
        elses=lambda row: row["imp_uid"] in elses_uids or row["merchant_uid"] in elses_orders,
    )
    paid, elses_paid = _opened(conn, orders), _opened(conn, elses_orders)
    links, elses_links = part.rows(
        _links(conn, paid | scanned.links, keys),
        theirs=lambda row: row["id"] in paid or row["id"] in scanned.links,
        elses=lambda row: row["id"] in elses_paid,
    )
    booked = [row["customer_uid"] for row in schedules if row["schedule_status"] == ScheduleStatus.SCHEDULED]
    rows = [
        *held.payments(payments, _refunds(conn, uids), terms),
        *held.schedules(schedules),
        *held.billing_keys(cards, booked),
        *held.operations(operations),
        *held.links(links),
        *held.notes(_by(conn, "note", "imp_uid", uids), terms),
        *held.receipts(_by(conn, "cash_receipt", "imp_uid", uids), terms),
        *held.unreadable(_still(conn, scanned.unreadable)),
    ]
    others = held.others(elses_payments, elses_schedules, elses_cards, elses_operations, elses_links)
    return Buyer(sought, rows, [*others])


@dataclass(frozen=True, slots=True)
class _Part:
    """Parts the rows of a person from those of others who have the same billing key."""

    sought: Sought
    person: Contacts

    @classmethod
    def by(cls, sought: Sought, rows: Iterable[Row]) -> "_Part":
        """The person has every phone and address of the rows that have what was typed."""
        found = map(contacts_of, rows)
        return cls(sought, all_contacts(one for one in found if one.has(sought.text)))

    def rows(
        self,
        rows: Iterable[Row],
        *,
        theirs: Callable[[Row], bool] = lambda _row: False,
        elses: Callable[[Row], bool] = lambda _row: False,
    ) -> tuple[list[Row], list[Row]]:
        """Theirs and those of others, where not every row of a key was asked for."""
        parts: tuple[list[Row], list[Row]] = ([], [])
        for row in rows:
            told = contacts_of(row)
            sure = self.sought.way == Way.KEY or told.has(self.sought.text) or theirs(row)
            parts[0 if sure or (not elses(row) and told.may_be(self.person)) else 1].append(row)
        return parts


def _holding(conn: Connection, table: str, sought: Sought) -> list[Row]:
    if sought.way == Way.KEY:
        return _by(conn, table, sought.way.value, [sought.text])
    found = text_matches(conn, table, f"{table}_gram", sought.text, buyers=True)
    rows = _all(conn, f"SELECT p.* FROM {found.source} WHERE {found.where} LIMIT {MOST + 1}", found.values)
    return [row for row in rows if sought.is_in(row)]


def _keys(conn: Connection, sought: Sought) -> Iterator[str]:
    if sought.way == Way.KEY:
        yield sought.text
        return
    found = text_matches(conn, "key_summary", "key_gram", sought.text, buyers=True)
    sql = f"SELECT p.customer_uid, p.buyer_tel, p.buyer_email FROM {found.source} WHERE {found.where} LIMIT {MOST + 1}"
    for row in _all(conn, sql, found.values):
        if sought.is_in(row):
            yield row["customer_uid"]


def _operations(conn: Connection, uids: set[str], orders: set[str], keys: set[str]) -> list[Row]:
    found = [
        row
        for column, values in (("imp_uid", uids), ("merchant_uid", orders), ("customer_uid", keys))
        for row in _by(conn, "operation", column, values)
    ]
    return sorted({row["id"]: row for row in found}.values(), key=lambda row: int(row["id"]))


def _opened(conn: Connection, orders: set[str]) -> set[int]:
    """Links by which these orders were paid."""
    return {row["checkout_id"] for row in _by(conn, "checkout_attempt", "merchant_uid", orders)}


def _links(conn: Connection, theirs: Collection[int], keys: set[str]) -> list[Row]:
    """Those that were paid by their payments, made for them, or made for their keys."""
    found = [*_by(conn, "checkout", "id", theirs), *_by(conn, "checkout", "customer_uid", keys)]
    return sorted({row["id"]: row for row in found}.values(), key=lambda row: int(row["id"]))


def _links_made_for(conn: Connection, sought: Sought) -> Iterator[int]:
    if sought.way == Way.KEY:
        return
    where = "buyer_tel IS NOT NULL OR request LIKE ?" if sought.way == Way.TEL else "request LIKE ?"
    sql = f"SELECT id, buyer_tel, request FROM checkout WHERE {where}"
    for number, tel, request in fetch(conn, sql, (f'%"{sought.way.value}"%',)):
        if contacts_of({"buyer_tel": tel, "request": request}).has(sought.text):
            yield number


def _unreadable(conn: Connection, sought: Sought) -> Iterator[Row]:
    forms = {sought.text, *(phone_forms(sought.text) if sought.way == Way.TEL else ())}
    holds = "instr(raw, ?) > 0" if conn.dialect.name == "sqlite" else "position(?::bytea in raw) > 0"
    where = " OR ".join([holds] * len(forms))
    yield from _all(conn, f"SELECT * FROM unreadable_row WHERE {where}", [form.encode() for form in sorted(forms)])


def _still(conn: Connection, rows: Sequence[Row]) -> Iterator[Row]:
    """Those that are kept still, as they are by now."""
    for row in rows:
        sql = "SELECT * FROM unreadable_row WHERE kind = ? AND uid = ? AND digest = ?"
        yield from _all(conn, sql, (row["kind"], row["uid"], row["digest"]))


def _refunds(conn: Connection, uids: set[str]) -> dict[str, list[Row]]:
    rows = sorted(_by(conn, "cancellation", "imp_uid", uids), key=lambda row: (row["imp_uid"], row["seq"]))
    return {uid: list(refunds) for uid, refunds in groupby(rows, key=lambda row: str(row["imp_uid"]))}


def _joined(key: str, *many: Iterable[Row]) -> list[Row]:
    return list({row[key]: row for rows in many for row in rows}.values())


def _named(rows: Iterable[Row], column: str) -> set[str]:
    return {row[column] for row in rows if row[column]}


def _by(conn: Connection, table: str, column: str, values: Collection[Any]) -> list[Row]:
    condition, bound = one_of(conn, f"p.{column}", values)
    return _all(conn, f"SELECT p.* FROM {table} p WHERE {condition} LIMIT {MOST + 1}", (bound,)) if values else []


def _all(conn: Connection, sql: str, values: Sequence[Any]) -> list[Row]:
    """Raises InvalidRequest for what is too much to be one person's."""
    driver: Any = conn.connection.dbapi_connection
    cursor = driver.execute(in_dialect(conn, sql), values)
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    if len(rows) > MOST:
        raise InvalidRequest("More than {most} rows have this: it is no one person's.", field="buyer", most=f"{MOST:,}")
    return rows
