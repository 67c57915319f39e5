"""The ASGI app: Streamlit's script behind our guard, our routes beside it, the freshness loop below it."""

import asyncio
import contextlib
import gc
import importlib
import logging
import secrets
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import streamlit as st
import structlog
from services.operations.journal.head import restored
from services.operations.journal.limits import take_first
from sqlalchemy import Engine
from starlette.middleware import Middleware
from starlette.routing import Route

from dashboard import loops
from dashboard.access import auth_configured, keep_sign_in
from dashboard.locale import LANGUAGES, _, catalog
from dashboard.options import fix_options
from dashboard.process.auth_checks import require_sound_auth
from dashboard.process.clicks import keep_clicks, let_clicks_end
from dashboard.process.lean import stay_lean
from dashboard.process.logs import place_of
from dashboard.process.resources import current_settings, make_store
from dashboard.process.roster import require_sign_in, tell_roster
from dashboard.routes import hooks
from dashboard.routes.export import download
from dashboard.routes.first_page import FirstPage
from dashboard.routes.guard import Guard
from dashboard.routes.health import health
from dashboard.routes.metrics import metrics
from dashboard.routes.pay import pay
from dashboard.routes.sign_in import SignIn

log = structlog.get_logger("jangbu")

CLICKS = 3
"""Seconds that what a click began has."""
LAST = 8
"""Seconds that all of them have to end: the loops themselves take five at most, and are given back then."""

# What the pages use: loaded before the first visitor comes, and out of the garbage collector's way.
_HEAVY = (
    "pandas",
    "pyarrow",
    "dashboard.screens.payments.filters",
    "dashboard.screens.payments.payment_list",
    "dashboard.kit.plots",
    "dashboard.screens.payments.tables",
    "dashboard.screens.payments.timeline",
    "dashboard.menu",
)


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Opens the store, keeps it fresh while the app runs, and waits for the loop to end. Raises SettingsError."""
    require_sound_auth(current_settings())
    for module in _HEAVY:
        importlib.import_module(module)
    for language in LANGUAGES:
        catalog(language)
    engine = make_store()
    require_sign_in(engine)
    keep_sign_in(on=auth_configured())
    _take_rules(engine)
    # Frozen objects are not looked at again, whenever Python collects garbage.
    gc.collect()
    stay_lean()
    stop = threading.Event()
    threads = loops.start(stop)
    try:
        yield
    finally:
        keep_sign_in(on=False)
        await asyncio.to_thread(let_clicks_end, CLICKS)
        stop.set()
        loops.wake()
        until = time.monotonic() + LAST
        for thread in threads:
            await asyncio.to_thread(thread.join, max(until - time.monotonic(), 0))


def _take_rules(engine: Engine) -> None:
    if not restored(engine):
        take_first(engine, current_settings().refund_approval_from, time.time())
        tell_roster()


def say_error(error: Exception) -> bool:
    """A failed script shows a code; the log has the code, the kind of error and where, but no values."""
    code = secrets.token_hex(4)
    log.error("script failed", code=code, error=type(error).__name__, at=place_of(error))
    st.error(
        _("Something went wrong here. Tell the person who runs Jangbu this code: {code}").format(code=code),
        icon=":material/error:",
    )
    return True


# Streamlit's own line holds the traceback, whose message may hold a buyer's data: `say_error` logs instead.
logging.getLogger("streamlit.error_util").addFilter(lambda record: record.exc_info is None)
# Streamlit turns uvicorn's access log on again; its lines would hold the tickets of exports.
logging.getLogger("uvicorn.access").disabled = True

fix_options()
keep_clicks()
app = st.App(
    Path(__file__).with_name("main.py"),
    lifespan=lifespan,
    routes=[
        Route("/healthz", health),
        Route("/metrics", metrics),
        Route("/export/{token}", download),
        Route("/webhook/{secret}", hooks.webhook, methods=["POST"]),
        Route("/confirm/{secret}", hooks.confirmed, methods=["POST"]),
        Route("/pay/static/{name}", pay.static),
        Route("/pay/{token}", pay.opened),
        Route("/pay/{token}/return", pay.returned),
    ],
    middleware=[Middleware(Guard), Middleware(SignIn), Middleware(FirstPage)],
    on_script_error=say_error,
)
