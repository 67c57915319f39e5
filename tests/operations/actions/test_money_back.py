"""When a buyer can expect the money: Korean business days by method."""

from datetime import date, datetime

import pytest

from services.clock import SEOUL
from services.operations.actions.money_back import expected_by


@pytest.mark.parametrize(
    ("method", "refunded", "back"),
    [
        ("card", (2026, 3, 2, 15), date(2026, 3, 9)),
        ("card", (2026, 2, 13, 9), date(2026, 2, 25)),
        ("vbank", (2026, 2, 13, 9), date(2026, 2, 19)),
        ("trans", (2026, 4, 30, 23), date(2026, 5, 4)),
        ("vbank", (2026, 12, 31, 23), date(2027, 1, 4)),
        ("naverpay_point", (2026, 11, 23, 0), date(2026, 11, 30)),
    ],
    ids=["over a weekend and a day in lieu", "over Seollal", "the day after Seollal", "over Workers' Day",
         "over New Year", "others as cards"],
)  # fmt: skip
def test_refunded_money_is_back_on_a_business_day(method: str, refunded: tuple[int, int, int, int], back: date) -> None:
    assert expected_by(method, datetime(*refunded, tzinfo=SEOUL).timestamp()) == back
