"""`jangbu restore`: a backup becomes the database, which sends nothing until it knows what went since."""

import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from services.backup.damage import is_damage
from services.backup.put_back import PutBack, put_back, require_known, require_place, stands
from services.errors import BackupError
from services.operations.journal.roster import kept_roster
from services.store.engine import reading
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from dashboard.commands.answer import AsJson, answer, ready, say, tell
from dashboard.commands.backups.backup import broken, tell_backup
from dashboard.commands.backups.now import Backed, back_up
from dashboard.commands.backups.passphrase import new_passphrase, passphrase_for
from dashboard.locale import _
from dashboard.process.executor import cli_actor, user_of_machine
from dashboard.process.resources import open_store
from dashboard.process.roster import require_admin
from dashboard.words import formats, labels

_NO_BACKUP = "With --replace: without the backup before; the files of SQLite, damaged ones too, are set aside."


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `jangbu backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Also where there is a database already; it is backed up first.")
    ] = False,
    no_backup: Annotated[bool, typer.Option("--no-backup", help=_NO_BACKUP)] = False,
    unsealed: Annotated[
        bool, typer.Option("--unsealed", help="Also one without a seal, though JANGBU_BACKUP_PASSPHRASE is set.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a backup the database; nothing is sent before `jangbu sync` has read the gateway whole."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # nothing lies about of one that is told to end
    with ready(as_json, None, require_gateway=False):
        if no_backup and not replace:
            raise BackupError("--no-backup goes with --replace.")
        if not file.is_file():
            raise BackupError("There is no backup at {path}.", path=file)
        engine, label = open_store(checked=False), require_known(file)
        require_place(engine, replace=replace)
        if stands(engine):
            _require_admin()
        passphrase, kept = passphrase_for(label, unsealed=unsealed), list[Backed]()
        done = put_back(
            engine, file, passphrase, time.time(), by=user_of_machine(), replace=replace, aside=no_backup,
            before=lambda: None if no_backup else kept.append(_kept_first(as_json)),
        )  # fmt: skip
        people = _people(engine)
        if as_json:
            more = {"before": str(kept[0].taken.path) if kept else None, "roles": people}
            answer(_told_of(done) | more, as_json=True)
        else:
            _tell(done)
            _tell_roles(people)
        if not done.is_good:
            words = _("The audit chain in the backup is not as it was written from entry {n} on.")
            say(words.format(n=done.contents.chain.broken_at))


def _told_of(done: PutBack) -> dict[str, object]:
    return {
        "revision": done.contents.revision,
        "made_at": done.label.made_at,
        "database": done.label.engine,
        "rows": sum(done.contents.rows.values()),
        "entries": done.contents.chain.entries,
        "good": done.is_good,
        "aside": str(done.aside) if done.aside else None,
        "read_only": True,
    }


def _tell(done: PutBack) -> None:
    tell(_("The database is again as it was at {time}.").format(time=formats.time(done.label.made_at)))
    if done.aside:
        tell(_("What stood there lies at {path} now.").format(path=done.aside))
    tell(_("Nothing is sent until `jangbu sync`, or the app, has read the gateway whole and completed the "
           "journal from it."))  # fmt: skip


def _people(engine: Engine) -> dict[str, str]:
    """Who has a role in what was put back."""
    with reading(engine) as conn:
        roster = kept_roster(conn)
    return dict(roster.roles) if roster else {}


def _tell_roles(people: Mapping[str, str]) -> None:
    """Who may sign in: of a backup alone, as it was then; whoever was removed since is to be removed again."""
    if people:
        told = ", ".join(f"{address} ({labels.role(role)})" for address, role in sorted(people.items()))
        tell(_("These have a role in it; look whether each still should: {people}").format(people=told))


def _require_admin() -> None:
    """Raises NotAllowed where people sign in to what stands there, and this one is no administrator of it.

    One that is damaged names nobody; whoever may rename its file needs no command for that.
    """
    try:
        actor = cli_actor()
        with reading(open_store(checked=False)) as conn:
            require_admin(conn, actor.name)
    except DBAPIError as error:
        if not is_damage(error):
            raise


def _kept_first(as_json: bool) -> Backed:
    """What stands there, kept once more."""
    done = back_up(passphrase=new_passphrase(ask=False), before="restore")
    if not as_json:
        tell_backup(done)
    if not done.taken.is_good:
        say(broken(done))
    return done
