"""What changes something is sent as the vendor's description says; collected where that lies near by."""

import json
from typing import Any

import pytest

from services.gateway.http import _encoder
from services.gateway.pg_requests import NaverConfirmRequest
from services.gateway.requests import (
    AgainRequest,
    Booking,
    BookRequest,
    CancelRequest,
    DeleteKeyRequest,
    MoveRequest,
    UnscheduleRequest,
)
from services.operations.actions.refunds import FLAGS
from tests.gateway.test_contract import FOUND

ACCOUNT = {"refund_bank": "088", "refund_account": "1", "refund_holder": "홍길동", "refund_tel": "010"}
CANCEL = CancelRequest("imp_1", 1_025, 5_000, "USD", "단순 변심", "customer", 1, 2, ACCOUNT, FLAGS)
AGAIN = AgainRequest("key", "J1", 60_000, "USD", "구독", 5, 3, "20991231")
BOOK = BookRequest("key", (Booking("J1", 1_790_000_000, 60_000, "구독", "USD", 5, "20991231"),))
_SCHEDULE = "/subscribe/payments/schedule"
_TYPES: dict[str, type | tuple[type, ...]] = {"number": (int, float), "integer": int, "string": str, "boolean": bool}


def test_a_refund_without_a_positive_amount_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="positive"):
        CancelRequest("imp_1", 0, 5_000, "KRW", "단순 변심", "customer").body()


if FOUND:

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("post", "/payments/cancel", CANCEL.body()),
            ("post", "/subscribe/payments/again", AGAIN.body()),
            ("post", _SCHEDULE, BOOK.body()),
            ("put", _SCHEDULE + "/{merchant_uid}", MoveRequest(1_790_000_000).body()),
            ("post", _SCHEDULE + "/{merchant_uid}/reschedule", MoveRequest(1_790_000_000).body()),
            ("post", _SCHEDULE + "/{merchant_uid}/retry", {}),
            ("post", "/subscribe/payments/unschedule", UnscheduleRequest("key", ("J1",)).body()),
            ("post", "/payments/{imp_uid}/naver/confirm", NaverConfirmRequest("admin").body()),
            ("post", "/payments/{imp_uid}/naver/point", {}),
            ("delete", "/subscribe/customers/{customer_uid}", DeleteKeyRequest("해지", "customer").params()),
        ],
    )
    def test_every_field_that_changes_something_is_described(method: str, path: str, body: dict[str, Any]) -> None:
        parameters = json.loads(FOUND.read_text())["paths"][path][method]["parameters"]
        described = {one["name"]: one for one in parameters if one["in"] != "path"}
        sent = json.loads(_encoder.encode(body))
        assert sent.keys() <= described.keys()
        assert {name for name, one in described.items() if one.get("required")} <= sent.keys()
        for name, value in sent.items():
            wanted = _TYPES.get(described[name].get("type", ""))
            assert wanted is None or isinstance(value, wanted), name
            assert value in described[name].get("enum", [value])

    def test_every_field_of_a_booking_is_described() -> None:
        parameters = json.loads(FOUND.read_text())["paths"][_SCHEDULE]["post"]["parameters"]
        (schedules,) = (one["description"] for one in parameters if one["name"] == "schedules")
        (entry,) = BOOK.body()["schedules"]
        assert {name for name in (*entry, *entry["extra"]) if name not in schedules} == set()
