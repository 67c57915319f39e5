"""`jangbu backup`: the whole database in one file, while everybody goes on working."""

import signal
import time
from pathlib import Path
from typing import Annotated

import typer
from services.errors import BackupError

from dashboard.commands.answer import AsJson, Status, answer, notes, ready, say, tell
from dashboard.commands.backups.now import Backed, back_up
from dashboard.commands.backups.passphrase import new_passphrase
from dashboard.locale import _
from dashboard.process.resources import made_store

_SEAL = "Ask for a passphrase and seal the file with it; JANGBU_BACKUP_PASSPHRASE does so without asking."


def backup(
    file: Annotated[
        Path | None, typer.Argument(help="Where to; a name by the time in JANGBU_BACKUP_FOLDER if left out.")
    ] = None,
    keep: Annotated[
        int | None, typer.Option(min=1, help="How many of the folder are kept; JANGBU_BACKUP_KEEP if left out.")
    ] = None,
    seal: Annotated[bool, typer.Option("--seal", help=_SEAL)] = False,
    as_json: AsJson = False,
) -> None:
    """Write a backup of the database and read it back; others go on working meanwhile."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # nothing lies about of one that is told to end
    with ready(as_json, require_gateway=False):
        if file and keep:
            raise BackupError("--keep goes with the folder of backups: leave out FILE, or --keep.")
        made_store()
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
