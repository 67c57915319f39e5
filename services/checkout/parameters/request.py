"""What the payment window is told, checked: every mistake by its field, amounts in the smallest unit."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from services.checkout.parameters.case import Case, Merchant
from services.checkout.parameters.parameter import Parameter, Type
from services.checkout.parameters.table import BY_NAME, REQUEST
from services.errors import InvalidRequest
from services.mistakes import Mistakes
from services.money import to_major
from services.tables.checkouts import CheckoutKind
from services.typed_text import typed


def checked_request(
    values: Mapping[str, Any],
    *,
    kind: CheckoutKind,
    pg: str,
    merchant: Merchant,
    now: float,
    later: Collection[str] = (),
) -> dict[str, Any]:
    """The parameters (V1's names, amounts in the smallest unit) as they are kept and sent; what is empty is left out.

    `pg` is the channel's PG; `later` names what is set with each attempt, like `merchant_uid`: it may be missing.
    Raises InvalidRequest with all other mistakes beside it; a product's field is named like `naverProducts.0.count`.
    """
    mistakes = Mistakes()
    found = read_request(Case(kind, pg, merchant, now, values, later), mistakes)
    mistakes.require_none()
    return found


def read_request(case: Case, mistakes: Mistakes) -> dict[str, Any]:
    """What is right of a request; the rest is noted."""
    return _read(case, REQUEST, "", mistakes)


def as_v1(request: Mapping[str, Any], pg: str) -> dict[str, Any]:
    """A checked request as the window takes it: amounts as V1's numbers, a Decimal only where there are cents."""
    currency = Case(CheckoutKind.PAYMENT, pg, Merchant(), 0, request).currency
    return {
        name: _major(value, currency) if BY_NAME[name].type == Type.AMOUNT else value for name, value in request.items()
    }


def _major(amount: int, currency: str) -> Any:
    major = to_major(amount, currency)
    whole = int(major)
    return whole if whole == major else major


def _read(case: Case, rows: Iterable[Parameter], prefix: str, mistakes: Mistakes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    known = set()
    for row in rows:
        known.add(row.name)
        field, value = prefix + row.name, case.values.get(row.name)
        if not is_empty(value):
            read = mistakes.read(partial(_read_one, row, value, case, field, mistakes), None)
            if read is not None:
                found[row.name] = read
        elif field not in case.later and row.where(case) and row.needed(case):
            mistakes.add(InvalidRequest(row.missing_template, field=field))
    for name in (name for name in case.values if name not in known):
        mistakes.add(InvalidRequest("The payment window knows no such parameter.", field=prefix + name))
    return found


def _read_one(row: Parameter, value: Any, case: Case, field: str, mistakes: Mistakes) -> Any:
    if row.parts and row.where(case) and isinstance(value, list):
        return [_read_part(row, part, case, f"{field}.{n}", mistakes) for n, part in enumerate(value)]
    return row.read(value, case, field)


def _read_part(row: Parameter, part: Any, case: Case, field: str, mistakes: Mistakes) -> dict[str, Any]:
    if not isinstance(part, Mapping):
        mistakes.add(InvalidRequest("This is an object, in braces.", field=field))
        return {}
    return _read(replace(case, values=part), row.parts, f"{field}.", mistakes)


def is_empty(value: Any) -> bool:
    """Whether it says nothing: null, a text of spaces, a list of nothing."""
    return value is None or value == [] or (isinstance(value, str) and not typed(value))
