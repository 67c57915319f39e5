"""A sandbox with a clock that tests move, and a plain V1 caller in front of it."""

from collections.abc import Callable
from typing import Any

import httpx

from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.world.build import build_world

UNTIL = 1_790_000_000
DAY = 86_400


class MovingClock:
    """Stands still until it is moved."""

    def __init__(self, at: float = UNTIL) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


class Caller:
    """Calls a sandbox and opens the envelope."""

    def __init__(self, sandbox: Sandbox, clock: MovingClock) -> None:
        self.sandbox, self.clock, self.world = sandbox, clock, sandbox.world
        self.http = httpx.Client(transport=httpx.MockTransport(sandbox), base_url="http://sandbox")
        self.sign_in()

    def sign_in(self) -> dict[str, Any]:
        """Fetches a token and sends it from now on."""
        answer = self.http.post("/users/getToken", json={"imp_key": IMP_KEY, "imp_secret": IMP_SECRET})
        token: dict[str, Any] = answer.json()["response"]
        self.http.headers["authorization"] = f"Bearer {token['access_token']}"
        return token

    def get(self, path: str, **query: Any) -> tuple[int, Any]:
        """HTTP status and `response`."""
        answer = self.http.get(path, params=query)
        return answer.status_code, answer.json()["response"]

    def send(self, method: str, path: str, body: Any = None) -> tuple[int, int, str | None, Any]:
        """HTTP status, code, message, response."""
        answer = self.http.request(method, path, json=body)
        found = answer.json()
        assert set(found) == {"code", "message", "response"}
        return answer.status_code, found["code"], found["message"], found["response"]

    def post(self, path: str, body: Any) -> tuple[int, int, str | None, Any]:
        """The same for POST."""
        return self.send("POST", path, body)

    def some(self, choose: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first payment that fits."""
        return next(row for row in self.world.payments.values() if choose(row))


def make_caller(payments: int = 1_500, **options: Any) -> Caller:
    """A caller in front of a small world of its own."""
    clock = MovingClock()
    return Caller(Sandbox(build_world(3, payments=payments, until=UNTIL), clock=clock, **options), clock)
