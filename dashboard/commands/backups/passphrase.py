"""The passphrase of a backup: from the settings or typed in, never a word of the command, which others can see."""

import sys

import typer
from services.backup.archive import Label
from services.backup.seal import LEAST
from services.errors import BackupError

from dashboard.commands.backups.now import passphrase_of
from dashboard.locale import _
from dashboard.process.resources import current_settings


def new_passphrase(*, ask: bool) -> str | None:
    """What a new backup is sealed with; asked for twice. None: it is not sealed."""
    known = passphrase_of(current_settings())
    if known or not ask:
        return known
    typed = str(typer.prompt(_("Passphrase"), hide_input=True, confirmation_prompt=_("Once more"), err=True))
    if len(typed) < LEAST:
        raise BackupError(
            "A passphrase has {n} characters or more: whoever has the file can try shorter ones.", n=LEAST
        )
    return typed


def passphrase_for(label: Label, *, unsealed: bool) -> str | None:
    """What opens a backup; asked for at a terminal where it is sealed and nothing is set.

    None for one that is not sealed is only right where that was said: with a passphrase no such one is taken.
    """
    known = passphrase_of(current_settings())
    if unsealed and not label.sealed:
        return None
    if known or not label.sealed or not sys.stdin.isatty():
        return known
    return str(typer.prompt(_("Passphrase"), hide_input=True, err=True))
