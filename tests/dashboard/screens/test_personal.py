"""Who may not see buyers finds no phone and no mail address in text of others on any page; who may sees them whole."""

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.access import PERMISSIONS
from dashboard.navigation import ENTRIES
from dashboard.screens.revenue.revenue_period import Tab
from dashboard.settings import Role
from services.operations.journal.audit import Actor
from tests.dashboard.screens.test_hostile import drawn
from tests.worlds.screens.screens import run_page
from tests.worlds.screens.words_store import FAILED_UID, REVOKED_UID, UID, words_store

PHONES, MAIL, ACCOUNT, KEY = (
    ("010-1234-5678", "01087654321"),
    "hongplanted@example.com",
    "110-123-456789",
    "key@planted.kr",
)
WORDS = f"{PHONES[0]} planted {PHONES[1]} {MAIL} 계좌 {ACCOUNT} 국민"
SECRET = (*PHONES, MAIL, ACCOUNT, KEY)
ORDER = "20261123-00001234"
_FIELDS = ("name", "fail_reason", "cancel_reason", "card_name", "vbank_name", "bank_name", "channel")


@pytest.fixture(scope="module", autouse=True)
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A merchant in whose every free text stand phones, an address and an account; a key is called by an address."""
    return words_store(
        tmp_path_factory.mktemp("personal"), WORDS, _FIELDS, KEY, ORDER,
        refund={}, of_key={"pg_provider": "홍길동"}, booked={}, reason=WORDS,
        who=Actor("finance@example.com", "finance"),
    )  # fmt: skip


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
    ("payment", {"imp_uid": FAILED_UID}),
    ("payment", {"imp_uid": REVOKED_UID}),
    ("payments", {"columns": "name,cancel_reason,fail_reason,customer_uid,merchant_uid"}),
    ("customer", {"imp_uid": UID}),
    ("customer", {"customer_uid": KEY}),
    *(("revenue", {"tab": tab.value}) for tab in Tab),
    ("refund", {"imp_uid": UID}),
    ("charge", {"customer_uid": KEY}),
    ("book_schedule", {"customer_uid": KEY}),
    ("billing_key", {"customer_uid": KEY}),
    ("key_deletion", {"customer_uid": KEY}),
    ("operation", {"number": "1"}),
    ("link", {"link": "1"}),
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
