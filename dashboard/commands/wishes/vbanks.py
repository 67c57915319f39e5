"""What `jangbu vbank` and `jangbu cvs` ask for, written into the journal: checked against what the gateway says now."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.clock import SEOUL, system_clock
from services.errors import InvalidRequest
from services.operations.actions.refunds import subject_of
from services.operations.actions.vbanks.changes import ChangeForm, wanted_change
from services.operations.actions.vbanks.forms import WaitingForm, wanted_cvs, wanted_vbank
from services.operations.actions.vbanks.forms import subject_of as order_subject
from services.operations.actions.vbanks.revocations import wanted_revocation
from services.operations.journal.journal import Wanted
from services.store.engine import reading
from services.tables.journal import Operation
from services.tables.v1 import Channel
from services.vbanks.waiting_list import open_accounts

from dashboard.commands.wishes.money import Asked, fresh_payment, minor, once
from dashboard.process.resources import current_settings, open_gateway, open_store


@dataclass(frozen=True, slots=True)
class NewOrder:
    """`jangbu vbank issue` and `jangbu cvs issue` as they were typed."""

    order: str
    """It names the wish, so that the same words never issue two."""
    channel: str
    amount: str
    name: str
    until: datetime | None = None
    bank: str | None = None
    tax_free: str | None = None
    vat_amount: str | None = None
    more: Mapping[str, str] = field(default_factory=dict, repr=False)
    again: bool = False
    tier: str = ""

    def form(self) -> WaitingForm:
        """As a form. Raises InvalidRequest."""
        return WaitingForm(
            minor(self.amount, "KRW", "amount"), self.name, _at(self.until), self.order, self.bank,
            minor(self.tax_free, "KRW", "tax_free"), minor(self.vat_amount, "KRW", "vat_amount"), self.more, self.again,
            tier=self.tier,
        )  # fmt: skip

    def words(self) -> tuple[str, ...]:
        """The wish as one text; whose account it is, under a key that the database does not hold."""
        plain = (self.channel, self.amount, self.name, str(_at(self.until) or ""), self.bank or "",
                 self.tax_free or "", self.vat_amount or "", *((self.tier,) if self.tier else ()))  # fmt: skip
        told = "\0".join(f"{name}={value}" for name, value in sorted(self.more.items()))
        secret = current_settings().imp_secret.get_secret_value().encode()
        return (*plain, hmac.new(secret, told.encode(), "sha256").hexdigest())


def ask_vbank(order: NewOrder) -> Asked:
    """Writes down that an account is issued for an order, once. Raises JangbuErrors; nothing is sent here."""
    channel, now = _channel(order.channel), system_clock()

    def wanted(token: str) -> Wanted:
        return wanted_vbank(token, channel, order.form(), now=now, has_key=has_key(), open_ones=_open_ones(order.order))

    return once(order_subject(order.order), ("issue_vbank", *order.words()), order.again, wanted)


def ask_cvs(order: NewOrder) -> Asked:
    """Writes down that a store number is issued for an order, once. Raises JangbuErrors; nothing is sent here."""
    channel, now = _channel(order.channel), system_clock()

    def wanted(token: str) -> Wanted:
        return wanted_cvs(token, channel, order.form(), now=now, open_ones=_open_ones(order.order))

    return once(order_subject(order.order), ("issue_cvs", *order.words()), order.again, wanted)


def ask_change(imp_uid: str, amount: str | None, until: datetime | None) -> Asked:
    """Reads the account afresh and writes down what it is changed to. Raises JangbuErrors; nothing is sent here."""
    now = system_clock()

    def wanted(token: str) -> Wanted:
        payment = fresh_payment(imp_uid)
        wished = payment.amount if amount is None else minor(amount, "KRW", "amount")
        due = payment.vbank_date if until is None else _at(until)
        return wanted_change(token, payment, ChangeForm(wished, due), now=now)

    def stands(_known: Operation) -> bool:
        """Whether the account still is as it is wished: it may have been changed back since."""
        payment = fresh_payment(imp_uid)
        wished = payment.amount if amount is None else minor(amount, "KRW", "amount")
        return wished == payment.amount and (until is None or _at(until) == payment.vbank_date)

    words = ("change_vbank", amount or "", str(_at(until) or ""))
    return once(subject_of(imp_uid), words, again=False, wanted=wanted, stands=stands)


def ask_revocation(imp_uid: str) -> Asked:
    """Reads it afresh and writes down that it is revoked, once. Raises JangbuErrors; nothing is sent here."""

    def wanted(token: str) -> Wanted:
        return wanted_revocation(token, fresh_payment(imp_uid), has_key=has_key())

    return once(subject_of(imp_uid), ("revoke_waiting",), again=False, wanted=wanted)


def has_key() -> bool:
    """Whether the key is set that some PGs want with each call."""
    return bool(current_settings().inicis_api_key.get_secret_value())


def _at(until: datetime | None) -> int | None:
    return int(until.replace(tzinfo=SEOUL).timestamp()) if until else None


def _open_ones(order: str) -> list[str]:
    with reading(open_store()) as conn:
        return open_accounts(conn, order)


def _channel(key: str) -> Channel:
    found = next((one.fields for one in open_gateway().channels() if one.fields["channel_key"] == key), None)
    if found is None:
        raise InvalidRequest("No channel of the shop has the key “{value}”.", field="channel_key", value=key)
    return Channel(**{name: found[name] for name in Channel.model_fields if name in found})
