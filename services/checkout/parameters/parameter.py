"""One parameter of the payment window as it is declared: its type, where it belongs, when it is needed, its rules."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from services.checkout.parameters.case import Case
from services.checkout.parameters.rules import Rule
from services.errors import InvalidRequest, says
from services.plain_text import is_typeable
from services.typed_text import require_typed, typed

_DEEPEST = 8


class Type(StrEnum):
    """What V1 takes, in JavaScript's words; an amount is an int in the smallest unit here."""

    TEXT = "string"
    ID = "string, an identifier"
    """May be any number: what looks like a card's is none."""
    NUMBER = "number"
    AMOUNT = "number, an amount"
    FLAG = "boolean"
    OBJECT = "object"
    LIST = "array"


_PYTHON = {
    Type.TEXT: str, Type.ID: str, Type.NUMBER: int, Type.AMOUNT: int, Type.FLAG: bool, Type.OBJECT: Mapping,
    Type.LIST: list,
}  # fmt: skip
_NOT_OF_TYPE = {
    Type.TEXT: says("This is a text, in quotes."),
    Type.ID: says("This is a text, in quotes."),
    Type.NUMBER: says("This is a whole number, without quotes."),
    Type.AMOUNT: says("This is a number without quotes, in won a whole one."),
    Type.FLAG: says("This is true or false, without quotes."),
    Type.OBJECT: says("This is an object, in braces."),
    Type.LIST: says("This is a list, in brackets."),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A row of the table; templates are English sentences (gettext keys)."""

    name: str
    type: Type
    where: Callable[[Case], bool] = lambda _: True
    needed: Callable[[Case], bool] = lambda _: False
    rules: tuple[Rule, ...] = ()
    also: Type | None = None
    """Another type that V1 takes for it."""
    parts: tuple["Parameter", ...] = ()
    """The fields of each object in a list."""
    missing_template: str = says("The payment window needs this.")
    elsewhere_template: str = says("This payment window has no such parameter: leave it out.")

    def read(self, value: Any, case: Case, field: str) -> Any:
        """The value as it is sent, texts without spaces around them. Raises InvalidRequest."""
        if not self.where(case):
            raise InvalidRequest(self.elsewhere_template, field=field)
        if not any(_is_a(value, one) for one in (self.type, self.also) if one):
            raise InvalidRequest(_NOT_OF_TYPE[self.type], field=field)
        clean = _clean(value, field, self.type)
        for rule in self.rules:
            if not rule.holds(clean, case):
                raise InvalidRequest(rule.template, field=field, **rule.values(case))
        return clean


def _is_a(value: object, kind: Type) -> bool:
    return isinstance(value, _PYTHON[kind]) and (kind == Type.FLAG or not isinstance(value, bool))


def _clean(value: Any, field: str, kind: Type, depth: int = 0) -> Any:
    """A value with its texts as they are kept, however deep they stand. Raises InvalidRequest."""
    if depth > _DEEPEST:
        raise InvalidRequest("This is nested too deep.", field=field)
    match value:
        case str():
            return _text(value, field, kind)
        case Mapping():
            return {_key(key, field): _clean(one, field, kind, depth + 1) for key, one in value.items()}
        case list() | tuple():
            return [_clean(one, field, kind, depth + 1) for one in value]
        case None | int() | Decimal():
            return value
        case float() if math.isfinite(value):
            return value
    raise InvalidRequest("Only texts, numbers, true, false, lists and objects can be sent.", field=field)


def _text(value: str, field: str, kind: Type) -> str:
    clean = typed(value)
    if kind != Type.ID:
        require_typed(clean, field)
    elif not (is_typeable(clean) and clean.isprintable()):
        raise InvalidRequest("There is a sign in it that nobody can type: take it out.", field=field)
    return clean


def _key(key: object, field: str) -> str:
    if not isinstance(key, str) or key == "__proto__":
        raise InvalidRequest("Only texts, numbers, true, false, lists and objects can be sent.", field=field)
    return _text(key, field, Type.TEXT)
