"""`jangbu backup`: the whole database in one file, while everybody goes on working."""

import signal
import time
from pathlib import Path
from typing import Annotated

import typer
from services.backup.kept import last_taken
from services.errors import BackupError
from services.store.engine import reading
from services.store.lists.system import revision
from services.tables.staff.access import ExportReason

from dashboard.access import Permission
from dashboard.commands.answer import AsJson, Status, answer, notes, ready, say, tell
from dashboard.commands.backups.now import Backed, back_up
from dashboard.commands.backups.passphrase import new_passphrase
from dashboard.locale import _
from dashboard.process.access_log.commands import said_reason
from dashboard.process.executor import require_right
from dashboard.process.resources import current_settings, made_store
from dashboard.process.roster import signs_in

_SEAL = "Ask for a passphrase and seal the file with it; JANGBU_BACKUP_PASSPHRASE does so without asking."

_REASON = "Where people sign in and it goes elsewhere than into the folder: what it is for, as with `jangbu export`."


def backup(
    file: Annotated[
        Path | None, typer.Argument(help="Where to; a name by the time in JANGBU_BACKUP_FOLDER if left out.")
    ] = None,
    keep: Annotated[
        int | None, typer.Option(min=1, help="How many of the folder are kept; JANGBU_BACKUP_KEEP if left out.")
    ] = None,
    seal: Annotated[bool, typer.Option("--seal", help=_SEAL)] = False,
    reason: Annotated[str, typer.Option(help=_REASON)] = "",
    as_json: AsJson = False,
) -> None:
    """Write a backup of the database and read it back; others go on working meanwhile."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # nothing lies about of one that is told to end
    with ready(as_json, None, require_gateway=False):
        if file and keep:
            raise BackupError("--keep goes with the folder of backups: leave out FILE, or --keep.")
        made_store()
        _note_taken(_reason_for(file, reason))
        begun = time.monotonic()
        done = back_up(file, passphrase=new_passphrase(ask=seal), keep=keep)
        told = told_of(done) | {"seconds": round(time.monotonic() - begun, 3)}
        if as_json:
            answer(told, as_json=True)
        else:
            tell_backup(done)
        if not done.taken.is_good:
            say(broken(done))
            raise typer.Exit(Status.FAILED)


def _reason_for(file: Path | None, reason: str) -> str:
    """What it is for. Raises NotAllowed and InvalidRequest where people sign in and it goes elsewhere than always.

    It holds all that there is: the folder of backups is whoever's who runs Jangbu, another place is an export.
    """
    with reading(made_store()) as conn:
        folder, last = current_settings().backup_folder.absolute(), last_taken(conn)
        usual = last is None or last.path.parent == folder
        if not signs_in(conn) or (file is None and usual):
            return ExportReason.BACKUP
    require_right(Permission.EXPORT)
    require_right(Permission.SEE_BUYERS)
    return said_reason(reason)


def _note_taken(reason: str) -> None:
    """That somebody takes all of it along; a database of another revision may have no access log yet."""
    from services.store.migrations import head_revision

    from dashboard.process.access_log.commands import note_file

    with reading(made_store()) as conn:
        is_own = revision(conn) == head_revision()
    if is_own:
        note_file("backup", None, (), reason)


def told_of(done: Backed) -> dict[str, object]:
    """What `--json` tells of a backup."""
    taken = done.taken
    return {
        "file": str(taken.path),
        "bytes": taken.size,
        "sealed": taken.sealed,
        "revision": taken.contents.revision,
        "rows": taken.rows,
        "entries": taken.contents.chain.entries,
        "good": taken.is_good,
        "deleted": [str(path) for path in done.gone],
    }


def tell_backup(done: Backed) -> None:
    """For a person: what was written, and that it can be read."""
    taken = done.taken
    words = _("{file}: {n} rows, revision {revision}, {entries} audit entries, read back.")
    if taken.sealed:
        words = _("{file}, sealed: {n} rows, revision {revision}, {entries} audit entries, read back.")
    tell(
        words.format(
            file=taken.path,
            n=f"{taken.rows:,}",
            revision=taken.contents.revision,
            entries=f"{taken.contents.chain.entries:,}",
        )
    )
    for path in done.gone:
        notes.print(_("Older than those that are kept, deleted: {file}").format(file=path), markup=False)


def broken(done: Backed) -> str:
    """That the chain is broken in the database itself."""
    words = _("The audit chain of the database is not as it was written from entry {n} on, and so it is in the "
              "backup: it is kept, but counts as no good one.")  # fmt: skip
    return words.format(n=done.taken.contents.chain.broken_at)
