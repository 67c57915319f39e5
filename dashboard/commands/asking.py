"""What a command asks for, written into the journal: checked against what the gateway says at this moment."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from services.clock import system_clock
from services.errors import InvalidRequest, NotFound
from services.journal_models import Operation
from services.journal_models import OperationState as State
from services.mirror.convert import plain_row
from services.mirror.read_again import read_again
from services.models import BillingKey, Payment
from services.money import read_amount, typed
from services.operations import charges, journal, refunds
from services.operations.charged import charged_already, refused_lately
from services.operations.promotions import less_of
from services.operations.refund_rules import account_needs
from services.operations.same import same_command
from services.store.engine import reading, writing
from services.store.key_writes import mark_billing_keys_deleted, upsert_billing_keys
from services.store.operations import refunded_alone
from services.store.payments import get_billing_key, get_payment

from dashboard.components import formats
from dashboard.executing import cli_actor
from dashboard.resources import current_settings, open_gateway, open_store


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
    again: bool = False


@dataclass(frozen=True, slots=True)
class ChargeOrder:
    """`jangbu charge` as it was typed."""

    customer_uid: str
    amount: str
    name: str
    currency: str = "KRW"
    tax_free: str | None = None
    card_quota: int = 0
    naver_use_cfm: str | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation, and whether an earlier command had asked for it already."""

    operation: Operation
    before: bool


def ask_refund(order: RefundOrder) -> Asked:
    """Reads the payment afresh and writes the intent down. Raises JangbuErrors; nothing is sent here."""
    if (order.amount is None) != order.full:
        raise InvalidRequest("Give one of --amount and --full.", field="amount")
    wanted = "full" if order.amount is None else plain(typed_amount(order.amount, "amount"))
    words = ("refund", wanted, order.reason.strip(), order.requester)
    return once(refunds.subject_of(order.imp_uid), words, order.again, lambda token: _refund(order, token))


def ask_charge(order: ChargeOrder) -> Asked:
    """Looks the key up afresh and writes the intent down. Raises JangbuErrors; nothing is sent here."""
    words = ("charge", plain(typed_amount(order.amount, "amount")), order.currency, order.name.strip())
    return once(charges.subject_of(order.customer_uid), words, order.again, lambda token: _charge(order, token))


def once(subject: str, words: tuple[str, ...], again: bool, wanted: Callable[[str], journal.Wanted]) -> Asked:
    """What the same words made before, or a new operation. Raises JangbuErrors."""

    def written(token: str) -> Operation:
        return journal.record(open_store(), wanted(token), cli_actor(), system_clock())

    return once_written(subject, words, again, written)


def once_written(
    subject: str,
    words: tuple[str, ...],
    again: bool,
    written: Callable[[str], Operation],
    *,
    stands: Callable[[Operation], bool] = lambda _known: True,
) -> Asked:
    """The same for what is written down in another way; one that is done counts only while it still `stands`."""
    with reading(open_store()) as conn:
        known, token = same_command(conn, subject, words, system_clock(), again=again)
    if known is not None and (known.state != State.SUCCEEDED or stands(known)):
        return Asked(known, before=True)
    return Asked(written(token), before=False)


def _refund(order: RefundOrder, token: str) -> journal.Wanted:
    payment = _payment(order.imp_uid)
    with reading(open_store()) as conn:
        alone = refunded_alone(conn, order.imp_uid, cli_actor().name)
        less = less_of(conn, payment)
    left = payment.amount - payment.cancel_amount - less
    form = refunds.RefundForm(
        amount=left if order.amount is None else minor(order.amount, payment.currency, "amount"),
        balance=left,
        reason=order.reason,
        requester=order.requester,
        tax_free=minor(order.tax_free, payment.currency, "tax_free"),
        vat_amount=minor(order.vat_amount, payment.currency, "vat_amount"),
        account={name: value for name, value in (order.account or {}).items() if value},
        enable_webhook=order.enable_webhook,
        less=less,
    )
    _require_account(payment, form)
    limit = current_settings().refund_approval_from
    return refunds.wanted_refund(token, payment, form, approval_from=limit, alone=alone)


def _require_account(payment: Payment, form: refunds.RefundForm) -> None:
    """Names every option that is missing where the refund goes to an account. Raises InvalidRequest."""
    missing = [name for name in account_needs(payment, system_clock()) if not form.account.get(name, "").strip()]
    if missing:
        options = ", ".join(f"--{name.removeprefix('refund_')}" for name in missing)
        raise InvalidRequest("This refund goes to an account, and this is missing: {options}.", field=missing[0],
                             options=options)  # fmt: skip


def _charge(order: ChargeOrder, token: str) -> journal.Wanted:
    form = charges.ChargeForm(
        amount=minor(order.amount, order.currency, "amount"),
        name=order.name,
        currency=order.currency,
        tax_free=minor(order.tax_free, order.currency, "tax_free"),
        card_quota=order.card_quota,
        naver_use_cfm=order.naver_use_cfm,
    )
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


def _payment(imp_uid: str) -> Payment:
    engine = open_store()
    read_again(open_gateway(), engine, imp_uid)
    with reading(engine) as conn:
        payment = get_payment(conn, imp_uid)
    if payment is None:
        raise InvalidRequest("No such payment in the mirror.", field="imp_uid")
    return payment


def fresh_key(customer_uid: str) -> BillingKey:
    """A billing key as the gateway has it now, kept. Raises InvalidRequest where it is gone."""
    engine, gateway = open_store(), open_gateway()
    try:
        found = gateway.billing_key(customer_uid)
    except NotFound:
        with writing(engine) as conn:
            mark_billing_keys_deleted(conn, [customer_uid], at=int(gateway.now()))
        raise InvalidRequest("This billing key is gone: nothing can be charged on it.", field="customer_uid") from None
    with writing(engine) as conn:
        upsert_billing_keys(conn, [plain_row(found)], checked_at=int(gateway.now()))
    with reading(engine) as conn:
        key = get_billing_key(conn, customer_uid)
    if key is None:
        raise InvalidRequest("This billing key is gone: nothing can be charged on it.", field="customer_uid")
    return key


def minor(text: str | None, currency: str, field: str) -> int | None:
    """An amount as it was typed in the smallest unit. Raises InvalidRequest."""
    try:
        return read_amount(text or "", currency)
    except ValueError:
        raise InvalidRequest("This is not an amount.", field=field) from None


def typed_amount(text: str, field: str) -> Decimal:
    """An amount as it was typed. Raises InvalidRequest."""
    try:
        return typed(text)
    except ValueError:
        raise InvalidRequest("This is not an amount.", field=field) from None


def plain(amount: Decimal) -> str:
    """One spelling for 10.5 and 10.50."""
    return f"{amount.normalize():f}"
