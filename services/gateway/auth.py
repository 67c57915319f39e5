"""The access token: fetched when first needed, renewed in time and once on a 401, by one thread for all."""

import threading
import time
from collections.abc import Generator

import httpx
import msgspec

from services.clock import Clock
from services.errors import GatewayError, NotSent, Unauthorized
from services.gateway.lenient import mended

_EARLY = 60.0


class _Token(msgspec.Struct):
    access_token: str
    expired_at: float
    now: float


class _Answer(msgspec.Struct):
    code: int = 0
    message: str | None = None
    response: _Token | None = None


class TokenAuth(httpx.Auth):
    """Adds the token to every request. The life of a token goes by the gateway's clock, not by ours."""

    def __init__(self, url: str, imp_key: str, imp_secret: str, clock: Clock) -> None:
        self.path = httpx.URL(url).path
        self._url, self._key, self._secret = url, imp_key, imp_secret
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._ends = 0.0
        self._failures = 0
        self._failure: GatewayError | None = None
        self.clock_difference: float | None = None
        """The gateway's clock minus ours, in seconds."""
        self.clock_bounds = (0.0, 1.0)
        """The least and the most that it can be: the token told a whole second, and took its time to come."""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sends with a token that lives; after a 401 once more with a new one."""
        token = yield from self._live_token("")
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        # What changes something is never sent twice here: its caller looks again before it tries again.
        if response.status_code == 401 and request.method != "GET":
            self._reject(token)
        elif response.status_code == 401:
            token = yield from self._live_token(token)
            request.headers["Authorization"] = f"Bearer {token}"
            yield request

    def _reject(self, token: str) -> None:
        with self._lock:
            if token == self._token:
                self._token = ""

    def _live_token(self, rejected: str) -> Generator[httpx.Request, httpx.Response, str]:
        # Held while the token is fetched: whoever else needs one waits here and then finds it, or learns
        # that it was asked for in vain instead of waiting as long again.
        failures = self._failures
        with self._lock:
            if self._token and self._token != rejected and time.monotonic() < self._ends:
                return self._token
            if self._failure and self._failures != failures:
                raise self._failure
            yield from self._fetch()
            return self._token

    def _fetch(self) -> Generator[httpx.Request, httpx.Response, None]:
        asked = self._clock()
        body = {"imp_key": self._key, "imp_secret": self._secret}
        self._failure = NotSent("The gateway cannot be reached ({kind}).", kind="token")
        try:
            self._take((yield httpx.Request("POST", self._url, json=body)), asked)
            self._failure = None
        except GatewayError as error:
            self._failure = error
            raise
        finally:
            # Where no answer came, httpx closes this generator: that is a failure, too.
            self._failures += self._failure is not None

    def _take(self, response: httpx.Response, asked: float) -> None:
        status = response.status_code
        if status >= 500 or status == 429 or 300 <= status < 400:
            raise NotSent("The gateway gave no token (HTTP {status}).", status=status)
        try:
            answer = msgspec.json.decode(mended(response.read()), type=_Answer, strict=False)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise NotSent("The gateway's token could not be read.") from None
        if status >= 400:
            raise Unauthorized("{message}", message=answer.message or "The gateway refused key or secret.")
        if answer.code != 0 or answer.response is None:
            raise Unauthorized("{message}", message=answer.message or "The gateway refused key or secret.")
        token = answer.response
        answered = self._clock()
        self.clock_difference = token.now - (asked + answered) / 2
        self.clock_bounds = (token.now - answered, token.now + 1 - asked)
        life = token.expired_at - token.now
        # A token in its last minute is used to its end: the gateway would only hand it out again.
        self._ends = time.monotonic() + (life - _EARLY if life > _EARLY else max(life, 1.0))
        self._token = token.access_token
