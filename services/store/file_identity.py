"""Whether the database file that a process writes is still the one that stands at its path.

A file that was deleted or replaced can be written for hours, and all of it is gone with the process. It is only
looked at from outside: opening and closing it here would drop SQLite's locks on it.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from services.errors import Displaced

_OPEN_FILES = "/proc/self/fd"
_DELETED = " (deleted)"


@dataclass
class Standing:
    """A database file as this process first opened it."""

    path: Path
    opened: tuple[int, int] | None = None
    """Device and number of the file; None before the first connection."""

    def note(self) -> None:
        """To be called when a connection was opened: the first one says which file is meant."""
        self.opened = self.opened or _identity(self.path)

    def require(self) -> None:
        """Raises Displaced where another file stands there, or none, or the log of writes was deleted."""
        if not self.holds():
            raise Displaced(
                "The database file or its log was deleted or replaced while Jangbu was running: "
                "nothing is written or sent until it is started again on the right file."
            )

    def holds(self) -> bool:
        """Whether what is written now will be found again."""
        if self.opened is None:
            return True
        return self.opened == _identity(self.path) and not self._log_is_deleted()

    def _log_is_deleted(self) -> bool:
        """SQLite keeps the log open: Linux tells of an open file whether its name is gone."""
        gone = {f"{self.path}{suffix}{_DELETED}" for suffix in ("-wal", "-shm")}
        try:
            # Each run of a script asks it of each open connection of a browser: by pathlib it took ten times as long.
            return any(_target(f"{_OPEN_FILES}/{number}") in gone for number in os.listdir(_OPEN_FILES))  # noqa: PTH208
        except FileNotFoundError:
            return False  # another system than Linux: the file itself is all that can be compared


def _identity(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None


def _target(link: str) -> str:
    try:
        return os.readlink(link)  # noqa: PTH115
    except OSError:  # closed meanwhile
        return ""
