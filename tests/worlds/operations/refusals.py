"""What is refused before it is asked for."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from services.errors import InvalidRequest


@contextmanager
def refused_at(field: str) -> Iterator[None]:
    """What the block does raises InvalidRequest, which names this field."""
    with pytest.raises(InvalidRequest) as told:
        yield
    assert told.value.values["field"] == field
