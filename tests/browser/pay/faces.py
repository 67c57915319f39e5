"""Every face of the buyer's page, each at an address of its own."""

from urllib.parse import urlencode

from sqlalchemy import update

from services.store.engine import writing
from services.store.sql import table
from services.store.writes.payments import upsert_payments
from services.tables.checkouts import AttemptState, Checkout, CheckoutState
from tests.browser.pay.pay_shop import INICIS, PayShop
from tests.worlds.screens.screens import payment

WORDS = "[한도초과] 카드  이용한도를 <b>초과</b>하였습니다. \"고객센터\"('1544-0000') & 카드사에 문의하세요."
_LATER = 2_000_000_000
"""Read so late that nobody reads it again: it stays as it was made."""


def faces_of(shop: PayShop) -> dict[str, str]:
    """Address by name."""
    many = [
        {"categoryType": "PRODUCT", "categoryId": "GENERAL", "uid": "1", "name": name, "count": count}
        for name, count in (("핸드드립 커피 원두 200 g, 에티오피아 예가체프 G1", 2), ("도자기 머그컵", 1))
    ]
    found = {
        "open": _of(shop, shop.unchecked(amount=1_234_500, naverPopupMode=True, naverProducts=many)),
        "register": _of(shop, shop.link(0, customer_uid="member_faces")),
        "under-minimum": _of(shop, shop.unchecked(pg=INICIS, pay_method="card", amount=99)),
        "unknown": f"{shop.url}/pay/nobody-made-this",
    }
    for ended in (CheckoutState.PAID, CheckoutState.EXPIRED, CheckoutState.WITHDRAWN):
        found[f"link-{ended}"] = _of(shop, _in_state(shop, shop.link(), ended))
    for name, state, more in (
        ("paid", AttemptState.PAID, {}),
        ("failed", AttemptState.FAILED, {"fail_reason": WORDS}),
        ("checking", AttemptState.CHECKING, {}),
        ("waiting", AttemptState.WAITING, {}),
        ("altered", AttemptState.MISMATCH, {"paid": 100, "currency": "KRW"}),
        ("surplus", AttemptState.SURPLUS, {}),
    ):
        found[name] = _ended(shop, state, **more)
    return found


def _of(shop: PayShop, link: Checkout) -> str:
    return f"{shop.url}/pay/{link.token}"


def _in_state(shop: PayShop, link: Checkout, state: CheckoutState) -> Checkout:
    rows = table(Checkout)
    with writing(shop.store) as conn:
        conn.execute(update(rows).where(rows.c.id == link.id).values(state=state.value))
    return link


def _ended(shop: PayShop, state: AttemptState, **values: object) -> str:
    """Where a buyer comes back to, of an order that stands so."""
    link, imp_uid = shop.link(), f"imp_faces_{state}"
    order = shop.begun(link)
    now = int(shop.sandbox.clock())
    account = {"vbank_name": "국민은행", "vbank_num": "110-222-333333", "vbank_date": now + 86_400}
    row = payment(imp_uid, now, "ready" if state == AttemptState.WAITING else "paid", 12_000, merchant_uid=order,
                  receipt_url="https://receipt.example/1", **account)  # fmt: skip
    with writing(shop.store) as conn:
        upsert_payments(conn, [row], as_of=now * 1000)
    shop.set_order(order, state=state.value, imp_uid=imp_uid, read_at=_LATER, look_at=0, **values)
    return f"{_of(shop, link)}/return?{urlencode({'merchant_uid': order})}"
