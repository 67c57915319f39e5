"""One payment and what belongs to it, read as objects."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection, select

from services.store.lists.facets import TOOK_MONEY
from services.store.lists.payments import COLUMNS, PaymentRow
from services.store.positions import position_of
from services.store.sql import column_names, fetch, one_of, read_all, read_one, table
from services.tables.notes import Note
from services.tables.v1 import BillingKey, Cancellation, Payment, PaymentStatus, Schedule, ScheduleStatus

_PAYMENT = table(Payment)
_CANCELLATION = table(Cancellation)
_KEY = table(BillingKey)
_SCHEDULE = table(Schedule)
_MOST, _MOST_NOTES = 100, 200


class CardUse(NamedTuple):
    """A card of a billing key, and when its payments were asked for."""

    card_name: str | None
    card_number: str | None
    first_at: int
    last_at: int
    payments: int


def get_payment(conn: Connection, imp_uid: str) -> Payment | None:
    """The payment of this imp_uid."""
    return read_one(conn, Payment, select(_PAYMENT).where(_PAYMENT.c.imp_uid == imp_uid))


def notes_on(conn: Connection, imp_uids: Iterable[str]) -> list[Note]:
    """What staff wrote on these payments, the latest 200, newest first."""
    condition, bound = one_of(conn, "imp_uid", imp_uids)
    names = column_names(Note)
    sql = f"SELECT {', '.join(names)} FROM note WHERE {condition} ORDER BY id DESC LIMIT {_MOST_NOTES}"
    return [Note(**dict(zip(names, row, strict=True))) for row in fetch(conn, sql, (bound,))]


class Refundable(NamedTuple):
    """What of a payment a refund goes by; fields as in models.Payment."""

    imp_uid: str
    merchant_uid: str
    customer_uid: str | None
    status: str
    pg_provider: str | None
    pay_method: str | None
    currency: str
    amount: int
    cancel_amount: int
    paid_at: int
    extra: str | None
    customer_uid_usage: str | None
    channel: str | None


class Bought(NamedTuple):
    """What was bought, by whom and how, for whoever says yes to its refund."""

    imp_uid: str
    name: str | None
    buyer_name: str | None
    amount: int
    currency: str
    pay_method: str | None
    pg_provider: str | None
    card_name: str | None


Part = TypeVar("Part", Refundable, Bought)


def parts_of_payments(conn: Connection, kind: type[Part], imp_uids: Sequence[str]) -> dict[str, Part]:
    """These columns of the payments of these imp_uids that are here, by imp_uid."""
    condition, bound = one_of(conn, "imp_uid", imp_uids)
    rows = fetch(conn, f"SELECT {', '.join(kind._fields)} FROM payment WHERE {condition}", (bound,))
    return {row[0]: kind._make(row) for row in rows}


def payments_named(conn: Connection, names: Iterable[str]) -> dict[str, Payment]:
    """Payments by what names them: each by its imp_uid, or by an order number of which just one is paid."""
    wanted = list(names)
    rows = read_all(conn, Payment, select(_PAYMENT).where(_PAYMENT.c.imp_uid.in_(wanted)))
    found = {one.imp_uid: one for one in rows}
    orders = [name for name in wanted if name not in found]
    paid = (_PAYMENT.c.merchant_uid.in_(orders)) & (_PAYMENT.c.status == PaymentStatus.PAID.value)
    by_order: dict[str, list[Payment]] = {}
    for one in read_all(conn, Payment, select(_PAYMENT).where(paid)):
        by_order.setdefault(one.merchant_uid, []).append(one)
    return found | {order: several[0] for order, several in by_order.items() if len(several) == 1}


def list_cancellations(conn: Connection, imp_uid: str) -> list[Cancellation]:
    """Its refunds, oldest first."""
    wanted = select(_CANCELLATION).where(_CANCELLATION.c.imp_uid == imp_uid)
    return read_all(conn, Cancellation, wanted.order_by(_CANCELLATION.c.seq))


def cancellations_of(conn: Connection, imp_uids: Sequence[str]) -> list[Cancellation]:
    """The refunds of these payments, oldest first."""
    wanted = select(_CANCELLATION).where(_CANCELLATION.c.imp_uid.in_(imp_uids))
    return read_all(conn, Cancellation, wanted.order_by(_CANCELLATION.c.cancelled_at, _CANCELLATION.c.seq))


def list_attempts(conn: Connection, merchant_uid: str) -> list[PaymentRow]:
    """Payments under one order number, newest first, the latest 100."""
    sql = f"SELECT {COLUMNS} FROM payment p WHERE p.merchant_uid = ? ORDER BY p.position DESC LIMIT {_MOST}"
    return [PaymentRow(*row) for row in fetch(conn, sql, (merchant_uid,))]


def list_charged(conn: Connection, customer_uid: str, since: int) -> list[PaymentRow]:
    """Payments made with a billing key from a time on, whatever was refunded of them since, newest first.

    A registration that took no money is none.
    """
    sql = (
        f"SELECT {COLUMNS} FROM payment p WHERE p.customer_uid = ? AND p.position >= ? AND p.paid_at >= ? "
        f"AND p.status IN ('paid', 'cancelled') AND {TOOK_MONEY.format('p')} "
        "ORDER BY p.position DESC"
    )
    return [PaymentRow(*row) for row in fetch(conn, sql, (customer_uid, position_of(since), since))]


def get_billing_key(conn: Connection, customer_uid: str) -> BillingKey | None:
    """The billing key, looked up or only discovered."""
    return read_one(conn, BillingKey, select(_KEY).where(_KEY.c.customer_uid == customer_uid))


def booked_on_key(conn: Connection, customer_uid: str) -> list[Schedule]:
    """Everything that is still booked on a billing key, the earliest first."""
    mine = (_SCHEDULE.c.customer_uid == customer_uid) & (_SCHEDULE.c.schedule_status == ScheduleStatus.SCHEDULED.value)
    return read_all(conn, Schedule, select(_SCHEDULE).where(mine).order_by(_SCHEDULE.c.position))


def cards_of_key(conn: Connection, customer_uid: str) -> list[CardUse]:
    """The cards that a key's payments were made with, the one used last first: registering again replaces it."""
    sql = (
        "SELECT card_name, card_number, min(started_at), max(started_at), count(*) FROM payment "
        "WHERE customer_uid = ? AND coalesce(card_number, card_name) IS NOT NULL "
        "GROUP BY card_name, card_number ORDER BY 4 DESC, 2"
    )
    return [CardUse(*row) for row in fetch(conn, sql, (customer_uid,))]


def get_schedule(conn: Connection, merchant_uid: str) -> Schedule | None:
    """The booked payment of this order number."""
    return read_one(conn, Schedule, select(_SCHEDULE).where(_SCHEDULE.c.merchant_uid == merchant_uid))
