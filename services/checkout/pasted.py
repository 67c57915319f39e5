"""Checks the JavaScript of a shop's own page: each parameter of its payment window, and what stands around it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from tree_sitter import Node

from services.checkout.javascript.findings import OLD_SDK, findings
from services.checkout.javascript.literals import UNREAD, Literal, literal
from services.checkout.javascript.syntax import arguments, calls, named, parsed, text_of
from services.checkout.parameters.case import NAVERPAY, Case, Merchant
from services.checkout.parameters.naver import CHAIN_ID_WITHDRAWN
from services.checkout.parameters.parameter import Type
from services.checkout.parameters.request import is_empty, read_request
from services.checkout.parameters.table import BY_NAME
from services.errors import InvalidRequest, JangbuError, says
from services.mistakes import Mistakes
from services.money import to_minor
from services.tables.checkouts import CheckoutKind

FIELD = "snippet"
_UNREADABLE_TEMPLATE = says(
    "This cannot be read as JavaScript: look for a missing bracket, and take TypeScript's types out."
)
LONGEST = 100_000
"""Characters of a snippet."""
_MOST = 200
"""Parameters of an object, far more than there are: with each that is unknown all names are compared."""


class Verdict(StrEnum):
    """What is to be said of one parameter."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"
    UNREAD = "unread"
    """Only the running page knows its value."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One parameter by V1's name, a product's like `naverProducts.0.count`, with the reason where it is not right."""

    name: str
    verdict: Verdict
    because: JangbuError | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Pasted:
    """A snippet as it was understood, its parameters in its own order and then what is missing."""

    kind: CheckoutKind
    pg: str
    parameters: tuple[Judged, ...]
    findings: tuple[JangbuError, ...]
    """What stands around them, each once; `values["line"]` is its first line, None where it is nowhere."""


def check_pasted(text: str, *, pg: str | None, merchant: Merchant, now: float) -> Pasted:
    """What is right and wrong of a snippet, alone or in its page. `pg` None takes the snippet's own, or Naver Pay.

    Raises InvalidRequest (field `snippet`) where no parameters of a payment window are in it.
    """
    if len(text) > LONGEST:
        raise InvalidRequest("At most {n} characters.", field=FIELD, n=f"{LONGEST:,}")
    try:
        root = parsed(text)
    except ValueError:
        raise InvalidRequest(_UNREADABLE_TEMPLATE, field=FIELD) from None
    call, given = _opened(root)
    if len(given.values) > _MOST:
        raise InvalidRequest("At most {n} parameters.", field=FIELD, n=_MOST)
    case = _case(given, pg, merchant, now)
    judged = tuple(_judged(given, case, old_sdk=OLD_SDK.search(text) is not None))
    found: dict[str, JangbuError] = {}
    for one in findings(text, root, call):
        found.setdefault(one.template, one)
    return Pasted(case.kind, case.pg, judged, tuple(found.values()))


def _opened(root: Node) -> tuple[Node, Literal]:
    """The call that opens the window, and what it is given."""
    call = next(calls(root, "request_pay"), None)
    given = next(iter(arguments(call)), None) if call else None
    if given and given.type == "identifier":
        given = named(root, text_of(given))
    if call and given and given.type == "object":
        return call, literal(given)
    if root.has_error:
        raise InvalidRequest(_UNREADABLE_TEMPLATE, field=FIELD)
    if call:
        raise InvalidRequest(
            "The parameters stand elsewhere: paste the object that request_pay is given, too.", field=FIELD
        )
    raise InvalidRequest("Nothing in it opens a payment window: paste the part with IMP.request_pay.", field=FIELD)


def _case(given: Literal, pg: str | None, merchant: Merchant, now: float) -> Case:
    later: set[str] = set() if given.whole else {name for name in BY_NAME if name not in given.values}
    values = {name: _known(value, name, later) for name, value in given.values.items() if value is not UNREAD}
    later |= {name for name, value in given.values.items() if value is UNREAD}
    named_pg = values.get("pg")
    kind = CheckoutKind.REGISTRATION if "customer_uid" in given.values else CheckoutKind.PAYMENT
    found = pg or (named_pg.split(".")[0] if isinstance(named_pg, str) and named_pg else NAVERPAY)
    currency = Case(kind, found, merchant, now, values).currency
    values = {name: _minor(name, value, currency) for name, value in values.items()}
    return Case(kind, found, merchant, now, values, later)


