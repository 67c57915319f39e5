"""A desk for every test of operations that needs no other."""

import pytest
from sqlalchemy import Engine

from tests.worlds.operations.desk import Desk


@pytest.fixture
def desk(sqlite_store: Engine) -> Desk:
    """One executor before a small merchant, with an empty journal."""
    return Desk(sqlite_store)
