"""`/pay/{token}`: the page of a link, and where the payment window comes back to."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog
from services.checkout import attempts, checkouts
from services.checkout.amount import register_amount, require_enough
from services.checkout.verify import verify
from services.checkout.window import window_of
from services.errors import InvalidRequest, JangbuError, Moved
from services.operations.journal.journal import saving
from services.store.engine import reading
from services.store.lists.one import get_payment
from services.tables.checkouts import AttemptState, Checkout, CheckoutAttempt
from services.tables.v1 import Payment
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from dashboard.locale import _, language_of, set_language
from dashboard.process.checkout import merchant_now, refund_policy
from dashboard.process.executor import wake_executor
from dashboard.process.resources import current_settings, open_gateway, open_store
from dashboard.routes.pay import faces
from dashboard.routes.pay.faces import Face
from dashboard.routes.pay.html import base_url, page
from dashboard.routes.pay.openings import Openings
from dashboard.words import formats
from dashboard.words.ways import Way

log = structlog.get_logger("jangbu.checkout")
_SCRIPT = "text/javascript; charset=utf-8"
_STATIC = {"pay.css": "text/css; charset=utf-8", "pay.js": _SCRIPT, "again.js": _SCRIPT}
_LONGEST, _LONGEST_SAID = 2_000, 300
_SAID_WITHIN = 3_600
"""Seconds after its opening for which an address may say why an order failed: later it is nobody's window."""
_OFTEN = 3
"""Seconds for which what was read stands, however often a page is reloaded."""
_SELDOM = 600
_STANDS = (AttemptState.PAID, AttemptState.REGISTERED)
_openings = Openings()


def opened(request: Request) -> Response:
    """GET /pay/{token}: an order of its own with its amount registered, and the button that opens the window."""
    _greet(request)
    checkout, now = _checkout_of(request), time.time()
    if not _openings.admits(request, checkout.id if checkout else None, now):
        return page(request, faces.too_often())
    if checkout is None:
        return page(request, faces.unknown())
    if not checkouts.may_open(checkout, now):
        return page(request, faces.of_checkout(checkout), checkout)
    if not (current_settings().imp_key and current_settings().user_code):
        return _cannot_open(request, checkout, "JANGBU_IMP_KEY or JANGBU_USER_CODE is not set")
    try:
        require_enough(checkout, merchant_now(), now)
        # A HEAD opens nothing.
        window = None if request.method == "HEAD" else _begin(request, checkout, now)
    except InvalidRequest as problem:
        return page(request, faces.too_little(problem), checkout)
    except Moved:
        with reading(open_store()) as conn:
            return page(request, faces.of_checkout(checkouts.get(conn, checkout.id)), checkout)
    except JangbuError as error:
        return _cannot_open(request, checkout, type(error).__name__)
    return page(request, faces.to_pay(checkout), checkout, window=window, facts=_asked(checkout))


def _cannot_open(request: Request, checkout: Checkout, why: str) -> Response:
    log.warning("a link cannot be opened", why=why)
    return page(request, faces.cannot_open(), checkout, again=_address(request, checkout))


def _begin(request: Request, checkout: Checkout, now: float) -> dict[str, Any]:
    """What the window is told of a new order. Raises JangbuError."""
    with saving(open_store()) as conn:
        attempt = attempts.begin(conn, checkout.id, now)
    register_amount(open_gateway(), attempt.merchant_uid, checkout)
    back = f"{_address(request, checkout)}/return"
    whose = {"user_code": current_settings().user_code} | ({"tier_code": checkout.tier} if checkout.tier else {})
    return whose | {"back": back, "param": window_of(checkout, attempt.merchant_uid, back)}


def _address(request: Request, checkout: Checkout) -> str:
    return f"{base_url(request)}/pay/{checkout.token}"


def _asked(checkout: Checkout) -> list[tuple[str, str]]:
    """By what it is paid, and until when."""
    method = Way(json.loads(checkout.request).get("pay_method"), checkout.pg_provider, None).words()
    return [(_("Payment method"), method)] * bool(method) + [(_("Until"), _until(checkout.expires_at))]


def _until(at: int | None) -> str:
    return _("{time} KST").format(time=formats.time(at)[: len("2026-11-23 15:04")])


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
    imp_uid = _told(request, "imp_uid")
    # Another payment of the same order has to go back.
    stands = attempt.state in _STANDS and not attempt.look_at and imp_uid in ("", attempt.imp_uid)
    if stands or now - attempt.read_at < _OFTEN:
        return _result(request, checkout, attempt)
    try:
        with saving(open_store()) as conn:
            attempts.is_told(conn, merchant_uid, now)
        found = verify(
            open_gateway(), open_store(), merchant_uid, now,
            imp_uid=imp_uid, refunds=refund_policy(),
        )  # fmt: skip
    except JangbuError:
        return page(request, faces.being_checked(), checkout)
    wake_executor()
    return _result(request, checkout, found or attempt)


def _result(request: Request, checkout: Checkout, attempt: CheckoutAttempt) -> Response:
    said, age = _told(request, "error_msg", whole=True), int(time.time()) - attempt.began_at
    if len(said) > _LONGEST_SAID or age > _SAID_WITHIN:
        said = ""
    state = attempt.state
    if state in (AttemptState.STARTED, AttemptState.CHECKING) and said:
        # The window says that it ended, and the gateway knows of no payment: it failed before there was one.
        state = AttemptState.FAILED.value
    failed = state == AttemptState.FAILED
    with reading(open_store()) as conn:
        payment = get_payment(conn, attempt.imp_uid) if attempt.imp_uid else None
        open_still = checkouts.may_open(checkouts.get(conn, checkout.id), time.time())
    facts = _account(payment) if state == AttemptState.WAITING and payment and payment.vbank_num else []
    words = (attempt.fail_reason or said) if failed else ""
    face = faces.of_attempt(state, goes_back=_goes_back(checkout, attempt), said=bool(words))
    slip = (payment.receipt_url or "") if payment and state == AttemptState.PAID else ""
    facts.append((_("Order number"), attempt.merchant_uid))
    return page(
        request, _slower(face, age), checkout, verbatim=words, facts=facts,
        receipt=slip if slip.startswith(("https://", "http://")) else "",
        again=_address(request, checkout) if failed and open_still else "",
    )  # fmt: skip


def _account(payment: Payment) -> list[tuple[str, str]]:
    return [
        (_("Bank"), payment.vbank_name or ""), (_("Account"), payment.vbank_num or ""),
        (_("Until"), _until(payment.vbank_date)),
    ]  # fmt: skip


def _slower(face: Face, age: int) -> Face:
    """A page that was left open looks ever more seldom: each look is a reading of the gateway."""
    return replace(face, again_in=min(max(face.again_in, age // 20), _SELDOM)) if face.again_in else face


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
