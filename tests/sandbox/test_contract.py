"""The sandbox's answers against the vendor's Swagger file, where that file stands beside the project."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from tests.worlds.sandboxes import DAY, UNTIL, Caller, make_caller

SWAGGER = Path(__file__).parents[3] / "shared" / "contract" / "portone-v1.openapi.json"
WINDOW = {"from": UNTIL - 90 * DAY, "to": UNTIL}
BOOKED = {"schedule_from": UNTIL - 60 * DAY, "schedule_to": UNTIL + 30 * DAY}
NAVER = {"reason": "단순 변심", "extra": {"requester": "admin"}}


def nullable(schema: Any, *, needed: bool = True) -> Any:
    """Swagger 2 as JSON schema: what is not required may be null; its lengths are written as strings."""
    if not isinstance(schema, dict):
        return schema
    found = {name: value for name, value in schema.items() if name in ("type", "$ref", "enum", "items", "allOf")}
    if "items" in found:
        found["items"] = nullable(found["items"])
    if "allOf" in found:
        found["allOf"] = [nullable(one) for one in found["allOf"]]
    if "properties" in schema:
        known = schema["properties"]
        # The file requires fields of some definitions that the definition does not have.
        found["required"] = [name for name in schema.get("required", ()) if name in known]
        found["properties"] = {name: nullable(one, needed=name in found["required"]) for name, one in known.items()}
    return found if needed else {"anyOf": [found, {"type": "null"}]}


def a_payment(caller: Caller, status: str = "paid", pg: str = "kakaopay") -> str:
    row = caller.some(
        lambda row: row["status"] == status and row["pg_provider"] == pg and not row["sandbox"]
        and row["started_at"] > UNTIL - 80 * DAY and not row["cancel_amount"]
    )  # fmt: skip
    return str(row["imp_uid"])


def a_key(caller: Caller) -> str:
    return next(uid for uid in caller.world.billing_keys if uid in caller.world.bookings)


def booking(caller: Caller, status: str) -> str:
    rows = caller.world.schedules.values()
    good = (
        row for row in rows if row["schedule_status"] == status and row["customer_uid"] in caller.world.billing_keys
    )
    return str(next(good)["merchant_uid"])


def card(caller: Caller) -> dict[str, str]:
    channel = next(row for row in caller.world.channels if row["type"] == "api_payment")
    return {"channel_key": channel["channel_key"], "card_number": "4092-0230-1234-1234", "expiry": "2030-12"}


def schedule_body(caller: Caller) -> dict[str, Any]:
    entry = {"merchant_uid": "contract2", "schedule_at": UNTIL + DAY, "amount": 5_000, "name": "구독"}
    return {"customer_uid": a_key(caller), "schedules": [entry]}


def transferred(caller: Caller) -> str:
    row = caller.some(
        lambda row: row["pg_provider"] == "html5_inicis" and row["pay_method"] == "trans" and row["status"] == "paid"
    )
    return str(row["imp_uid"])


def by_inicis(caller: Caller) -> dict[str, str]:
    channel = next(row for row in caller.world.channels if row["pg_provider"] == "html5_inicis")
    return {"channel_key": channel["channel_key"]}


def by_escrow(caller: Caller) -> str:
    """A payment by escrow that is paid."""
    if "imp_escrow" not in caller.world.payments:
        own = {"status": "paid", "paid_at": UNTIL - DAY, "pg_provider": "html5_inicis", "escrow": True}
        caller.world.add_payment(30_000, UNTIL - DAY, imp_uid="imp_escrow", **own)
    return "imp_escrow"


def told_paymentwall(caller: Caller) -> dict[str, Any]:
    """What Paymentwall is told of a digital product."""
    own = {"status": "paid", "paid_at": UNTIL - DAY, "pg_provider": "paymentwall"}
    row = caller.world.add_payment(9_000, UNTIL - DAY, imp_uid="imp_wall", **own)
    told = {"type": "digital", "status": "delivered", "refundable": "no", "shipping_address_email": "b@shop.example"}
    times = dict.fromkeys(("estimated_delivery_datetime", "estimated_update_datetime"), UNTIL)
    return {"imp_uid": row["imp_uid"], "merchant_uid": row["merchant_uid"]} | told | times


def by(pg: str) -> dict[str, str]:
    return {"channel_key": f"channel-key-{pg}-api-payment", "merchant_uid": f"contract-{pg}"}


def waiting(caller: Caller, method: str) -> str:
    row = caller.some(
        lambda row: row["pay_method"] == method and row["merchant_uid"] in ("contract-settle", "contract-galaxia")
    )
    return str(row["imp_uid"])


Call = Callable[[Caller], tuple[str, str, dict[str, Any] | None]]
AGAIN = {"merchant_uid": "contract1", "amount": 5_000, "name": "구독"}
PREPARE = {"merchant_uid": "contract3", "amount": 5_000}
ACCOUNT = {"amount": 5_000, "vbank_code": "088", "vbank_due": UNTIL + DAY, "vbank_holder": "장부상점"}
RECEIPT, SALE = {"identifier": "01012345678"}, {"name": "현장 판매", "amount": 11_000}
EXTERNAL = "/receipts/external"
PERSON = {"name": "김서연", "tel": "01012345678", "postcode": "04524", "addr": "서울 중구 1"}
PARCEL = {
    "logis": {"company": "CJGLS", "invoice": "688900112233", "sent_at": UNTIL}, "sender": PERSON, "receiver": PERSON,
}  # fmt: skip
SHIPPED = {"status": "DELIVERY_START"}
ISSUED = "/subscribe/customers/contract"
BOOKING = "/subscribe/payments/schedule"
CERTIFIED = "/certifications"
SOMEBODY = {
    "channel_key": "channel-key-danal-certification", "name": "박하늘", "phone": "01073415678", "birth": "920417",
    "gender_digit": "2", "carrier": "SKT", "merchant_uid": "contract5",
}  # fmt: skip
QUICK = "site_code=T0000&partner_type=IX99&partner_subtype=99IX"
BENEPIA = {"benepia_user": "benepia", "benepia_password": "benepia", "channel_key": "channel-key-kcp-api-payment"}
PAID = {"merchant_uid": "contract6", "amount": 9_900, "name": "도자기 머그컵", "benepia_member_code": "M1"}
OPERATIONS: list[tuple[str, Call]] = [
    ("MultiplePgSettingResponse", lambda c: ("GET", "/users/pg", None)),
    ("StandardCodeListResponse", lambda c: ("GET", "/banks", None)),
    ("StandardCodeResponse", lambda c: ("GET", "/banks/004", None)),
    ("StandardCodeListResponse", lambda c: ("GET", "/cards", None)),
    ("StandardCodeResponse", lambda c: ("GET", "/cards/361", None)),
    ("PaymentResponse", lambda c: ("GET", f"/payments/{a_payment(c)}", None)),
    ("PaymentBalanceResponse", lambda c: ("GET", f"/payments/{a_payment(c, pg='payco')}/balance", None)),
    ("MultiplePaymentsResponse", lambda c: ("GET", f"/payments?imp_uid[]={a_payment(c)}", None)),
    ("PaymentResponse", lambda c: ("GET", "/payments/find/1234qwer", None)),
    ("PaymentListResponse", lambda c: ("GET", "/payments/findAll/1234qwer/paid", None)),
    *(
        ("PaymentListResponse", lambda c, status=status: ("GET", f"/payments/status/{status}?limit=1000", None))
        for status in ("all", "ready", "paid", "cancelled", "failed")
    ),
    ("PaymentResponse", lambda c: ("POST", "/payments/cancel", {"imp_uid": a_payment(c), "amount": 100})),
    ("PaymentResponse", lambda c: ("POST", "/payments/cancel", {"imp_uid": a_payment(c, pg="naverpay"), **NAVER})),
    ("NaverCashAmountResponse", lambda c: ("GET", f"/payments/{a_payment(c, pg='naverpay')}/naver/cash-amount", None)),
    ("PaymentPrepareResponse", lambda c: ("POST", "/payments/prepare", PREPARE)),
    ("PaymentPrepareResponse", lambda c: ("PUT", "/payments/prepare", PREPARE)),
    ("PaymentPrepareResponse", lambda c: ("GET", "/payments/prepare/contract3", None)),
    ("CustomerResponse", lambda c: ("GET", f"/subscribe/customers/{a_key(c)}", None)),
    ("MultipleCustomersResponse", lambda c: ("GET", f"/subscribe/customers?customer_uid[]={a_key(c)}", None)),
    ("PaymentListResponse", lambda c: ("GET", f"/subscribe/customers/{a_key(c)}/payments", None)),
    ("CustomerResponse", lambda c: ("POST", ISSUED, card(c))),
    ("PaymentResponse", lambda c: ("POST", "/subscribe/payments/again", AGAIN | {"customer_uid": a_key(c)})),
    ("ScheduleResponse", lambda c: ("POST", BOOKING, schedule_body(c))),
    ("ScheduleResponse", lambda c: ("GET", f"{BOOKING}?limit=1000&{query(BOOKED)}", None)),
    ("ScheduleResponse", lambda c: ("GET", f"{BOOKING}/customers/{a_key(c)}?{query(WINDOW)}", None)),
    ("ScheduleResponse", lambda c: ("GET", f"/subscribe/customers/{a_key(c)}/schedules?{query(WINDOW)}", None)),
    ("SingleScheduleResponse", lambda c: ("GET", f"{BOOKING}/contract2", None)),
    ("SingleScheduleResponse", lambda c: ("PUT", f"{BOOKING}/contract2", {"schedule_at": UNTIL + 2 * DAY})),
    ("ScheduleResponse", lambda c: ("POST", "/subscribe/payments/unschedule", {"merchant_uid": ["contract2"]})),
    (
        "SingleScheduleResponse",
        lambda c: ("POST", f"{BOOKING}/contract2/reschedule", {"schedule_at": UNTIL + DAY}),
    ),
    ("PaymentResponse", lambda c: ("POST", f"{BOOKING}/{booking(c, 'revoked')}/retry", {})),
    ("ReceiptResponse", lambda c: ("POST", f"/receipts/{transferred(c)}", RECEIPT)),
    ("ReceiptResponse", lambda c: ("GET", f"/receipts/{transferred(c)}", None)),
    ("ReceiptResponse", lambda c: ("DELETE", f"/receipts/{transferred(c)}", None)),
    ("ExternalReceiptResponse", lambda c: ("POST", f"{EXTERNAL}/contract4", RECEIPT | SALE | by_inicis(c))),
    ("ExternalReceiptResponse", lambda c: ("GET", f"{EXTERNAL}/contract4", None)),
    ("ExternalReceiptResponse", lambda c: ("DELETE", f"{EXTERNAL}/contract4", None)),
    ("PaymentResponse", lambda c: ("POST", "/vbanks", ACCOUNT | by("settle"))),
    ("PaymentResponse", lambda c: ("PUT", f"/vbanks/{waiting(c, 'vbank')}", {"vbank_due": UNTIL + 2 * DAY})),
    ("PaymentResponse", lambda c: ("DELETE", f"/vbanks/{waiting(c, 'vbank')}", None)),
    ("PaymentResponse", lambda c: ("POST", "/cvs", PREPARE | by("galaxia"))),
    ("PaymentResponse", lambda c: ("DELETE", f"/cvs/{waiting(c, 'cvs')}", None)),
    ("CustomerResponse", lambda c: ("DELETE", ISSUED, None)),
    ("EscrowLogisResponse", lambda c: ("POST", f"/escrows/logis/{by_escrow(c)}", PARCEL)),
    ("EscrowLogisResponse", lambda c: ("GET", f"/escrows/logis/{by_escrow(c)}", None)),
    ("EscrowLogisResponse", lambda c: ("PUT", f"/escrows/logis/{by_escrow(c)}", PARCEL)),
    ("PaycoStatusResponse", lambda c: ("POST", f"/payco/orders/status/{a_payment(c, pg='payco')}", SHIPPED)),
    ("PaymentwallDeliveryAnnotation", lambda c: ("POST", "/paymentwall/delivery", told_paymentwall(c))),
    ("CertificationResponse", lambda c: ("GET", f"{CERTIFIED}/imp_990000000001", None)),
    ("CertificationOTPResponse", lambda c: ("POST", f"{CERTIFIED}/otp/request", SOMEBODY)),
    ("CertificationResponse", lambda c: ("POST", f"{CERTIFIED}/otp/confirm/{unconfirmed(c)}", {"otp": number_of(c)})),
    ("CertificationResponse", lambda c: ("DELETE", f"{CERTIFIED}/imp_990000000001", None)),
    ("KcpQuickMemberResponse", lambda c: ("DELETE", f"/kcpquick/members/quick_1?{QUICK}", None)),
    ("BenepiaPointResponse", lambda c: ("POST", "/benepia/point", BENEPIA)),
    ("PaymentResponse", lambda c: ("POST", "/benepia/payment", BENEPIA | PAID)),
]


def unconfirmed(caller: Caller) -> str:
    """The verification that waits for its number."""
    return next(uid for uid, row in caller.world.verifications.items() if not row["certified"])


def number_of(caller: Caller) -> str:
    return caller.world.otps[unconfirmed(caller)]


def query(values: dict[str, int]) -> str:
    return "&".join(f"{name}={value}" for name, value in values.items())


if SWAGGER.is_file():
    DEFINITIONS = {
        name: nullable(schema)
        for name, schema in json.loads(SWAGGER.read_text(encoding="utf-8"))["definitions"].items()
    }

    @pytest.fixture(scope="module")
    def caller() -> Caller:
        return make_caller(6_000, paged_schedules=False)

    @pytest.fixture(scope="module")
    def answers(caller: Caller) -> list[httpx.Response]:
        """All operations in order on one sandbox, because later ones read what earlier ones made."""
        found = []
        for _, call in OPERATIONS:
            method, path, body = call(caller)
            accept = {"accept": "application/json"}
            found.append(caller.http.request(method, path, json=body, headers=accept))
        return found

    @pytest.mark.parametrize("number", range(len(OPERATIONS)))
    def test_an_answer_is_what_the_description_says(answers: list[httpx.Response], number: int) -> None:
        answer = answers[number]
        assert answer.status_code == 200, answer.request.url
        found = answer.json()
        assert found["code"] == 0, found["message"]
        assert found["response"]
        definition = f"#/definitions/{OPERATIONS[number][0]}"
        jsonschema.validate(found, {"$ref": definition, "definitions": DEFINITIONS})

    def test_a_token_is_what_the_description_says(caller: Caller) -> None:
        answer = {"code": 0, "message": None, "response": caller.sign_in()}
        jsonschema.validate(answer, {"$ref": "#/definitions/AuthResponse", "definitions": DEFINITIONS})
