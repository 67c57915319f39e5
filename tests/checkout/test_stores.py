"""A link of a sub-store: its amount is registered there, and what was paid is read back and kept as that store's."""

from sqlalchemy import Engine

from services.checkout.amount import register_amount
from services.checkout.policy import Refunds
from services.checkout.verify import verify
from services.checkout.webhooks import Said, read_due, take
from services.store.engine import reading, writing
from services.store.lists.one import get_payment
from services.tables.checkouts import AttemptState
from tests.checkout.conftest import Made, begun
from tests.worlds.sub_stores import Chain


def test_a_link_of_a_sub_store_is_paid_and_read_back_there(store: Engine, made: Made, now: float) -> None:
    chain = Chain(at=now)
    link = made(tier="ABC")
    order = begun(store, link, now).merchant_uid
    register_amount(chain.gateway, order, link)
    paid = {"status": "paid", "paid_at": int(now), "pg_provider": "naverpay", "pay_method": "naverpay"}
    row = chain.sandbox.worlds["ABC"].add_payment(12_000, int(now), merchant_uid=order, **paid)
    found = verify(chain.gateway, store, order, now, imp_uid=row["imp_uid"], refunds=Refunds())
    assert found is not None
    assert found.state == AttemptState.PAID
    assert chain.calls() == [("POST", "/payments/prepare", "ABC")]
    # What the gateway's own clock says is no store's.
    assert {tier for _method, path, tier in chain.asked if path.startswith("/payments")} == {"ABC"}
    with reading(store) as conn:
        kept = get_payment(conn, row["imp_uid"])
    assert kept is not None
    assert kept.tier == "ABC"


def test_a_webhook_of_a_payment_that_nobody_knows_is_looked_for_in_each_store(store: Engine, now: float) -> None:
    chain = Chain(at=now)
    with writing(store) as conn:
        take(conn, Said("imp_DEF"), now)
    read_due(chain.gateway, store, now, Refunds())
    with reading(store) as conn:
        kept = get_payment(conn, "imp_DEF")
    assert kept is not None
    assert kept.tier == "DEF"
    assert [tier for _method, path, tier in chain.asked if path == "/payments/imp_DEF"] == ["", "ABC", "DEF"]
