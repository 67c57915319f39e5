"""Reading what payments are made up of, and keeping it."""

from sqlalchemy import Engine

from services.balances.kept import due_balances, keep_balance, tells_balance
from services.errors import GatewayError, Refused, UnreadableAnswer
from services.gateway import Gateway
from services.gateway.payloads import Balance, BalanceParts
from services.mirror.account import claim
from services.store.engine import reading, writing
from services.store.lists.one import get_payment
from services.tables.balances import PaymentBalance
from services.tables.v1 import Payment

_AT_ONCE = 20
"""After one sync: a first pass over many takes its time, and holds nothing up."""
_refused: set[str] = set()
_INSTRUMENTS = ("cash_receipt", "primary", "secondary", "discount")


def read_balance(gateway: Gateway, engine: Engine, imp_uid: str) -> bool:
    """Keeps what V1 tells now of a payment that is here; whether its PG tells it. Raises GatewayError."""
    claim(gateway, engine)
    with reading(engine) as conn:
        payment = get_payment(conn, imp_uid)
    if payment is None or not tells_balance(payment):
        return False
    at = int(gateway.now())
    row = _row(payment, gateway.of(payment.tier).balance(imp_uid), at)
    with writing(engine) as conn:
        keep_balance(conn, row)
    return True


def read_due_balances(gateway: Gateway, engine: Engine) -> int:
    """Reads a few of those that were never read, or were refunded since; how many.

    One that the gateway refuses stands in nobody's way: as long as this process lives only a person asks again.
    """
    with reading(engine) as conn:
        due = [uid for uid in due_balances(conn, _AT_ONCE + len(_refused)) if uid not in _refused][:_AT_ONCE]
    read = 0
    for imp_uid in due:
        try:
            read += read_balance(gateway, engine, imp_uid)
        except (Refused, UnreadableAnswer):
            _refused.add(imp_uid)
        except GatewayError:
            break  # it does not answer at all: after the next sync it is asked again
    return read


def _row(payment: Payment, told: Balance, at: int) -> PaymentBalance:
    won: dict[str, int] = {}
    for instrument in _INSTRUMENTS:
        parts: BalanceParts = getattr(told, instrument) or BalanceParts()
        won |= {f"{instrument}_{part}": getattr(parts, part) for part in BalanceParts.__struct_fields__}
    return PaymentBalance(
        imp_uid=payment.imp_uid, amount=told.amount, cancel_amount=payment.cancel_amount, read_at=at, **won
    )
