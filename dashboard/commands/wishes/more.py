"""What a command has V1 take with a charge or a booking besides; who buys comes by a file or stdin."""

import hmac
from collections.abc import Mapping, Sequence
from typing import IO

from services.errors import InvalidRequest
from services.operations.actions.parameters.extras import BUYER, NAMES
from services.typed_text import typed

from dashboard.process.resources import current_settings


def given_more(more: Sequence[str] | None, buyer: IO[str] | None) -> dict[str, str]:
    """NAME=VALUE each, of the command's words and of the file. Raises InvalidRequest."""
    lines = buyer.read().strip().splitlines() if buyer else []
    told = _pairs(more or (), [name for name in NAMES if name not in BUYER], "more")
    return told | _pairs(lines, BUYER, "buyer_from")


def sealed_more(more: Mapping[str, str]) -> tuple[str, ...]:
    """All of it as one word, whose it is too, under a key that the database does not hold; nothing for nothing."""
    if not more:
        return ()
    text = "\0".join(f"{name}={typed(value)}" for name, value in sorted(more.items()))
    secret = current_settings().imp_secret.get_secret_value().encode()
    return (hmac.new(secret, text.encode(), "sha256").hexdigest(),)


def _pairs(lines: Sequence[str], known: Sequence[str], field: str) -> dict[str, str]:
    found = {}
    for line in lines:
        name, sign, value = line.partition("=")
        if not sign or name.strip() not in known:
            raise InvalidRequest("NAME=VALUE, where NAME is one of {known}.", field=field, known=", ".join(known))
        found[name.strip()] = value
    return found
