"""Streamlit's sign-in cookie, read outside of a script: routes know no st.user."""

import json
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.datastructures import Headers

_NAME = "_streamlit_user"
_MAX_AGE = 12 * 3600


def own_origin() -> str:
    """The address that people sign in at: scheme and host of [auth] redirect_uri."""
    parts = urlsplit(str(st.secrets["auth"]["redirect_uri"]))
    return f"{parts.scheme}://{parts.netloc}"


def cookie_claims(headers: Headers) -> dict[str, Any] | None:
    """The claims of the signed-in person, None without a valid cookie of ours from the last 12 hours."""
    cookies = SimpleCookie(headers.get("cookie", ""))
    value = cookies[_NAME].value if _NAME in cookies else ""
    serializer = URLSafeTimedSerializer(str(st.secrets["auth"]["cookie_secret"]), salt=_NAME)
    try:
        claims = json.loads(serializer.loads(value, max_age=_MAX_AGE))
    except (BadData, ValueError):
        return None
    if not isinstance(claims, dict) or not claims.get("is_logged_in") or claims.get("origin") != own_origin():
        return None
    return claims
