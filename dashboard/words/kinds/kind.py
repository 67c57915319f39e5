"""What is said of one kind of operation."""

from dataclasses import dataclass

from dashboard.access import Permission


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of operation; in the sentences {amount}, {name}, {due} and {at} are filled in."""

    noun: str
    nothing: str
    """What a refusal comes to: `Nothing was refunded.`"""
    icon: str
    permission: Permission
    page: str
    """Where it is asked for and its outcome stands."""
    about: str
    """The operation's column, and the parameter of that page, that says what it is about."""
    otherwise: str = ""
    """The column that says it where that one is empty."""
    send: str = ""
    """The button of the last look, where the page has none of its own."""
    has_sum: bool = True
    choice: str = ""
    """Of changes of a schedule, and of Naver Pay orders: the button that begins it."""
    sentence: str = ""
    """Of changes of a schedule: what the last look says."""
    would: str = ""
    """Of changes of many schedules or orders: what it would do to one of them."""
