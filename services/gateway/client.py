"""The V1 client: one method an endpoint, safe to share among threads; refusals become our errors here."""

import logging
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

import httpx
import msgspec
import stamina

from services.clock import Clock, system_clock
from services.errors import BadRequest, NotFound, NotSent, OutcomeUnknown, Refusal, Refused, Unauthorized
from services.gateway import decoding
from services.gateway.auth import TokenAuth
from services.gateway.payloads import Batch, PagePayload, Payload, PaymentPayload

_TRIES = 4
_TIMEOUT = httpx.Timeout(30.0, connect=5.0, pool=30.0)
_LIMITS = httpx.Limits(max_connections=16, max_keepalive_connections=16)
_BATCH = 100

# Their lines hold whole addresses, and an address may hold a customer's id.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class _Envelope(msgspec.Struct):
    code: int = 0
    message: str | None = None
    response: msgspec.Raw = msgspec.Raw(b"null")


_envelope = msgspec.json.Decoder(_Envelope, strict=False)


class Gateway:
    """A merchant's account at the gateway. Every method raises the GatewayErrors of services/errors.py."""

    def __init__(
        self,
        base_url: str,
        imp_key: str,
        imp_secret: str,
        *,
        transport: httpx.BaseTransport | None = None,
        clock: Clock = system_clock,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._clock = clock
        self._auth = TokenAuth(f"{self.base_url}/users/getToken", imp_key, imp_secret, clock)
        self._http = httpx.Client(
            base_url=self.base_url,
            auth=self._auth,
            transport=transport,
            timeout=_TIMEOUT,
            limits=_LIMITS,
            follow_redirects=False,
            trust_env=False,
        )

    def __repr__(self) -> str:
        return f"Gateway({self.base_url!r})"

    @property
    def requests(self) -> int:
        """HTTP requests sent so far, tokens included."""
        return self._auth.requests

    @property
    def clock_difference(self) -> float | None:
        """The gateway's clock minus ours in seconds; None before the first token."""
        return self._auth.clock_difference

    def now(self) -> float:
        """The gateway's time, in UNIX seconds."""
        if self.clock_difference is None:
            self.channels()
        return self._clock() + (self.clock_difference or 0.0)

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def payment(self, imp_uid: str) -> PaymentPayload:
        """One payment, of a test channel too. Raises NotFound."""
        return self._one(f"/payments/{_safe(imp_uid)}", decoding.payment, {"include_sandbox": "true"})

    def payments(self, imp_uids: Sequence[str]) -> Batch[PaymentPayload]:
        """Up to 100 payments."""
        return self._batch("/payments", "imp_uid", imp_uids, decoding.payment)

    def find_payment(self, merchant_uid: str, status: str = "") -> PaymentPayload:
        """The latest payment under an order number. Raises NotFound."""
        path = f"/payments/find/{_safe(merchant_uid)}" + (f"/{_safe(status)}" if status else "")
        return self._one(path, decoding.payment)

    def find_all_payments(self, merchant_uid: str, *, page: int = 1, limit: int = 1000) -> PagePayload[PaymentPayload]:
        """Every payment under an order number."""
        params = {"page": page, "limit": limit}
        return self._page(f"/payments/findAll/{_safe(merchant_uid)}", decoding.payment, params)

    def payments_by_status(
        self, status: str, *, from_at: int, to_at: int, page: int = 1, limit: int = 1000, sorting: str = "-updated"
    ) -> PagePayload[PaymentPayload]:
        """A page of a window of at most 90 days (UNIX seconds, both ends in it). Raises BadRequest past the end."""
        params = {"from": from_at, "to": to_at, "page": page, "limit": limit, "sorting": sorting}
        return self._page(f"/payments/status/{_safe(status)}", decoding.payment, params)

    def billing_key(self, customer_uid: str) -> Payload:
        """One billing key. Raises NotFound when it is gone."""
        return self._one(f"/subscribe/customers/{_safe(customer_uid)}", decoding.billing_key)

    def billing_keys(self, customer_uids: Sequence[str]) -> Batch[Payload]:
        """Up to 100 billing keys."""
        return self._batch("/subscribe/customers", "customer_uid", customer_uids, decoding.billing_key)

    def schedules(
        self, from_at: int, to_at: int, *, status: str | None = None, page: int = 1, limit: int = 1000
    ) -> PagePayload[Payload]:
        """A page of schedules due within at most three months."""
        params: dict[str, Any] = {"schedule_from": from_at, "schedule_to": to_at, "page": page, "limit": limit}
        if status:
            params["schedule_status"] = status
        return self._page("/subscribe/payments/schedule", decoding.schedule, params)

    def customer_schedules(
        self, customer_uid: str, from_at: int, to_at: int, *, page: int = 1
    ) -> PagePayload[Payload]:
        """Schedules of one billing key due within at most three months."""
        params = {"from": from_at, "to": to_at, "page": page}
        return self._page(f"/subscribe/payments/schedule/customers/{_safe(customer_uid)}", decoding.schedule, params)

    def schedule(self, merchant_uid: str) -> Payload:
        """One schedule. Raises NotFound."""
        return self._one(f"/subscribe/payments/schedule/{_safe(merchant_uid)}", decoding.schedule)

    def channels(self) -> tuple[Payload, ...]:
        """The merchant's channels."""
        return self._rows("/users/pg", decoding.channel)

    def banks(self) -> tuple[Payload, ...]:
        """Standard codes of banks."""
        return self._rows("/banks", decoding.code)

    def cards(self) -> tuple[Payload, ...]:
        """Standard codes of card companies."""
        return self._rows("/cards", decoding.code)

    def _one(self, path: str, read: Callable[[bytes], Any], params: dict[str, Any] | None = None) -> Any:
        return self._read(path, params or {}, read)

    def _page(self, path: str, read: Callable[[bytes], Any], params: dict[str, Any]) -> PagePayload[Any]:
        return self._read(path, params, lambda raw: decoding.page(raw, read))  # type: ignore[no-any-return]

    def _rows(self, path: str, read: Callable[[bytes], Any]) -> tuple[Payload, ...]:
        return self._read(path, {}, lambda raw: decoding.rows(raw, read)[0])  # type: ignore[no-any-return]

    def _batch(self, path: str, name: str, ids: Sequence[str], read: Callable[[bytes], Any]) -> Batch[Any]:
        if len(ids) > _BATCH:
            raise ValueError(f"at most {_BATCH} at once")
        try:
            found = self._read(path, {f"{name}[]": list(ids)}, lambda raw: decoding.rows(raw, read)[0])
        except NotFound:
            found = ()
        known = {item.fields[name] for item in found}
        return Batch(found, tuple(one for one in ids if one not in known))

    def _read(self, path: str, params: dict[str, Any], read: Callable[[bytes], Any]) -> Any:
        """A GET, tried again with jitter where nothing is known of its outcome: reading twice does no harm."""
        for attempt in stamina.retry_context(
            on=_worth_another_try, attempts=_TRIES, wait_initial=0.1, wait_max=2.0, wait_jitter=0.3, timeout=90.0
        ):
            with attempt:
                return self._try(path, params, read)
        raise AssertionError("stamina ends with a result or an error")

    def _try(self, path: str, params: dict[str, Any], read: Callable[[bytes], Any]) -> Any:
        try:
            response = self._http.get(path, params=params)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            raise NotSent("The gateway cannot be reached ({kind}).", kind=type(error).__name__) from None
        except httpx.HTTPError as error:
            raise OutcomeUnknown("The gateway's answer was lost ({kind}).", kind=type(error).__name__) from None
        raw = _opened(response)
        try:
            return read(raw)
        except (msgspec.DecodeError, decoding.Unreadable):
            raise OutcomeUnknown("The gateway's answer could not be read.") from None


def _worth_another_try(error: Exception) -> bool:
    return isinstance(error, OutcomeUnknown | NotSent) and not isinstance(error, Unauthorized)


def _opened(response: httpx.Response) -> bytes:
    """The envelope's `response`, or the error that the answer stands for."""
    status = response.status_code
    if status >= 500 or status == 429 or 300 <= status < 400:
        raise OutcomeUnknown("The gateway answered HTTP {status}.", status=status)
    try:
        envelope = _envelope.decode(response.content)
    except msgspec.DecodeError:
        raise OutcomeUnknown("The gateway's answer could not be read.") from None
    if status == 401:
        raise Unauthorized("{message}", message=envelope.message or "The gateway refused the token.")
    refusal = Refusal(status, envelope.code, envelope.message)
    if status == 404:
        raise NotFound(refusal)
    if status == 400:
        raise BadRequest(refusal)
    if status >= 400 or envelope.code != 0 and status != 207:
        raise Refused(refusal)
    return bytes(envelope.response)


def _safe(part: str) -> str:
    return quote(part, safe="")
