"""Ids that an answer may name: they stay whole in its words, however much one looks like a number of a card."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import unquote

import httpx
import msgspec

from services.forbidden_numbers import hide_forbidden
from services.gateway.reasons import without_personal

_IDS = ("imp_uid", "merchant_uid", "customer_uid")
_SPOKEN = ("name", "buyer_name", "buyer_addr", "customer_name", "reason", "cancel_reason", "fail_reason")
"""Free text: somebody may have written a number that nobody may keep."""

_ESCAPED = re.compile(r'"(?:[^"\\]*\\.)+[^"\\]*"')


def asked_about(request: httpx.Request) -> set[str]:
    """The ids in a request's path, query and body."""
    path, _mark, _query = request.url.raw_path.decode().partition("?")
    found = {unquote(part) for part in path.split("/")}
    found |= {value for name, value in request.url.params.multi_items() if name.removesuffix("[]") in _IDS}
    return found | set(_in_body(msgspec.json.decode(request.content))) if request.content else found


def hide_in(fields: dict[str, Any], ids: Mapping[str, Any]) -> dict[str, Any]:
    """A row's fields with such numbers hidden in its free text; `ids` holds those of the row that it belongs to."""
    known = [ids.get(name) for name in _IDS]
    texts = {name: text for name in _SPOKEN if (text := fields.get(name))}
    if reason := texts.get("fail_reason"):
        fields = fields | {"fail_reason": (told := without_personal(reason, known))}
        texts["fail_reason"] = told
    hidden = {name: told for name, text in texts.items() if (told := hide_forbidden(text, known)) != text}
    return fields | hidden if hidden else fields


def as_it_came(raw: bytes) -> str:
    """A payment's bytes as text, nothing changed but such numbers hidden outside of its ids."""
    try:
        known = set(_in_body(msgspec.json.decode(raw), names=(*_IDS, "pg_tid", "apply_num", "cancellation_id")))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        known = set()
    return hide_forbidden(_ESCAPED.sub(partial(_hidden_in, known), raw.decode("utf-8", "replace")), known)


def _hidden_in(known: set[str], literal: re.Match[str]) -> str:
    """A text that is written with escapes, unchanged where nothing in it is to be hidden."""
    try:
        told = json.loads(literal[0], strict=False)
    except ValueError:
        return literal[0]
    hidden = hide_forbidden(told, known)
    return literal[0] if hidden == told else json.dumps(hidden)


def _in_body(value: Any, name: str = "", names: Collection[str] = _IDS) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _in_body(inner, key, names)
    elif isinstance(value, list):
        for inner in value:
            yield from _in_body(inner, name, names)
    elif name in names:
        yield str(value)
