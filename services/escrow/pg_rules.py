"""What each PG can of escrow deliveries, and what it wants with one: told before a form; the gateway decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from services.errors import InvalidRequest, says
from services.payment_states import SHOWS_REGISTRATION, only_registered
from services.pg_rules import read_file, rules_of
from services.store.lists.one import Refundable
from services.tables.v1 import Payment, PaymentStatus

_FILE = Path(__file__).with_name("pg_rules.toml")


class Ability(StrEnum):
    """What a PG may be able to do."""

    ENTER = "enter"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class PgRule:
    """One PG's; `note` is a sentence for whoever enters, empty for none."""

    can: frozenset[Ability] = frozenset()
    person: tuple[str, ...] = ()
    """Of sender and receiver alike; address_line_1 and _2 go into V1's formed_address."""
    sender: tuple[str, ...] = ()
    """Besides, of the sender alone."""
    logis: tuple[str, ...] = ()
    """Besides courier, number and time."""
    products: bool = False
    mail: bool = False
    """Whether it may write to the buyer once the purchase is confirmed."""
    note: str = ""

    @property
    def of_sender(self) -> tuple[str, ...]:
        """All that it wants of the sender."""
        return (*self.person, *self.sender)


_NONE = PgRule()


def rule_of(pg: str | None) -> PgRule:
    """What is known of a PG; of one that is not known, that it can nothing."""
    return _rules().get(pg or "", _NONE)


def able() -> tuple[str, ...]:
    """The PGs at which deliveries are entered here."""
    return tuple(name for name, rule in _rules().items() if Ability.ENTER in rule.can)


def as_of() -> date:
    """The day of these rules."""
    found: date = _file()["as_of"]
    return found


def stands_in_the_way(payment: Payment | Refundable, *, escrow: bool | None) -> InvalidRequest | None:
    """Why no delivery can be entered for a payment; None where it can be asked for."""
    found = None
    if not escrow:
        found = InvalidRequest("This was not paid by escrow: no delivery is entered.", field="imp_uid")
    elif Ability.ENTER not in rule_of(payment.pg_provider).can:
        found = InvalidRequest("PortOne takes no escrow deliveries of this PG.", field="imp_uid")
    elif payment.status != PaymentStatus.PAID:
        found = InvalidRequest("Only for a payment that is paid: this one is not, or not any more.", field="imp_uid")
    elif only_registered({name: getattr(payment, name) for name in SHOWS_REGISTRATION}):
        found = InvalidRequest("This only registered a billing key: nothing was charged.", field="imp_uid")
    return found


@cache
def _file() -> Mapping[str, Any]:
    return read_file(_FILE)


@cache
def _rules() -> Mapping[str, PgRule]:
    return rules_of(_file()["pg"], PgRule, _NOTES)


_NOTES = {
    "ksnet": says(
        "KSNET: the contract has to be of the kind “delivery escrow”. What was entered is shown after 30 to 60 "
        "minutes, and can be changed only then."
    ),
    "nice_v2": says(
        "NICE (new module): what was entered cannot be changed here. Of a bank transfer the buyer gets the mail for "
        "the confirmation only where the address in the payment window was right."
    ),
}
