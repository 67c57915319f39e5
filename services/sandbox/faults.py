"""Failing on purpose: which requests, how often, and in which way."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import httpx

Predicate = Callable[[httpx.Request], bool]


class Fault(StrEnum):
    """What happens to a request."""

    LOST_BEFORE = "lost_before"
    """Nothing was done, and no answer comes."""
    LOST_AFTER = "lost_after"
    """It was done, and no answer comes."""
    BAD_GATEWAY = "bad_gateway"
    BROKEN_JSON = "broken_json"
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - a kind of failure
    TOO_MANY = "too_many"


@dataclass
class Plan:
    """A fault for the next `times` requests that the predicate picks."""

    fault: Fault
    times: int = 1
    picks: Predicate = lambda _request: True

    def takes(self, request: httpx.Request) -> bool:
        """Whether this request is one of them; counts it."""
        if self.times <= 0 or not self.picks(request):
            return False
        self.times -= 1
        return True


def fail(fault: Fault, request: httpx.Request, carry_out: Callable[[], httpx.Response]) -> httpx.Response:
    """The answer of a request that fails. Raises httpx.ReadTimeout where none comes."""
    if fault == Fault.LOST_AFTER:
        carry_out()
    if fault in (Fault.LOST_BEFORE, Fault.LOST_AFTER):
        raise httpx.ReadTimeout("lost on purpose", request=request)
    if fault == Fault.BAD_GATEWAY:
        return httpx.Response(502, html="<html><body>502 Bad Gateway</body></html>")
    if fault == Fault.BROKEN_JSON:
        return httpx.Response(200, content=carry_out().content[:-7], headers={"content-type": "application/json"})
    status, message = (401, "Unauthorized") if fault == Fault.EXPIRED_TOKEN else (429, "Too Many Requests")
    return httpx.Response(status, json={"code": -1, "message": message, "response": None})
