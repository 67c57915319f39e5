"""How much of what is left of a payment is tax-free, and which VAT it was made with: for its next refund.

A PG that tells what a payment is made up of knows best. Of others what this program sent when it made the payment
counts (a charge, an account, a booking, a link), less what its own refunds named. Where something was refunded
elsewhere, nobody here knows how much of that was tax-free.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from services.balances.kept import balance_of, is_up_to_date, tells_balance
from services.checkout import attempts, checkouts
from services.operations.actions.parameters.extras import EXTRAS
from services.operations.actions.promotions import discount_of
from services.operations.journal.journal import asked
from services.store.lists.one import get_payment
from services.store.lists.operations import operations_of_payment
from services.store.sql import fetch, one_of, read_all, table
from services.tables.balances import PaymentBalance
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import Payment

_OPERATION = table(Operation)


class Known(StrEnum):
    """Where it is known from."""

    BALANCE = "balance"
    """Read of the gateway."""
    CHARGE = "charge"
    CARD = "card"
    ACCOUNT = "account"
    SCHEDULE = "schedule"
    LINK = "link"


_MADE_BY = {
    OperationKind.CHARGE: Known.CHARGE,
    OperationKind.CARD_CHARGE: Known.CARD,
    OperationKind.ISSUE_VBANK: Known.ACCOUNT,
}
"""What makes a payment, and tells of its taxes."""
_MAY_BE_KNOWN = f"""
SELECT p.imp_uid FROM payment p WHERE p.currency = 'KRW' AND {{mine}} AND (
    EXISTS (SELECT 1 FROM payment_balance b WHERE b.imp_uid = p.imp_uid)
    OR EXISTS (SELECT 1 FROM operation o WHERE o.imp_uid = p.imp_uid
               AND o.kind IN ({", ".join(f"'{kind}'" for kind in _MADE_BY)}))
    OR EXISTS (SELECT 1 FROM operation o WHERE o.customer_uid = p.customer_uid AND o.kind = '{OperationKind.BOOK}')
    OR EXISTS (SELECT 1 FROM checkout_attempt a WHERE a.merchant_uid = p.merchant_uid))"""


@dataclass(frozen=True, slots=True)
class TaxesLeft:
    """Of `left`, which can be refunded: what is tax-free, and the VAT that was set, None where none was. Won."""

    left: int
    tax_free: int
    vat_amount: int | None
    known: Known
    at: int
    """When it was read, or the number of the operation or link that said so."""
    certain: bool = True
    """False where something was refunded elsewhere: then it is what the payment was made with."""

    @property
    def matters(self) -> bool:
        """Whether a refund has to name anything of it."""
        return self.tax_free > 0 or self.vat_amount is not None

    def of(self, amount: int) -> "Share":
        """What a refund of this much gives back of it: everything with the last won, else in proportion."""
        if not 0 < amount < self.left:
            return Share(self.tax_free, self.vat_amount)
        taxed = self.left - self.tax_free
        free = max(amount - taxed, amount * self.tax_free // self.left)
        vat = None if self.vat_amount is None else self.vat_amount * (amount - free) // taxed if taxed else 0
        return Share(free, vat)


@dataclass(frozen=True, slots=True)
class Share:
    """One refund's part of it, in won."""

    tax_free: int
    vat_amount: int | None


def taxes_left(conn: Connection, payment: Payment) -> TaxesLeft | None:
    """What is known of a payment; None where nothing is. Won alone are taxed so."""
    if payment.currency != "KRW":
        return None
    kept = balance_of(conn, payment.imp_uid) if tells_balance(payment) else None
    told = _by_balance(payment, kept) if kept and is_up_to_date(payment, kept) else None
    return told or _by_what_was_sent(conn, payment)


