"""The fields of a cash receipt: what it is for, the number that it goes to, and what the PG wants besides."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st
from services.mistakes import Mistakes
from services.operations.actions.receipts.forms import PERSONAL, PRODUCTS, ReceiptForm, Sale
from services.operations.journal.journal import Wanted
from services.receipts.identifiers import IdentifierKind
from services.receipts.pg_rules import METHODS, PgRule, warnings
from services.tables.receipts import ReceiptType
from services.tables.v1 import Channel

from dashboard.kit.fields import Fields, Typed, Typing, review_button
from dashboard.locale import _
from dashboard.screens.receipts import receipt_facts
from dashboard.words import formats, labels
from dashboard.words.receipts import receipt_labels
from dashboard.words.ways import channel_name

_CHOSEN = {"product_type": (PRODUCTS, receipt_labels.product), "pay_method": (METHODS, labels.method)}


@dataclass(frozen=True, slots=True)
class ReceiptTyping(Typing):
    """What stands in the fields at this moment."""

    type: str
    kind: str | None
    number: str
    meant: bool
    tax_free: Typed
    vat_amount: Typed
    more: Mapping[str, str]

    def form(self) -> ReceiptForm:
        """As a form, with an amount that is none."""
        unread = Mistakes()
        tax_free, vat = unread.read(self.tax_free.read, None), unread.read(self.vat_amount.read, None)
        return ReceiptForm(self.type, self.kind, self.number, tax_free, self.meant, self.more, unread.told(), vat)


@dataclass(frozen=True, slots=True)
class SaleTyping:
    """What stands in the fields of a sale made elsewhere."""

    receipt: ReceiptTyping
    channel: Channel
    order: str
    name: str
    amount: Typed

    def form(self) -> tuple[Sale, ReceiptForm]:
        """As a form, with each amount that is none."""
        form, unread = self.receipt.form(), Mistakes()
        amount = unread.read(self.amount.read, None)
        channel = self.channel
        sale = Sale(
            merchant_uid=self.order,
            name=self.name,
            amount=amount,
            pg_provider=channel.pg_provider,
            channel_key=channel.channel_key or "",
            sandbox=channel.sandbox,
        )
        told = (*unread.told(), *form.unread)
        return sale, replace(form, unread=told)


def receipt_fields(
    fields: Fields,
    rule: PgRule,
    *,
    residents: bool,
    filled: Mapping[str, str],
    cancel: Callable[[], None],
) -> ReceiptTyping:
    """The fields of a payment's; `filled` stands there at first, `cancel` draws the way out."""
    type_, kind, meant = _for_whom(fields, rule, residents=residents)
    with st.form(fields.key("form"), border=False):
        return _typed(fields, rule, type_, kind, meant, external=False, filled=filled, cancel=cancel)


def sale_fields(
    fields: Fields, channels: Sequence[Channel], rule_of: Callable[[str], PgRule], *, residents: bool,
    cancel: Callable[[], None],
) -> SaleTyping:  # fmt: skip
    """The fields of a sale made elsewhere: the channel first, which says what is wanted besides."""
    with fields.place("channel_key"):
        channel = st.selectbox(
            fields.marked(_("Channel that issues it")),
            channels,
            format_func=partial(channel_name, among=channels),
            key=fields.key("channel_key"),
            persist_state="session",
        )
    rule = rule_of(channel.pg_provider)
    receipt_facts.sentences(warnings(channel.pg_provider, external=True))
    type_, kind, meant = _for_whom(fields, rule, residents=residents)
    with st.form(fields.key("form"), border=False):
        with st.container(horizontal=True):
            order = fields.text("merchant_uid", _("Order number of the sale"), required=True, max_chars=40)
            amount = fields.amount("amount", _("Amount that was paid"), "KRW", required=True)
        name = fields.text("name", _("What was sold"), required=True, max_chars=40)
        receipt = _typed(fields, rule, type_, kind, meant, external=True, filled={}, cancel=cancel)
    return SaleTyping(receipt, channel, order, name, amount)


def receipt_sentence(wanted: Wanted) -> str:
    """What is issued, over how much and to which number."""
    words = _("{type} receipt over {amount}, to {number}.")
    request = wanted.request
    return words.format(
        type=receipt_labels.type_of(request["type"]),
        amount=formats.money(wanted.amount, "KRW"),
        number=receipt_labels.ended_in(request["identifier_kind"], request["identifier_end"]),
    )


def _for_whom(fields: Fields, rule: PgRule, *, residents: bool) -> tuple[str, str | None, bool]:
    st.session_state.setdefault(fields.key("type"), ReceiptType.PERSON.value)
    type_ = fields.choice("type", _("Purpose of the receipt"), list(ReceiptType), receipt_labels.type_of)
    kinds = [one.value for one in IdentifierKind if one not in rule.not_to]
    if not residents:
        kinds.remove(IdentifierKind.RESIDENT)
    kind = fields.choice("identifier_type", _("Goes to"), kinds, receipt_labels.number_kind)
    unusual = type_ == ReceiptType.COMPANY and kind == IdentifierKind.PHONE
    with fields.place("meant"):
        meant = unusual and st.checkbox(
            _("A proof of expense to a phone number is meant"), key=fields.key("meant"), persist_state="session"
        )
    return type_ or "", kind, meant


def _typed(
    fields: Fields,
    rule: PgRule,
    type_: str,
    kind: str | None,
    meant: bool,
    *,
    external: bool,
    filled: Mapping[str, str],
    cancel: Callable[[], None],
) -> ReceiptTyping:
    wants = rule.wants(external=external)
    hint = _("It is held until the receipt is sent, and kept nowhere.")
    number = fields.text(
        "identifier", _("Number"), required=True, autocomplete="off", help=hint, persist_state="page", width=320
    )
    tax_free = fields.amount("tax_free", _("Tax-free part, if any"), "KRW", width=320)
    vat = fields.amount("vat_amount", _("VAT, if it is set"), "KRW", width=320)
    more = {name: _person(fields, name, filled.get(name, ""), needed=name in wants) for name in PERSONAL[:2]}
    for name in (one for one in wants if one not in more and one != "identifier_type"):
        if name in _CHOSEN:
            options, words = _CHOSEN[name]
            more[name] = fields.choice(name, receipt_labels.pg_field(name), options, words) or ""
        else:
            more[name] = fields.text(name, receipt_labels.pg_field(name), required=True, width=320)
    done = review_button(fields, cancel)
    return ReceiptTyping(fields, done, type_, kind, number, meant, tax_free, vat, more)


def _person(fields: Fields, name: str, first: str, *, needed: bool) -> str:
    st.session_state.setdefault(fields.key(name), first)
    return fields.text(name, receipt_labels.pg_field(name), required=needed, persist_state="page", width=320)
