"""The screens of deliveries: a parcel entered, Home's count and its list, a file, PAYCO and Paymentwall."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.screens.deliveries import delivery_desk
from dashboard.settings import Role
from services.clock import DAY
from services.escrow.kept import keep_delivery
from services.operations import held
from services.store.engine import writing
from services.store.writes.payments import upsert_payments
from services.tables.journal import OperationState as State
from tests.worlds.screens.money_forms import fill, money_store, moved, operations, press, settled
from tests.worlds.screens.screens import payment, run_page, texts

pytestmark = pytest.mark.usefixtures("gateway_is_read", "deliveries_are_read")

PARCEL, SENT, CARD, PAYCO, WALL, OLD = (f"imp_80000000000{number}" for number in range(1, 7))
BUYER = {"name": "홍길동", "tel": "010-1234-5678", "postcode": "04524", "addr": "서울 중구 세종대로 110"}
SHOP = {"name": "장부상점", "tel": "02-123-4567", "postcode": "03000", "addr": "서울 종로구 1"}
SECRET = "비밀이웃"


@pytest.fixture
def deliveries_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """No gateway stands behind these screens: no delivery is asked for."""
    monkeypatch.setattr(delivery_desk.looks, "begin", lambda _imp_uid: None)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Two payments by escrow, one of them sent, one that is older, and others."""
    made, now = money_store(tmp_path), int(time.time())
    person = {f"buyer_{name}": value for name, value in BUYER.items()}
    own = {"pg_provider": "html5_inicis", "pay_method": "trans", "escrow": True, **person}
    rows = [
        payment(PARCEL, now - 2 * DAY, "paid", 30_000, **own),
        payment(SENT, now - DAY, "paid", 20_000, **own),
        payment(OLD, now - 200 * DAY, "paid", 10_000, **own),
        payment(CARD, now - 600, "paid", 11_000, pg_provider="html5_inicis"),
        payment(PAYCO, now - 600, "paid", 11_000, pg_provider="payco", pay_method="payco"),
        payment(WALL, now - 600, "paid", 11_000, pg_provider="paymentwall", **person),
    ]
    with writing(made) as conn:
        upsert_payments(conn, rows, as_of=now * 1000)
        told = {"company": "EPOST", "invoice": "1112223334445", "sent_at": now - 600, "applied_at": now - 300}
        keep_delivery(conn, SENT, told, by=None, read_at=now)
    return made


def page(imp_uid: str = PARCEL, name: str = "delivery", **how: Any) -> AppTest:
    return settled(run_page(name, query={"imp_uid": imp_uid}, **how))


def said(at: AppTest) -> str:
    """What a page says, without the signs that keep Markdown out of it."""
    return texts(at).replace("\\", "").replace("\u2060", "")


def links(at: AppTest) -> set[str]:
    return {one.proto.label for one in at.get("page_link")}


def filled(at: AppTest, **more: str) -> AppTest:
    sender = {f"sender_{name}": value for name, value in SHOP.items()}
    return fill(at, company="CJGLS", invoice="6889-0011-2233", **sender, **more)


def test_a_parcel_to_the_buyer_is_entered_after_a_last_look(engine: Engine) -> None:
    at = press(filled(page()), "review_it")
    assert "Enter CJ Logistics 688900112233" in said(at)
    assert "to the buyer, as the payment says" in said(at)
    press(at, "send")
    (operation,) = operations(engine)
    request = json.loads(operation.request)
    assert (operation.kind, operation.imp_uid, operation.amount) == ("enter_delivery", PARCEL, 0)
    assert (request["company"], request["receiver"], request["sender"]) == ("CJGLS", "buyer", SHOP)
    assert held.held(operation.token) is None
    assert not [value for value in BUYER.values() if value in operation.request]


def test_somebody_else_is_held_in_memory_and_stands_neither_in_the_row_nor_in_the_session(engine: Engine) -> None:
    at = press(press(filled(page(), receiver_name=SECRET), "review_it"), "send")
    (operation,) = operations(engine)
    assert held.held(operation.token) == BUYER | {"name": SECRET}
    kept = [str(value) for value in at.session_state._state.filtered_state.values()]
    assert SECRET not in json.dumps([*kept, operation.request], ensure_ascii=False)
    held.forget(operation.token)


def test_mistakes_stand_beside_their_fields_and_nothing_is_asked_for(engine: Engine) -> None:
    at = press(fill(page(), invoice="12"), "review_it")
    told = [one.value for one in at.error]
    assert told.count("This PG wants this field.") == 4
    assert {"Choose the courier.", "The tracking number: 4 to 40 letters and digits."} <= set(told)
    assert not operations(engine)


def test_one_that_stands_is_changed(engine: Engine) -> None:
    at = page(SENT)
    assert "1112223334445" in said(at)
    at = press(filled(at), "review_it")
    assert "Change the delivery to CJ Logistics 688900112233" in said(at)
    press(at, "send")
    assert [(one.kind, json.loads(one.request)["from"]["invoice"]) for one in operations(engine)] == [
        ("change_delivery", "1112223334445")
    ]


def test_the_sender_of_the_last_one_stands_there_for_the_next(engine: Engine) -> None:
    press(press(filled(page()), "review_it"), "send")
    moved(engine, operations(engine)[0], State.SENT, State.SUCCEEDED)
    at = page(SENT)
    assert at.text_input[[one.label for one in at.text_input].index("Name *")].value == "홍길동"
    assert SHOP["addr"] in [one.value for one in at.text_input]


