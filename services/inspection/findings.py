"""What an inspection comes to: each finding with its grade, counted as it is found, of which only a few are kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from services.errors import JangbuError

MOST_KEPT = 200
"""Violations of one check that the report itself names; the file of all findings has each."""
_EXAMPLES = 5


class Check(StrEnum):
    """What the inspector looks at, in the order of the report."""

    REFUNDS = "refunds"
    """Who asked for each refund, and why."""
    DELETIONS = "deletions"
    """The same of each billing key that was deleted."""
    ERRORS = "errors"
    """The gateway's words as they came."""
    MINIMUM = "minimum"
    AMOUNT = "amount"
    """What was altered on its way is not taken for paid, and goes back."""
    PRODUCTS = "products"
    USE_DAY = "use_day"


class Grade(StrEnum):
    """How a finding counts, the worst first."""

    VIOLATION = "violation"
    OPEN = "open"
    """Nothing here shows it yet."""
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of the report; `at` in UNIX seconds, 0 and empty texts where there are none."""

    check: Check
    grade: Grade
    says: JangbuError
    at: int = 0
    imp_uid: str = ""
    merchant_uid: str = ""
    customer_uid: str = ""
    link: int = 0
    operation: int = 0
    requester: str = ""
    words: str = ""
    """The reason that was told, or what the gateway said, byte for byte."""
    sandbox: bool = False


@dataclass
class Judged:
    """What one check came to; violations and examples are the latest ones."""

    looked: int = 0
    violations: list[Finding] = field(default_factory=list)
    open: list[Finding] = field(default_factory=list)
    examples: list[Finding] = field(default_factory=list)
    count: dict[Grade, int] = field(default_factory=lambda: dict.fromkeys(Grade, 0))


@dataclass
class Tally:
    """Takes findings one after another, and hands each on: none but the first few stay in memory."""

    each: Callable[[Finding], None]
    checks: Mapping[Check, Judged] = field(default_factory=lambda: {check: Judged() for check in Check})

    def looked(self, check: Check) -> None:
        """One more row was held against a check."""
        self.checks[check].looked += 1

    def add(self, check: Check, grade: Grade, says: JangbuError, **about: Any) -> None:
        """Notes a finding; `about` are Finding's other fields."""
        judged, found = self.checks[check], Finding(check, grade, says, **about)
        kept, most = {
            Grade.VIOLATION: (judged.violations, MOST_KEPT),
            Grade.OPEN: (judged.open, MOST_KEPT),
            Grade.SHOWN: (judged.examples, _EXAMPLES),
        }[grade]
        judged.count[grade] += 1
        if len(kept) < most:
            kept.append(found)
        self.each(found)

    def violation(self, check: Check, says: JangbuError, **about: Any) -> None:
        """Notes what is wrong."""
        self.add(check, Grade.VIOLATION, says, **about)

    def missing(self, check: Check, says: JangbuError) -> None:
        """Notes what nothing shows yet, and how to show it."""
        self.add(check, Grade.OPEN, says)

    def shown(self, check: Check, says: JangbuError, **about: Any) -> None:
        """Notes a row that is as it should be."""
        self.add(check, Grade.SHOWN, says, **about)
