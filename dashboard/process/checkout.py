"""The loop that looks after links, and what buyer and bank are told where money goes back by itself."""

import threading
from typing import TYPE_CHECKING

from services.checkout.checkouts import Channel
from services.checkout.loop import run_loop
from services.checkout.parameters.case import NAVERPAY, Merchant
from services.checkout.policy import ALTERED, ENDED, SURPLUS, Refunds
from services.errors import SettingsError
from sqlalchemy import Engine

from dashboard.locale import _, in_language
from dashboard.process.resources import current_settings, open_gateway

if TYPE_CHECKING:
    from services.checkout.files.link_rows import Terms

_wake = threading.Event()


def refund_policy() -> Refunds:
    """How what was altered, or paid twice, goes back: the reasons in the language that reasons are told in."""
    settings = current_settings()
    with in_language(settings.reason_language):
        return Refunds(settings.checkout_refund_waits, _(ALTERED), _(SURPLUS), _(ENDED))


def merchant_now() -> Merchant:
    """What the merchant's contracts say."""
    settings = current_settings()
    return Merchant(
        use_confirm_day=settings.naverpay_use_day,
        high_risk=settings.naverpay_high_risk,
        minimums={NAVERPAY: settings.naverpay_minimum},
    )


def require_links() -> None:
    """Raises SettingsError where a link would have no address, or no shop that is paid by it."""
    settings = current_settings()
    if not settings.user_code:
        raise SettingsError(
            "JANGBU_USER_CODE must be set: the shop's identification code of the console, which the window asks for."
        )
    if not settings.public_url:
        raise SettingsError("JANGBU_PUBLIC_URL must be set: the address by which buyers reach Jangbu.")


def address_of(token: str) -> str:
    """Where a buyer opens a link."""
    return f"{current_settings().public_url.rstrip('/')}/pay/{token}"


def terms_of(channel: Channel) -> "Terms":
    """What is the same for all links of a file; what a registration is called, in the language of reasons."""
    # Not above: files need what no command should wait for at its start.
    from services.checkout.files.link_rows import Terms

    with in_language(current_settings().reason_language):
        return Terms(channel, merchant_now(), _("Recurring payments"))


def wake_links() -> None:
    """A webhook has come: it need not wait for the next turn."""
    _wake.set()


def watch_links(stop: threading.Event, engine: Engine) -> None:
    """Looks after links until told to stop."""
    run_loop(stop, _wake, open_gateway(), engine, refund_policy)
