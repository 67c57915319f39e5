"""One buyer: the payments and billing keys that are theirs, joined where key, phone, e-mail or name are equal.

Each way is a look-up in an index and bounded: what more payments share than one person makes joins nothing.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection

from services.errors import InvalidFilter
from services.store.fold import folded, phone_digits
from services.store.lists.conditions import text_matches
from services.store.lists.keys import KeyRow, keys_of_phone, keys_of_uids
from services.store.lists.payments import COLUMNS, PaymentRow
from services.store.sql import fetch, one_of
from services.store.writes.key_facts import same_tel

MOST = 1_000
"""Payments that may have a phone, an e-mail address or a name in common and still be one person's."""
_KEYS = 50


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who is looked for, as one payment or one billing key has them."""

    imp_uid: str | None
    customer_uid: str | None
    buyer_tel: str | None
    buyer_email: str | None
    buyer_name: str | None
    sandbox: bool


@dataclass(frozen=True, slots=True)
class Customer:
    """All of one buyer; `hits` of a payment are the fields that joined it."""

    buyer: Buyer
    payments: Sequence[PaymentRow]
    """Newest first."""
    keys: Sequence[KeyRow]
    shared: Sequence[str]
    """Fields that joined nothing: too many payments have the same."""
    more: bool
    """Their billing keys made more than MOST payments: the latest of them are here."""


def buyer_of_payment(conn: Connection, imp_uid: str) -> Buyer | None:
    """The buyer of a payment."""
    return _buyer(conn, "SELECT imp_uid, customer_uid, {} FROM payment WHERE imp_uid = ?", imp_uid)


def buyer_of_key(conn: Connection, customer_uid: str) -> Buyer | None:
    """The buyer of a billing key."""
    return _buyer(conn, "SELECT NULL, customer_uid, {} FROM key_summary WHERE customer_uid = ?", customer_uid)


def read_customer(conn: Connection, buyer: Buyer, *, buyers: bool) -> Customer:
    """All of a buyer. Without `buyers`, the right to see them, only their billing key joins anything."""
    found, shared = _Joined(buyer.sandbox), []
    found.join(_by(conn, "imp_uid", [buyer.imp_uid] if buyer.imp_uid else []), ())
    for field, text in _texts(buyer) if buyers else ():
        rows = _holding(conn, text)
        if len(rows) > MOST:
            shared.append(field)
        else:
            found.join([row for row in rows if _same(field, row, buyer)], (field,))
    keys = _keys(conn, buyer, found, buyers and "buyer_tel" not in shared)
    charged = _by(conn, "customer_uid", [key.customer_uid for key in keys])
    found.join(charged[:MOST], ("customer_uid",))
    return Customer(buyer, found.newest_first(), keys, shared, more=len(charged) > MOST)


class _Joined:
    """Payments with the fields that joined each; live ones stay apart from those of test channels."""

    def __init__(self, sandbox: bool) -> None:
        self._sandbox = sandbox
        self._rows: dict[str, PaymentRow] = {}

    def join(self, rows: Sequence[PaymentRow], hits: tuple[str, ...]) -> None:
        for row in rows:
            if row.sandbox == self._sandbox:
                known = self._rows.get(row.imp_uid, row)
                self._rows[row.imp_uid] = known._replace(hits=(*known.hits, *hits))

    def uids(self) -> list[str]:
        return list(dict.fromkeys(row.customer_uid for row in self.newest_first() if row.customer_uid))

    def newest_first(self) -> list[PaymentRow]:
        return sorted(self._rows.values(), key=lambda row: row.position, reverse=True)


def _texts(buyer: Buyer) -> list[tuple[str, str]]:
    texts = (
        ("buyer_tel", same_tel(buyer.buyer_tel)),
        ("buyer_email", buyer.buyer_email),
        ("buyer_name", buyer.buyer_name),
    )
    return [(field, text) for field, text in texts if text and folded(text)]


def _same(field: str, row: PaymentRow, buyer: Buyer) -> bool:
    if field == "buyer_tel":
        return phone_digits(row.buyer_tel or "") == phone_digits(buyer.buyer_tel or "")
    if field == "buyer_name" and (row.buyer_tel or row.buyer_email):
        return False  # many share a name: it joins only what has nothing else to go by
    return folded(getattr(row, field) or "") == folded(getattr(buyer, field) or "")


def _holding(conn: Connection, text: str) -> list[PaymentRow]:
    """Payments whose buyer's texts hold this one, at most one more than MOST."""
    with suppress(InvalidFilter):
        found = text_matches(conn, "payment", "payment_gram", text, buyers=True)
        sql = f"SELECT {COLUMNS} FROM {found.source} WHERE {found.where} LIMIT {MOST + 1}"
        return [PaymentRow(*row) for row in fetch(conn, sql, found.values)]
    return []


def _keys(conn: Connection, buyer: Buyer, found: _Joined, by_phone: bool) -> list[KeyRow]:
    own = [buyer.customer_uid] if buyer.customer_uid else []
    keys = keys_of_uids(conn, list(islice(dict.fromkeys([*own, *found.uids()]), _KEYS)))
    if by_phone and (tel := same_tel(buyer.buyer_tel)):
        keys += keys_of_phone(conn, tel)
    return list({key.customer_uid: key for key in keys if key.sandbox == buyer.sandbox}.values())[:_KEYS]


def _by(conn: Connection, column: str, values: Collection[str]) -> list[PaymentRow]:
    condition, bound = one_of(conn, f"p.{column}", values)
    sql = f"SELECT {COLUMNS} FROM payment p WHERE {condition} ORDER BY p.position DESC LIMIT {MOST + 1}"
    return [PaymentRow(*row) for row in fetch(conn, sql, (bound,))] if values else []


def _buyer(conn: Connection, sql: str, uid: str) -> Buyer | None:
    rows = fetch(conn, sql.format("buyer_tel, buyer_email, buyer_name, sandbox"), (uid,))
    return Buyer(*rows[0]) if rows else None
