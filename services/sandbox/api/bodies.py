"""What a request says: its query and its body, as JSON or as form fields with brackets."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qsl, unquote

import httpx
import msgspec

from services.sandbox.api.envelope import No
from services.sandbox.world.rows import Money

_decode = msgspec.json.Decoder(float_hook=Decimal).decode
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Call:
    """One request, taken apart. Numbers are read by the methods, which raise No."""

    method: str
    path: tuple[str, ...]
    query: dict[str, Any]
    body: dict[str, Any]
    now: int
    accept: str = ""
    """What the caller says that it understands."""

    def text(self, name: str) -> str:
        """A field of the body that must be there."""
        value = self.body.get(name)
        if value in (None, ""):
            raise No(400, f"필수 파라미터가 누락되었습니다. ({name})")
        return str(value)

    def whole(self, name: str, default: int | None = None) -> int:
        """A whole number of the query."""
        value = self.query.get(name)
        return default if value in (None, "") and default is not None else whole(value, name)


def call_of(request: httpx.Request, now: int) -> Call:
    """Takes a request apart. Raises No where its body cannot be read."""
    raw_path, _, query = request.url.raw_path.decode("ascii").partition("?")
    path = tuple(unquote(part) for part in raw_path.strip("/").split("/"))
    return Call(request.method, path, _nested(query), _body(request), now, request.headers.get("accept", ""))


def whole(value: Any, name: str) -> int:
    """A whole number, as JSON or as text."""
    number = money(value, name)
    if not isinstance(number, int):
        raise No(400, f"{name} 값이 올바르지 않습니다.")
    return number


def money(value: Any, name: str) -> Money:
    """An amount: an int where it is whole, else a Decimal; never a float."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise No(400, f"{name} 값이 올바르지 않습니다.")
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise No(400, f"{name} 값이 올바르지 않습니다.") from None
    if not number.is_finite() or abs(number) >= 10**15:
        raise No(400, f"{name} 값이 올바르지 않습니다.")
    return int(number) if number == number.to_integral_value() else number


def listed(value: Any) -> list[Any]:
    """A field that may come once or several times."""
    if value in (None, ""):
        return []
    return value if isinstance(value, list) else [value]


def texts(value: Any) -> list[str]:
    """The texts of a value that may be one or a list."""
    return [str(one) for one in listed(value)]


def _body(request: httpx.Request) -> dict[str, Any]:
    raw = request.content
    if not raw:
        return {}
    if "json" not in request.headers.get("content-type", ""):
        return _nested(raw.decode("utf-8", "replace"))
    try:
        found = _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise No(400, "요청 본문을 해석할 수 없습니다.") from None
    if not isinstance(found, dict):
        raise No(400, "요청 본문을 해석할 수 없습니다.")
    return found


def _nested(encoded: str) -> dict[str, Any]:
    """Fields of a form or a query: a[b]=1 nests, a[]=1 and a[0]=1 make lists."""
    fields: dict[str, Any] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        first = name.partition("[")[0]
        _put(fields, [first, *_BRACKETS.findall(name[len(first) :])], value)
    return {name: _with_lists(value) for name, value in fields.items()}


def _put(fields: dict[str, Any], path: list[str], value: str) -> None:
    for part in path[:-1]:
        inner = fields.setdefault(part or str(len(fields)), {})
        if not isinstance(inner, dict):
            raise No(400, "요청 본문을 해석할 수 없습니다.")
        fields = inner
    fields[path[-1] or str(len(fields))] = value


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _with_lists(one) for name, one in value.items()}
    if inner and all(name.isdecimal() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
