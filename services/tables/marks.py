"""Names under which the mirror keeps values that outlive a process, in the table `mark`."""

from enum import StrEnum


class MirrorMark(StrEnum):
    """What the mirror knows of itself."""

    AS_OF = "as_of"
    BACKFILLED = "backfilled"
    DEEP_AT = "deep_at"
    FILLING = "filling"
    WHOLE_FROM = "whole_from"
    """From when on the whole span has to be read once more: `UNIX seconds, space, what for`."""
    GATEWAY = "gateway"
    """Its address."""
    CLOCK_DIFFERENCE = "clock_difference"
    CODES_AT = "codes_at"
    """When the names of banks and card companies were read."""
    CODES_ASKED = "codes_asked"
    PROBE = "probe"
    """Written to see that it can be done."""
    BACKUP_AT = "backup_at"
    """When the last backup was taken that could be read back."""
    BACKUP_FILE = "backup_file"
    BACKUP_TRIED = "backup_tried"
    """When the last one by the clock was begun."""
    ANONYMOUS_PAYMENTS = "anonymous_payments"
    """The position up to which buyers were made anonymous."""
    ANONYMOUS_SCHEDULES = "anonymous_schedules"
    ANONYMOUS_DAY = "anonymous_day"
    """The Seoul day on which that was done last."""
    PIECES_LEFT = "pieces_left"
    """A name of its own whenever a buyer was taken out, until the search index has forgotten them whole."""
    BACKUP_BROKEN = "backup_broken"
    """When the last one was taken whose audit chain is broken, as the store's is."""


def of_store(mark: MirrorMark, tier: str) -> str:
    """The same of a sub-store: `as_of ABC`."""
    return f"{mark} {tier}"
