"""What each PG can of virtual accounts and convenience stores, and what it wants; the gateway decides."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from services.errors import InvalidRequest, says
from services.operations.actions.refund_rules import banks as bank_names

_FILE = Path(__file__).with_name("pg_rules.toml")


class Ability(StrEnum):
    """What a PG may be able to do."""

    ISSUE = "issue"
    CHANGE = "change"
    REVOKE = "revoke"
    ISSUE_CVS = "issue_cvs"
    REVOKE_CVS = "revoke_cvs"


@dataclass(frozen=True, slots=True)
class PgRule:
    """One PG's; `note` is a sentence for whoever issues, empty for none."""

    can: frozenset[Ability]
    needs: tuple[str, ...]
    """Fields that it wants, by V1's names."""
    takes: tuple[str, ...]
    """Fields that it alone takes besides."""
    banks: tuple[str, ...]
    """Banks that issue by it, by their standard codes."""
    digits: int
    """How many of a standard code's digits it writes."""
    signed: bool
    """Whether it wants a key of its own with each call."""
    plain_order: bool
    """Whether an order number of letters and digits alone is taken."""
    note: str

    @property
    def own(self) -> tuple[str, ...]:
        """All fields that it wants or takes."""
        return (*self.needs, *(name for name in self.takes if name not in self.needs))


_NONE = PgRule(frozenset(), (), (), (), 3, False, False, "")


def rule_of(pg: str | None) -> PgRule:
    """What is known of a PG; of one that is not known, that it can nothing."""
    return _rules().get(pg or "", _NONE)


def banks_of(pg: str | None) -> dict[str, str]:
    """Standard code -> name, of the banks that issue by a PG."""
    names, listed = bank_names(), rule_of(pg).banks
    return {code: names[code] for code in listed}


def bank_code(pg: str | None, code: str) -> str:
    """A bank's standard code as this PG writes it: `088` or `88`. Raises InvalidRequest for one that it has not."""
    if code not in rule_of(pg).banks:
        raise InvalidRequest("Choose one of the banks that issue accounts by this PG.", field="vbank_code")
    return code[-rule_of(pg).digits :]


@cache
def _rules() -> Mapping[str, PgRule]:
    file = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: _rule(one, file["banks"]) for name, one in file["pg"].items()}


def _rule(one: Mapping[str, Any], lists: Mapping[str, Any]) -> PgRule:
    listed = one.get("banks", ())
    return PgRule(
        can=frozenset(Ability(ability) for ability in one["can"]),
        needs=tuple(one.get("needs", ())),
        takes=tuple(one.get("takes", ())),
        banks=tuple(lists[listed] if isinstance(listed, str) else listed),
        digits=one.get("digits", 3),
        signed=one.get("signed", False),
        plain_order=one.get("plain_order", False),
        note=_NOTES[one["note"]] if "note" in one else "",
    )


_NOTES = {
    "nice": says(
        "NICE: type the tax-free part where the contract is for mixed taxes, and leave it empty where it is not; "
        "otherwise no account is made."
    ),
    "own_holder": says("This PG names the account after the company of the contract, whatever is asked for."),
}