def _known(value: Any, name: str, later: set[str]) -> Any:
    """A value without what only the running page knows, whose name is noted."""
    parts = {one.name for one in BY_NAME[name].parts} if name in BY_NAME else set()
    if isinstance(value, Mapping):
        later |= {f"{name}.{key}" for key, one in value.items() if one is UNREAD}
        return {key: _known(one, f"{name}.{key}", later) for key, one in value.items() if one is not UNREAD}
    if isinstance(value, list):
        later |= {f"{name}.{n}.{part}" for n, one in enumerate(value) if one is UNREAD for part in parts}
        return [_known({} if one is UNREAD else one, f"{name}.{n}", later) for n, one in enumerate(value)]
    return value


def _minor(name: str, value: Any, currency: str) -> Any:
    is_amount = name in BY_NAME and BY_NAME[name].type == Type.AMOUNT
    if not is_amount or isinstance(value, bool) or not isinstance(value, int | Decimal):
        return value
    try:
        return to_minor(Decimal(value), currency)
    except ValueError:
        return value if isinstance(value, Decimal) else Decimal(value)


def _judged(given: Literal, case: Case, *, old_sdk: bool) -> Iterator[Judged]:
    mistakes = Mistakes()
    read_request(case, mistakes)
    told: dict[str, list[InvalidRequest]] = {}
    for one in mistakes.told():
        field = str(one.values["field"])
        told.setdefault(field if field in given.values else field.split(".")[0], []).append(one)
    for name, value in given.values.items():
        line = given.lines[name]
        if judged := _apart(name, case, old_sdk=old_sdk):
            yield Judged(name, *judged, line)
        elif value is UNREAD:
            because = JangbuError("Its value is made elsewhere: it cannot be read here.")
            yield Judged(name, Verdict.UNREAD, because, line)
        elif wrong := told.get(name):
            yield from (Judged(str(one.values["field"]), _verdict(one, case), one, line) for one in wrong)
        else:
            yield Judged(name, Verdict.RIGHT, line=line)
    for name in (name for name in told if name not in given.values):
        yield Judged(name, Verdict.MISSING, told[name][0])


def _apart(name: str, case: Case, *, old_sdk: bool) -> tuple[Verdict, JangbuError] | None:
    """What a value has no part in: names that are none, names of yesterday, an SDK that does not know a name."""
    if name not in BY_NAME:
        if near := get_close_matches(name, BY_NAME, n=1, cutoff=0.8):
            return Verdict.UNKNOWN, JangbuError("The payment window knows no such parameter: {meant}?", meant=near[0])
        return Verdict.UNKNOWN, JangbuError("The payment window knows no such parameter.")
    if name == "naverChainId":
        return Verdict.WITHDRAWN, JangbuError(CHAIN_ID_WITHDRAWN.template)
    if name == "pg" and not old_sdk and not case.has("channelKey"):
        return Verdict.WITHDRAWN, JangbuError("pg is the old way to name a channel: channelKey takes its place.")
    if name == "channelKey" and old_sdk:
        return Verdict.WRONG, JangbuError("The old SDK knows no channelKey: load the new one.")
    return None


def _verdict(mistake: InvalidRequest, case: Case) -> Verdict:
    """What kind of mistake it is, by what stands where it is."""
    name, *inside = str(mistake.values["field"]).split(".", 2)
    value = case.values.get(name)
    if len(inside) == 2:
        number, name = inside
        if name not in {part.name for part in BY_NAME["naverProducts"].parts}:
            return Verdict.UNKNOWN
        value = case.values["naverProducts"][int(number)].get(name)
    return Verdict.MISSING if is_empty(value) else Verdict.WRONG
