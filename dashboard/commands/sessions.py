"""`jangbu sessions`: who is signed in, ended from outside, and addresses given to another account."""

import re
import time
from typing import Annotated

import typer
from services.errors import SettingsError
from services.people import identities
from services.people.sessions import list_live
from services.plain_text import UNSEEN
from services.store.engine import reading, writing
from services.tables.people import Ending

from dashboard.commands.answer import AsJson, answer, ready, tell
from dashboard.locale import _
from dashboard.process.resources import open_store

sessions = typer.Typer(no_args_is_help=True, help="Who is signed in, and which account an address belongs to.")
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The e-mail address that somebody signs in with.")]


@sessions.command("list")
def list_all(as_json: AsJson = False) -> None:
    """Sessions that open something now, and addresses with which another account tried."""
    with ready(as_json, require_gateway=False):
        with reading(open_store()) as conn:
            live = [one.model_dump(exclude={"id", "ended_at", "why"}) for one in list_live(conn, time.time())]
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
    """Sign somebody out everywhere; open screens of theirs close within two seconds."""
    from dashboard.process.sessions import end_all

    with ready(as_json, require_gateway=False):
        open_store()
        ended = end_all(_plain(address), Ending.OPERATOR)
        if not ended:
            raise SettingsError("{address} is signed in nowhere.", address=address)
        answer({"address": address, "ended": ended}, as_json)


@sessions.command()
def rebind(address: Address, as_json: AsJson = False) -> None:
    """Sign somebody out, and let the next account that signs in with the address have it."""
    from dashboard.process.sessions import end_all

    with ready(as_json, require_gateway=False):
        with writing(open_store()) as conn:
            if not identities.unbind(conn, _plain(address)):
                raise SettingsError("{address} belongs to no account yet.", address=address)
        answer({"address": address, "ended": end_all(_plain(address), Ending.OPERATOR)}, as_json)


def _plain(address: str) -> str:
    """As sessions know it: a screen's text has a sign without width behind the @."""
    seen = re.sub(f"[{UNSEEN}]", "", address).strip()
    return seen.casefold() if seen.isascii() else seen
