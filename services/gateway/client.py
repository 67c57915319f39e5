"""The V1 client: one method an endpoint, safe to share among threads; refusals become our errors here."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from hashlib import sha256
from typing import Any

import httpx

from services.clock import Clock, system_clock
from services.errors import NotFound, Refused
from services.gateway import decoder
from services.gateway.calls.balance import BalanceCalls
from services.gateway.calls.caller import safe
from services.gateway.calls.cards import CardCalls
from services.gateway.calls.codes import CodeCalls
from services.gateway.calls.deliveries import DeliveryCalls
from services.gateway.calls.escrow import EscrowCalls
from services.gateway.calls.identity import IdentityCalls
from services.gateway.calls.kcp import KcpCalls
from services.gateway.calls.naver import NaverCalls
from services.gateway.calls.receipts import ReceiptCalls
from services.gateway.calls.tiers import TierCalls
from services.gateway.calls.vbanks import VbankCalls
from services.gateway.decoder import Unlike
from services.gateway.http import Connection, Still, always
from services.gateway.ids import as_it_came
from services.gateway.payloads import Batch, PagePayload, Payload, PaymentPayload, UnreadableRow
from services.gateway.requests import (
    AgainRequest,
    BookRequest,
    CancelRequest,
    DeleteKeyRequest,
    MoveRequest,
    UnscheduleRequest,
)
from services.money import to_major

BATCH = 100
_SCHEDULE = "/subscribe/payments/schedule"


def _billing_keys(raw: bytes) -> tuple[tuple[Payload, ...], tuple[UnreadableRow, ...]]:
    return decoder.rows(raw, decoder.billing_key)


def _payments(raw: bytes) -> tuple[tuple[PaymentPayload, ...], tuple[UnreadableRow, ...]]:
    return decoder.rows(raw, decoder.payment)


def _schedules(raw: bytes) -> Batch[Payload]:
    found, unreadable = decoder.rows(raw, decoder.schedule)
    return Batch(found, (), unreadable)


class _Latest:
    """The latest moment that was told: threads and stores share it."""

    def __init__(self) -> None:
        self._telling = threading.Lock()
        self._told = 0

    def later(self, now: int) -> int:
        """Now, or the millisecond after what was told last."""
        with self._telling:
            self._told = max(now, self._told + 1)
            return self._told


class Gateway(
    BalanceCalls,
    CardCalls,
    CodeCalls,
    NaverCalls,
    ReceiptCalls,
    TierCalls,
    EscrowCalls,
    DeliveryCalls,
    VbankCalls,
    IdentityCalls,
    KcpCalls,
):
    """A merchant's account at the gateway. Every method raises the GatewayErrors of services/errors.py."""

    def __init__(
        self,
        base_url: str,
        imp_key: str,
        imp_secret: str,
        *,
        transport: httpx.BaseTransport | None = None,
        clock: Clock = system_clock,
        pg_api_key: str = "",
        tiers: Sequence[str] = (),
    ) -> None:
        """`tiers` are the merchant's sub-stores, of which each has payments, keys and schedules of its own."""
        self.base_url = str(httpx.URL(base_url)).rstrip("/")  # one spelling: the host in small letters, no usual port
        self.account = f"{self.base_url} {sha256(f'jangbu {imp_key}'.encode()).hexdigest()[:16]}"
        """The address, and a fingerprint of the key: whose payments these are."""
        self._clock = clock
        self._pg_api_key = pg_api_key
        self._latest = _Latest()
        self.tiers = tuple(tiers)
        self._http = Connection(self.base_url, imp_key, imp_secret, transport, clock)

    def __repr__(self) -> str:
        return f"Gateway({self.base_url!r})"

    @property
    def tier(self) -> str:
        """The sub-store that every call is about; empty: the main store."""
        return self._http.tier

    def of(self, tier: str) -> "Gateway":
        """The same account, of which every call is about one sub-store; shares connections, token and clock."""
        if tier == self.tier:
            return self
        store = copy(self)
        store._http = self._http.of(tier)
        return store

    @property
    def stores(self) -> tuple["Gateway", ...]:
        """Each store of the merchant, the main one first."""
        return tuple(self.of(tier) for tier in ("", *self.tiers))

    @property
    def requests(self) -> int:
        """HTTP requests sent so far, tokens included."""
        return self._http.requests

    @property
    def clock_difference(self) -> float | None:
        """The gateway's clock minus ours in seconds; None before the first token."""
        return self._http.auth.clock_difference

    def now(self) -> float:
        """The gateway's time, in UNIX seconds."""
        if self.clock_difference is None:
            with suppress(Refused):  # its token is what counts
                self.channels()
        return self._clock() + (self.clock_difference or 0.0)

    def now_between(self) -> tuple[float, float]:
        """The earliest and the latest that it can be at the gateway, in UNIX seconds."""
        self.now()
        least, most = self._http.auth.clock_bounds
        return self._clock() + least, self._clock() + most

    def asked_at(self) -> int:
        """When something is asked for now: the gateway's time in milliseconds, later than any told before.

        Each new token tells the gateway's clock anew, to the second: without this a later answer could seem older.
        """
        return self._latest.later(int(self.now() * 1000))

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def payment(self, imp_uid: str) -> PaymentPayload:
        """One payment, of a test channel too. Raises NotFound."""
        return self._one(f"/payments/{safe(imp_uid)}", decoder.payment, {"include_sandbox": "true"})

    def payments(self, imp_uids: Sequence[str]) -> Batch[PaymentPayload]:
        """Up to 100 payments. It knows of no `include_sandbox`: those of test channels may be among the missing."""
        if not 0 < len(imp_uids) <= BATCH:
            raise ValueError(f"1 to {BATCH} at once")
        try:
            found, unreadable = self._http.get("/payments", {"imp_uid[]": list(imp_uids)}, _payments)
        except NotFound:
            found, unreadable = (), ()
        known = {payment.imp_uid for payment in found}
        return Batch(found, tuple(uid for uid in imp_uids if uid not in known), unreadable)

    def payment_as_it_came(self, imp_uid: str) -> str:
        """A payment as the gateway writes it, byte for byte but for numbers that nobody may keep. Raises NotFound."""
        return self._one(f"/payments/{safe(imp_uid)}", as_it_came, {"include_sandbox": "true"})

    def find_all_payments(self, merchant_uid: str, *, page: int = 1, limit: int = 1000) -> PagePayload[PaymentPayload]:
        """Every payment under an order number."""
        params = {"page": page, "limit": limit}
        return self._page(f"/payments/findAll/{safe(merchant_uid)}", decoder.payment, params)

    def payments_by_status(
        self,
        status: str,
        *,
        from_at: int,
        to_at: int,
        page: int = 1,
        limit: int = 1000,
        sorting: str = "-updated",
        unlike: Unlike | None = None,
    ) -> PagePayload[PaymentPayload]:
        """A page of at most 90 days (UNIX seconds, both ends in it). Raises BadRequest past the end."""
        params = {"from": from_at, "to": to_at, "page": page, "limit": limit, "sorting": sorting}
        return self._page(f"/payments/status/{safe(status)}", decoder.payment, params, unlike)

    def billing_key(self, customer_uid: str) -> Payload:
        """One billing key. Raises NotFound when it is gone."""
        return self._one(f"/subscribe/customers/{safe(customer_uid)}", decoder.billing_key)

    def billing_keys(self, customer_uids: Sequence[str]) -> Batch[Payload]:
        """Up to 100 billing keys."""
        if not 0 < len(customer_uids) <= BATCH:
            raise ValueError(f"1 to {BATCH} at once")
        params = {"customer_uid[]": list(customer_uids)}
        try:
            found, unreadable = self._http.get("/subscribe/customers", params, _billing_keys)
        except NotFound:
            found, unreadable = (), ()
        known = {key.fields["customer_uid"] for key in found}
        return Batch(found, tuple(uid for uid in customer_uids if uid not in known), unreadable)

    def customer_payments(self, customer_uid: str, *, page: int = 1) -> PagePayload[PaymentPayload]:
        """Payments of one billing key, newest first. Raises NotFound where it never had any and is gone."""
        return self._page(f"/subscribe/customers/{safe(customer_uid)}/payments", decoder.payment, {"page": page})

    def schedules(
        self,
        from_at: int,
        to_at: int,
        *,
        status: str | None = None,
        page: int = 1,
        limit: int = 1000,
        unlike: Unlike | None = None,
    ) -> PagePayload[Payload]:
        """A page of schedules due within at most three months."""
        params: dict[str, Any] = {
            "schedule_from": from_at,
            "schedule_to": to_at,
            "page": page,
            "limit": limit,
        }
        if status:
            params["schedule_status"] = status
        return self._page("/subscribe/payments/schedule", decoder.schedule, params, unlike)

    def customer_schedules(self, customer_uid: str, from_at: int, to_at: int, *, page: int = 1) -> PagePayload[Payload]:
        """Schedules of one billing key due within at most three months."""
        params = {"from": from_at, "to": to_at, "page": page}
        return self._page(f"/subscribe/payments/schedule/customers/{safe(customer_uid)}", decoder.schedule, params)

    def schedule(self, merchant_uid: str) -> Payload:
        """One schedule. Raises NotFound."""
        return self._one(f"/subscribe/payments/schedule/{safe(merchant_uid)}", decoder.schedule)

    def channels(self) -> tuple[Payload, ...]:
        """The merchant's channels that can be read."""
        return self.list_channels().found

    def list_channels(self) -> Batch[Payload]:
        """The merchant's channels, and the rows that could not be understood."""
        found, unreadable = self._http.get("/users/pg", {}, lambda raw: decoder.rows(raw, decoder.channel))
        return Batch(found, (), unreadable)

    def cancel_payment(self, request: CancelRequest, *, still: Still = always) -> PaymentPayload:
        """Refunds; the payment as it is afterwards. Sent once: see Connection.send for `still` and what it raises."""
        return self._http.send("POST", "/payments/cancel", decoder.payment, still, body=request.body())

    def prepare(self, merchant_uid: str, amount: int, currency: str, *, again: bool = False) -> None:
        """Registers the amount that the payment window will insist on; `again` changes one that is registered."""
        body = {"merchant_uid": merchant_uid, "amount": to_major(amount, currency), "currency": currency}
        self._http.send("PUT" if again else "POST", "/payments/prepare", bytes, always, body=body)

    def prepared(self, merchant_uid: str) -> tuple[int, str] | None:
        """Amount and currency registered for an order number; None where there are none, or others than money."""
        try:
            return self._one(f"/payments/prepare/{safe(merchant_uid)}", decoder.prepared)
        except NotFound:
            return None

    def charge_again(self, request: AgainRequest, *, still: Still = always) -> PaymentPayload:
        """Charges a billing key; a payment that is `paid`, or `failed` with its fail_reason. Sent once."""
        return self._http.send("POST", "/subscribe/payments/again", decoder.payment, still, body=request.body())

    def book_schedules(self, request: BookRequest, *, still: Still = always) -> Batch[Payload]:
        """Books payments on a billing key, all or none. Sent once."""
        return self._http.send("POST", _SCHEDULE, _schedules, still, body=request.body())

    def move_schedule(self, merchant_uid: str, request: MoveRequest, *, still: Still = always) -> Payload:
        """Another time for a booked payment. Sent once. Raises BadRequest when it ran or was revoked."""
        return self._http.send("PUT", f"{_SCHEDULE}/{safe(merchant_uid)}", decoder.schedule, still, body=request.body())

    def reschedule(self, merchant_uid: str, request: MoveRequest, *, still: Still = always) -> Payload:
        """Books a failed or revoked one again. Sent once."""
        path = f"{_SCHEDULE}/{safe(merchant_uid)}/reschedule"
        return self._http.send("POST", path, decoder.schedule, still, body=request.body())

    def retry_schedule(self, merchant_uid: str, *, still: Still = always) -> PaymentPayload:
        """Charges a failed or revoked one now; a payment, `paid` or `failed`. Sent once."""
        return self._http.send("POST", f"{_SCHEDULE}/{safe(merchant_uid)}/retry", decoder.payment, still, body={})

    def unschedule(self, request: UnscheduleRequest, *, still: Still = always) -> Batch[Payload]:
        """Revokes the booked payments named. Sent once."""
        return self._http.send("POST", "/subscribe/payments/unschedule", _schedules, still, body=request.body())

    def delete_billing_key(self, customer_uid: str, request: DeleteKeyRequest, *, still: Still = always) -> Payload:
        """Deletes a billing key for good. Sent once. Raises NotFound when it is gone already."""
        path = f"/subscribe/customers/{safe(customer_uid)}"
        return self._http.send("DELETE", path, decoder.billing_key, still, params=request.params())
