"""The two bodies that move money are those of the vendor's description; collected where that lies near by."""

import json
from typing import Any

import pytest

from services.gateway.reading import _encoder
from services.gateway.requests import AgainRequest, CancelRequest
from tests.test_gateway_contract import FOUND

ACCOUNT = {"refund_bank": "088", "refund_account": "1", "refund_holder": "홍길동", "refund_tel": "010"}
CANCEL = CancelRequest("imp_1", 1_025, 5_000, "USD", "단순 변심", "customer", 1, 2, ACCOUNT, True)
AGAIN = AgainRequest("key", "J1", 60_000, "USD", "구독", 5, 3, "20991231")
_TYPES: dict[str, type | tuple[type, ...]] = {"number": (int, float), "integer": int, "string": str, "boolean": bool}


def test_a_refund_without_a_positive_amount_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="positive"):
        CancelRequest("imp_1", 0, 5_000, "KRW", "단순 변심", "customer").body()


if FOUND:

    @pytest.mark.parametrize(
        ("path", "body"),
        [("/payments/cancel", CANCEL.body()), ("/subscribe/payments/again", AGAIN.body())],
    )
    def test_every_field_that_moves_money_is_described(path: str, body: dict[str, Any]) -> None:
        described = {one["name"]: one for one in json.loads(FOUND.read_text())["paths"][path]["post"]["parameters"]}
        sent = json.loads(_encoder.encode(body))
        assert sent.keys() <= described.keys()
        assert {name for name, one in described.items() if one.get("required")} <= sent.keys()
        for name, value in sent.items():
            wanted = _TYPES.get(described[name].get("type", ""))
            assert wanted is None or isinstance(value, wanted), name
            assert value in described[name].get("enum", [value])
