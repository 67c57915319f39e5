"""Accounts on screens: a form for an order, one that waits, the list, many revoked, and who may do what."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.settings import Role
from dashboard.words.vbanks.waiting_labels import time_left
from services.clock import DAY
from services.store.engine import writing
from services.store.writes.keys import replace_channels
from services.store.writes.payments import upsert_payments
from tests.worlds.screens.money_forms import field, fill, money_store, operations, press, settled
from tests.worlds.screens.revenue_screens import links
from tests.worlds.screens.screens import payment, run_page, texts

pytestmark = pytest.mark.usefixtures("gateway_is_read")

SETTLE, TOSS, LATE, STORE = "imp_800000000001", "imp_800000000002", "imp_800000000003", "imp_800000000004"
STORE_UNTIL = 1_890_000_000
"""2029-11-22 09:00 in Seoul."""


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return store(tmp_path)


def store(folder: Path, **settings: Any) -> Engine:
    """Accounts at two PGs that wait, one past its term, a store number, and channels that issue."""
    made, now = money_store(folder, **settings), int(time.time())

    def account(uid: str, pg: str, due: int, **more: Any) -> Any:
        own = {"pay_method": "vbank", "pg_provider": pg, "vbank_num": "56201234567890", "vbank_name": "신한은행",
               "vbank_holder": "장부상점", "vbank_date": due} | more  # fmt: skip
        return payment(uid, now - 3_600, "ready", 33_000, **own)

    rows = [
        account(SETTLE, "settle", now + 2 * DAY + 60, merchant_uid="TEL1"),
        account(TOSS, "tosspayments", now + 2 * 3_600 + 1_800),
        account(LATE, "html5_inicis", now - 2 * DAY - 3_600),
        account(
            STORE,
            "galaxia",
            0,
            pay_method="cvs",
            vbank_num=None,
            vbank_name=None,
            vbank_holder=None,
            extra=json.dumps({"barcode": "88123456789012", "expired_at": STORE_UNTIL, "cvs_at": STORE_UNTIL}),
        ),
    ]
    with writing(made) as conn:
        upsert_payments(conn, rows, as_of=now * 1000)
        own = {"pg_id": "shop", "sandbox": False, "type": "api_payment", "channel_name": "계좌"}
        pgs = ("settle", "html5_inicis", "tosspayments", "galaxia", "payco")
        replace_channels(conn, [own | {"pg_provider": pg, "channel_key": f"key-{pg}"} for pg in pgs])
    return made


def new_page(pg: str = "settle", page: str = "new_vbank") -> AppTest:
    at = run_page(page, language="en")
    field(at, "channel_key").set_value(next(one for one in _channels() if one.pg_provider == pg))
    return at.run()


def _channels() -> Any:
    from dashboard.process.resources import open_session
    from services.store.lists.system import list_channels

    with open_session() as conn:
        return list_channels(conn)


def test_an_account_is_asked_for_after_a_last_look(engine: Engine) -> None:
    at = fill(new_page(), amount="33,000", name="도자기 머그컵", vbank_code="088", vbank_holder="장부상점")
    at = fill(at, merchant_uid="TEL2", buyer_name="홍길동", buyer_tel="공일공", buyer_email="hong@")
    at = press(at, "review_it")
    beside = ["A phone number, like 010-1234-5678.", "An e-mail address, in the form name@domain."]
    assert ([error.value for error in at.error], field(at, "amount").value) == (beside, "33,000")
    at = press(fill(at, buyer_tel="010-7341-5678", buyer_email="hong@example.com"), "review_it")
    said = {one.value for one in at.text}
    assert {"Order number: TEL2", "Buyer: 홍길동", "Phone: 010-7341-5678", "Account holder: 장부상점"} <= said
    assert [one for one in said if one.startswith("Channel: ")]
    assert "33,000원, for 도자기 머그컵, until" in texts(at).replace("\\", "").replace("₩33,000", "33,000원")
    press(at, "send")
    (operation,) = operations(engine)
    request = json.loads(operation.request)
    assert (operation.kind, operation.amount, operation.merchant_uid) == ("issue_vbank", 33_000, "TEL2")
    assert (request["vbank_code"], request["channel_key"], request["buyer_name"]) == ("088", "key-settle", "홍길동")


def test_fields_are_those_that_the_pg_wants(engine: Engine) -> None:
    at = press(new_page("settle"), "review_it")
    told = {error.value for error in at.error}
    assert "Type an amount." in told
    assert "Choose one of the banks that issue accounts by this PG." in told
    assert [one.label for one in at.text_input if one.label.endswith("*")] == [
        "Amount to be paid (won) *", "What it is for *", "Account holder *",
    ]  # fmt: skip
    at = new_page("tosspayments")
    assert [one.label for one in at.text_input if one.label.endswith("*")] == [
        "Amount to be paid (won) *", "What it is for *", "Buyer *",
    ]  # fmt: skip
    assert not operations(engine)


def test_without_inicis_own_key_its_channel_says_who_sets_it(engine: Engine) -> None:
    at = press(new_page("html5_inicis"), "review_it")
    assert [one for one in at.error if "JANGBU_INICIS_API_KEY" in one.value]


def test_another_account_for_an_order_that_waits_is_asked_about(engine: Engine) -> None:
    at = fill(new_page(), merchant_uid="TEL1").run()
    assert SETTLE in " ".join(one.value for one in at.warning).replace("\\", "")
    given = {"amount": "33000", "name": "컵", "vbank_code": "088", "vbank_holder": "장부상점"}
    at = press(fill(at, **given), "review_it")
    assert [error.value for error in at.error] == [
        "1 waits already for this order: tick the box if another one is meant."
    ]
    at = press(fill(at, meant=True), "review_it")
    assert not at.error


def account_page(imp_uid: str = SETTLE, role: Role | None = None, language: str = "en") -> AppTest:
    return settled(run_page("vbank", role=role, language=language, query={"imp_uid": imp_uid}))


def test_what_waits_has_words_for_the_buyer_in_both_languages(engine: Engine) -> None:
    codes = [one.value for one in account_page().code]
    korean, english = (next(one for one in codes if word in one) for word in ("입금", "deposit"))
    for told in (korean, english):
        assert "56201234567890" in told
        assert "신한은행" in told
        assert "장부상점" in told


def test_a_store_number_has_its_own_title_its_term_and_words_for_the_buyer(engine: Engine) -> None:
    at = account_page(STORE)
    assert [one.value for one in at.title] == ["Convenience store number"]
    shown = texts(at)
    assert "88123456789012" in shown
    assert str(STORE_UNTIL) not in shown
    codes = [one.value for one in at.code]
    for word in ("편의점", "convenience store"):
        told = next(one for one in codes if word in one)
        assert "88123456789012" in told
        assert "2029-11-22 09:00" in told
    assert [one.value for one in account_page(SETTLE).title] == ["Virtual account"]


def test_a_store_number_is_masked_for_a_viewer(engine: Engine) -> None:
    assert "88123456789012" not in texts(account_page(STORE, role=Role.VIEWER))


def test_an_account_of_settle_is_prolonged_after_a_last_look(engine: Engine) -> None:
    at = press(fill(account_page(), amount="40,000"), "review_it")
    assert "33,000원 → 40,000원" in texts(at).replace("₩33,000", "33,000원").replace("₩40,000", "40,000원")
    press(at, "send")
    (operation,) = operations(engine)
    assert (operation.kind, operation.imp_uid, operation.amount) == ("change_vbank", SETTLE, 40_000)
    assert json.loads(operation.request)["amount"] == 40_000


def test_elsewhere_it_is_revoked_instead(engine: Engine) -> None:
    at = account_page(TOSS)
    assert not [one for one in at.button if one.key and one.key.endswith("review_it")]
    at = press(at, "revoke_account")
    assert "Nobody can pay" in texts(at)
    press(at, "send")
    (operation,) = operations(engine)
    assert (operation.kind, operation.imp_uid) == ("revoke_vbank", TOSS)


def test_a_viewer_sees_what_waits_masked_and_changes_nothing(engine: Engine) -> None:
    at = account_page(role=Role.VIEWER)
    shown = texts(at)
    assert "56201234567890" not in shown
    assert not [one for one in at.button if one.key == "revoke_account"]
    at = run_page("waiting", role=Role.VIEWER, query={"q": "56201234567890"})
    assert SETTLE not in str([table.value for table in at.dataframe])


@pytest.mark.parametrize(
    ("language", "left"),
    [("en", ["2 days past", "2 hours left", "2 days left"]), ("ko", ["2일 지남", "2시간 남음", "2일 남음"])],
)
def test_the_list_says_how_long_each_waits(engine: Engine, language: str, left: list[str]) -> None:
    (table,) = run_page("waiting", language=language).dataframe
    assert list(table.value["left"])[:3] == left
    (table,) = run_page("waiting", language=language, query={"state": "overdue"}).dataframe
    assert list(table.value["left"]) == left[:1]


def test_home_counts_accounts_that_can_still_be_paid_and_those_past_their_term_and_opens_them(engine: Engine) -> None:
    at = run_page("overview", language="en")
    said = texts(at)
    # Two of this store, and the one that every store of these tests has.
    assert "3 virtual accounts wait for their money" in said
    assert "1 virtual account is past its term and never changed" in said
    opened = {one["state"]: one for _label, one in links(at) if "state" in one}
    for states, n in (("soon,open,no_term", 3), ("overdue", 1)):
        (table,) = run_page("waiting", query=opened[states]).dataframe
        assert len(table.value) == n


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (2 * DAY + 5, "2 days left"),
        (DAY + 5, "1 day left"),
        (DAY - 1, "23 hours left"),
        (3_600, "1 hour left"),
        (3_599, "59 minutes left"),
        (119, "1 minute left"),
        (59, "1 minute left"),
        (-59, "less than a day past"),
        (-DAY, "1 day past"),
    ],
)
def test_what_is_left_is_told_in_the_largest_unit_that_is_left(seconds: int, said: str) -> None:
    assert time_left(1_790_000_000 + seconds, 1_790_000_000) == said


def test_an_account_past_its_term_says_what_that_may_mean_and_whom_to_call(engine: Engine) -> None:
    late, waits = (texts(account_page(uid)) for uid in (LATE, TOSS))
    assert "Past its term and still waiting" in late
    assert "Past its term and still waiting" not in waits
    assert "010-1234-5678" in waits
