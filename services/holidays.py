"""Days on which banks in Korea are closed, and what holidays are called."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from holidays import country_holidays

_SATURDAY = 5
_LANGUAGES = {"ko": "ko", "en": "en_US"}


def is_business_day(day: date) -> bool:
    """Whether banks work: no weekend, no holiday of Korea, no day in lieu of one, not Workers' Day."""
    labour_day = (day.month, day.day) == (5, 1)
    return not is_weekend(day) and holiday_name(day) is None and not labour_day


def is_weekend(day: date) -> bool:
    """Whether it is a Saturday or a Sunday."""
    return day.weekday() >= _SATURDAY


def holiday_name(day: date, language: str = "ko") -> str | None:
    """What a holiday, or a day in lieu of one, is called in `ko` or `en`; None for any other day."""
    return _names(day.year, _LANGUAGES.get(language, "ko")).get(day)


@cache
def _names(year: int, language: str) -> Mapping[date, str]:
    return dict(country_holidays("KR", years=year, language=language))
