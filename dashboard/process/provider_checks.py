"""Whether a provider's section of `[auth]` is filled in: nobody signs in by what an example leaves open."""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from services.errors import SettingsError

_NEEDED = ("client_id", "client_secret", "server_metadata_url")
# A whole value in brackets, a bracketed part of an address, README's TENANT: a secret of somebody's may have any sign.
_OPEN = re.compile(r"…|^\.+$|^[<{].*[>}]$|/[<{]|\bTENANT\b|(?i:\bexample\.(com|org|net)\b|^your[-_ ])")
_WELL_KNOWN = "/.well-known/openid-configuration"
_MICROSOFT = "login.microsoftonline.com"


def require_provider(name: str, section: Mapping[str, Any], trusted: Iterable[str], place: Path) -> None:
    """Raises SettingsError for what is missing in a section, or still an example's."""
    for key in _NEEDED:
        given = str(section.get(key) or "").strip()
        if not given:
            raise SettingsError("{name} of [{section}] is missing in {place}.", name=key, section=name, place=place)
        require_filled_in(key, given, name, place)
    address = str(section["server_metadata_url"]).strip()
    require_address("server_metadata_url", address, place)
    if urlsplit(address).hostname == _MICROSOFT:
        _require_trust(address, trusted)


def require_filled_in(name: str, given: str, section: str, place: Path) -> None:
    """Raises SettingsError where a value is an example's; the value is not repeated."""
    if _OPEN.search(given):
        raise SettingsError(
            "{name} of [{section}] in {place} is still the example's: write what your provider gave you, "
            "or take the section out.",
            name=name, section=section, place=place,
        )  # fmt: skip


def require_address(name: str, given: Any, place: Path, *, ends: str = "") -> None:
    """Raises SettingsError for an address that is none, or not encrypted on its way to another machine."""
    try:
        parts = urlsplit(str(given or ""))
        host = parts.hostname or ""
    except ValueError:
        host = ""
    safe = bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host)))
    if not safe or not parts.path.endswith(ends):
        raise SettingsError(
            "{name} of [auth] in {place} should be like https://jangbu.example.com{path}; http only to this machine.",
            name=name,
            place=place,
            path=ends or _WELL_KNOWN,
        )


def _require_trust(address: str, trusted: Iterable[str]) -> None:
    """Microsoft never says that an address is verified: by an issuer that is not trusted nobody gets in."""
    tenant, _slash, version = urlsplit(address).path.strip("/").removesuffix(_WELL_KNOWN.strip("/")).partition("/")
    own = f"https://{_MICROSOFT}/{tenant}/v2.0" if version.startswith("v2.0") and _is_id(tenant) else ""
    if own in trusted if own else any(one.startswith(f"https://{_MICROSOFT}/") for one in trusted):
        return
    raise SettingsError(
        "Nobody can sign in by Microsoft, which does not say that an address is verified, before its issuer is "
        "trusted. Write JANGBU_TRUSTED_ISSUERS={issuer}",
        issuer=own or f"https://{_MICROSOFT}/00000000-0000-0000-0000-000000000000/v2.0",
    )


def _is_id(tenant: str) -> bool:
    try:
        UUID(tenant)
    except ValueError:
        return False
    return True


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
