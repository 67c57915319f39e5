"""Reading one payment again."""

from sqlalchemy import Engine

from services.gateway import Gateway
from services.mirror.convert import payment_write
from services.store.engine import writing
from services.store.key_writes import discover_billing_keys
from services.store.payment_writes import upsert_payments


def read_again(gateway: Gateway, engine: Engine, imp_uid: str) -> bool:
    """Stores what the gateway says of a payment now; whether it had changed. Raises GatewayError."""
    as_of = gateway.asked_at()
    payload = gateway.payment(imp_uid)
    with writing(engine) as conn:
        done = upsert_payments(conn, [payment_write(payload, from_list=False)], as_of=as_of)
        if uid := payload.fields["customer_uid"]:
            discover_billing_keys(conn, [uid])
    return done.changed > 0
