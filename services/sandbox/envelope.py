"""The envelope of every answer, refusals, and bodies as JSON or as form fields with brackets."""

import re
from typing import Any
from urllib.parse import parse_qsl

import httpx
import msgspec

_encoder = msgspec.json.Encoder(decimal_format="number")


class No(Exception):
    """A refusal: HTTP status, envelope code, message."""

    def __init__(self, status: int, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def answer(response: Any, status: int = 200, message: str | None = None, code: int = 0) -> httpx.Response:
    """An envelope around a value."""
    return encoded(_encoder.encode(response), status, message, code)


def encoded(response: bytes, status: int = 200, message: str | None = None, code: int = 0) -> httpx.Response:
    """An envelope around JSON that is encoded already."""
    head = b'{"code":%d,"message":%s,"response":' % (code, _encoder.encode(message))
    content = head + response + b"}"
    return httpx.Response(status, content=content, headers={"content-type": "application/json; charset=UTF-8"})


def refusal(no: No) -> httpx.Response:
    """The envelope of a refusal."""
    return answer(None, no.status, no.message, no.code)


def body_of(request: httpx.Request) -> dict[str, Any]:
    """The body's fields, nested as the brackets of a form say."""
    raw = request.content
    if not raw:
        return {}
    if "json" in request.headers.get("content-type", ""):
        try:
            found = msgspec.json.decode(raw)
        except msgspec.DecodeError:
            raise No(400, "요청 본문을 해석할 수 없습니다.") from None
        return found if isinstance(found, dict) else {}
    fields: dict[str, Any] = {}
    for name, value in parse_qsl(raw.decode(), keep_blank_values=True):
        _nest(
            fields,
            [part for part in re.split(r"[\[\]]+", name) if part] or [name],
            value,
            name.endswith("[]"),
        )
    found = _lists(fields)
    return found if isinstance(found, dict) else {}


def _nest(fields: dict[str, Any], path: list[str], value: str, many: bool) -> None:
    for part in path[:-1]:
        fields = fields.setdefault(part, {})
    if many:
        fields.setdefault(path[-1], []).append(value)
    else:
        fields[path[-1]] = value


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _lists(one) for name, one in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def number(value: Any, name: str) -> int:
    """A whole number of a body or a query."""
    try:
        return int(value)
    except (TypeError, ValueError):
        raise No(400, f"{name} 값이 올바르지 않습니다.") from None


def required(body: dict[str, Any], *names: str) -> None:
    """Refuses a body in which one of the names is missing."""
    for name in names:
        if body.get(name) in (None, ""):
            raise No(400, f"필수파라미터 누락: {name}")
