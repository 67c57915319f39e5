"""Unfinished files of backups whose process was killed: they go when the next one is taken."""

import os
import re
import time
from contextlib import suppress
from pathlib import Path

from services.backup.archive import is_begun

_NAME = re.compile(r".+\.(\d+)\.part")
_OLD = 3_600
"""Seconds: where the folder is another machine's too, the number of its process says nothing here."""


def unfinished_name(path: Path) -> Path:
    """What a backup is called until it was read back: by the process that writes it."""
    return path.with_name(f"{path.name}.{os.getpid()}.part")


def sweep(folder: Path) -> None:
    """Deletes those that nobody writes any more."""
    for path in folder.glob("*.part"):
        with suppress(OSError):
            if (found := _NAME.fullmatch(path.name)) and _is_left(path, int(found[1])):
                path.unlink()


def _is_left(path: Path, process: int) -> bool:
    return path.stat().st_mtime < time.time() - _OLD and not _lives(process) and is_begun(path)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
