"""A shop for every test of a command that changes something."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worlds.commands import Shop, make_shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A merchant of its own: sandbox, database, and `jangbu` in processes."""
    with make_shop(tmp_path) as made:
        yield made
