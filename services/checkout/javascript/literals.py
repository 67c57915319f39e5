"""Literals of JavaScript as far as they can be read without running anything."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

from tree_sitter import Node

from services.checkout.javascript.syntax import UNKNOWN, bare, line_of, text_of

_DEEPEST = 12
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_WRITTEN_LATER = (UNKNOWN, "${", "{{")
"""What a text holds that a server completes."""
_WORDS = {"true": True, "false": False, "null": None, "undefined": None}


class Unread(Enum):
    """What only the running page knows: a variable, a call, a sum."""

    UNREAD = "unread"


UNREAD = Unread.UNREAD


@dataclass(frozen=True, slots=True)
class Literal:
    """An object literal: name -> value (numbers as int or Decimal, or UNREAD), and the line of each."""

    values: dict[str, Any]
    lines: dict[str, int]
    whole: bool
    """Whether all of its names stand in it: a spread brings others, and so may what could not be read."""


def literal(node: Node) -> Literal:
    """An object literal, as far as it can be read without running it."""
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    whole = not node.has_error
    for part in node.named_children:
        if part.type == "comment":
            continue
        name, value = _entry(part)
        if name is None:
            whole = False
            continue
        values[name], lines[name] = value, line_of(part)
    return Literal(values, lines, whole)


def value_of(node: Node | None, depth: int = 0) -> Any:
    """A literal's value; UNREAD for everything else."""
    node = bare(node) if node else None
    kind = node.type if node and depth < _DEEPEST else ""
    match kind:
        case "true" | "false" | "null" | "undefined":
            return _WORDS[kind]
        case "string" | "template_string":
            return _string(node)
        case "number":
            return _number(text_of(node))
        case "unary_expression":
            return _negative(node, depth)
        case "object":
            return _object(node, depth)
        case "array":
            return _array(node, depth)
    return UNREAD


def _entry(part: Node, depth: int = 0) -> tuple[str | None, Any]:
    match part.type:
        case "pair":
            return _name(part.child_by_field_name("key")), value_of(part.child_by_field_name("value"), depth + 1)
        case "shorthand_property_identifier":
            return text_of(part), UNREAD
        case "method_definition":
            return text_of(part.child_by_field_name("name")), UNREAD
    return None, UNREAD


def _name(key: Node | None) -> str | None:
    if key is None or key.type == "computed_property_name":
        return None
    name = _string(key) if key.type == "string" else text_of(key)
    return name if isinstance(name, str) else None


def _object(node: Node | None, depth: int) -> Any:
    found: dict[str, Any] = {}
    for part in _parts(node):
        name, value = _entry(part, depth)
        if name is None:
            return UNREAD
        found[name] = value
    return found


def _array(node: Node | None, depth: int) -> Any:
    parts = _parts(node)
    return UNREAD if any(one.type == "spread_element" for one in parts) else [value_of(one, depth + 1) for one in parts]


def _parts(node: Node | None) -> list[Node]:
    return [one for one in node.named_children if one.type != "comment"] if node else []


def _negative(node: Node | None, depth: int) -> Any:
    number = value_of(node.child_by_field_name("argument"), depth + 1) if node else UNREAD
    sign = text_of(node.child_by_field_name("operator")) if node else ""
    return -number if sign == "-" and isinstance(number, int | Decimal) and not isinstance(number, bool) else UNREAD


def _number(text: str) -> Any:
    plain = text.replace("_", "").lower()
    try:
        number = Decimal(int(plain, 0)) if plain[:2] in ("0x", "0o", "0b") else Decimal(plain)
    except (InvalidOperation, ValueError):
        return UNREAD
    if abs(number.adjusted()) > 30:
        return UNREAD
    return int(number) if number == number.to_integral_value() else number


def _string(node: Node | None) -> Any:
    parts = node.named_children if node else []
    if any(one.type == "template_substitution" for one in parts):
        return UNREAD
    units = "".join(_unescaped(text_of(one)) if one.type == "escape_sequence" else text_of(one) for one in parts)
    text = units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return UNREAD if any(sign in text for sign in _WRITTEN_LATER) else text


def _unescaped(sequence: str) -> str:
    sign, rest = sequence[1:2], sequence[2:].strip("{}")
    if sign in ("u", "x") and rest:
        code = int(rest, 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"
    return "" if sign in ("\n", "\r", "\u2028", "\u2029") else _SIGNS.get(sign, sign)
