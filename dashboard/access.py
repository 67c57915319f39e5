"""Who is signed in and what they may do: one permission table for every screen and route."""

import ipaddress
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import streamlit as st

from dashboard.options import fix_options
from dashboard.settings import Role


class Permission(StrEnum):
    """One thing that a role may or may not do."""

    SEE_PAYMENTS = "see_payments"
    SEE_BUYERS = "see_buyers"
    """Names, phones, e-mails and addresses in full, and searching by them."""
    READ_AGAIN = "read_again"
    EXPORT = "export"
    SEE_SYSTEM = "see_system"
    REFUND = "refund"
    CHARGE = "charge"
    SCHEDULE = "schedule"
    """Booking payments, moving, revoking and booking them again, and charging a failed one now."""
    DELETE_KEY = "delete_key"
    RECEIPT = "receipt"
    """Issuing cash receipts and cancelling them."""
    VBANK = "vbank"
    """Issuing virtual accounts and convenience store numbers, changing and revoking them."""
    NAVER_CONFIRM = "naver_confirm"
    """Confirming Naver Pay's escrow orders for good."""
    NAVER_POINTS = "naver_points"
    """Having Naver Pay credit a buyer's points."""
    DELIVERY = "delivery"
    """Entering escrow parcels and changing them, and telling PAYCO and Paymentwall of a delivery."""
    IDENTITY = "identity"
    """Personal data at PortOne: reading and erasing identity verifications, erasing members of KCP Quick."""
    BUYER_REQUESTS = "buyer_requests"
    """What a buyer asks for by law: all that is kept of them in a file, and erasing it."""
    CARD_ENTRY = "card_entry"
    """Typing a card's number: charging it, or making a billing key of it."""
    SEE_ACCESS = "see_access"
    """The access log: who did what with buyers' data."""
    APPROVE = "approve"
    """Saying yes to what somebody else asked for."""
    RESOLVE = "resolve"
    """Settling an operation whose outcome nobody knows."""
    CLOSE_MONTH = "close_month"
    """Writing a month's figures down as they are."""
    MANAGE_PEOPLE = "manage_people"
    """Giving people roles, taking them away, and ending sessions and tokens of others."""
    SET_UP = "set_up"
    """Setting up PortOne's console: the secret of its calls, and what of a channel is done, which no call shows."""


_ASKED_FOR = frozenset(
    {
        Permission.REFUND,
        Permission.CHARGE,
        Permission.SCHEDULE,
        Permission.DELETE_KEY,
        Permission.RECEIPT,
        Permission.VBANK,
        Permission.DELIVERY,
    }
)
_NAVER = {Permission.NAVER_CONFIRM, Permission.NAVER_POINTS}
_PRIVACY = {Permission.IDENTITY, Permission.BUYER_REQUESTS, Permission.SEE_ACCESS}
"""For whoever answers for personal data, which handling money does not make anybody."""
_ADMIN = {Permission.MANAGE_PEOPLE}
_MONEY = _ASKED_FOR | _NAVER | {Permission.CARD_ENTRY, Permission.APPROVE, Permission.RESOLVE}
BY_STORE = _MONEY
"""What a role in one sub-store can take there; what is seen goes by the person's own role everywhere."""
PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({Permission.SEE_PAYMENTS}),
    Role.SUPPORT: frozenset(
        {Permission.SEE_PAYMENTS, Permission.SEE_BUYERS, Permission.READ_AGAIN, Permission.RESOLVE, *_ASKED_FOR}
    ),
    Role.FINANCE: frozenset(Permission) - _PRIVACY - _ADMIN - {Permission.CARD_ENTRY},
    Role.MANAGER: frozenset(Permission)
    - _MONEY
    - _PRIVACY
    - _ADMIN
    - {Permission.SEE_BUYERS, Permission.CLOSE_MONTH, Permission.SET_UP},
    Role.ADMIN: frozenset(Permission),
}


Made = Mapping[str, Sequence[str]]
"""Roles that administrators put together: what each may do, by its name."""
NONE_MADE: Made = {}
NOT_GIVEN = frozenset({Permission.MANAGE_PEOPLE, Permission.CARD_ENTRY})
"""What no role but the administrator's holds, whoever puts it together."""


def permissions_of(role: str, made: Made = NONE_MADE) -> frozenset[Permission]:
    """What a role may do: one of ours, or one that was put together; nothing for one that there is not."""
    if role in set(Role):
        return PERMISSIONS[Role(role)]
    return frozenset(one for one in Permission if one.value in made.get(role, ())) - NOT_GIVEN


def allow(permission: Permission, roles: Sequence[str], made: Made = NONE_MADE) -> bool:
    """Whether somebody's role, and after it the one that they have in a store besides, let them do it."""
    own, *there = roles
    return permission in permissions_of(own, made) and (
        permission not in BY_STORE or all(permission in permissions_of(role, made) for role in there)
    )


@dataclass(frozen=True, slots=True)
class User:
    """The person in front of a screen; without sign-in the local user, who may do everything."""

    email: str
    role: str
    stores: Mapping[str, str] = field(default_factory=dict, hash=False)
    """A second role that counts besides in a sub-store, by its code: there they may do what both allow."""
    store: str | None = field(default=None, compare=False)
    """The store of what is looked at; None where that may be of any."""
    made: Made = field(default_factory=dict, hash=False)
    """What roles may do that administrators put together."""

    def may(self, permission: Permission) -> bool:
        """Whether the permission table allows it, in the store that is looked at too."""
        there = self.stores.get(self.store or "")
        return allow(permission, [self.role] if there is None else [self.role, there], self.made)

    def in_store(self, tier: str | None) -> "User":
        """The same person before what is of one store, '' for the main one."""
        return replace(self, store=tier)


LOCAL_USER = User(email="", role=Role.ADMIN)


_stays_on = False


def auth_configured() -> bool:
    """Whether the file of secrets configures Streamlit's sign-in."""
    fix_options()
    return _stays_on or (st.secrets.load_if_toml_exists() and "auth" in st.secrets)


def keep_sign_in(*, on: bool) -> None:
    """An app that serves with sign-in goes on with it: a file that cannot be read any more lets nobody in."""
    global _stays_on
    _stays_on = on


def is_signed_in() -> bool:
    """Whether this connection came with a cookie that Streamlit signed."""
    return bool(st.user.get("is_logged_in", False))


def provider_sections() -> dict[str, Mapping[str, Any]]:
    """The sections that describe a provider, by name: `auth` itself, or `auth.NAME` of each that is named."""
    auth = st.secrets["auth"]
    named = {
        f"auth.{name}": value for name, value in auth.items() if isinstance(value, Mapping) and name != "client_kwargs"
    }
    return named or {"auth": auth}


def providers() -> list[str | None]:
    """The sign-in providers that the secrets name; [None] for the unnamed one."""
    return [name.partition(".")[2] or None for name in provider_sections()]


def is_loopback(host: str) -> bool:
    """Whether every address that a host name stands for is this machine's own."""
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    return all(ipaddress.ip_address(address).is_loopback for address in found)
