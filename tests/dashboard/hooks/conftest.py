"""The store of most screens here."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.worlds.screens.money_forms import money_store


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """The dashboard's store, with payments, keys and a last run that went well."""
    return money_store(tmp_path)
