"""Three people go through every screen: the log holds what a list written by hand expects, and nothing else."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.navigation import ENTRIES
from dashboard.settings import Role
from services.people import access_log
from services.store.engine import reading
from tests.worlds.screens.screens import filled_store, run_page

ONE, KEY, ORDER = "imp_100000000001", "key_1", "sub_1"
NOBODY = "nobody"
SHOWS = {
    "overview": NOBODY, "revenue": NOBODY, "month_end": NOBODY, "records": NOBODY, "webhooks": NOBODY,
    "system": NOBODY, "window_code": NOBODY, "identity": NOBODY, "identity_otp": NOBODY, "quick_member": NOBODY,
    "access_log": NOBODY, "card_entry": NOBODY, "people": NOBODY, "sessions": NOBODY, "buyer_requests": "",
    "payments": "", "links": "", "bulk_links": "", "receipts": "", "deliveries": "", "waiting": "", "refunds": "",
    "subscriptions": "", "schedules": "", "bulk_schedules": "", "billing_keys": "", "recovery": "", "radar": "",
    "outage": "", "needs_person": "", "activity": "", "bulk_refunds": "", "bulk_naver": "", "bulk_deliveries": "",
    "bulk_vbanks": "", "new_receipt": "", "new_vbank": "", "new_cvs": "", "benepia": "",
    "payment": f"imp_uid={ONE}", "refund": f"imp_uid={ONE}", "delivery": f"imp_uid={ONE}",
    "payco_status": f"imp_uid={ONE}", "paymentwall_delivery": f"imp_uid={ONE}", "naver_confirm": f"imp_uid={ONE}",
    "naver_points": f"imp_uid={ONE}", "receipt": f"imp_uid={ONE}", "vbank": f"imp_uid={ONE}",
    "customer": f"imp_uid={ONE}", "new_link": f"customer_uid={KEY}", "billing_key": f"customer_uid={KEY}",
    "book_schedule": f"customer_uid={KEY}", "charge": f"customer_uid={KEY}", "key_deletion": f"customer_uid={KEY}",
    "schedule": f"merchant_uid={ORDER}", "link": "link=7", "operation": "number=7",
}  # fmt: skip
"""Whom each screen shows: nobody in full, a list of many, or the one whom its address names."""
_ADMINS = {"identity", "identity_otp", "quick_member", "access_log", "card_entry", "people", "buyer_requests"}
_NAVER = {"naver_confirm", "naver_points", "bulk_naver"}
_SYSTEM = {"system", "webhooks", "records", "window_code"}
_ACTS = {
    "new_link", "bulk_links", "new_receipt", "delivery", "bulk_deliveries", "payco_status", "paymentwall_delivery",
    "new_vbank", "new_cvs", "bulk_vbanks", "bulk_schedules", "book_schedule", "outage", "bulk_refunds", "refund",
    "charge", "benepia", "key_deletion", "needs_person",
}  # fmt: skip
CLOSED = {
    Role.FINANCE: _ADMINS,
    Role.SUPPORT: _ADMINS | _NAVER | _SYSTEM,
    Role.VIEWER: _ADMINS | _NAVER | _SYSTEM | _ACTS,
}
"""What docs/roles.md opens to nobody of a role."""


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return filled_store(tmp_path)


def entries(engine: Engine) -> list[tuple[Any, ...]]:
    with reading(engine) as conn:
        assert access_log.verify(conn).broken_at is None
        sql = "SELECT person, kind, what, whose, row_count, column_names, reason FROM access_entry ORDER BY id"
        return [tuple(row) for row in conn.exec_driver_sql(sql)]


def expected(role: Role) -> list[tuple[Any, ...]]:
    """What the rule says of a person who opens each screen once: viewers see nobody in full."""
    found = []
    for page, whom in SHOWS.items():
        entry = ("refused", page, "") if page in CLOSED[role] else ("seen", page, whom.partition("=")[2])
        if entry[0] == "refused" or (whom != NOBODY and role != Role.VIEWER):
            found.append((f"{role}@example.com", *entry, None, "", ""))
    return found


def go(page: str, whom: str, role: Role) -> None:
    """Opens a screen by its address, and draws it once more; one that is closed to them has no page."""
    name, _equals, value = whom.partition("=")
    query = {name: value, "utm": "홍길동"} if value else {}
    if page in CLOSED[role]:
        with pytest.raises(ValueError, match="navigation page"):
            run_page(page, role=role, query=query)
    else:
        run_page(page, role=role, query=query).run()


@pytest.mark.parametrize("role", list(CLOSED))
def test_somebody_who_goes_through_all_screens_leaves_what_the_list_expects(engine: Engine, role: Role) -> None:
    assert set(SHOWS) == {entry.name for entry in ENTRIES}
    for page, whom in SHOWS.items():
        go(page, whom, role)
    assert entries(engine) == expected(role)
