"""What a command asks for, written into the journal: checked against what the gateway says at this moment."""

import hmac
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from services.amounts import read_amount
from services.balances.left import taxes_left
from services.clock import system_clock
from services.errors import InvalidRequest, NotFound, Refused
from services.mirror.keep import read_again, read_billing_key
from services.mirror.single.balances import read_balance
from services.operations.actions import charges, refunds
from services.operations.actions.charged import charged_already, refused_lately
from services.operations.actions.promotions import less_of
from services.operations.actions.refund_rules import account_needs
from services.operations.actions.refunded import refunded_today
from services.operations.journal import journal
from services.operations.journal.head import require_whole
from services.operations.journal.same import (
    Differing,
    charge_differs,
    never,
    refund_differs,
    same_command,
)
from services.store.account import require_account
from services.store.engine import reading
from services.store.lists.one import get_billing_key, get_payment
from services.store.lists.operations import refunded_alone
from services.tables.journal import Operation
from services.tables.journal import OperationState as State
from services.tables.v1 import BillingKey, Payment
from services.typed_text import typed
from sqlalchemy import Connection

from dashboard.commands.wishes.more import sealed_more
from dashboard.process.executor import cli_actor, limit_of, require_known
from dashboard.process.resources import current_settings, open_gateway, open_store
from dashboard.words import formats


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """`jangbu refund` as it was typed."""

    imp_uid: str
    amount: str | None
    full: bool
    reason: str
    requester: str
    tax_free: str | None = None
    vat_amount: str | None = None
    account: Mapping[str, str | None] | None = None
    enable_webhook: bool = False
    retain_promotion: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class SaleOrder:
    """What a billing key is to be charged for, as it was typed."""

    customer_uid: str
    amount: str
    name: str
    currency: str = "KRW"
    tax_free: str | None = None
    order: str = ""
    more: Mapping[str, str] = field(default_factory=dict, repr=False)
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeOrder(SaleOrder):
    """`jangbu charge` as it was typed."""

    card_quota: int = 0
    naver_use_cfm: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation, and whether an earlier command had asked for it already."""

    operation: Operation
    before: bool


def ask_refund(order: RefundOrder) -> Asked:
    """Reads the payment afresh and writes the intent down. Raises JangbuErrors; nothing is sent here."""
    if (order.amount is None) != order.full:
        raise InvalidRequest("Give one of --amount and --full.", field="amount")

    def differing(operation: Operation) -> list[str] | None:
        return refund_differs(operation, _wished(order, operation.currency), full=order.full)

    return once(
        refunds.subject_of(order.imp_uid), _words_of(order), order.again, lambda token: _refund(order, token), differing
    )


def ask_charge(order: ChargeOrder) -> Asked:
    """Looks the key up afresh and writes the intent down. Raises JangbuErrors; nothing is sent here."""
    form = _charge_form(order)
    apart = ("name", "more", "unread")
    wished = {"name": typed(form.name)} | {name: getattr(form, name) for name in form.__slots__ if name not in apart}
    plainly = (f"{name}={value}" for name, value in sorted(wished.items()) if value)
    words = ("charge", *plainly, *sealed_more(order.more))
    wished["more"] = order.more

    def differing(operation: Operation) -> list[str] | None:
        return charge_differs(operation, wished)

    return once(
        charges.subject_of(order.customer_uid), words, order.again, lambda token: _charge(order, form, token), differing
    )


def once(
    subject: str,
    words: tuple[str, ...],
    again: bool,
    wanted: Callable[[str], journal.Wanted],
    differing: Differing = never,
    stands: Callable[[Operation], bool] = lambda _known: True,
) -> Asked:
    """What the same words made before, or a new operation; see once_written. Raises JangbuErrors."""

    def written(token: str) -> Operation:
        return journal.record(open_store(), wanted(token), cli_actor(), system_clock())

    return once_written(subject, words, again, written, stands=stands, differing=differing)


def once_written(
    subject: str,
    words: tuple[str, ...],
    again: bool,
    written: Callable[[str], Operation],
    *,
    stands: Callable[[Operation], bool] = lambda _known: True,
    differing: Differing = never,
) -> Asked:
    """What the same words made before, or what `written` makes; one that is done counts while it still `stands`."""
    with reading(open_store()) as conn:
        _require_ready(conn)
        known, token = same_command(conn, subject, words, system_clock(), again=again, differing=differing)
    if known is not None and (known.state != State.SUCCEEDED or stands(known)):
        return Asked(known, before=True)
    return Asked(written(token), before=False)


def _require_ready(conn: Connection) -> None:
    """Before anything is read or asked: a journal that is whole, of this account, by somebody who is known."""
    require_whole(conn)
    require_account(conn, open_gateway().account)
    require_known(conn)


def _wished(order: RefundOrder, currency: str) -> dict[str, Any]:
    """A refund as it was typed, by V1's names, to be held against one that was asked for."""
    account = {name: found for name, value in (order.account or {}).items() if value and (found := typed(value))}
    return account | {
        "amount": minor(order.amount, currency, "amount"),
        "reason": typed(order.reason),
        "requester": order.requester,
        "tax_free": minor(order.tax_free, currency, "tax_free"),
        "vat_amount": minor(order.vat_amount, currency, "vat_amount"),
        "enable_webhook": order.enable_webhook,
        "retain_promotion": order.retain_promotion,
    }


