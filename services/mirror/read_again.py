"""Reading one payment again, and keeping what was read for another reason."""

from collections.abc import Sequence

from sqlalchemy import Engine

from services.gateway import Gateway
from services.gateway.payloads import Payload, PaymentPayload
from services.mirror.convert import payment_write, schedule_row
from services.store.engine import writing
from services.store.key_writes import discover_billing_keys, mark_billing_keys_deleted
from services.store.payment_writes import upsert_payments
from services.store.schedule_writes import upsert_schedules


def read_again(gateway: Gateway, engine: Engine, imp_uid: str) -> bool:
    """Stores what the gateway says of a payment now; whether it had changed. Raises GatewayError."""
    as_of = gateway.asked_at()
    return keep_payment(engine, gateway.payment(imp_uid), as_of=as_of)


def read_schedule_again(gateway: Gateway, engine: Engine, merchant_uid: str) -> None:
    """Stores what the gateway says of a schedule now, and of the payment that it became. Raises GatewayError."""
    as_of = gateway.asked_at()
    found = gateway.schedule(merchant_uid)
    keep_schedules(engine, [found], as_of=as_of)
    if imp_uid := found.fields["imp_uid"]:
        read_again(gateway, engine, imp_uid)


def keep_payment(engine: Engine, payload: PaymentPayload, *, as_of: int) -> bool:
    """Stores a payment as it was answered; whether it had changed. `as_of` is when it was asked for (ms)."""
    with writing(engine) as conn:
        done = upsert_payments(conn, [payment_write(payload, from_list=False)], as_of=as_of)
        if uid := payload.fields["customer_uid"]:
            discover_billing_keys(conn, [uid])
    return done.changed > 0


def keep_schedules(engine: Engine, payloads: Sequence[Payload], *, as_of: int) -> None:
    """Stores schedules as they were answered, also those that did not change: people see when each was read."""
    with writing(engine) as conn:
        upsert_schedules(conn, [schedule_row(one) | {"digest": None} for one in payloads], as_of=as_of)


def keep_deletion(engine: Engine, customer_uid: str, *, at: int) -> None:
    """Notes that a billing key is gone."""
    with writing(engine) as conn:
        mark_billing_keys_deleted(conn, [customer_uid], at=at)