def taxes_of_many(conn: Connection, imp_uids: Sequence[str]) -> dict[str, TaxesLeft]:
    """The same of many payments, by imp_uid: those of which nothing is known cost one statement together."""
    mine, bound = one_of(conn, "p.imp_uid", imp_uids)
    found = {}
    for (imp_uid,) in fetch(conn, _MAY_BE_KNOWN.format(mine=mine), (bound,)):
        payment = get_payment(conn, imp_uid)
        if payment and (known := taxes_left(conn, payment)):
            found[imp_uid] = known
    return found


def _by_balance(payment: Payment, kept: PaymentBalance) -> TaxesLeft | None:
    """None where its parts do not come to what is left: then nobody can say which of them are refunded."""
    left = payment.amount - payment.cancel_amount
    for instruments in (("primary", "secondary", "discount"), ("primary", "secondary")):
        if sum(paid_by(kept, name) for name in instruments) == left:
            free = sum(getattr(kept, f"{name}_tax_free") for name in instruments)
            return TaxesLeft(left, free, None, Known.BALANCE, kept.read_at)
    return None


def paid_by(kept: PaymentBalance, instrument: str) -> int:
    """All that came by an instrument: taxed, tax-free and service charge."""
    return sum(getattr(kept, f"{instrument}_{part}") for part in ("tax_free", "supply", "vat", "service"))


def _by_what_was_sent(conn: Connection, payment: Payment) -> TaxesLeft | None:
    operations = operations_of_payment(conn, payment.imp_uid)
    found = next(_sent(conn, payment, operations), None)
    if found is None:
        return None
    known, at, sent = found
    free, vat = _taxes_of(sent)
    ours = [one for one in operations if one.kind == OperationKind.REFUND and one.state == State.SUCCEEDED]
    left = payment.amount - payment.cancel_amount
    back = sum(one.amount if one.refunded is None else one.refunded for one in ours)
    if back != payment.cancel_amount or discount_of(payment) is not None:
        return TaxesLeft(left, free, vat, known, at, certain=False)
    named = [asked(one) for one in ours]
    free = max(0, free - sum(one.get("tax_free") or 0 for one in named))
    if vat is not None:
        vat = max(0, vat - sum(one.get("vat_amount") or 0 for one in named))
    if free > left or (vat is not None and free + vat > left):
        return TaxesLeft(left, free, vat, known, at, certain=False)
    return TaxesLeft(left, free, vat, known, at)


def _taxes_of(sent: Mapping[str, Any]) -> tuple[int, int | None]:
    """What was told of tax-free part and VAT; of a charge or a booking the VAT stands among what goes along besides."""
    return sent.get("tax_free") or 0, sent.get("vat_amount", sent.get(EXTRAS, {}).get("vat_amount"))


def _sent(
    conn: Connection, payment: Payment, operations: list[Operation]
) -> Iterator[tuple[Known, int, Mapping[str, Any]]]:
    """What made the payment, with its number and what it told of taxes."""
    for one in operations:
        if known := _MADE_BY.get(OperationKind(one.kind)):
            yield known, one.id, asked(one)
    if (booked := _booking(conn, payment)) is not None:
        yield Known.SCHEDULE, *booked
    if opening := attempts.get(conn, payment.merchant_uid):
        link = checkouts.get(conn, opening.checkout_id)
        yield Known.LINK, link.id, json.loads(link.request)


def _booking(conn: Connection, payment: Payment) -> tuple[int, Mapping[str, Any]] | None:
    """The booking of a payment that a schedule became, and its entry of it."""
    if payment.customer_uid is None:
        return None
    of_key = (_OPERATION.c.customer_uid == payment.customer_uid) & (_OPERATION.c.kind == OperationKind.BOOK.value)
    names_it = _OPERATION.c.request.contains(payment.merchant_uid, autoescape=True)
    wanted = select(_OPERATION).where(of_key, names_it, _OPERATION.c.state == State.SUCCEEDED.value)
    for one in read_all(conn, Operation, wanted.order_by(_OPERATION.c.id.desc())):
        for entry in asked(one)["schedules"]:
            if entry["merchant_uid"] == payment.merchant_uid:
                return one.id, entry
    return None
