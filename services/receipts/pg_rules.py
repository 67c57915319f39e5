"""What each PG can of cash receipts, and what it wants: told before a form; the gateway decides."""

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
from services.tables.v1 import Payment, PaymentStatus

_FILE = Path(__file__).with_name("pg_rules.toml")
METHODS = ("trans", "vbank")
"""What counts as money: a bank transfer and a virtual account."""


class Ability(StrEnum):
    """What a PG may be able to do."""

    ISSUE = "issue"
    CANCEL = "cancel"
    READ = "read"
    ISSUE_EXTERNAL = "issue_external"
    CANCEL_EXTERNAL = "cancel_external"


@dataclass(frozen=True, slots=True)
class PgRule:
    """One PG's; `note` is a sentence for whoever issues, empty for none."""

    can: frozenset[Ability] = frozenset()
    needs: tuple[str, ...] = ()
    """Fields by V1's names, of payments and sales alike."""
    needs_external: tuple[str, ...] = ()
    """Besides, of sales made elsewhere."""
    not_to: frozenset[str] = frozenset()
    """Kinds of numbers that it takes none of."""
    plain_order: bool = False
    """Whether an order number of letters and digits alone is taken."""
    stays_after_refund: bool = False
    """Whether a refund is known to leave the receipt with the tax office; of other PGs nothing is said."""
    note: str = ""

    def wants(self, *, external: bool) -> tuple[str, ...]:
        """All fields that it wants."""
        return (*self.needs, *self.needs_external) if external else self.needs


_NONE = PgRule()


def able() -> tuple[str, ...]:
    """The PGs at which a receipt can be asked for."""
    return tuple(_rules())


def rule_of(pg: str | None) -> PgRule:
    """What is known of a PG; of one that is not known, that it can nothing."""
    return _rules().get(pg or "", _NONE)


def as_of() -> date:
    """The day of these rules."""
    found: date = _file()["as_of"]
    return found


def stands_in_the_way(payment: Payment) -> InvalidRequest | None:
    """Why no receipt can be issued for a payment; None where it can be asked for."""
    found = None
    if payment.pg_provider == "naverpay":
        found = InvalidRequest(
            "Naver Pay's payments get no receipt here. Where the shop issues them itself, issue one as for a sale made "
            "elsewhere, over the amount that Naver Pay tells.",
            field="imp_uid",
        )
    elif payment.pay_method not in METHODS:
        found = InvalidRequest("Only bank transfers and virtual accounts get a cash receipt.", field="imp_uid")
    elif Ability.ISSUE not in rule_of(payment.pg_provider).can:
        found = InvalidRequest("PortOne issues no cash receipts at this PG.", field="imp_uid")
    elif payment.currency != "KRW":
        found = InvalidRequest("Cash receipts are in won only.", field="imp_uid")
    elif not _is_paid(payment):
        found = InvalidRequest("Only for a payment that is paid: nothing of this one is left.", field="imp_uid")
    return found


def _is_paid(payment: Payment) -> bool:
    registered = only_registered({name: getattr(payment, name) for name in SHOWS_REGISTRATION})
    return payment.status == PaymentStatus.PAID and not registered and payment.amount > payment.cancel_amount


def warnings(pg: str | None, *, external: bool) -> list[str]:
    """What whoever issues has to know first, in sentences."""
    rule = rule_of(pg)
    found = [rule.note] if rule.note else []
    if (Ability.CANCEL_EXTERNAL if external else Ability.CANCEL) not in rule.can:
        found.insert(0, says("At this PG a receipt can be issued, but not cancelled here: only at the PG itself."))
    return found


@cache
def _file() -> Mapping[str, Any]:
    return read_file(_FILE)


@cache
def _rules() -> Mapping[str, PgRule]:
    return rules_of(_file()["pg"], PgRule, _NOTES)


_NOTES = {
    "kcp": says(
        "KCP: the terms for receipts have to be accepted in KCP's partner site first; with “do not issue” set there, "
        "only what is issued here goes out."
    ),
    "nice_v2": says(
        "NICE (new module): a receipt that the payment window did not ask for cannot be issued afterwards, and none "
        "goes to a cash receipt card."
    ),
    "tosspayments": says(
        "Toss Payments checks nothing and answers yes: a wrong number fails later without a word. Look at it twice."
    ),
    "smartro_v2": says(
        "Smartro (new module): a refund does not cancel a receipt that was issued here. Cancel it before the refund."
    ),
}
