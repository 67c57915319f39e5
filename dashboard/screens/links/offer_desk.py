"""Making a link: what its form stands on, what is filled in already, and writing it down once."""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from services.checkout import checkouts
from services.checkout.checkouts import Channel, new_token
from services.checkout.offers import OfferForm, offer_of, window_channels
from services.checkout.parameters.case import NAVERPAY
from services.errors import JangbuError, SettingsError
from services.operations.journal.journal import saving
from services.store.lists.keys import get_key_summary
from services.store.lists.one import get_payment
from services.store.lists.system import list_channels
from services.tables.checkouts import Checkout, CheckoutKind
from services.tables.keys import KeySummary
from services.tables.v1 import Payment
from sqlalchemy import Connection

from dashboard.access import Permission, User
from dashboard.kit.fields import Fields
from dashboard.kit.session import Slot
from dashboard.process.checkout import merchant_now, require_links
from dashboard.process.executor import actor_of, require_in_stores
from dashboard.process.resources import open_session, open_store
from dashboard.screens.links.offer_form import charges_registration
from dashboard.words import formats

_JUST_NOW = 5
"""Seconds within which a second click means the link that the first one made."""
_LONGEST_NAME = 40


@dataclass(slots=True)
class OfferDraft:
    """One form of this session; its token is the address of the link, so that it is made once."""

    token: str = field(default_factory=new_token)
    form: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    """What the widgets' keys begin with."""
    made: int | None = None
    """The link's number once it has been made, and when that was."""
    made_at: float = 0


_DRAFTS: Slot[dict[tuple[str, str], OfferDraft]] = Slot("offers", dict)


@dataclass(frozen=True, slots=True)
class OfferScreen:
    """The form of a new link; `lacks`: the setting without which none can be made."""

    draft: OfferDraft
    channels: Sequence[Channel]
    lacks: SettingsError | None
    key: KeySummary | None
    """The billing key that is there already by the name of the one that is to be registered."""

    @property
    def made(self) -> int | None:
        """The link that this form has made a moment ago."""
        return self.draft.made


def open_offer(address: Mapping[str, str], *, entered: bool) -> OfferScreen:
    """The form for what an address names: a billing key to register, or a payment whose buyer pays once more."""
    uid, imp_uid = address.get("customer_uid", ""), address.get("imp_uid", "")
    drafts = _DRAFTS.get()
    draft = drafts.get((uid, imp_uid))
    with open_session() as session:
        channels = window_channels(row.model_dump() for row in list_channels(session))
        key = get_key_summary(session, uid) if uid else None
        if draft is None or _is_over(draft, entered):
            draft = drafts[uid, imp_uid] = OfferDraft()
            _fill_in(draft, channels, _known(session, uid, key, imp_uid))
    return OfferScreen(draft, channels, lacking(), key)


def make(draft: OfferDraft, form: OfferForm, channels: Sequence[Channel], user: User) -> Checkout | JangbuError:
    """Writes the link down; what has to be mended first, or stands in the way."""
    actor, now = actor_of(user), time.time()
    try:
        require_in_stores(user, [form.tier], Permission.CHARGE)
        offer = offer_of(form, channels, merchant_now(), now)
        with saving(open_store(checked=False)) as conn:
            made = checkouts.make(conn, offer, actor, now, draft.token)
    except JangbuError as problem:
        return problem
    draft.made, draft.made_at = made.id, now
    return made


def lacking() -> SettingsError | None:
    """The setting without which no link can be made."""
    try:
        require_links()
    except SettingsError as lacking:
        return lacking
    return None


def _is_over(draft: OfferDraft, entered: bool) -> bool:
    return draft.made is not None and entered and time.time() - draft.made_at > _JUST_NOW


def _known(conn: Connection, uid: str, key: KeySummary | None, imp_uid: str) -> dict[str, str | None]:
    """What is known of the buyer already, by the form's fields."""
    payment = get_payment(conn, imp_uid or (key.paid_imp_uid or key.failed_imp_uid if key else ""))
    found: dict[str, str | None] = {"customer_uid": uid} if uid else {}
    if payment:
        found |= _of_payment(payment, registers=bool(uid))
    if key:
        found |= {"buyer_name": key.buyer_name, "buyer_tel": key.buyer_tel, "pg": key.pg_provider}
    return found


def _of_payment(payment: Payment, *, registers: bool) -> dict[str, str | None]:
    known = {
        "name": payment.name, "buyer_name": payment.buyer_name, "buyer_tel": payment.buyer_tel,
        "pg": payment.pg_provider, "sandbox": "1" if payment.sandbox else None,
    }  # fmt: skip
    if registers and payment.currency == "KRW":
        known["amount"] = formats.typed_money(payment.amount, payment.currency)
    return known


def _fill_in(draft: OfferDraft, channels: Sequence[Channel], known: dict[str, str | None]) -> None:
    pg, sandbox = known.pop("pg", None) or NAVERPAY, bool(known.pop("sandbox", None))
    known["name"] = (known.get("name") or "")[:_LONGEST_NAME]
    fitting = [one for one in channels if one.pg_provider == pg and one.sandbox == sandbox] or channels
    values: dict[str, Any] = {name: formats.shown(value) for name, value in known.items() if value}
    values["kind"] = (CheckoutKind.REGISTRATION if "customer_uid" in values else CheckoutKind.PAYMENT).value
    if fitting:
        values["channel"] = fitting[0].key
        # What was to be paid is tried again by itself: it is not charged once more by the registration.
        if values["kind"] == CheckoutKind.REGISTRATION and charges_registration(fitting[0]):
            values["amount"] = "0"
    fields = Fields(draft.form)
    for name, value in values.items():
        st.session_state[fields.key(name)] = value
