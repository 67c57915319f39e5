"""Made-up buyers; nobody of them exists."""

import random
from dataclasses import dataclass

from services.sandbox.world.shelf import Row


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SURNAMES = {
    "김": 215, "이": 147, "박": 84, "최": 47, "정": 43, "강": 24, "조": 21, "윤": 21, "장": 20, "임": 17,
    "한": 15, "오": 15, "서": 15, "신": 15, "권": 14, "황": 14, "안": 14, "송": 14, "류": 13, "전": 11,
    "홍": 11, "고": 9, "문": 9, "양": 9, "손": 9, "배": 8, "백": 8, "허": 7, "유": 7, "남": 6, "심": 5,
    "노": 5, "하": 5, "곽": 4, "성": 4, "차": 4, "주": 4, "우": 4, "구": 4, "민": 3, "나": 3, "진": 3,
    "지": 3, "엄": 3, "채": 2, "원": 2, "천": 2, "방": 2, "남궁": 1, "황보": 1, "제갈": 1, "선우": 1,
}  # fmt: skip
_GIVEN = _words(
    """
    민준 서준 도윤 예준 시우 하준 지호 주원 지후 준우 현우 도현 지훈 건우 우진 선우 서진 민재 현준 연우
    유준 정우 승우 승현 시윤 준혁 은우 지환 승민 지우 유찬 민성 준영 시후 진우 지원 수현 재윤 성현 태윤
    동현 성민 재현 상우 영수 영호 정훈 성호 서연 서윤 지민 하은 하윤 윤서 지유 채원 수아 지아 서영 다은
    예은 예린 수빈 소율 지안 예원 소윤 유나 민서 아린 시은 가은 채은 나은 유진 지은 혜진 은정 미경 영희
    정희 순자 미숙 경희 은주 현주 지영 민지 수진 은영 선영 혜영 보람 하늘 솔 준 빈 율 별 찬 훈 결 은 진
    """
)
_STREETS = (
    ("서울특별시 강남구 테헤란로", "06"), ("서울특별시 마포구 월드컵북로", "03"),
    ("서울특별시 송파구 올림픽로", "05"), ("서울특별시 종로구 율곡로", "03"),
    ("부산광역시 해운대구 센텀중앙로", "48"), ("대구광역시 수성구 달구벌대로", "42"),
    ("인천광역시 연수구 송도과학로", "21"), ("광주광역시 서구 상무중앙로", "61"),
    ("대전광역시 유성구 대학로", "34"), ("경기도 성남시 분당구 판교역로", "13"),
    ("경기도 수원시 영통구 광교중앙로", "16"), ("강원특별자치도 춘천시 소양로", "24"),
    ("충청북도 청주시 상당구 상당로", "28"), ("전북특별자치도 전주시 완산구 홍산로", "54"),
    ("제주특별자치도 제주시 첨단로", "63"),
)  # fmt: skip
_DOMAINS = ("example.com", "example.net", "example.org")


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody who pays."""

    number: int
    name: str
    tel: str
    email: str
    addr: str
    postcode: str

    def fields(self) -> Row:
        """The buyer's fields of a payment or a schedule."""
        return {
            "buyer_name": self.name, "buyer_email": self.email, "buyer_tel": self.tel,
            "buyer_addr": self.addr, "buyer_postcode": self.postcode,
        }  # fmt: skip


def make_buyers(chance: random.Random, count: int) -> list[Buyer]:
    """`count` buyers; names repeat as they do in Korea, phones and e-mail addresses do not."""
    surnames = chance.choices(list(_SURNAMES), list(_SURNAMES.values()), k=count)
    phones = chance.sample(range(20_000_000, 99_999_999), count)
    return [_buyer(chance, number, surnames[number], phones[number]) for number in range(count)]


def _buyer(chance: random.Random, number: int, surname: str, phone: int) -> Buyer:
    street, postcode = chance.choice(_STREETS)
    return Buyer(
        number,
        surname + chance.choice(_GIVEN),
        f"010-{phone // 10_000}-{phone % 10_000:04d}",
        f"buyer{number + 1}@{_DOMAINS[number % len(_DOMAINS)]}",
        f"{street} {chance.randrange(1, 400)}",
        f"{postcode}{chance.randrange(1000):03d}",
    )
