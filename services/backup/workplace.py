"""Where a backup lies open for as long as it is taken or put back: beside the database, for its owner alone.

Not where backups go: that may be another machine's disk, and what is sealed must not lie there open.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from services.clock import DAY
from services.operations.journal.head import path_of

_PREFIX = ".jangbu-backup-"


@contextmanager
def workplace(engine: Engine) -> Iterator[Path]:
    """A new folder that is gone afterwards; those of processes that were killed go a day later."""
    # The head of a database that is no file lies in a folder of Jangbu's own.
    beside = Path(str(engine.url.database)) if engine.dialect.name == "sqlite" else path_of(engine)
    folder = beside.parent if beside else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"{_PREFIX}*"):
            if left.stat().st_mtime < time.time() - DAY:
                shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(prefix=_PREFIX, dir=folder) as made:
        yield Path(made)
