"""From the gateway's payloads to the store's rows: neither knows the other."""

from collections.abc import Mapping
from typing import Any

import msgspec

from services.codes.names import with_names
from services.gateway.payloads import Payload, PaymentPayload, UnreadableRow
from services.plain_text import harmless
from services.store.lists.unreadable import Row
from services.store.writes.payments import PaymentWrite

_SPOKEN = ("name", "buyer_name", "buyer_addr", "customer_name", "reason", "cancel_reason", "fail_reason")
"""Free text: somebody may have written signs that turn the text beside it."""
_encoder = msgspec.json.Encoder(decimal_format="number", enc_hook=str)


def payment_write(payload: PaymentPayload, *, from_list: bool) -> PaymentWrite:
    """A payment to store; only a list's answers leave their digest, because only lists are compared by it."""
    fields, extra, history = payload.contents()
    kept = _harmless(fields)
    refunds = [{**_harmless(refund.fields), "extra": _json(refund.extra)} for refund in history] or _unlisted(kept)
    return PaymentWrite(
        kept | {"extra": _json(extra), "tier": payload.tier}, refunds, payload.digest if from_list else None
    )


def _unlisted(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What was given back of a payment whose history lists nothing: one refund of the sum that it names."""
    at, reason = fields["cancelled_at"] or fields["paid_at"], fields["cancel_reason"]
    return (
        [{"amount": fields["cancel_amount"], "cancelled_at": at, "reason": reason}] if fields["cancel_amount"] else []
    )


def schedule_row(payload: Payload) -> dict[str, Any]:
    """A schedule's row without `read_at`."""
    return plain_row(payload) | {"digest": payload.digest}


def plain_row(payload: Payload) -> dict[str, Any]:
    """A billing key's or channel's row."""
    return {**_harmless(payload.fields), "extra": _json(payload.extra), "tier": payload.tier}


def _harmless(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as they are kept: names that V1 leaves out beside a code are filled in, so that every list has them."""
    texts = {name: text for name in _SPOKEN if (text := fields.get(name))}
    told = {name: told for name, text in texts.items() if (told := harmless(text)) != text}
    return {**fields, **told, **with_names(fields)}


def row_of(unreadable: UnreadableRow) -> Row:
    """A row that could not be read, as it is noted."""
    return unreadable.kind, unreadable.uid, unreadable.reason, unreadable.raw


def _json(extra: dict[str, Any]) -> str | None:
    return _encoder.encode(extra).decode() if extra else None
