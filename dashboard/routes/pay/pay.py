"""`/pay/{token}`: the page of a link, and where the payment window comes back to."""

import time
from pathlib import Path

from services.checkout import attempts, checkouts
from services.checkout.amount import register_amount
from services.checkout.verify import verify
from services.checkout.window import window_of
from services.errors import Busy, GatewayError, JangbuError, Moved, StoreError
from services.operations.journal.journal import saving
from services.store.engine import reading
from services.store.lists.one import get_payment
from services.tables.checkouts import AttemptState, Checkout, CheckoutAttempt
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from dashboard.locale import _, language_of, set_language
from dashboard.process.checkout import refund_policy
from dashboard.process.executor import wake_executor
from dashboard.process.resources import current_settings, open_gateway, open_store
from dashboard.routes.pay import faces
from dashboard.routes.pay.html import base_url, page
from dashboard.words import formats

_STATIC = {"pay.css": "text/css; charset=utf-8", "pay.js": "text/javascript; charset=utf-8"}
_LONGEST, _LONGEST_SAID = 2_000, 300
_SAID_WITHIN = 3_600
"""Seconds after its opening for which an address may say why an order failed: later it is nobody's window."""
_OFTEN = 3
"""Seconds for which what was read stands, however often a page is reloaded."""


def opened(request: Request) -> Response:
    """GET /pay/{token}: an order of its own with its amount registered, and the button that opens the window."""
    _greet(request)
    checkout = _checkout_of(request)
    if checkout is None:
        return page(request, faces.unknown())
    now = time.time()
    if not checkouts.may_open(checkout, now):
        return page(request, faces.of_checkout(checkout), checkout)
    if request.method == "HEAD":
        return page(request, faces.to_pay(checkout), checkout)
    try:
        with saving(open_store()) as conn:
            attempt = attempts.begin(conn, checkout.id, now)
        register_amount(open_gateway(), attempt.merchant_uid, checkout)
    except Moved:
        with reading(open_store()) as conn:
            return page(request, faces.of_checkout(checkouts.get(conn, checkout.id)), checkout)
    except (Busy, GatewayError, StoreError):
        return page(request, faces.cannot_open(), checkout)
    back = f"{base_url(request)}/pay/{checkout.token}/return"
    window = {
        "user_code": current_settings().user_code,
        "back": back,
        "param": window_of(checkout, attempt.merchant_uid, back),
    }
    return page(request, faces.to_pay(checkout), checkout, window=window)


def returned(request: Request) -> Response:
    """GET /pay/{token}/return: reads what became of the order. Nothing else in the address is believed."""
    _greet(request)
    checkout = _checkout_of(request)
    merchant_uid = _told(request, "merchant_uid")
    with reading(open_store()) as conn:
        attempt = attempts.get(conn, merchant_uid)
    if checkout is None or attempt is None or attempt.checkout_id != checkout.id:
        return page(request, faces.unknown())
    now = time.time()
    if now - attempt.read_at < _OFTEN:
        return _result(request, checkout, attempt)
    try:
        with saving(open_store()) as conn:
            attempts.is_told(conn, merchant_uid, now)
        found = verify(
            open_gateway(), open_store(), merchant_uid, now,
            imp_uid=_told(request, "imp_uid"), refunds=refund_policy(),
        )  # fmt: skip
    except JangbuError:
        return page(request, faces.being_checked(), checkout)
    wake_executor()
    return _result(request, checkout, found or attempt)


def _result(request: Request, checkout: Checkout, attempt: CheckoutAttempt) -> Response:
    said = _told(request, "error_msg", whole=True)
    if len(said) > _LONGEST_SAID or time.time() - attempt.began_at > _SAID_WITHIN:
        said = ""
    state = attempt.state
    if state in (AttemptState.STARTED, AttemptState.CHECKING) and said:
        # The window says that it ended, and the gateway knows of no payment: it failed before there was one.
        state = AttemptState.FAILED.value
    failed = state == AttemptState.FAILED
    with reading(open_store()) as conn:
        payment = get_payment(conn, attempt.imp_uid) if attempt.imp_uid else None
        open_still = checkouts.may_open(checkouts.get(conn, checkout.id), time.time())
    account = []
    if state == AttemptState.WAITING and payment and payment.vbank_num:
        account = [
            (_("Bank"), payment.vbank_name or ""), (_("Account"), payment.vbank_num),
            (_("Until"), formats.time(payment.vbank_date)),
        ]  # fmt: skip
    return page(
        request, faces.of_attempt(state, goes_back=_goes_back(checkout, attempt)), checkout,
        verbatim=(attempt.fail_reason or said) if failed else "",
        account=account,
        receipt=(payment.receipt_url or "") if payment and state == AttemptState.PAID else "",
        again=f"{base_url(request)}/pay/{checkout.token}" if failed and open_still else "",
    )  # fmt: skip


def _goes_back(checkout: Checkout, attempt: CheckoutAttempt) -> bool:
    return (attempt.paid, attempt.currency) != (checkout.amount, checkout.currency)


def static(request: Request) -> Response:
    """GET /pay/static/{name}: the style and the script of these pages."""
    name = request.path_params["name"]
    if name not in _STATIC:
        return PlainTextResponse("Not found", status_code=404)
    return FileResponse(Path(__file__).with_name(name), media_type=_STATIC[name])


def _greet(request: Request) -> None:
    set_language(language_of(request.headers.get("accept-language")))


def _checkout_of(request: Request) -> Checkout | None:
    with reading(open_store()) as conn:
        return checkouts.by_token(conn, request.path_params["token"])


def _told(request: Request, name: str, *, whole: bool = False) -> str:
    """What an address says under a name: text that a database takes, cut where it is endless."""
    value = request.query_params.get(name, "")
    return value[:_LONGEST] if whole or value.isprintable() else ""
