"""What can be done about a failed charge, from its `fail_reason`; the reason itself is never rewritten."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from services.errors import says

_FILE = Path(__file__).with_name("reasons.toml")


class Action(StrEnum):
    """What to do about a failed charge."""

    WAIT = "wait"
    """It may pass by itself: try again later."""
    MEND = "mend"
    """The buyer has to register a card again, or have it changed."""
    SHOP = "shop"
    """Somebody of the shop has to see to it at the PG: neither waiting nor the buyer helps."""
    STOP = "stop"
    """The buyer does not want it: nothing is tried again."""
    UNKNOWN = "unknown"
    """The words say nothing that is known: a person decides."""


class Until(StrEnum):
    """What a wait is for."""

    PAY_DAY = "pay_day"
    NEXT_DAY = "next_day"
    FIRST_OF_MONTH = "first_of_month"


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do, why (an English sentence, a gettext key), what a wait is for, and where that is known from."""

    action: Action
    because: str
    until: Until | None
    source: str | None
    as_of: date


# The sentences of the rules file, for the catalogs; a test holds the two together.
BECAUSE = frozenset(
    {
        says("The buyer called it off."),
        says("The billing key is gone: the buyer has to register again."),
        says(
            "There are arrears at the card or phone company: the buyer has to pay them first, or register another card."
        ),
        says("The card is lost or stopped: the buyer has to register another one."),
        says("The card has expired: the buyer has to register the new one."),
        says("The card's data are not right: the buyer has to register it again."),
        says("The card does not allow that many instalments, and never will by waiting."),
        says(
            "It is more than the card pays at one time: the buyer has to have that limit raised, or take another card."
        ),
        says("The shop's own limit at the PG is used up: somebody of the shop has to have it raised."),
        says("The shop's contract or settings at the PG do not allow it: somebody of the shop has to mend them."),
        says("This month's limit is used up: it is free again on the first."),
        says("This day's limit is used up: it is free again tomorrow."),
        says("Not enough money on the account: it may be there after pay day."),
        says("The card's limit is used up: it may be free again after pay day."),
        says("The bank or the PG could not take it at that time."),
        says("The reason says nothing that is known: a person decides."),
    }
)

# Its sources, as well.
SOURCES = frozenset(
    {
        says("i'mport V1: fail_reason is the PG's reason word for word; a deleted billing key cannot be charged"),
        says("answers as card companies and PGs write them"),
        says("Toss Payments: error messages of approvals and automatic payments"),
        says("NICE Payments: list of response codes"),
        says("PGs and card companies: lists of the answers to approvals"),
        says("PayPal and Eximbay: reasons for which cards are declined"),
    }
)


@cache
def remedy(fail_reason: str | None) -> Remedy:
    """What the rules say of a reason."""
    rules, words = _rules(), _bare(fail_reason or "")
    for rule in rules["rule"]:
        if any(all(re.search(part, words) for part in word.split("+")) for word in rule["words"]):
            until = Until(rule["until"]) if "until" in rule else None
            source = rules["sources"][rule["source"]]
            return Remedy(Action(rule["action"]), rule["because"], until, source, rules["as_of"])
    because = "The reason says nothing that is known: a person decides."
    return Remedy(Action.UNKNOWN, because, None, None, rules["as_of"])


def _bare(reason: str) -> str:
    """Letters and digits alone, in lower case: PGs set spaces, brackets and dots as they please."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", reason))).lower()


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def rules_digest() -> str:
    """Tells other rules from these."""
    return sha256(_FILE.read_bytes()).hexdigest()[:16]
