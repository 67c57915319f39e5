"""Texts of an address: days and codes."""

from datetime import date

from services.clock import date_to_day, day_to_date


def day_text(value: int | None) -> str:
    """A Seoul day as an address writes it."""
    return "" if value is None else day_to_date(value).isoformat()


def read_day(text: str | None) -> int | None:
    """A Seoul day out of an address; None where it is none."""
    try:
        return date_to_day(date.fromisoformat(text or ""))
    except ValueError:
        return None


def names_in(text: str | None) -> frozenset[str]:
    """The codes of a list in an address."""
    return frozenset(name for name in (text or "").split(",") if name)
