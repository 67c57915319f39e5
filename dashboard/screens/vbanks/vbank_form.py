"""The fields of an account or a store number for an order: the channel first, which says what is wanted besides."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st
from services.clock import DAY
from services.mistakes import Mistakes
from services.operations.actions.vbanks.changes import ChangeForm
from services.operations.actions.vbanks.forms import BUYERS, LONGEST, PRODUCTS, WaitingForm
from services.operations.journal.journal import Wanted
from services.tables.journal import OperationKind
from services.tables.v1 import Channel, Payment
from services.vbanks.pg_rules import PgRule, banks_of, rule_of

from dashboard.kit.fields import Fields, Typed, TypedTime, Typing, review_button
from dashboard.kit.store_choice import store_choice
from dashboard.locale import _
from dashboard.screens.vbanks.vbank_desk import NewScreen
from dashboard.words import formats
from dashboard.words.names.stores import store_fact
from dashboard.words.vbanks import waiting_labels
from dashboard.words.ways import channel_name

_USUAL_DAYS = 3
_TAXES = ("tax_free", "vat_amount")
_SAID = (
    *BUYERS, "vbank_holder", "vbank_num", "vbank_key", "product_type", "business_registration_number", *_TAXES,
    "barcode",
)  # fmt: skip
"""What the last look says besides its sentence, by V1's names."""


