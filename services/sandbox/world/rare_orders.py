"""A few orders of today for calls that only some PGs have: parcels to enter or tell of, accounts to be paid into."""

from services.sandbox.world.codes import BANKS
from services.sandbox.world.rows import approved, payment_row
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import World

_HOUR, _DAY = 3_600, 86_400
_PEOPLE = (
    ("강민서", "010-2841-7793", "서울 마포구 양화로 45", "04036"),
    ("오지훈", "010-6620-1185", "부산 해운대구 센텀중앙로 79", "48058"),
    ("임수아", "010-3397-5024", "대전 유성구 대학로 99", "34134"),
)


def put_rare_orders(world: World, until: int) -> None:
    """imp_000000002001 … are escrow payments without a parcel, then Paymentwall's, then what waits for money."""
    numbers = iter(range(2_001, 2_100))
    for hours in (3, 27, 52):
        world.put_payment(
            _paid(next(numbers), until - hours * _HOUR, "html5_inicis", "trans", "MOIjangbu1", escrow=True)
        )
    for hours in (5, 30):
        world.put_payment(_paid(next(numbers), until - hours * _HOUR, "paymentwall", "card", "pwjangbu1"))
    for pg, pg_id, code, left in (
        ("settle", "STjangbu1", "088", 2 * _DAY),
        ("html5_inicis", "MOIjangbu2", "004", _HOUR),
    ):
        account = {
            "vbank_code": code,
            "vbank_name": BANKS[code],
            "vbank_holder": "장부상점",
            "vbank_date": until + left,
        }
        row = _begun(next(numbers), until - _DAY, pg, "vbank", pg_id)
        world.put_payment(row | account | {"vbank_num": f"5620{row['imp_uid'][-10:]}", "vbank_issued_at": until - _DAY})
    for _number in range(2):
        row = _begun(next(numbers), until - 2 * _HOUR, "galaxia", "cvs", "GXjangbu1")
        world.put_payment(row | {"barcode": f"8800{row['imp_uid'][-10:]}", "expired_at": until + 3 * _DAY})


def _begun(number: int, at: int, pg: str, method: str, pg_id: str) -> Row:
    name, tel, addr, postcode = _PEOPLE[number % len(_PEOPLE)]
    own = {"pg_provider": pg, "pay_method": method, "pg_id": pg_id, "name": "도자기 머그컵", "buyer_name": name}
    own |= {
        "buyer_tel": tel,
        "buyer_addr": addr,
        "buyer_postcode": postcode,
        "buyer_email": f"buyer{number}@example.com",
    }
    return payment_row(f"imp_{number:012d}", f"RARE{number}", 21_000 + number % 10 * 1_500, at, **own)


def _paid(number: int, at: int, pg: str, method: str, pg_id: str, *, escrow: bool = False) -> Row:
    return approved(_begun(number, at, pg, method, pg_id) | {"escrow": escrow}, at)
