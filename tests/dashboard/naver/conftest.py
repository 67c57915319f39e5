"""A shop with an escrow contract at Naver Pay, which has points credited itself."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.worlds.screens.money_forms import money_store

SINCE = date(2026, 1, 1)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """The dashboard's store, with payments by Naver Pay among others."""
    return money_store(tmp_path, naverpay_escrow_from=SINCE, naverpay_points_from=SINCE)