@dataclass(frozen=True, slots=True)
class NewTyping(Typing):
    """What stands in the fields at this moment."""

    channel: Channel
    amount: Typed
    name: str
    order: str
    due: TypedTime | None
    bank: str | None
    taxes: Mapping[str, Typed]
    more: Mapping[str, str]
    meant: bool
    tier: str

    def form(self) -> tuple[Channel, WaitingForm]:
        """As a form, with each amount and time that is none."""
        unread = Mistakes()
        amount = unread.read(self.amount.read, None)
        due = unread.read(self.due.read, None) if self.due else None
        taxes = {name: unread.read(one.read, None) for name, one in self.taxes.items()}
        return self.channel, WaitingForm(
            amount, self.name, due, self.order, self.bank, taxes.get("tax_free"), taxes.get("vat_amount"),
            self.more, self.meant, unread.told(), self.tier,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChangeTyping(Typing):
    """What stands in the fields of a change at this moment."""

    amount: Typed
    due: TypedTime

    def form(self) -> ChangeForm:
        """As a form, with what is no amount and no time."""
        unread = Mistakes()
        amount, due = unread.read(self.amount.read, None), unread.read(self.due.read, None)
        return ChangeForm(amount, due, unread.told())


def new_fields(fields: Fields, found: NewScreen, cancel: Callable[[], None], *, tiers: Mapping[str, str]) -> NewTyping:
    """The form; `cancel` draws the way out, `tiers` are the merchant's sub-stores."""
    tier = store_choice(fields, tiers)
    with fields.place("channel_key"):
        channel = st.selectbox(
            fields.marked(_("Channel that issues it")),
            found.channels,
            format_func=partial(channel_name, among=found.channels),
            key=fields.key("channel_key"),
            persist_state="session",
        )
    rule, is_account = rule_of(channel.pg_provider), found.kind == OperationKind.ISSUE_VBANK
    if rule.note:
        st.caption(formats.escape(_(rule.note)))
    hint = _("Empty: Jangbu makes one up.")
    order = fields.text("merchant_uid", _("Order number"), max_chars=LONGEST["merchant_uid"], help=hint, width=320)
    meant = _meant(fields, found.open_ones(order.strip()))
    with st.form(fields.key("form"), border=False):
        with st.container(horizontal=True):
            amount = fields.amount("amount", _("Amount to be paid"), "KRW", required=True, width=220)
            name = fields.text("name", _("What it is for"), required=True, max_chars=LONGEST["name"])
        with st.container(horizontal=True):
            bank = _bank(fields, channel.pg_provider) if is_account else None
            first = int(found.now) + _USUAL_DAYS * DAY
            due = fields.time("vbank_due", fields.marked(_("Pay until (KST)")), first) if is_account else None
        if not is_account:
            st.caption(_("The contract with the PG says until when it can be paid."))
        taxes, more = _of_pg(fields, rule, is_account=is_account)
        done = review_button(fields, cancel)
    return NewTyping(fields, done, channel, amount, name, order, due, bank, taxes, more, bool(meant), tier)


def change_fields(fields: Fields, payment: Payment, cancel: Callable[[], None]) -> ChangeTyping:
    """The amount and the time as they are to be."""
    st.session_state.setdefault(fields.key("amount"), formats.typed_money(payment.amount, payment.currency))
    with st.form(fields.key("form"), border=False), fields.place("imp_uid"):
        with st.container(horizontal=True):
            amount = fields.amount("amount", _("Amount to be paid"), payment.currency, required=True, width=220)
            due = fields.time("vbank_due", fields.marked(_("Pay until (KST)")), payment.vbank_date)
        done = review_button(fields, cancel)
    return ChangeTyping(fields, done, amount, due)


def new_sentence(wanted: Wanted, tiers: Mapping[str, str]) -> str:
    """What is issued, over how much, at which bank, until when; for which store, where there are several."""
    store = store_fact(wanted.tier or "", tiers)
    return _issued(wanted) + (" " + _("Sub-store: {store}.").format(store=store) if store else "")


def _issued(wanted: Wanted) -> str:
    amount = formats.money(wanted.amount, "KRW")
    if wanted.kind == OperationKind.ISSUE_CVS:
        words = _("A number to pay {amount} at a convenience store, for {name}.")
        return words.format(amount=amount, name=wanted.request["name"])
    words = _("An account at {bank} for {amount}, for {name}, until {time} KST.")
    bank = banks_of(wanted.request["pg_provider"]).get(wanted.request["bank"], "")
    until = formats.time(wanted.request["vbank_due"])
    return words.format(bank=bank, amount=amount, name=wanted.request["name"], time=until)


def new_details(wanted: Wanted, channels: Sequence[Channel]) -> list[str]:
    """By which channel, for which order and whom: all that the sentence does not say."""
    by = next(channel_name(one, channels) for one in channels if one.channel_key == wanted.request["channel_key"])
    told = {_("Channel"): by, _("Order number"): wanted.merchant_uid or ""}
    for name in wanted.request:
        if name in _SAID:
            told[waiting_labels.field(name)] = _detail(name, wanted.request[name])
    return [f"{label}: {value}" for label, value in told.items()]


def _detail(name: str, value: str | int) -> str:
    if name in _TAXES:
        return formats.money(int(value), "KRW")
    return waiting_labels.product(str(value)) if name == "product_type" else str(value)


def change_sentence(wanted: Wanted, payment: Payment) -> str:
    """What is changed, from what to what."""
    parts = []
    if "amount" in wanted.request:
        before, after = (formats.money(one, "KRW") for one in (payment.amount, wanted.amount))
        parts.append(_("Amount: {before} → {after}.").format(before=before, after=after))
    if "vbank_due" in wanted.request:
        before, after = (formats.time(one) for one in (payment.vbank_date, wanted.request["vbank_due"]))
        parts.append(_("Until: {before} → {after} KST.").format(before=before, after=after))
    return " ".join(parts)


def revoke_sentence(payment: Payment) -> str:
    """What can be paid no more."""
    words = _("Nobody can pay {amount} by it any more. It cannot be undone; another one can be issued.")
    return words.format(amount=formats.money(payment.amount, payment.currency))


def _meant(fields: Fields, open_ones: list[str]) -> bool:
    with fields.place("meant"):
        if not open_ones:
            return False
        words = _("Already waiting for this order: {ids}.").format(ids=", ".join(open_ones))
        st.warning(formats.escape(words), icon=":material/content_copy:")
        return st.checkbox(_("Another one is meant"), key=fields.key("meant"), persist_state="session")


def _bank(fields: Fields, pg: str) -> str | None:
    return fields.pick(
        "vbank_code", fields.marked(_("Bank")), banks_of(pg), index=None, width=260, placeholder=_("Choose a bank")
    )


def _of_pg(fields: Fields, rule: PgRule, *, is_account: bool) -> tuple[dict[str, Typed], dict[str, str]]:
    """The buyer's fields, and those that this PG wants or takes."""
    words = waiting_labels.field
    own = rule.own if is_account else ("barcode",)
    names = (*BUYERS, *(name for name in own if name not in BUYERS))
    taxes, more = {}, {}
    for name in names:
        needed = name in rule.needs
        if name in _TAXES:
            taxes[name] = fields.amount(name, words(name), "KRW", width=320)
        elif name == "product_type":
            more[name] = fields.choice(name, words(name), PRODUCTS, waiting_labels.product) or ""
        else:
            most = LONGEST.get(name, 40)
            more[name] = fields.text(name, words(name), required=needed, max_chars=most, width=320)
    return taxes, more