def test_what_is_no_escrow_payment_has_no_form(engine: Engine) -> None:
    assert "This was not paid by escrow" in said(page(CARD))


def test_a_payment_says_what_stands_or_that_it_is_missing(engine: Engine) -> None:
    missing, stands, other = (run_page("payment", query={"imp_uid": uid}) for uid in (PARCEL, SENT, CARD))
    assert "no delivery is known" in said(missing)
    assert "Korea Post 1112223334445" in said(stands)
    assert "Escrow delivery" in links(missing) & links(stands)
    assert "Escrow delivery" not in links(other)


@pytest.mark.parametrize("role", Role)
def test_support_and_finance_enter_parcels(engine: Engine, role: Role) -> None:
    may = role in (Role.SUPPORT, Role.FINANCE, Role.ADMIN)
    assert ("Escrow delivery" in links(run_page("payment", query={"imp_uid": PARCEL}, role=role))) == may
    assert ("1 escrow payment has no delivery" in said(run_page("overview", role=role))) == may


def test_home_counts_what_the_list_shows_and_the_oldest_stands_first(engine: Engine) -> None:
    assert "1 escrow payment has no delivery entered: its money is held back." in said(run_page("overview"))
    with writing(engine) as conn:
        now = int(time.time())
        own = {"pg_provider": "kcp", "pay_method": "trans", "escrow": True}
        rows = [payment("imp_800000000007", now - 5 * DAY, "paid", 5_000, **own),
                payment("imp_800000000008", now - 5 * DAY, "paid", 5_000, sandbox=True, **own),
                payment("imp_800000000009", now - 5 * DAY, "paid", 5_000, **own | {"pg_provider": "nice"})]  # fmt: skip
        upsert_payments(conn, rows, as_of=now * 1000)
    home = run_page("overview")
    assert "2 escrow payments have no delivery entered" in said(home)
    line = next(one for one in home.get("page_link") if one.proto.label == "Enter them")
    query = dict(part.split("=") for part in line.proto.query_string.split("&"))
    table = run_page("deliveries", query=query).dataframe[0].value
    assert [one[:5] for one in table["amount"].astype(str)] == ["5000", "30000"]


def test_a_file_is_looked_at_row_by_row_and_goes_by_itself(engine: Engine) -> None:
    from services.operations.files import parcels

    lines = [
        "payment,company,invoice,sent_at",
        f"{PARCEL},대한통운,688900112233,",
        f"{SENT},EPOST,1112223334445,",
        f"{CARD},EPOST,1112223334445,",
        "ORD-없음,EPOST,1112223334445,",
        f"{OLD},FEDEX,12,2026-11-30",
    ]
    from services.store.engine import reading

    with reading(engine) as conn:
        run = parcels.dry_run(conn, "t", "x.csv", "\n".join(lines).encode(), SHOP, time.time())
    assert [row.problem is None for row in run.rows] == [True, False, False, False, False]
    (good,) = run.fitting().rows
    assert good.wanted is not None
    assert (good.wanted.request["company"], good.wanted.request["receiver"]) == ("CJGLS", "buyer")


def test_what_the_sender_of_a_file_lacks_is_said_beside_the_field_once(engine: Engine) -> None:
    at = run_page("bulk_deliveries")
    lines = ["payment,company,invoice", f"{PARCEL},대한통운,688900112233", f"{OLD},대한통운,688900112244"]
    at.file_uploader[0].set_value(("x.csv", "\n".join(lines).encode(), "text/csv"))
    at = press(fill(at, **{f"sender_{name}": value for name, value in (SHOP | {"tel": ""}).items()}), "look_at_rows")
    assert [one.value for one in at.error] == ["This PG wants this field."]
    assert list(at.dataframe[0].value["What it would do"]) == ["✕ The sender has to be mended above."] * 2
    at = press(fill(at, sender_tel=SHOP["tel"]), "look_at_rows")
    assert not at.error
    assert all(words.startswith("✓") for words in at.dataframe[0].value["What it would do"])


def test_payco_is_told_the_next_state_alone(engine: Engine) -> None:
    at = page(PAYCO, "payco_status")
    at = press(fill(at, status="DELIVERY_START"), "review_it")
    assert "Tell PAYCO the state of this order: Shipped. It cannot be undone." in said(at)
    press(at, "send")
    (operation,) = operations(engine)
    assert (operation.kind, operation.request) == ("payco_status", '{"status": "DELIVERY_START"}')
    moved(engine, operation, State.SENT, State.SUCCEEDED)
    at = press(page(PAYCO, "payco_status"), "again")
    assert [one.options for one in at.radio] == [["Purchase confirmed"]]


def test_paymentwall_is_told_of_goods_with_the_address_held_in_memory(engine: Engine) -> None:
    at = fill(page(WALL, "paymentwall_delivery"), carrier_type="CJ", carrier_tracking_id="688900112233")
    at = fill(
        at, email="b@shop.example", firstname="길동", lastname="홍", country="KR", city="Seoul", status="delivering"
    )
    press(press(at, "review_it"), "send")
    (operation,) = operations(engine)
    personal = held.held(operation.token) or {}
    assert (operation.kind, personal["shipping_address_street"]) == ("paymentwall_delivery", BUYER["addr"])
    assert "shop.example" not in operation.request
    held.forget(operation.token)
