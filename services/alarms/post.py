"""Alarms over HTTP: to a Slack channel by its incoming webhook, and as JSON to any address."""

import logging
import ssl

import httpx

from services.alarms.message import Message, NotDelivered, Why

_PATIENCE = httpx.Timeout(10.0)

# Their lines hold whole addresses, and these are secrets.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


def send_slack(address: str, message: Message) -> None:
    """Posts to an incoming webhook. Raises NotDelivered."""
    text = f"*{message.title}*\n{message.body}"
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, entity)
    _post(address, {"text": text})


def send_webhook(address: str, message: Message) -> None:
    """Posts the message as one JSON object; `id` is the same for the same matters. Raises NotDelivered."""
    _post(address, {"id": message.id, "title": message.title, "text": message.body, **message.told})


def _post(address: str, body: object) -> None:
    try:
        with (
            httpx.Client(timeout=_PATIENCE, follow_redirects=False, trust_env=False) as client,
            # What is answered is not read: a slow answer would hold this up.
            client.stream("POST", address, json=body) as response,
        ):
            status = response.status_code
    except httpx.TimeoutException:
        raise NotDelivered(Why.TIMED_OUT) from None
    except httpx.HTTPError as error:
        is_tls = isinstance(error.__cause__, ssl.SSLError) or "CERTIFICATE" in str(error)
        raise NotDelivered(Why.NOT_ENCRYPTED if is_tls else Why.UNREACHABLE) from None
    except httpx.InvalidURL:
        raise NotDelivered(Why.UNREACHABLE) from None
    if not httpx.codes.is_success(status):
        raise NotDelivered(Why.REFUSED)
