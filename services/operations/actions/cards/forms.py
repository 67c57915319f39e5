"""What a person fills in to charge a card or to make a billing key of it, checked; the card itself comes last."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from services.cards.card import Card
from services.cards.pg_rules import Ability, rule_of, takes_cards
from services.errors import InvalidRequest
from services.mistakes import Mistakes
from services.operations.actions import charges
from services.operations.actions.cards import registrations, secret
from services.operations.actions.parameters.extras import checked_vat
from services.operations.actions.parameters.order_numbers import OWN_ORDER, new_order_number, own_order_number
from services.operations.journal.journal import Wanted
from services.receipts.identifiers import holds_number
from services.tables.journal import OperationKind
from services.tables.v1 import Channel
from services.typed_text import checked, typed

BUYER = ("buyer_name", "buyer_tel", "buyer_email", "browser_ip")
HOLDER = ("customer_name", "customer_tel", "customer_email")
PRODUCTS = ("real", "digital")
_LONGEST = {"buyer_name": 16, "buyer_tel": 16, "buyer_email": 64, "browser_ip": 45, "customer_name": 20,
            "customer_tel": 20, "customer_email": 200}  # fmt: skip
_LONGEST_UID = 80
_UID = re.compile(rf"[!-.0-~]{{1,{_LONGEST_UID}}}")


@dataclass(frozen=True, slots=True)
class CardChargeForm:
    """What a card is charged for; `personal` by V1's names. Won."""

    amount: int | None
    name: str
    merchant_uid: str = ""
    """The shop's own order number; empty: one is made."""
    customer_uid: str = ""
    """The billing key that the card is kept as besides; empty: it is not kept."""
    tax_free: int | None = None
    vat_amount: int | None = None
    card_quota: int = 0
    product_type: str = ""
    personal: Mapping[str, str] = field(default_factory=dict, repr=False)
    unread: Sequence[InvalidRequest] = ()


@dataclass(frozen=True, slots=True)
class KeyForm:
    """The billing key that is made of a card."""

    customer_uid: str
    replaces: bool = False
    """Whether what may be registered there is meant to go."""
    personal: Mapping[str, str] = field(default_factory=dict, repr=False)


def wanted_card_charge(token: str, channel: Channel, form: CardChargeForm) -> Wanted:
    """The intent of a form, but for the card. Raises InvalidRequest, naming each field to mend."""
    mistakes, rule = Mistakes(form.unread), rule_of(channel.pg_provider)
    _require_able(channel, Ability.CHARGE, mistakes)
    if form.amount is None or form.amount <= 0:
        mistakes.add(InvalidRequest("Type an amount.", field="amount"))
    amount = form.amount or 0
    name = mistakes.read(lambda: _named(form.name), "")
    own = mistakes.read(lambda: own_order_number(form.merchant_uid), None)
    order = own or new_order_number("C")
    key = mistakes.read(lambda: _uid(form.customer_uid) if typed(form.customer_uid) else None, None)
    if key and Ability.KEEP not in rule.can:
        mistakes.add(InvalidRequest("At this PG a charge keeps no card: make the key by itself.", field="customer_uid"))
    _check_personal(form.personal, BUYER, rule.charge, mistakes)
    request = {
        "name": name,
        "pg": f"{channel.pg_provider}.{channel.pg_id}",
        "pg_provider": channel.pg_provider,
        "sandbox": channel.sandbox,
        **_particulars(form, amount, rule.charge, mistakes),
        **({OWN_ORDER: True} if own else {}),
    }
    mistakes.require_none()
    return Wanted(
        token=token,
        kind=OperationKind.CARD_CHARGE,
        subject=subject_of(order),
        amount=amount,
        currency="KRW",
        merchant_uid=order,
        customer_uid=key,
        request=request,
        beside=(charges.subject_of(key),) if key else (),
    )


def subject_of(order: str) -> str:
    """The subject of the charge under an order number."""
    return f"card_charge:{order}"


