"""Times as tests write them."""

from datetime import datetime

from services.clock import SEOUL


def at(text: str) -> int:
    """`2026-11-05 10:00` in Seoul."""
    return int(datetime.fromisoformat(text).replace(tzinfo=SEOUL).timestamp())
