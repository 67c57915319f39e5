"""Answers of the gateway are kept for a minute: a test's end with it."""

import pytest

from dashboard.process.answers import as_it_came, lookups


@pytest.fixture(autouse=True)
def nothing_asked() -> None:
    """Nobody has asked the gateway for anything yet."""
    as_it_came._kept.clear()
    lookups._kept.clear()