def wanted_registration(token: str, channel: Channel, form: KeyForm, *, seen: int | None = None) -> Wanted:
    """The intent of a form, but for the card. Raises InvalidRequest, naming each field to mend."""
    mistakes, rule = Mistakes(), rule_of(channel.pg_provider)
    _require_able(channel, Ability.REGISTER, mistakes)
    uid = mistakes.read(lambda: _uid(form.customer_uid), "")
    _check_personal(form.personal, HOLDER, rule.register, mistakes)
    mistakes.require_none()
    request = {"channel_key": channel.channel_key, "pg_provider": channel.pg_provider, "sandbox": channel.sandbox}
    return Wanted(
        token=token,
        kind=OperationKind.REGISTER_CARD,
        subject=charges.subject_of(uid),
        amount=0,
        currency="KRW",
        customer_uid=uid,
        request=request | {registrations.REPLACES: form.replaces},
        seen=seen,
    )


def with_card(wanted: Wanted, card: Card) -> Wanted:
    """The intent with all that a row may say of the card. Raises InvalidRequest where what is kept tells more."""
    kept = (
        ("merchant_uid", wanted.merchant_uid),
        ("customer_uid", wanted.customer_uid),
        ("name", wanted.request.get("name")),
    )
    mistakes, number = Mistakes(), re.sub("[^0-9]", "", card.fields["card_number"])
    for name, text in kept:
        if holds_number(text or "", number):
            mistakes.add(InvalidRequest("The card's number does not belong here, for this is kept.", field=name))
    mistakes.require_none()
    return replace(wanted, request={**wanted.request, **secret.kept_of(card)})


def personal_of(given: Mapping[str, str]) -> dict[str, str]:
    """What is sent of the buyer, which no row holds."""
    return {name: value for name, text in given.items() if (value := typed(text))}


def wants_of(kind: OperationKind, pg: str | None) -> tuple[str, ...]:
    """The fields that a PG wants."""
    rule = rule_of(pg)
    return rule.charge if kind == OperationKind.CARD_CHARGE else rule.register


def _require_able(channel: Channel, ability: Ability, mistakes: Mistakes) -> None:
    if not takes_cards(channel.pg_provider, channel.type, ability):
        mistakes.add(InvalidRequest("Choose a channel that takes a card's number.", field="channel_key"))


def _named(text: str) -> str:
    if not typed(text):
        raise InvalidRequest("Say what it is for: the buyer sees this name.", field="name")
    return checked(text, "name", most=charges.LONGEST_NAME)


def _uid(text: str) -> str:
    uid = typed(text)
    if not _UID.fullmatch(uid):
        raise InvalidRequest("Latin letters, digits and signs without spaces and /, at most {n} of them.",
                             field="customer_uid", n=_LONGEST_UID)  # fmt: skip
    return checked(uid, "customer_uid", most=_LONGEST_UID)


def _check_personal(given: Mapping[str, str], known: Sequence[str], wants: Sequence[str], mistakes: Mistakes) -> None:
    for name in known:
        if name in wants and not typed(given.get(name, "")):
            mistakes.add(InvalidRequest("This PG wants this field.", field=name))
        mistakes.read(partial(checked, given.get(name, ""), name, most=_LONGEST[name]), "")


def _particulars(
    form: CardChargeForm, amount: int, wants: Sequence[str], mistakes: Mistakes
) -> dict[str, int | str | None]:
    found: dict[str, int | str | None] = {}
    if form.tax_free is not None:
        if amount and not 0 <= form.tax_free <= amount:
            mistakes.add(InvalidRequest("It must lie between 0 and the amount.", field="tax_free"))
        found["tax_free"] = form.tax_free
    if form.vat_amount is not None:
        mistakes.read(lambda: checked_vat(form.vat_amount or 0, form.tax_free or 0, amount), None)
        found["vat_amount"] = form.vat_amount
    if form.card_quota:
        if form.card_quota < 2 or (amount and amount < charges.INSTALMENTS_FROM):
            mistakes.add(InvalidRequest("Instalments are 2 months or more, from {least} won on.", field="card_quota",
                                        least=f"{charges.INSTALMENTS_FROM:,}"))  # fmt: skip
        found["card_quota"] = form.card_quota
    if "product_type" in wants:
        if form.product_type not in PRODUCTS:
            mistakes.add(InvalidRequest("This PG wants this field.", field="product_type"))
        found["product_type"] = form.product_type
    return found
