"""`/webhook/{secret}` and `/confirm/{secret}`: what the gateway calls. They leak nothing but yes and no."""

import hmac
import json
import time
from decimal import Decimal, InvalidOperation
from functools import cache

import anyio
from services.checkout import webhooks
from services.checkout.confirm import UNKNOWN, confirm
from services.store.engine import writing
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from dashboard.locale import _, in_language
from dashboard.process.checkout import wake_links
from dashboard.process.resources import current_settings, open_store

_THREADS = 4


@cache
def _own_threads() -> anyio.CapacityLimiter:
    """Beside those that all else shares: buyers' pages hold these for as long as the gateway lets them wait."""
    return anyio.CapacityLimiter(_THREADS)


async def webhook(request: Request) -> Response:
    """POST: 200 once it is written down, 400 for what no gateway says, 503 where it could not be written."""
    body = await _body(request)
    if body is None:
        return PlainTextResponse("Not found", status_code=404)
    try:
        said = webhooks.read_body(body, request.headers.get("content-type", ""))
    except ValueError:
        return PlainTextResponse("Bad request", status_code=400)
    try:
        await anyio.to_thread.run_sync(_take, said, limiter=_own_threads())
    except SQLAlchemyError:
        return PlainTextResponse("Try again", status_code=503)
    return PlainTextResponse("OK")


def _take(said: webhooks.Said | None) -> None:
    with writing(open_store()) as conn:
        if said is None:
            webhooks.note_other_version(conn, time.time())
        else:
            webhooks.take(conn, said, time.time())
    wake_links()


async def confirmed(request: Request) -> Response:
    """POST before an approval: 200 to go on, 409 with a reason for the buyer to stop it."""
    body = await _body(request)
    if body is None:
        return PlainTextResponse("Not found", status_code=404)
    try:
        told = json.loads(body, parse_float=Decimal)
        ids = told["imp_uid"], told["merchant_uid"]
        amount = Decimal(told["amount"])
    except (ValueError, KeyError, TypeError, InvalidOperation, RecursionError):
        return PlainTextResponse("Bad request", status_code=400)
    if not all(isinstance(one, str) for one in ids):
        return PlainTextResponse("Bad request", status_code=400)
    refused = await anyio.to_thread.run_sync(_confirm, *ids, amount, limiter=_own_threads())
    if refused is None:
        return JSONResponse({})
    with in_language(current_settings().reason_language):
        return JSONResponse({"reason": _(refused)}, status_code=409)


def _confirm(imp_uid: str, merchant_uid: str, amount: Decimal) -> str | None:
    try:
        with writing(open_store()) as conn:
            return confirm(conn, imp_uid, merchant_uid, amount, time.time())
    except SQLAlchemyError:
        # Nothing could be reserved: the payment stops rather than being made twice.
        return UNKNOWN


async def _body(request: Request) -> bytes | None:
    """The body, at most 64 KiB of it; None for whoever does not know the address."""
    secret = current_settings().hook_secret.get_secret_value()
    if not secret or not hmac.compare_digest(request.path_params["secret"].encode(), secret.encode()):
        return None
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > webhooks.LARGEST:
            return b""
    return body
