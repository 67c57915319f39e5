"""`jangbu sessions`: who is signed in, ended from outside, and addresses given to another account."""

import re
import time
from typing import Annotated

import typer
from services.people import identities
from services.people.sessions import list_live
from services.people.sign_out import sign_out
from services.plain_text import UNSEEN
from services.store.engine import reading

from dashboard.commands.answer import AsJson, answer, ready, tell
from dashboard.locale import _
from dashboard.process.resources import current_settings, open_store
from dashboard.process.roster import require_admin_if_any

sessions = typer.Typer(no_args_is_help=True, help="Who is signed in, and which account an address belongs to.")
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The e-mail address that somebody signs in with.")]


@sessions.command("list")
def list_all(as_json: AsJson = False) -> None:
    """Sessions that open something now, and addresses with which another account tried."""
    with ready(as_json, None, require_gateway=False):
        with reading(open_store()) as conn:
            found = list_live(conn, time.time(), lasting=current_settings().lasting)
            live = [one.model_dump(exclude={"id", "ended_at", "why", "agent"}) for one in found]
            refused = [one.model_dump() for one in identities.refused(conn)]
        if as_json:
            answer({"sessions": live, "refused": refused}, as_json=True)
            return
        for row in (*live, *refused):
            answer(row, as_json=False)
        if not live:
            tell(_("Nobody is signed in."))


@sessions.command()
def end(address: Address, as_json: AsJson = False) -> None:
    """Sign somebody out everywhere and revoke their tokens; open screens of theirs close within two seconds."""
    _sign_out(address, as_json, rebind=False)


@sessions.command()
def rebind(address: Address, as_json: AsJson = False) -> None:
    """The same, and let the next account that signs in with the address have it."""
    _sign_out(address, as_json, rebind=True)


def _sign_out(address: str, as_json: bool, *, rebind: bool) -> None:
    """With sign-in an administrator's; where the roster has none left, whoever runs Jangbu has to be let."""
    from dashboard.process.executor import cli_actor

    with ready(as_json, None, require_gateway=False):
        engine, actor = open_store(), cli_actor()
        with reading(engine) as conn:
            require_admin_if_any(conn, actor.name)
        done = sign_out(engine, _plain(address), actor, time.time(), rebind=rebind)
        answer({"address": address, "ended": done.sessions, "tokens": done.tokens}, as_json)


def _plain(address: str) -> str:
    """As sessions know it: a screen's text has a sign without width behind the @."""
    seen = re.sub(f"[{UNSEEN}]", "", address).strip()
    return seen.casefold() if seen.isascii() else seen
