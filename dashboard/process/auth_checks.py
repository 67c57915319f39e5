"""Whether `[auth]` can be trusted with anybody's money: looked at before anything is served, and by `jangbu doctor`."""

import os
import re
import socket
import tomllib
from pathlib import Path
from typing import Any

import streamlit as st
from services.errors import SettingsError

from dashboard.access import auth_configured, is_loopback, provider_sections
from dashboard.locale import _
from dashboard.options import secrets_place
from dashboard.process.provider_checks import require_address, require_filled_in, require_provider
from dashboard.settings import Settings

_SHORTEST = 32
# What stands in examples, and is copied with them: anybody can sign a cookie with it.
_EXAMPLE = re.compile(
    r"x+|.*(example|change|replace|placeholder|password|secret|your[-_ ]).*", re.IGNORECASE | re.DOTALL
)
_CALLBACK = "/oauth2callback"
_LINE = re.compile(r"at line (\d+)")


def require_sound_auth(settings: Settings) -> None:
    """Raises SettingsError, which names what to mend, where sign-in is expected and absent, or is not safe."""
    place = secrets_place()
    if not _is_there(place):
        _require_that_nobody_expects_it(settings, place)
        return
    auth = st.secrets["auth"]
    _require_secret(auth.get("cookie_secret"), place)
    require_address("redirect_uri", auth.get("redirect_uri"), place, ends=_CALLBACK)
    require_filled_in("redirect_uri", auth["redirect_uri"], "auth", place)
    for name, section in provider_sections().items():
        require_provider(name, section, settings.trusted_issuers, place)


def require_safe_host(host: str, *, with_auth: bool | None = None) -> None:
    """Without sign-in only this machine may come in. Raises SettingsError for any other address, or for none."""
    try:
        socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        raise SettingsError(
            "JANGBU_HOST: {host} is no address and no name that this machine knows; use 127.0.0.1, or 0.0.0.0 for all "
            "it has.",
            host=host,
        ) from None
    if with_auth is None:
        with_auth = auth_configured()
    if not with_auth and not is_loopback(host):
        raise SettingsError(
            "JANGBU_HOST: {host} is open to other machines, and nobody has to sign in. Use 127.0.0.1, "
            "or configure sign-in: [auth] in .streamlit/secrets.toml and JANGBU_ROLES.",
            host=host,
        )


def _is_there(place: Path) -> bool:
    # Streamlit takes a file that it cannot read for one that is not there.
    text = ""
    try:
        text = place.read_text(encoding="utf-8")
        tomllib.loads(text)
    except FileNotFoundError:
        pass
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))  # nothing else of its words: they may hold a secret
        raise SettingsError(
            "{place} is not TOML at line {line}: a section stands in brackets like [auth.google], "
            'a value in quotes like client_id = "…", each name once.',
            place=place, line=found[1] if found else len(text.splitlines()),
        ) from None  # fmt: skip
    except (OSError, UnicodeDecodeError):
        raise SettingsError(
            "{place} cannot be read: it has to be a text file in UTF-8 that belongs to the user who starts Jangbu.",
            place=place,
        ) from None
    return auth_configured()


def _require_that_nobody_expects_it(settings: Settings, place: Path) -> None:
    if settings.roles or settings.secrets_file or _stands_here(Path.cwd() / ".streamlit" / "secrets.toml"):
        raise SettingsError(
            "Sign-in is expected, but {place} has no [auth]. It stands there, or where JANGBU_SECRETS_FILE says; "
            "for a local tool without sign-in leave JANGBU_ROLES and JANGBU_SECRETS_FILE empty.",
            place=place,
        )


def _stands_here(elsewhere: Path) -> bool:
    try:
        return "[auth" in elsewhere.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False


def _require_secret(given: Any, place: Path) -> None:
    if given is None and os.environ.get("STREAMLIT_SERVER_COOKIE_SECRET"):
        raise SettingsError(
            "STREAMLIT_SERVER_COOKIE_SECRET does not sign people in: write it as cookie_secret of [auth] in {place}.",
            place=place,
        )
    secret = given if isinstance(given, str) else ""
    if len(secret.encode()) < _SHORTEST or _EXAMPLE.fullmatch(secret):
        raise SettingsError(
            "cookie_secret of [auth] in {place} is empty, shorter than 32 bytes or an example's: with it anybody "
            "signs in as anybody. Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'",
            place=place,
        )


def sign_in_told(settings: Settings) -> str:
    """What `jangbu doctor` says of it. Raises SettingsError as above."""
    require_sound_auth(settings)
    require_safe_host(settings.host)
    if not auth_configured():
        words = _("not configured: loopback only ([auth] would stand in {place})")
        return words.format(place=secrets_place())
    return _("configured in {place}").format(place=secrets_place())