def _words_of(order: RefundOrder) -> tuple[str, ...]:
    """A refund's wish as one text; whose account it is, under a key that the database does not hold."""
    parts = {name: part for name in ("amount", "tax_free", "vat_amount") if (part := getattr(order, name))}
    currency = _currency_of(order.imp_uid) if parts else ""
    plainly = [f"{name}={minor(part, currency, name)}" for name, part in sorted(parts.items())]
    account = "\0".join(f"{name}={typed(value)}" for name, value in sorted((order.account or {}).items()) if value)
    secret = current_settings().imp_secret.get_secret_value().encode()
    sealed = [hmac.new(secret, account.encode(), "sha256").hexdigest()] if account else []
    flags = [word for word, set_ in (("webhook", order.enable_webhook), ("promotion", order.retain_promotion)) if set_]
    return ("refund", typed(order.reason), order.requester, *plainly, *flags, *sealed)


def _refund(order: RefundOrder, token: str) -> journal.Wanted:
    payment = fresh_payment(order.imp_uid)
    with suppress(Refused):
        read_balance(open_gateway(), open_store(), order.imp_uid)
    with reading(open_store()) as conn:
        alone, limit = refunded_alone(conn, order.imp_uid), limit_of(conn, cli_actor().name, payment.tier)
        less, today = less_of(conn, payment), refunded_today(conn, order.imp_uid, system_clock())
        known = taxes_left(conn, payment)
    left = payment.amount - payment.cancel_amount - less
    amount = left if order.amount is None else minor(order.amount, payment.currency, "amount")
    free, vat = (minor(getattr(order, name), payment.currency, name) for name in ("tax_free", "vat_amount"))
    if known and known.certain and known.matters and amount:
        share = known.of(amount)
        free, vat = share.tax_free if free is None else free, share.vat_amount if vat is None else vat
    form = refunds.RefundForm(
        amount=amount,
        balance=left,
        reason=order.reason,
        requester=order.requester,
        tax_free=free,
        vat_amount=vat,
        account={name: value for name, value in (order.account or {}).items() if value},
        enable_webhook=order.enable_webhook,
        retain_promotion=order.retain_promotion,
        less=less,
    )
    if form.amount in today and not order.full and not order.again:
        # Given back on a screen or at the PG as well.
        raise InvalidRequest("{amount} of this payment was refunded today already: --again means once more.",
                             field="again", amount=formats.money(form.amount, payment.currency))  # fmt: skip
    _require_account(payment, form)
    return refunds.wanted_refund(token, payment, form, approval_from=limit, alone=alone)


