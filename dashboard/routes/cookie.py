"""Streamlit's sign-in cookie, read outside of a script; behind TLS it bears `__Host-` in front, and only there."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from streamlit.auth_util import get_cookie_with_chunks

from dashboard.process.resources import current_settings

NAME = "_streamlit_user"
PREFIX = "__Host-"


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a cookie of ours says: the identity token's claims, when they were signed, and the id of its session."""

    id: str
    claims: Mapping[str, Any]
    at: int


def own_origin() -> str:
    """The address that people sign in at: scheme and host of [auth] redirect_uri."""
    parts = urlsplit(str(st.secrets["auth"]["redirect_uri"]))
    return f"{parts.scheme}://{parts.netloc}"


def behind_tls() -> bool:
    """Whether browsers reach this server by https."""
    return own_origin().startswith("https:")


def is_identity(name: str) -> bool:
    """Whether a cookie is Streamlit's word on who somebody is, or a chunk of it, or their tokens."""
    return name.startswith(NAME)


def sign_in_of(headers: Headers) -> SignIn | None:
    """The sign-in that a request's cookie stands for; None without one of ours that is as young as a session may be."""
    cookies = cookie_parser(headers.get("cookie", ""))
    whole, signed_at = hashlib.sha256(), []

    def unsigned(name: str) -> bytes | None:
        value = cookies.get(name, "")
        serializer = URLSafeTimedSerializer(str(st.secrets["auth"]["cookie_secret"]), salt=name)
        try:
            text, at = serializer.loads(value, max_age=current_settings().lasting.longest, return_timestamp=True)
        except BadData:
            return None
        # By what was signed, not by the cookie: its signature can be spelled in many ways that all hold.
        signed = str(text).encode()
        whole.update(b"%d %d " % (at.timestamp(), len(signed)) + signed)
        signed_at.append(int(at.timestamp()))
        return signed

    try:
        claims = json.loads(get_cookie_with_chunks(unsigned, NAME) or b"null")
    except ValueError:
        return None
    if not isinstance(claims, dict) or claims.get("is_logged_in") is not True or claims.get("origin") != own_origin():
        return None
    return SignIn(whole.hexdigest(), claims, min(signed_at))
