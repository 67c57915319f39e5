"""Files that somebody brings: of refunds, looked at once, kept for the session, submitted once; of billing keys."""

import time

from services.errors import InvalidRequest, JangbuError
from services.mirror.key_files import KeyFile, import_keys, read_key_file
from services.operations.files import batches
from services.operations.files.batches import DryRun

from dashboard.access import User
from dashboard.kit.session import Slot
from dashboard.process.executor import actor_of, require_may_ask
from dashboard.process.resources import open_session, open_store

_RUN: Slot[tuple[str, DryRun | InvalidRequest] | None] = Slot("bulk.run", lambda: None)
"""The file that was looked at last, and what each of its rows would do."""
COUNT: Slot[int] = Slot("files", int)
"""How many files this session has submitted: the next field for one is new and empty."""


def looked_at(file_id: str, name: str, content: bytes, *, anew: bool) -> DryRun | InvalidRequest:
    """What each row would do; looked at again when another file comes or the person asks."""
    kept = _RUN.get()
    if anew or kept is None or kept[0] != file_id:
        try:
            with open_session() as session:
                kept = (file_id, batches.dry_run(session, name, content))
        except InvalidRequest as error:
            kept = (file_id, error)
        _RUN.put(kept)
    return kept[1]


def read_keys(content: bytes) -> KeyFile | InvalidRequest:
    """The lines of a file of billing keys, or why it is none."""
    try:
        return read_key_file(content)
    except InvalidRequest as error:
        return error


def note_keys(file: KeyFile) -> int:
    """Keeps the keys of the good lines, to be looked up by the next reading; how many are new."""
    return import_keys(open_store(checked=False), file)


def submit(run: DryRun, user: User) -> JangbuError | None:
    """Writes the file and its rows down, to be approved by somebody else; what stood in the way."""
    try:
        require_may_ask(user, [row.wanted for row in run.rows if row.wanted])
        batches.submit(open_store(checked=False), run, actor_of(user), time.time())
    except JangbuError as error:
        return error
    return None