def _require_account(payment: Payment, form: refunds.RefundForm) -> None:
    """Names every option that is missing where the refund goes to an account. Raises InvalidRequest."""
    missing = [name for name in account_needs(payment, system_clock()) if not form.account.get(name, "").strip()]
    if missing:
        options = ", ".join(f"--{name.removeprefix('refund_')}" for name in missing)
        raise InvalidRequest("This refund goes to an account, and this is missing: {options}.", field=missing[0],
                             options=options)  # fmt: skip


def _charge_form(order: ChargeOrder) -> charges.ChargeForm:
    return charges.ChargeForm(
        amount=minor(order.amount, order.currency, "amount"),
        name=order.name,
        currency=order.currency,
        tax_free=minor(order.tax_free, order.currency, "tax_free"),
        card_quota=order.card_quota,
        naver_use_cfm=order.naver_use_cfm,
        merchant_uid=order.order,
        more=order.more,
    )


def _charge(order: ChargeOrder, form: charges.ChargeForm, token: str) -> journal.Wanted:
    key, now = fresh_key(order.customer_uid), system_clock()
    minimum = current_settings().naverpay_minimum
    seen = _charges_known(order, now)
    return charges.wanted_charge(token, key, form, minimum=minimum, now=now, seen=seen)


def _charges_known(order: ChargeOrder, now: float) -> int:
    """The key's latest operation. Raises InvalidRequest where it was charged already, unless one more is meant.

    What the PG refused lately is read again first: some of it may be paid by now.
    """
    with reading(open_store()) as conn:
        refused = refused_lately(conn, order.customer_uid, now)
    for imp_uid in refused:
        with suppress(NotFound):
            read_again(open_gateway(), open_store(), imp_uid)
    with reading(open_store()) as conn:
        charged = charged_already(conn, order.customer_uid, now)
        seen = journal.latest_id(conn, charges.subject_of(order.customer_uid))
    if order.again or not charged:
        return seen
    late = [one for one in charged if one.late]
    paid = ", ".join(formats.money(one.amount, one.currency) for one in late or charged)
    if late:
        raise InvalidRequest("A charge of this buyer that was refused is paid after all ({paid}): "
                             "--again means a second one.", field="again", paid=paid)  # fmt: skip
    raise InvalidRequest("This buyer was charged today already ({paid}): --again means a second one.",
                         field="again", paid=paid)  # fmt: skip


def _currency_of(imp_uid: str) -> str:
    """The currency in which an amount was meant: the payment's own, read at the gateway where it is not here yet."""
    with reading(open_store()) as conn:
        _require_ready(conn)
        payment = get_payment(conn, imp_uid)
    return (payment or fresh_payment(imp_uid)).currency


def fresh_payment(imp_uid: str) -> Payment:
    """A payment as the gateway has it now, kept. Raises InvalidRequest where there is none, GatewayError."""
    engine = open_store()
    read_again(open_gateway(), engine, imp_uid)
    with reading(engine) as conn:
        payment = get_payment(conn, imp_uid)
    if payment is None:
        raise InvalidRequest("No such payment in the mirror.", field="imp_uid")
    return payment


def fresh_key(customer_uid: str) -> BillingKey:
    """A billing key as the gateway has it now, kept. Raises InvalidRequest where it is gone."""
    engine = open_store()
    read_billing_key(open_gateway(), engine, customer_uid)
    with reading(engine) as conn:
        key = get_billing_key(conn, customer_uid)
    if key is None or key.deleted_at is not None:
        raise InvalidRequest("This billing key is gone: nothing can be charged on it.", field="customer_uid")
    return key


def minor(text: str | None, currency: str, field: str) -> int | None:
    """An amount as it was typed in the smallest unit. Raises InvalidRequest."""
    return read_amount(text or "", currency, field)
