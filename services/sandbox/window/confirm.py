"""The confirm process: the shop is asked just before a payment is approved."""

import httpx

from services.sandbox.world.shelf import Row, encode

_WITHOUT = ("naverco", "daou", "eximbay")
"""PGs that cannot ask."""
_WORDS = "고객사 요청에 의해 결제를 중단합니다. (상세사유 : {})"
_UNKNOWN = "알 수 없음"


def asks(row: Row) -> bool:
    """Whether a shop is asked about such a payment: not where a billing key is registered."""
    return row["customer_uid"] is None and row["pg_provider"] not in _WITHOUT


def objection(url: str, row: Row, seconds: float) -> str | None:
    """Asks the shop; None where it agrees with 200 in time, else the `fail_reason` that stops the payment."""
    body = encode({name: row[name] for name in ("imp_uid", "merchant_uid", "amount")})
    headers = {"content-type": "application/json"}
    try:
        answer = httpx.post(url, content=body, headers=headers, timeout=seconds, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL):
        return _WORDS.format(_UNKNOWN)
    return None if answer.status_code == 200 else _WORDS.format(_reason(answer))


def _reason(answer: httpx.Response) -> str:
    try:
        found = answer.json()
    except ValueError:
        return _UNKNOWN
    reason = found.get("reason") if isinstance(found, dict) else None
    return reason if isinstance(reason, str) and reason else _UNKNOWN
