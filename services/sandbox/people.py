"""Made-up buyers and products."""

import random
from dataclasses import dataclass

_SURNAMES = "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심"
_FIRST = "민서지하예도윤시주은수현우준영진성재호승태동경미정혜소유나다라채원"
_SECOND = "준서윤우진아연은수현민호영희경숙철훈빈원혁재인정미나라솔결찬"
_TOWNS = (
    "서울특별시 강남구 테헤란로",
    "부산광역시 해운대구 센텀로",
    "대구광역시 수성구 달구벌대로",
    "경기도 성남시 판교로",
)

PLANS = (
    ("베이직 월간 구독", 9_900, 30),
    ("프로 월간 구독", 19_900, 30),
    ("팀 월간 구독", 49_000, 30),
    ("주간 반찬 꾸러미", 32_000, 7),
)
PRODUCTS = (
    ("무선 이어폰", 89_000), ("제주 감귤 5kg", 24_900), ("핸드드립 세트", 45_500), ("캔버스 에코백", 15_800),
    ("한라봉 선물세트", 39_000), ("요가 매트", 27_500), ("수제 쿠키 상자", 18_000), ("독서 노트", 6_500),
)  # fmt: skip
REFUND_REASONS = ("단순 변심", "상품 불량", "배송 지연", "중복 결제", "주문 실수", "사이즈 교환 후 차액")
FAIL_REASONS = (
    "[잔액부족] 출금 가능 잔액이 부족합니다.",
    "[한도초과] 카드 이용한도를 초과하였습니다.",
    "[유효기간만료] 카드 유효기간이 만료되었습니다.",
    "[거래거절] 카드사에서 거래를 거절하였습니다.",
)


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody who pays; all of it made up."""

    name: str
    tel: str
    email: str
    addr: str
    postcode: str


def make_buyers(chance: random.Random, count: int) -> list[Buyer]:
    """`count` buyers with Korean names."""
    return [
        Buyer(
            name=chance.choice(_SURNAMES) + chance.choice(_FIRST) + chance.choice(_SECOND),
            tel=f"010-{chance.randrange(2000, 9999)}-{chance.randrange(10_000):04d}",
            email=f"buyer{number}@{chance.choice(('example.com', 'example.net', 'example.org'))}",
            addr=f"{chance.choice(_TOWNS)} {chance.randrange(1, 400)}",
            postcode=f"{chance.randrange(1000, 63_000):05d}",
        )
        for number in range(count)
    ]
