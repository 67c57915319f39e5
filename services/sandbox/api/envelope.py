"""The envelope of every answer, and refusals."""

from dataclasses import dataclass
from typing import Any

import httpx

from services.sandbox.world.shelf import encode

_JSON = {"content-type": "application/json; charset=UTF-8"}


class No(Exception):
    """A refusal: HTTP status, message, envelope code. With HTTP 200 the code alone says that nothing was done."""

    def __init__(self, status: int, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def response(self) -> httpx.Response:
        """The refusal as an answer."""
        return envelope(b"null", self.status, self.message, self.code)


@dataclass(frozen=True, slots=True)
class Json:
    """An answer's `response`, encoded already."""

    raw: bytes
    status: int = 200
    message: str | None = None

    def response(self) -> httpx.Response:
        """The answer in its envelope."""
        return envelope(self.raw, self.status, self.message, 0)


def answer(value: Any, status: int = 200, message: str | None = None) -> Json:
    """A value as an answer."""
    return Json(encode(value), status, message)


def envelope(raw: bytes, status: int, message: str | None, code: int) -> httpx.Response:
    """An HTTP answer around JSON."""
    content = b'{"code":%d,"message":%s,"response":%s}' % (code, encode(message), raw)
    return httpx.Response(status, content=content, headers=_JSON)
