"""What a person fills in for an account, or a number at a convenience store, that waits for money; checked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from services.clock import DAY
from services.errors import InvalidRequest
from services.mistakes import Mistakes
from services.operations.actions.parameters.contacts import require_contact
from services.operations.actions.parameters.order_numbers import new_order_number
from services.operations.journal.journal import Wanted
from services.tables.journal import OperationKind
from services.tables.v1 import Channel
from services.typed_text import checked, typed
from services.vbanks.pg_rules import Ability, PgRule, bank_code, rule_of

MOST_DAYS = 30
BUYERS = ("buyer_name", "buyer_tel", "buyer_email")
PRODUCTS = ("real", "digital")
LONGEST = {
    "merchant_uid": 40, "name": 40, "buyer_name": 16, "buyer_tel": 16, "buyer_email": 64, "vbank_holder": 16,
    "vbank_key": 13, "business_registration_number": 10,
}  # fmt: skip
_LONGEST_OTHER = 40
_TAXES = ("tax_free", "vat_amount")
_ORDER = re.compile(r"[!-~]+")
_PLAIN_ORDER = re.compile("[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class WaitingForm:
    """What was filled in; `due` in UNIX seconds, amounts in won, `more` texts by V1's names."""

    amount: int | None
    name: str
    due: int | None
    order: str = ""
    """Empty: a number is made up."""
    bank: str | None = None
    """A standard code."""
    tax_free: int | None = None
    vat_amount: int | None = None
    more: Mapping[str, str] = field(default_factory=dict, repr=False)
    meant: bool = False
    """Whether another account for the same order is meant, though one waits already."""
    unread: Sequence[InvalidRequest] = ()
    tier: str = ""
    """The sub-store that it is paid to; empty: the main store."""


def subject_of(merchant_uid: str) -> str:
    """The subject of issuing for an order, of which one is under way at most."""
    return f"waiting_order:{merchant_uid}"


def wanted_vbank(
    token: str,
    channel: Channel,
    form: WaitingForm,
    *,
    now: float,
    has_key: bool,
    open_ones: Sequence[str] = (),
    seen: int | None = None,
) -> Wanted:
    """The intent of a form. Raises InvalidRequest, naming each field to mend.

    `has_key`: whether the key is set that some PGs want. `open_ones` are the order's accounts that wait already.
    """
    rule, mistakes = rule_of(channel.pg_provider), Mistakes(form.unread)
    if Ability.ISSUE not in rule.can:
        mistakes.add(InvalidRequest("Choose a channel that issues virtual accounts.", field="channel_key"))
    if rule.signed and not has_key:
        mistakes.add(
            InvalidRequest(
                "This PG wants a key of its own, which is not set: whoever runs Jangbu sets JANGBU_INICIS_API_KEY.",
                field="channel_key",
            )
        )
    bank = mistakes.read(lambda: bank_code(channel.pg_provider, form.bank or ""), "")
    due = mistakes.read(lambda: checked_due(form.due, now), 0)
    request = {"vbank_code": bank, "vbank_due": due, "bank": form.bank, **_taxes(form, rule, mistakes)}
    for name in (*BUYERS, *(one for one in rule.own if one not in (*BUYERS, *_TAXES))):
        value = mistakes.read(partial(_text, name, form.more.get(name, ""), needed=name in rule.needs), "")
        request |= {name: value} if value else {}
    return _wanted(token, OperationKind.ISSUE_VBANK, channel, form, mistakes, request, open_ones, seen)


def wanted_cvs(
    token: str,
    channel: Channel,
    form: WaitingForm,
    *,
    now: float,
    open_ones: Sequence[str] = (),
    seen: int | None = None,
) -> Wanted:
    """The intent of a number to pay by at a convenience store; without a time the contract's counts."""
    mistakes = Mistakes(form.unread)
    if Ability.ISSUE_CVS not in rule_of(channel.pg_provider).can:
        mistakes.add(InvalidRequest("Choose a channel with convenience stores.", field="channel_key"))
    request: dict[str, Any] = {}
    if form.due is not None:
        request["expired_at"] = mistakes.read(lambda: checked_due(form.due, now), 0)
    for name in (*BUYERS, "barcode"):
        value = mistakes.read(partial(_text, name, form.more.get(name, ""), needed=False), "")
        request |= {name: value} if value else {}
    return _wanted(token, OperationKind.ISSUE_CVS, channel, form, mistakes, request, open_ones, seen)


