"""`jangbu migrate` and `doctor`: the installation kept in order."""

from typing import Annotated

import typer
from services.clock import system_clock

from dashboard.commands.answer import AsJson, Status, answer, notes, ready, say, sentences, tell
from dashboard.locale import _
from dashboard.process.resources import open_gateway, open_store
from dashboard.settings import load_settings


def migrate(
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Bind the database to the account that the settings name from now on.")
    ] = False,
    no_backup: Annotated[
        bool, typer.Option("--no-backup", help="Without the backup before; where there is no room for one.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Back the database up and bring it to this version's revision; --adopt makes it another account's."""
    from services.store.migrations import head_revision
    from services.store.migrations import migrate as upgrade

    with ready(as_json, None, require_gateway=adopt):
        before = None if no_backup else _kept_before(as_json)
        upgrade(open_store(checked=False))
        if not as_json:
            tell(_("The database is up to date."))
        account = _adopt() if adopt else None
        if as_json:
            answer({"revision": head_revision(), "account": account, "backup": before}, as_json=True)


def _kept_before(as_json: bool) -> str | None:
    """The backup of a database that is about to change; None where there is nothing, or nothing to do."""
    from services.store.engine import is_made, reading
    from services.store.lists.system import revision
    from services.store.migrations import head_revision

    from dashboard.commands.backups.backup import broken, tell_backup
    from dashboard.commands.backups.now import back_up
    from dashboard.commands.backups.passphrase import new_passphrase

    engine = open_store(checked=False)
    if not is_made(engine):
        return None
    with reading(engine) as conn:
        if revision(conn) == head_revision():
            return None
    done = back_up(passphrase=new_passphrase(ask=False), before=head_revision())
    if not as_json:
        tell_backup(done)
    if not done.taken.is_good:
        say(broken(done))
    return str(done.taken.path)


def _adopt() -> str:
    """Whose the database is from now on."""
    from services.operations.journal.account import adopt
    from services.store.engine import reading

    from dashboard.process.executor import cli_actor
    from dashboard.process.roster import require_admin

    actor, account = cli_actor(), open_gateway().account
    with reading(open_store()) as conn:
        require_admin(conn, actor.name)
    before = adopt(open_store(), account, actor, system_clock())
    words = _("This database belongs to {account} now. What it holds of {before} stays, in every list and sum: "
              "a database of its own is right unless only the address or the key has changed.")  # fmt: skip
    notes.print(words.format(account=account, before=before or _("no account")), markup=False, soft_wrap=True)
    return account


def doctor(as_json: AsJson = False) -> None:
    """Check settings, database, gateway and clock; one line each."""
    from dashboard.commands.doctor import findings, named

    with sentences(as_json):
        found = findings(load_settings())
        if as_json:
            answer({check.name: {"ok": check.ok, "detail": check.detail} for check in found}, as_json=True)
        else:
            for check in found:
                state = _("ok  ") if check.ok else _("FAIL")
                if check.looked_at:
                    tell(f"{state} {named(check.name)}: {check.detail}")
            if others := ", ".join(named(check.name) for check in found if not check.looked_at):
                tell(_("Not looked at, mend what failed first: {parts}").format(parts=others))
        if not all(check.ok for check in found):
            raise typer.Exit(Status.FAILED)
