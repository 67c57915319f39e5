"""What follows a sync in the app: chains are worked out; failed schedules booked again where that is switched on."""

import pytest
from sqlalchemy import Engine

from dashboard.process import after_sync
from dashboard.settings import Settings
from services.recovery.policy import Policy
from services.store.engine import reading
from services.store.lists.operations import OperationFilter, list_operations
from services.tables.journal import OperationState
from tests.worlds.recovery_shop import NO_MONEY, Shop


@pytest.fixture
def shop(sqlite_store: Engine, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop with a failed schedule, open in the app."""
    shop = Shop(sqlite_store)
    shop.until("2026-11-04 12:00")
    shop.fails(NO_MONEY)
    shop.until("2026-11-05 12:00")
    monkeypatch.setattr("dashboard.process.after_sync.time.time", shop.clock)
    return shop


@pytest.mark.parametrize("automatic", [True, False])
def test_a_failed_schedule_is_booked_again_only_where_it_is_switched_on(
    shop: Shop, automatic: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(after_sync, "current_settings", lambda: Settings(recovery_automatic=automatic))
    after_sync.after_sync(shop.engine)
    with reading(shop.engine) as conn:
        found = list_operations(conn, OperationFilter(), limit=10)
    assert [one.state for one in found.rows] == [OperationState.INTENT] * automatic


def test_the_policy_is_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(recovery_automatic=True, recovery_pay_days=(20,), recovery_tries=2)
    monkeypatch.setattr(after_sync, "current_settings", lambda: settings)
    assert after_sync.recovery_policy() == Policy(automatic=True, pay_days=(20,), tries=2)


def test_settings_left_alone_are_the_policy_that_is_off() -> None:
    assert Policy(Settings().recovery_automatic, Settings().recovery_pay_days, Settings().recovery_tries) == Policy()
