"""How many trials a test of failures goes through."""

import os

PERCENT = float(os.environ.get("JANGBU_TEST_SEEDS", "0"))
"""How much of the figures that each test names is run; 100 is all of them."""


def seeds(figure: int, *, least: int) -> int:
    """That share of a figure, and never fewer than `least`."""
    return max(least, round(figure * PERCENT / 100))
