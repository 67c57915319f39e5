"""V1 over HTTP: a GET, which may be tried again, and a POST, which never is; refusals and losses become our errors."""

import logging
import threading
from collections.abc import Callable
from copy import copy
from typing import Any, TypeVar

import httpx
import msgspec
import stamina

from services.clock import Clock
from services.errors import (
    BadRequest,
    NotFound,
    NotSent,
    OutcomeUnknown,
    Refusal,
    Refused,
    Unauthorized,
    UnreadableAnswer,
)
from services.forbidden_numbers import hide_forbidden
from services.gateway import lenient
from services.gateway.auth import TokenAuth
from services.gateway.decoder import Unreadable
from services.gateway.ids import asked_about
from services.gateway.payloads import of_store

_TRIES = 4
_TIMEOUT = httpx.Timeout(30.0, connect=5.0, pool=30.0)
_LIMITS = httpx.Limits(max_connections=16, max_keepalive_connections=16)
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)

Answer = TypeVar("Answer")
Still = Callable[[], bool]
"""Whether a call may still be made."""


def always() -> bool:
    """A call that nothing can take back."""
    return True


_STILL = "still"
_PGS = (500, 501)
"""It refused, or cannot do it."""

# Their lines hold whole addresses, and an address may hold a customer's id.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class _Envelope(msgspec.Struct):
    code: int | msgspec.UnsetType | None = msgspec.UNSET
    message: Any = None
    response: msgspec.Raw = msgspec.Raw(b"null")


_WORDS = ("code", "message")
_envelope = msgspec.json.Decoder(_Envelope, strict=False)
_encoder = msgspec.json.Encoder(decimal_format="number")
_JSON = {"content-type": "application/json"}
_TIER = "Tier"
"""The header that names a sub-store: V1's own description of its calls does not declare it."""


class _Counter:
    """How many requests were sent: threads share it."""

    def __init__(self) -> None:
        self.requests = 0
        self._counting = threading.Lock()

    def count(self, _request: httpx.Request) -> None:
        with self._counting:
            self.requests += 1


class Connection:
    """The HTTP side of a gateway: threads share it."""

    def __init__(
        self, base_url: str, key: str, secret: str, transport: httpx.BaseTransport | None, clock: Clock
    ) -> None:
        self.auth = TokenAuth(f"{base_url}/users/getToken", key, secret, clock)
        self.tier = ""
        """The sub-store that every call is about; empty: the main store."""
        self._counter = _Counter()
        self._http = httpx.Client(
            base_url=base_url,
            auth=self.auth,
            transport=transport,
            timeout=_TIMEOUT,
            limits=_LIMITS,
            follow_redirects=False,
            trust_env=False,
            event_hooks={"request": [self._counter.count, _ask_once_more]},
        )

    @property
    def requests(self) -> int:
        """HTTP requests sent so far, of whatever store, tokens included."""
        return self._counter.requests

    def of(self, tier: str) -> "Connection":
        """The same connections, token and counts, for the calls of one sub-store."""
        store = copy(self)
        store.tier = tier
        return store

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def get(
        self, path: str, params: dict[str, Any], read: Callable[[bytes], Answer], *, pg_answers: bool = False
    ) -> Answer:
        """What `read` makes of the answer; up to four tries with jitter where none came. `pg_answers` as in opened."""
        for attempt in stamina.retry_context(
            on=_worth_another_try,
            attempts=_TRIES,
            wait_initial=0.1,
            wait_max=2.0,
            wait_jitter=0.3,
            timeout=90.0,
        ):
            with attempt:
                return self._read(self._exchange("GET", path, pg_answers=pg_answers, params=params), read)
        raise AssertionError("stamina ends with a result or an error")

    def send(self, method: str, path: str, read: Callable[[bytes], Answer], still: Still, **how: Any) -> Answer:
        """Sends once and never again. Raises NotSent, Refused, or OutcomeUnknown where it may have happened.

        `still` is asked when everything else, a new token too, is there: the last moment to keep it back.
        `pg_answers` as in opened.
        """
        if (body := how.pop("body", None)) is not None:
            how |= {"content": _encoder.encode(body), "headers": _JSON}
        return self._read(self._exchange(method, path, extensions={_STILL: still}, **how), read)

    def _exchange(self, method: str, path: str, *, pg_answers: bool = False, **how: Any) -> bytes:
        if self.tier:
            how["headers"] = {**how.get("headers", {}), _TIER: self.tier}
        try:
            response = self._http.request(method, path, **how)
        except _NEVER_SENT as error:
            raise NotSent("The gateway cannot be reached ({kind}).", kind=type(error).__name__) from None
        except httpx.HTTPError as error:
            kind = type(error).__name__
            if error.request.url.path == self.auth.path:
                raise NotSent("The gateway gave no token ({kind}).", kind=kind) from None
            raise OutcomeUnknown("The gateway's answer was lost ({kind}).", kind=kind) from None
        return opened(response, pg_answers=pg_answers)

    def _read(self, raw: bytes, read: Callable[[bytes], Answer]) -> Answer:
        answer = _read(raw, read)
        if self.tier:
            answer = of_store(answer, self.tier)
        return answer


