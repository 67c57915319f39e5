"""Not here is not nowhere: what the mirror lacks is looked up at the gateway by its exact id, and kept."""

from pathlib import Path

import pytest

from services.clock import DAY
from services.mirror.look_up import is_id, look_up
from services.mirror.sync import sync
from services.store.engine import reading
from services.store.lists.filters import PaymentFilter
from services.store.lists.payments import search_payments
from tests.worlds.mirrors import Stores, difference, make_gateway, make_sandbox, stored
from tests.worlds.recount import totals_kept, totals_recounted
from tests.worlds.sandboxes import UNTIL


def test_a_payment_older_than_the_span_is_found_by_either_id_and_kept_with_its_sums(tmp_path: Path) -> None:
    sandbox, clock = make_sandbox(payments=300, days=60)
    old = [sandbox.add_payment(1_000 * n, started_at=int(UNTIL) - 900 * DAY, merchant_uid=f"OLD-{n}") for n in (1, 2)]
    again = sandbox.add_payment(3_000, started_at=int(UNTIL) - 899 * DAY, merchant_uid="OLD-2")
    gateway = make_gateway(sandbox, clock)
    with Stores(tmp_path).new() as engine:
        sync(gateway, engine, days=90)
        assert not {one["imp_uid"] for one in (*old, again)} & stored(engine).keys()
        assert look_up(gateway, engine, old[0]["imp_uid"])
        assert look_up(gateway, engine, "OLD-2")
        with reading(engine) as conn:
            by_order = search_payments(conn, PaymentFilter(text="OLD-2"))
        assert by_order.exact
        assert {row.imp_uid for row in by_order.rows} == {old[1]["imp_uid"], again["imp_uid"]}
        assert totals_kept(engine) == totals_recounted(engine)
        assert not look_up(gateway, engine, "imp_999999999999")
        assert not look_up(gateway, engine, "OLD-3")
        sync(gateway, engine, days=90)
        assert difference(engine, sandbox) == []


def test_a_payment_of_a_test_channel_is_found_too(tmp_path: Path) -> None:
    sandbox, clock = make_sandbox(payments=300, days=60)
    test_row = sandbox.add_payment(1_000, started_at=int(UNTIL) - 500 * DAY, sandbox=True)
    with Stores(tmp_path).new() as engine:
        assert look_up(make_gateway(sandbox, clock), engine, test_row["imp_uid"])


@pytest.mark.parametrize(
    "text",
    [
        "imp_123456789012",
        "imps_1",
        "ORD202609170011286",
        "ORD-2026.09:1",
        "20260917123456",
        "1694943939123",
        "order_7a",
        "20261128-0001",
        "2026-11-28-001",
        "20261128001",
        "2026112812345675",  # Naver Pay's have sixteen digits; one in ten ends as a card number would
        "20261128-0000017",
    ],
)
def test_what_can_be_an_id_is_asked_for(text: str) -> None:
    assert is_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "김민서",
        "Blue Shirt 2",
        "Minseo",
        "hong1@example.com",
        "01043218765",
        "010-4321-8765",
        "+82 10-4321-8765",
        "821043218765",
        "12,000",
        "30012345",
        "8765",
        "20261128",
        "2026-11-28",
        "20261328-0001",
        "2012012345",
        "4111111111111111",
        "4111-1111-1111-1111",
        "900101-1234567",
        "9001011234567",
        "a1/../b2345",
        "x1" * 60,
    ],
)
def test_what_says_something_of_a_person_or_is_no_id_stays_in_the_house(text: str) -> None:
    assert not is_id(text)
