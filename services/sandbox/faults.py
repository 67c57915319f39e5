"""Failing on purpose: which requests, how often, in which way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import httpx

from services.sandbox.api.envelope import No

Picks = Callable[[httpx.Request], bool]
Carry = Callable[[], httpx.Response]
Expire = Callable[[], None]


class Fault(StrEnum):
    """What happens to a request."""

    LOST_BEFORE = "lost_before"
    """Nothing was done, and no answer comes."""
    LOST_AFTER = "lost_after"
    """It was done, and no answer comes."""
    BAD_GATEWAY = "bad_gateway"
    """Nothing was done; an HTML page with 502."""
    BAD_GATEWAY_AFTER = "bad_gateway_after"
    """It was done; an HTML page with 502."""
    BROKEN_JSON = "broken_json"
    """It was done; the answer stops in the middle."""
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - a kind of failure
    """Nothing was done: the live token has ended, 401."""
    TOO_MANY = "too_many"
    """Nothing was done: 429."""
    SLOW = "slow"
    """It is done and answered after `seconds`."""


@dataclass
class Plan:
    """A fault for the next `times` requests that `picks` chooses; `calls` makes such a choice."""

    fault: Fault
    times: int = 1
    picks: Picks = field(default=lambda _request: True)
    seconds: float = 0.0

    def takes(self, request: httpx.Request) -> bool:
        """Whether this request is one of them; counts it."""
        if self.times <= 0 or not self.picks(request):
            return False
        self.times -= 1
        return True


def calls(method: str, path: str) -> Picks:
    """Picks requests by method and by the beginning of their path."""
    return lambda request: request.method == method and request.url.path.startswith(path)


def fail(fault: Fault, request: httpx.Request, carry_out: Carry, expire: Expire) -> httpx.Response:
    """The answer of a request that fails. Raises httpx.ReadTimeout where none comes."""
    match fault:
        case Fault.LOST_BEFORE:
            raise httpx.ReadTimeout("lost on purpose", request=request)
        case Fault.LOST_AFTER:
            carry_out()
            raise httpx.ReadTimeout("lost on purpose", request=request)
        case Fault.BAD_GATEWAY_AFTER:
            carry_out()
            return _bad_gateway()
        case Fault.BAD_GATEWAY:
            return _bad_gateway()
        case Fault.BROKEN_JSON:
            whole = carry_out()
            return httpx.Response(whole.status_code, content=whole.content[:-7], headers=_type_of(whole))
        case Fault.EXPIRED_TOKEN:
            expire()
            return carry_out()
        case Fault.TOO_MANY:
            return No(429, "Too Many Requests", -1).response()
    return carry_out()


def _bad_gateway() -> httpx.Response:
    return httpx.Response(502, html="<html><body><h1>502 Bad Gateway</h1></body></html>")


def _type_of(response: httpx.Response) -> dict[str, str]:
    return {"content-type": response.headers["content-type"]}
