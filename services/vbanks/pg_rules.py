"""What each PG can of virtual accounts and convenience stores, and what it wants; the gateway decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from services.errors import InvalidRequest, says
from services.operations.actions.refund_rules import banks as bank_names
from services.pg_rules import read_file, rules_of

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

    can: frozenset[Ability] = frozenset()
    needs: tuple[str, ...] = ()
    """Fields that it wants, by V1's names."""
    takes: tuple[str, ...] = ()
    """Fields that it alone takes besides."""
    banks: tuple[str, ...] = ()
    """Banks that issue by it, by their standard codes."""
    digits: int = 3
    """How many of a standard code's digits it writes."""
    signed: bool = False
    """Whether it wants a key of its own with each call."""
    plain_order: bool = False
    """Whether an order number of letters and digits alone is taken."""
    note: str = ""

    @property
    def own(self) -> tuple[str, ...]:
        """All fields that it wants or takes."""
        return (*self.needs, *(name for name in self.takes if name not in self.needs))


_NONE = PgRule()


def rule_of(pg: str | None) -> PgRule:
    """What is known of a PG; of one that is not known, that it can nothing."""
    return _rules().get(pg or "", _NONE)


def able() -> tuple[str, ...]:
    """The PGs at which something can wait for money by a call."""
    return tuple(_rules())


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
    file = read_file(_FILE)
    return rules_of({pg: one | _banks(one, file["banks"]) for pg, one in file["pg"].items()}, PgRule, _NOTES)


def _banks(one: Mapping[str, Any], lists: Mapping[str, Any]) -> dict[str, Any]:
    """The banks of a section, which may name a list of them."""
    listed = one.get("banks", ())
    return {"banks": lists[listed] if isinstance(listed, str) else listed}


_NOTES = {
    "nice": says(
        "NICE: type the tax-free part where the contract is for mixed taxes, and leave it empty where it is not; "
        "otherwise no account is made."
    ),
    "own_holder": says("This PG names the account after the company of the contract, whatever is asked for."),
}
