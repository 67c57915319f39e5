"""What a person fills in for a cash receipt, checked; of a payment, or of a sale made elsewhere."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from services.claimants import claimant_name
from services.errors import InvalidRequest
from services.mistakes import Mistakes
from services.operations.actions.parameters.extras import checked_vat
from services.operations.actions.receipts.shown import subject_of
from services.operations.actions.refunds import subject_of as payment_subject
from services.operations.journal.journal import Wanted
from services.receipts.identifiers import checked_identifier, end_of, holds_number, require_fitting
from services.receipts.pg_rules import METHODS, Ability, rule_of, stands_in_the_way
from services.tables.journal import OperationKind
from services.tables.v1 import Payment
from services.typed_text import checked, typed

PERSONAL = ("buyer_name", "buyer_tel", "buyer_email")
_SHOPS = ("corp_reg_no", "company_name", "company_tel")
PRODUCTS = ("real", "digital")
_LONGEST = {"merchant_uid": 40, "name": 40, "buyer_name": 16, "buyer_tel": 16, "buyer_email": 64}
_LONGEST_OTHER = 64
_ORDER = re.compile(r"[!-~]+")
_PLAIN_ORDER = re.compile("[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class ReceiptForm:
    """What was filled in; `more` are the PG's own fields and the buyer's, by V1's names. Won."""

    type: str
    kind: str | None
    number: str = field(repr=False)
    """The identifier as it was typed."""
    tax_free: int | None = None
    meant: bool = False
    """Whether a proof of expense to a phone is meant."""
    more: Mapping[str, str] = field(default_factory=dict, repr=False)
    unread: Sequence[InvalidRequest] = ()
    vat_amount: int | None = None
    """Where the shop may set it; else a tenth of the rest."""


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale made elsewhere, and the channel that issues its receipt."""

    merchant_uid: str
    name: str
    amount: int | None
    pg_provider: str
    channel_key: str
    sandbox: bool = False


def personal_of(form: ReceiptForm, *, residents: bool) -> dict[str, str]:
    """What is sent of the person, which no row holds. Raises InvalidRequest."""
    number = checked_identifier(form.kind, form.number, residents=residents)
    return {"identifier": number} | {name: value for name in PERSONAL if (value := typed(form.more.get(name, "")))}


def wanted_receipt(
    token: str, payment: Payment, form: ReceiptForm, *, residents: bool, seen: int | None = None
) -> Wanted:
    """The intent of a receipt over what is left of a payment. Raises InvalidRequest, naming each field to mend."""
    if problem := stands_in_the_way(payment):
        raise problem
    left, mistakes = payment.amount - payment.cancel_amount, Mistakes(form.unread)
    request = _request(form, payment.pg_provider, left, mistakes, residents=residents, external=False)
    mistakes.require_none()
    return Wanted(
        token=token,
        kind=OperationKind.ISSUE_RECEIPT,
        subject=subject_of(payment.imp_uid, payment.merchant_uid),
        amount=left,
        currency="KRW",
        imp_uid=payment.imp_uid,
        merchant_uid=payment.merchant_uid,
        customer_uid=payment.customer_uid,
        request=request,
        beside=(payment_subject(payment.imp_uid),),
        seen=seen,
    )


def wanted_sale_receipt(
    token: str, sale: Sale, form: ReceiptForm, *, residents: bool, seen: int | None = None
) -> Wanted:
    """The intent of a receipt of a sale made elsewhere. Raises InvalidRequest, naming each field to mend."""
    mistakes = Mistakes(form.unread)
    order = mistakes.read(lambda: _order(sale), "")
    name = mistakes.read(lambda: _required("name", sale.name), "")
    if Ability.ISSUE_EXTERNAL not in rule_of(sale.pg_provider).can:
        mistakes.add(InvalidRequest("Choose a channel that issues receipts.", field="channel_key"))
    if sale.amount is None or sale.amount <= 0:
        mistakes.add(InvalidRequest("Type the amount that was paid.", field="amount"))
    amount = sale.amount or 0
    request = _request(form, sale.pg_provider, amount, mistakes, residents=residents, external=True)
    mistakes.require_none()
    _require_apart(order, name, checked_identifier(form.kind, form.number, residents=residents))
    return Wanted(
        token=token,
        kind=OperationKind.ISSUE_RECEIPT,
        subject=subject_of(None, order),
        amount=amount,
        currency="KRW",
        merchant_uid=order,
        request=request | {"name": name, "channel_key": sale.channel_key, "sandbox": sale.sandbox},
        seen=seen,
    )


def _require_apart(order: str, name: str, number: str) -> None:
    """Raises InvalidRequest where what is kept of a sale tells whose receipt it is."""
    mistakes = Mistakes()
    for field_name, text in (("merchant_uid", order), ("name", name)):
        if holds_number(text, number):
            mistakes.add(
                InvalidRequest(
                    "The number that the receipt goes to does not belong here, for this is kept.", field=field_name
                )
            )
    mistakes.require_none()


def _request(
    form: ReceiptForm, pg: str | None, amount: int, mistakes: Mistakes, *, residents: bool, external: bool
) -> dict[str, Any]:
    """All that is kept of a form, and sent but for the kind and end of the number."""
    number = mistakes.read(lambda: checked_identifier(form.kind, form.number, residents=residents), "")
    mistakes.read(lambda: require_fitting(form.type, form.kind, meant=form.meant), None)
    rule, kind = rule_of(pg), form.kind or ""
    if kind in rule.not_to:
        mistakes.add(InvalidRequest("This PG issues nothing to this kind of number.", field="identifier_type"))
    if form.tax_free is not None and not 0 <= form.tax_free <= amount:
        mistakes.add(InvalidRequest("It must lie between 0 and the amount.", field="tax_free"))
    if form.vat_amount is not None:
        mistakes.read(lambda: checked_vat(form.vat_amount or 0, form.tax_free or 0, amount), None)
    wants = rule.wants(external=external)
    found: dict[str, Any] = {
        "type": form.type,
        "identifier_kind": kind,
        "identifier_end": end_of(kind, number),
        **({"tax_free": form.tax_free} if form.tax_free is not None else {}),
        **({"vat_amount": form.vat_amount} if form.vat_amount is not None else {}),
        "pg_provider": pg,
        "held_by": claimant_name(),
        **({"identifier_type": kind} if "identifier_type" in wants else {}),
    }
    for name in PERSONAL:
        mistakes.read(partial(_optional, name, form.more.get(name, ""), needed=name in wants), "")
    for name in (one for one in (*_SHOPS, "product_type", "pay_method") if one in wants):
        found[name] = mistakes.read(partial(_of_pg, name, form.more.get(name, "")), "")
    return found


def _of_pg(name: str, value: str) -> str:
    known = {"product_type": PRODUCTS, "pay_method": METHODS}.get(name)
    if known and value not in known:
        raise InvalidRequest("This PG wants this field.", field=name)
    return _optional(name, value, needed=True)


def _optional(name: str, value: str, *, needed: bool) -> str:
    if needed and not typed(value):
        raise InvalidRequest("This PG wants this field.", field=name)
    return checked(value, name, most=_LONGEST.get(name, _LONGEST_OTHER))


def _required(name: str, value: str) -> str:
    if not typed(value):
        raise InvalidRequest("Say what was sold.", field=name)
    return checked(value, name, most=_LONGEST[name])


def _order(sale: Sale) -> str:
    order = typed(sale.merchant_uid)
    if not order:
        raise InvalidRequest("Type the order number of the sale.", field="merchant_uid")
    checked(order, "merchant_uid", most=_LONGEST["merchant_uid"])
    if not _ORDER.fullmatch(order):
        raise InvalidRequest("Latin letters, digits and signs, without spaces.", field="merchant_uid")
    if rule_of(sale.pg_provider).plain_order and not _PLAIN_ORDER.fullmatch(order):
        raise InvalidRequest("This PG takes letters and digits alone.", field="merchant_uid")
    return order
