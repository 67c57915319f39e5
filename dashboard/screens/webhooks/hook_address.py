"""Whether webhooks come, and the address that PortOne's console has to be given."""

import streamlit as st
from services.checkout.webhook_log import MOST, Arrival

from dashboard.locale import _, ngettext
from dashboard.settings import Settings
from dashboard.words import formats

_HIDDEN = "•" * 12


def arrival_line(arrival: Arrival, now: float, settings: Settings) -> None:
    """When the last one came; a warning where none did for a day although payments were made."""
    if arrival.last_at:
        ago = formats.seconds(now - arrival.last_at)
        words = _("The last webhook came at {time} KST, {ago} ago.")
        st.caption(formats.escape(words.format(time=formats.time(arrival.last_at), ago=ago)))
    if arrival.missed and settings.hook_secret.get_secret_value():
        n = formats.counted(arrival.missed, more=arrival.missed >= MOST)
        words = ngettext(
            "No webhook came within 24 hours, although {n} payment was made: look whether PortOne's console has the "
            "address below.",
            "No webhook came within 24 hours, although {n} payments were made: look whether PortOne's console has the "
            "address below.",
            arrival.missed,
        )
        st.warning(words.format(n=n), icon=":material/notifications_off:")


def hook_address(settings: Settings, *, unfold: bool, may_see: bool) -> None:
    """The address of webhooks, its secret hidden until who sets up wants to see it, and what else the console asks."""
    with st.expander(_("Address for PortOne's console"), icon=":material/webhook:", expanded=unfold):
        secret = settings.hook_secret.get_secret_value()
        if not secret or not settings.public_url:
            lacks = "JANGBU_PUBLIC_URL" if secret else "JANGBU_HOOK_SECRET"
            words = _("Webhooks are not answered: {name} is not set. Whoever runs Jangbu sets it.")
            st.info(words.format(name=formats.escape(lacks)), icon=":material/settings:")
            return
        shown = may_see and st.toggle(_("Show the secret"), key="hook_secret_shown")
        _address(settings, "webhook", secret if shown else "")
        if not may_see:
            st.caption(_("Finance and whoever runs Jangbu see the secret."))
        st.caption(
            _(
                "Paste it into the webhook settings of PortOne's console, once for live and once for test payments: "
                "version V1, content type application/json. Where a firewall stands before Jangbu, let PortOne's "
                "addresses in; restricting the address to them is optional, since nothing that is said there is "
                "believed."
            )
        )
        st.caption(
            _("Confirm process: the address that is asked before each approval, once PortOne has switched it on")
        )
        _address(settings, "confirm", secret if shown else "")


def _address(settings: Settings, path: str, secret: str) -> None:
    address = f"{settings.public_url.rstrip('/')}/{path}/"
    if secret:
        st.code(address + secret, language=None, wrap_lines=True)
    else:
        # Without the button that copies: nobody pastes dots.
        st.text(address + _HIDDEN)