def checked_due(due: int | None, now: float) -> int:
    """A time to pay by, in UNIX seconds. Raises InvalidRequest for one that is past or further than 30 days."""
    if due is None:
        raise InvalidRequest("Choose until when it can be paid.", field="vbank_due")
    if due <= now:
        raise InvalidRequest("That time is past: choose a later one.", field="vbank_due")
    if due > now + MOST_DAYS * DAY:
        raise InvalidRequest("At most {n} days ahead.", field="vbank_due", n=MOST_DAYS)
    return due


def checked_sum(amount: int | None) -> int:
    """Won that are waited for. Raises InvalidRequest."""
    if amount is None:
        raise InvalidRequest("Type an amount.", field="amount")
    if amount < 1:
        raise InvalidRequest("The amount must be above 0.", field="amount")
    return amount


def _wanted(
    token: str,
    kind: OperationKind,
    channel: Channel,
    form: WaitingForm,
    mistakes: Mistakes,
    request: Mapping[str, Any],
    open_ones: Sequence[str],
    seen: int | None,
) -> Wanted:
    amount = mistakes.read(lambda: checked_sum(form.amount), 0)
    name = mistakes.read(lambda: _text("name", form.name, needed=True), "")
    order = mistakes.read(lambda: _order(form.order, channel), "")
    if open_ones and not form.meant:
        mistakes.add(
            InvalidRequest("{n} waits already for this order: tick the box if another one is meant.", field="meant",
                           n=len(open_ones))
        )  # fmt: skip
    mistakes.require_none()
    order = order or new_order_number()
    own = {"name": name, "channel_key": channel.channel_key, "sandbox": channel.sandbox,
           "pg_provider": channel.pg_provider, "open_ones": sorted(open_ones)}  # fmt: skip
    return Wanted(
        token=token,
        kind=kind,
        subject=subject_of(order),
        amount=amount,
        currency="KRW",
        merchant_uid=order,
        request={**request, **own},
        tier=form.tier,
        seen=seen,
    )


def _order(text: str, channel: Channel) -> str:
    order = checked(text, "merchant_uid", most=LONGEST["merchant_uid"])
    if order and not _ORDER.fullmatch(order):
        raise InvalidRequest("Latin letters, digits and signs, without spaces.", field="merchant_uid")
    if order and rule_of(channel.pg_provider).plain_order and not _PLAIN_ORDER.fullmatch(order):
        raise InvalidRequest("This PG takes letters and digits alone.", field="merchant_uid")
    return order


def _text(name: str, value: str, *, needed: bool) -> str:
    if name == "name" and not typed(value):
        raise InvalidRequest("Say what it is for: the buyer sees this name.", field=name)
    if needed and not typed(value):
        raise InvalidRequest("This PG wants this field.", field=name)
    if name == "product_type" and value not in PRODUCTS:
        raise InvalidRequest("This PG wants this field.", field=name)
    if text := typed(value):
        require_contact(name, text)
    return checked(value, name, most=LONGEST.get(name, _LONGEST_OTHER))


def _taxes(form: WaitingForm, rule: PgRule, mistakes: Mistakes) -> dict[str, int]:
    given = {name: getattr(form, name) for name in _TAXES if name in rule.takes}
    found = {name: value for name, value in given.items() if value is not None}
    amount = form.amount or 0
    wrong = [name for name, value in found.items() if not 0 <= value <= amount]
    for name in wrong:
        mistakes.add(InvalidRequest("It must lie between 0 and the amount.", field=name))
    if not wrong and sum(found.values()) > amount:
        mistakes.add(InvalidRequest("Tax-free part and VAT together are more than the amount.", field="vat_amount"))
    return found
