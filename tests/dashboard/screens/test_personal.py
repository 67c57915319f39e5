"""Who may not see buyers finds no phone and no mail address in text of others on any page; who may sees them whole."""

import time

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.access import PERMISSIONS
from dashboard.navigation import ENTRIES
from dashboard.settings import Role
from services.clock import DAY
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.journal import journal
from services.operations.journal.audit import Actor
from services.store.engine import reading, writing
from services.store.lists.one import get_payment
from services.store.writes.keys import upsert_billing_keys
from services.store.writes.payments import upsert_payments
from services.store.writes.schedules import upsert_schedules
from services.store.writes.sync import begin_run, end_run, note_oddities, set_mark
from services.subscriptions.keep import refresh_chains
from services.tables.journal import OperationState as State
from tests.dashboard.screens.test_hostile import drawn
from tests.worlds.screens.money_forms import key, moved
from tests.worlds.screens.screens import empty_store, payment, run_page, schedule

PHONES, MAIL, ACCOUNT, KEY = (
    ("010-1234-5678", "01087654321"),
    "hongplanted@example.com",
    "110-123-456789",
    "key@planted.kr",
)
WORDS = f"planted {PHONES[0]} {PHONES[1]} {MAIL} 계좌 {ACCOUNT} 국민"
SECRET = (*PHONES, MAIL, ACCOUNT, KEY)
UID, ORDER = "imp_900000000001", "20261123-00001234"
_FIELDS = ("name", "fail_reason", "cancel_reason", "card_name", "vbank_name", "bank_name", "channel")


@pytest.fixture(scope="module", autouse=True)
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A merchant in whose every free text stand phones, an address and an account; a key is called by an address."""
    engine, now = empty_store(tmp_path_factory.mktemp("personal"), imp_key="k", imp_secret="s"), int(time.time())
    words = dict.fromkeys(_FIELDS, WORDS)
    of_key = {"customer_uid": KEY, "customer_uid_usage": "payment.scheduled"}
    refund = {"cancellation_id": "c1", "pg_tid": "t1", "amount": 3_000, "cancelled_at": now - 100, "reason": WORDS}
    weeks = [payment(f"imp_80000000000{n}", now - (8 + 7 * n) * DAY, "paid", 9_000, **(words | of_key),
                     merchant_uid=f"{ORDER}w{n}") for n in range(5)]  # fmt: skip
    with writing(engine) as conn:
        rows = [
            payment(UID, now - 300, "paid", 10_000, **words, merchant_uid=ORDER, refunds=[refund], cancel_amount=3_000),
            payment("imp_900000000002", now - DAY, "failed", 9_000, **(words | of_key), merchant_uid=f"{ORDER}2"),
            payment("imp_900000000003", now - DAY, "cancelled", 0, **words, merchant_uid=f"{ORDER}3"),
        ]
        upsert_payments(conn, [*rows, *weeks], as_of=now * 1000)
        upsert_billing_keys(conn, [key(KEY, "홍길동") | {"card_name": WORDS}], checked_at=now)
        booked = [
            schedule(now, merchant_uid=f"{ORDER}4", customer_uid=KEY, name=WORDS),
            schedule(now, merchant_uid=f"{ORDER}2", customer_uid=KEY, name=WORDS, schedule_at=now - DAY,
                     schedule_status="executed", payment_status="failed", fail_reason=WORDS, executed_at=now - DAY),
        ]  # fmt: skip
        upsert_schedules(conn, booked, as_of=now * 1000)
        end_run(conn, begin_run(conn, "sync", now - 60), now - 50, {"payments": 1}, WORDS)
        for name, value in (("as_of", str(now - 50)), ("backfilled", "1")):
            set_mark(conn, name, value, now)
        note_oddities(conn, {("unknown_field", WORDS): 3}, at=now)
    refresh_chains(engine, now)
    with reading(engine) as conn:
        paid = get_payment(conn, UID)
    assert paid is not None
    form = RefundForm(amount=1_000, balance=7_000, reason=WORDS, requester="customer")
    asked = journal.record(
        engine, wanted_refund("t", paid, form, approval_from=None), Actor("finance@example.com", "finance"), now
    )
    moved(engine, asked, State.SENT, State.UNKNOWN, State.NEEDS_PERSON, message=WORDS)
    return engine


def seen(at: AppTest) -> list[tuple[str, str, str]]:
    """All that a page draws, cells of tables among it; what only links and widgets hold is no text."""
    texts = [
        (kind, field, text)
        for kind, field, text in drawn(at)
        if kind not in ("Dataframe", "Table") and not field.endswith(("query_string", ".id"))
    ]
    tables = [
        ("cell", "", text) for table in (*at.dataframe, *at.table) for text in map(str, table.value.to_numpy().ravel())
    ]
    return [(kind, field, text.replace("\\", "").replace("\u2060", "")) for kind, field, text in [*texts, *tables]]


PAGES = [
    *((entry.name, {}) for entry in ENTRIES),
    ("payment", {"imp_uid": UID}),
    ("payment", {"imp_uid": "imp_900000000002"}),
    ("payment", {"imp_uid": "imp_900000000003"}),
    ("payments", {"columns": "name,cancel_reason,fail_reason,customer_uid,merchant_uid"}),
    ("refund", {"imp_uid": UID}),
    ("charge", {"customer_uid": KEY}),
    ("book_schedule", {"customer_uid": KEY}),
    ("billing_key", {"customer_uid": KEY}),
    ("key_deletion", {"customer_uid": KEY}),
    ("schedule", {"merchant_uid": f"{ORDER}4"}),
    ("schedule", {"merchant_uid": f"{ORDER}2"}),
    ("payments", {"q": "planted"}),
]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
def test_who_may_not_see_buyers_finds_none_in_words_of_others(role: Role) -> None:
    masked = 0
    allowed = {entry.name for entry in ENTRIES if entry.permission in PERMISSIONS[role]}
    for name, query in PAGES:
        if name not in allowed:
            continue
        at = run_page(name, role=role, query=query)
        assert not at.exception, name
        for kind, field, text in seen(at):
            found = [one for one in SECRET if one in text]
            assert not found, (name, query, kind, field, text)
            masked += "010-****-5678" in text
    assert masked > 10


def test_who_may_see_buyers_sees_them_whole_and_ids_are_whole_for_all() -> None:
    at = run_page("payment", role=Role.FINANCE, query={"imp_uid": UID})
    told = "\n".join(text for _kind, _field, text in seen(at))
    assert WORDS in told
    for role in (Role.FINANCE, Role.VIEWER):
        told = "\n".join(text for *_, text in seen(run_page("payment", role=role, query={"imp_uid": UID})))
        assert ORDER in told
        assert UID in told
        assert "finance@example.com" in told
