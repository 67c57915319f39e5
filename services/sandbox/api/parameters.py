"""What goes along with a charge, a booking or an account: as long as V1 takes it, one of what it knows."""

from typing import Any

from services.sandbox.api.bodies import listed, money
from services.sandbox.api.envelope import No
from services.sandbox.world.rows import Money

_LONGEST = {
    "name": 40, "buyer_name": 16, "buyer_tel": 16, "buyer_email": 64, "buyer_addr": 128, "buyer_postcode": 8,
}  # fmt: skip
_YES_OR_NO = (True, False, "true", "false", "1", "0")
_ONE_OF: dict[str, tuple[object, ...]] = {
    "product_type": ("real", "digital"),
    "cash_receipt_type": ("person", "company", "anonymous"),
    "interest_free_by_merchant": _YES_OR_NO,
    "use_card_point": _YES_OR_NO,
}
_PROMOTION = "promotion-id-"
_SMALL_VAT = "welcome"
"""Whose contract takes no VAT above a tenth of the amount."""
_WANTS_PRODUCT = "ksnet"


def refuse_parameters(body: dict[str, Any], amount: Money, pg: str) -> None:
    """Raises No for the first that V1 does not take; a length that it does not name it takes."""
    for name, longest in _LONGEST.items():
        if len(str(body.get(name) or "")) > longest:
            raise No(400, f"{name}는 최대 {longest}자입니다.")
    for name, known in _ONE_OF.items():
        if body.get(name) not in (None, "", *known):
            raise _wrong(name)
    if not str(body.get("promotion_id") or _PROMOTION).startswith(_PROMOTION):
        raise _wrong("promotion_id")
    if not all(isinstance(one, str) for one in listed(body.get("notice_url"))):
        raise _wrong("notice_url")
    if pg == _SMALL_VAT and money(body.get("vat_amount") or 0, "vat_amount") * 10 > amount:
        raise No(200, "[welcome] 부가세는 결제금액의 10%를 초과할 수 없습니다.", -1)


def require_product(body: dict[str, Any], pg: str) -> None:
    """What one PG wants with each charge. Raises No."""
    if pg == _WANTS_PRODUCT and not body.get("product_type"):
        raise No(200, "필수 파라미터가 누락되었습니다. (product_type)", -1)


def _wrong(name: str) -> No:
    return No(400, f"{name} 값이 올바르지 않습니다.")