def _ask_once_more(request: httpx.Request) -> None:
    still: Still | None = request.extensions.get(_STILL)
    if still and not still():
        raise NotSent("It took too long to get this far: the request was kept back.")


def _read(raw: bytes, read: Callable[[bytes], Answer]) -> Answer:
    try:
        return read(raw)
    except (Unreadable, msgspec.ValidationError):
        raise UnreadableAnswer("The gateway's answer could not be read.") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise OutcomeUnknown("The gateway's answer could not be read.") from None


def _worth_another_try(error: Exception) -> bool:
    return isinstance(error, OutcomeUnknown | NotSent) and not isinstance(error, Unauthorized | UnreadableAnswer)


def opened(response: httpx.Response, *, pg_answers: bool = False) -> bytes:
    """The envelope's `response`, or the error that the answer stands for. The only place that decides.

    `pg_answers`: of calls whose description says so, a 500 or 501 with words in the envelope is the PG's own
    refusal.
    """
    status = response.status_code
    if pg_answers and status in _PGS and (refused := _pg_refusal(response)):
        raise Refused(refused)
    if status >= 500 or status == 429 or 300 <= status < 400:
        raise OutcomeUnknown("The gateway answered HTTP {status}.", status=status)
    envelope = _envelope_of(response)
    if envelope is None and status < 400:
        raise OutcomeUnknown("The gateway's answer could not be read.")
    enveloped = envelope is not None and envelope.code is not msgspec.UNSET
    refuses = enveloped and envelope is not None and envelope.code
    if response.request.method != "GET" and status >= 400 and status != 401 and not refuses:
        # Somebody on the way may have said this after the gateway did what was asked.
        raise OutcomeUnknown("The gateway answered HTTP {status}.", status=status)
    envelope = envelope or _Envelope(code=status)
    message = _words_of(envelope, response)
    if status == 401:
        raise Unauthorized("{message}", message=message or "The gateway refused the token.")
    refusal = Refusal(status, envelope.code or 0, message)
    # A 404 without the envelope is somebody else's, a proxy's perhaps: it does not say that a thing is gone.
    if status == 404 and enveloped:
        raise NotFound(refusal)
    if status == 400:
        raise BadRequest(refusal)
    if status >= 400 or (envelope.code and status != 207):
        raise Refused(refusal)
    return bytes(envelope.response)


def _pg_refusal(response: httpx.Response) -> Refusal | None:
    """What a PG said in an envelope; None where nobody says anything, as where a server broke down."""
    envelope = _envelope_of(response)
    if envelope is None or not isinstance(envelope.code, int) or not envelope.code:
        return None
    message = _words_of(envelope, response)
    return Refusal(response.status_code, envelope.code, message) if message else None


def _words_of(envelope: _Envelope, response: httpx.Response) -> str | None:
    said = envelope.message
    return None if said is None else hide_forbidden(str(said), asked_about(response.request))


def _envelope_of(response: httpx.Response) -> _Envelope | None:
    try:
        return _envelope.decode(response.content)
    except msgspec.ValidationError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _lenient_envelope(response.content)


def _lenient_envelope(raw: bytes) -> _Envelope | None:
    try:
        parts = lenient.members(raw)
        response = parts.pop("response", b"null")
        rest = b",".join(b'"%s":%s' % (name.encode(), lenient.mended(parts[name])) for name in parts if name in _WORDS)
        return msgspec.structs.replace(_envelope.decode(b"{%s}" % rest), response=msgspec.Raw(response))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
