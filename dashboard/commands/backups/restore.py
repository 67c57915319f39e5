"""`jangbu restore`: a backup becomes the database, which sends nothing until it knows what went since."""

import time
from pathlib import Path
from typing import Annotated

import typer
from services.backup.put_back import put_back, require_known, require_place
from services.errors import NotAllowed
from services.store.engine import is_made, reading

from dashboard.commands.answer import AsJson, answer, ready, tell
from dashboard.commands.backups.backup import tell_backup
from dashboard.commands.backups.now import Backed, back_up
from dashboard.commands.backups.passphrase import new_passphrase, passphrase_for
from dashboard.locale import _
from dashboard.process.executor import cli_actor, user_of_machine
from dashboard.process.resources import open_store
from dashboard.process.roster import role_of, signs_in
from dashboard.settings import Role
from dashboard.words import formats


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `jangbu backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Also where there is a database already; it is backed up first.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a backup the database; nothing is sent before `jangbu sync` has read the gateway whole."""
    with ready(as_json, require_gateway=False):
        engine, label = open_store(checked=False), require_known(file)
        require_place(engine, replace=replace)
        if is_made(engine):
            _require_admin()
        passphrase, kept = passphrase_for(label), list[Backed]()
        done = put_back(
            engine, file, passphrase, time.time(),
            by=user_of_machine(), replace=replace, before=lambda: kept.append(_kept_first(as_json)),
        )  # fmt: skip
        if as_json:
            answer(
                {
                    "revision": done.contents.revision,
                    "made_at": done.label.made_at,
                    "database": done.label.engine,
                    "rows": sum(done.contents.rows.values()),
                    "entries": done.contents.chain.entries,
                    "before": str(kept[0].taken.path) if kept else None,
                    "read_only": True,
                },
                as_json=True,
            )
        else:
            tell(_("The database is again as it was at {time}.").format(time=formats.time(done.label.made_at)))
            tell(_("Nothing is sent until `jangbu sync`, or the app, has read the gateway whole and completed the "
                   "journal from it."))  # fmt: skip


def _require_admin() -> None:
    """Raises NotAllowed where people sign in to what stands there, and this one is no administrator of it."""
    actor = cli_actor()
    with reading(open_store(checked=False)) as conn:
        if signs_in(conn) and role_of(conn, actor.name) != Role.ADMIN:
            raise NotAllowed("{name} is no administrator: JANGBU_CLI_USERS and JANGBU_ROLES of the app say who is.",
                             name=actor.name)  # fmt: skip


def _kept_first(as_json: bool) -> Backed:
    """What stands there, kept once more."""
    done = back_up(passphrase=new_passphrase(ask=False), before="restore")
    if not as_json:
        tell_backup(done)
    return done
