"""The store of most screens of schedules."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.worlds.screens.schedule_forms import desk_store


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """The dashboard's store, with schedules in every state."""
    return desk_store(tmp_path)
