"""Reading one payment or billing key again, and keeping what was read for another reason."""

from collections.abc import Sequence

from sqlalchemy import Engine

from services.clock import day_of
from services.errors import NotFound
from services.gateway import Gateway
from services.gateway.payloads import Payload, PaymentPayload, UnreadableRow
from services.mirror.account import claim, claimed_at
from services.mirror.convert import payment_write, plain_row, row_of, schedule_row
from services.mirror.schedules import schedules_of_key
from services.mirror.single.codes import learn_codes
from services.mirror.stores.whose import in_turn, store_of, stores_of
from services.mirror.windows import WINDOW_DAYS, schedule_windows
from services.store.engine import writing
from services.store.lists.unreadable import drop_unreadable, note_unreadable
from services.store.writes.keys import (
    discover_billing_keys,
    mark_billing_keys_deleted,
    upsert_billing_keys,
)
from services.store.writes.late_payments import note_late
from services.store.writes.payments import upsert_payments
from services.store.writes.schedules import upsert_schedules
from services.tables.unreadable import RowKind
from services.tables.v1 import BillingKey, Payment, Schedule

_AHEAD_DAYS = 5 * 366


def read_again(gateway: Gateway, engine: Engine, imp_uid: str) -> bool:
    """Stores what the gateway says of a payment now; whether it had changed. Raises GatewayError.

    One that is not here is looked for in each store of the merchant's.
    """
    as_of = claimed_at(gateway, engine)
    found = in_turn(stores_of(gateway, engine, Payment, imp_uid), lambda store: store.payment(imp_uid))
    learn_codes(gateway, engine, found)
    return keep_payment(engine, found, as_of=as_of)


def read_schedule_again(gateway: Gateway, engine: Engine, merchant_uid: str) -> None:
    """Stores what the gateway says of a schedule now, and of the payment that it became. Raises GatewayError."""
    as_of = claimed_at(gateway, engine)
    found = in_turn(stores_of(gateway, engine, Schedule, merchant_uid), lambda store: store.schedule(merchant_uid))
    keep_schedules(engine, [found], as_of=as_of)
    if imp_uid := found.fields["imp_uid"]:
        read_again(gateway.of(found.tier), engine, imp_uid)


def read_key_again(gateway: Gateway, engine: Engine, customer_uid: str) -> None:
    """Stores what the gateway says now of a billing key, its payments and what is booked on it. Raises GatewayError.

    Schedules are read from a quarter of a year back to as far ahead as anybody books.
    """
    gateway = store_of(gateway, engine, BillingKey, customer_uid)
    read_billing_key(gateway, engine, customer_uid)
    _read_payments(gateway, engine, customer_uid)
    as_of, today = gateway.asked_at(), day_of(gateway.now())
    windows = schedule_windows(today - WINDOW_DAYS, today + _AHEAD_DAYS)
    # Windows share their ends: what is due right there comes twice.
    pages = list(schedules_of_key(gateway, customer_uid, windows))
    found = {one.fields["merchant_uid"]: one for page in pages for one in page.items}
    unreadable = {one.raw: one for page in pages for one in page.unreadable}
    keep_schedules(engine, list(found.values()), as_of=as_of, unreadable=list(unreadable.values()))


def read_billing_key(gateway: Gateway, engine: Engine, customer_uid: str) -> None:
    """Stores what the gateway says now of a billing key alone. Raises GatewayError."""
    claim(gateway, engine)
    gateway, now = store_of(gateway, engine, BillingKey, customer_uid), int(gateway.now())
    try:
        found = gateway.billing_key(customer_uid)
    except NotFound:
        keep_deletion(engine, customer_uid, at=now)
    else:
        with writing(engine) as conn:
            upsert_billing_keys(conn, [plain_row(found)], checked_at=now)
            drop_unreadable(conn, RowKind.BILLING_KEY, [customer_uid])


def _read_payments(gateway: Gateway, engine: Engine, customer_uid: str) -> None:
    page = 1
    while page:
        as_of = gateway.asked_at()
        try:
            found = gateway.customer_payments(customer_uid, page=page)
        except NotFound:
            return
        with writing(engine) as conn:
            upsert_payments(conn, [payment_write(one, from_list=False) for one in found.items], as_of=as_of)
            note_unreadable(conn, map(row_of, found.unreadable), at=as_of // 1000)
        page = found.next


def keep_payment(engine: Engine, payload: PaymentPayload, *, as_of: int) -> bool:
    """Stores a payment as it was answered; whether it had changed. `as_of` is when it was asked for (ms)."""
    return keep_payments(engine, [payload], as_of=as_of) > 0


def keep_payments(engine: Engine, payloads: Sequence[PaymentPayload], *, as_of: int) -> int:
    """Stores payments as they were answered; how many had changed. `as_of` as in keep_payment."""
    if not payloads:
        return 0
    uids = [one.imp_uid for one in payloads]
    with writing(engine) as conn:
        done = upsert_payments(conn, [payment_write(one, from_list=False) for one in payloads], as_of=as_of)
        drop_unreadable(conn, RowKind.PAYMENT, uids)
        for tier in {one.tier for one in payloads}:
            keys = (one.fields["customer_uid"] for one in payloads if one.tier == tier)
            discover_billing_keys(conn, filter(None, keys), tier)
        # Also where a sync was faster: our charge may have been refused after it had seen the payment paid.
        note_late(conn, uids, now=as_of // 1000)
    return done.changed


def keep_schedules(
    engine: Engine, payloads: Sequence[Payload], *, as_of: int, unreadable: Sequence[UnreadableRow] = ()
) -> None:
    """Stores schedules as they were answered, also those that did not change: people see when each was read.

    Those that are `unreadable` are noted: the next deep pass asks for each of them alone.
    """
    with writing(engine) as conn:
        upsert_schedules(conn, [schedule_row(one) | {"digest": None} for one in payloads], as_of=as_of)
        drop_unreadable(conn, RowKind.SCHEDULE, [one.fields["merchant_uid"] for one in payloads])
        note_unreadable(conn, map(row_of, unreadable), at=as_of // 1000)


def keep_deletion(engine: Engine, customer_uid: str, *, at: int) -> None:
    """Notes that a billing key is gone."""
    with writing(engine) as conn:
        mark_billing_keys_deleted(conn, [customer_uid], at=at)
