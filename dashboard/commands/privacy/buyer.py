"""`jangbu buyer`: what is kept of one, a copy of it for them, and what of it nobody has to keep erased."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from services.errors import InvalidRequest
from services.privacy.erasure import FORMATS, checked_reason, copy_of, erase, note_copied
from services.privacy.find import Buyer, find_buyer
from services.privacy.rows import Held, Terms
from services.store.engine import reading

from dashboard.access import Permission
from dashboard.commands.answer import AsJson, answer, ready, tell
from dashboard.locale import _, ngettext
from dashboard.navigation import Place
from dashboard.process.access_log.commands import note_file, note_search
from dashboard.process.executor import cli_actor
from dashboard.process.resources import current_settings, open_store
from dashboard.words.names import held_rows

buyer = typer.Typer(no_args_is_help=True, help="One buyer: what is kept of them, a copy of it, and erasing it.")
Who = Annotated[
    str,
    typer.Argument(
        metavar="BUYER",
        help="The whole phone, e-mail address or customer_uid; - reads it from standard input, so that no history "
        "of commands keeps it.",
    ),
]
Reason = Annotated[str, typer.Option(help="Why: kept with your name and the time. No personal data in it.")]


@buyer.command()
def find(who: Who, as_json: AsJson = False) -> None:
    """What is kept of a buyer: which rows, and what of them has to stay until when; no name and no number."""
    with ready(as_json, Permission.BUYER_REQUESTS, require_gateway=False):
        _tell(_found(_typed(who), time.time()), as_json)


@buyer.command()
def data(
    who: Who,
    reason: Reason,
    out: Annotated[Path, typer.Option(dir_okay=False, help="Where to write it; never over a file.")],
    kind: Annotated[str, typer.Option("--format", help="csv, with a line a value, or json.")] = "csv",
    as_json: AsJson = False,
) -> None:
    """Write all that is kept of a buyer into a file, for their request to see it."""
    with ready(as_json, Permission.BUYER_REQUESTS, require_gateway=False):
        if kind not in FORMATS:
            raise InvalidRequest("There are csv and json.", field="format")
        if out.exists():
            raise InvalidRequest("There is a file of this name already.", field="out")
        now = time.time()
        found = _found(_typed(who), now)
        note_file(Place.BUYER_REQUESTS, len(found.rows), (), checked_reason(reason, found.sought))
        note_copied(open_store(), found, reason, cli_actor(), now)
        with out.open("xb") as file:
            file.write(copy_of(found, kind))
        answer({"file": str(out), "rows": len(found.rows)}, as_json)


@buyer.command("erase")
def erase_buyer(
    who: Who,
    reason: Reason,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go and what stays; erase nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Without asking once more.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase what nobody has to keep of a buyer, for good; the rest stays until its term is over."""
    with ready(as_json, Permission.BUYER_REQUESTS, require_gateway=False):
        text, now = _typed(who), time.time()
        found = _found(text, now)
        if dry_run:
            _tell(found, as_json)
            return
        if not yes:
            _ask(found)
        gone = erase(open_store(), text, found.seal, reason, cli_actor(), _terms(now))
        _tell(_found(text, now), as_json, erased=len(gone))


def _typed(who: str) -> str:
    return sys.stdin.readline().strip() if who == "-" else who


def _terms(now: float) -> Terms:
    return Terms(now, current_settings().keep_buyers_years)


def _found(text: str, now: float) -> Buyer:
    with reading(open_store()) as conn:
        found = find_buyer(conn, text, _terms(now))
    note_search(Place.BUYER_REQUESTS, text, len(found.rows))
    return found


def _ask(found: Buyer) -> None:
    """Raises Abort unless the person says yes; where nobody can be asked, --yes has to stand there."""
    if not sys.stdin.isatty():
        raise InvalidRequest("Nobody can be asked here: look with --dry-run first, then say --yes.", field="yes")
    _tell(found, as_json=False)
    typer.confirm(_("Erase it for good?"), abort=True, err=True)


def _tell(found: Buyer, as_json: bool, *, erased: int | None = None) -> None:
    if as_json:
        told = {
            "by": found.sought.way.value,
            "rows": [_row(row) for row in found.rows],
            "others": [_row(row) for row in found.others],
        }
        answer(told if erased is None else told | {"erased": erased}, as_json=True)
        return
    for row in (*found.rows, *found.others):
        tell(f"{held_rows.kind(row.kind)} {row.uid} · {held_rows.what_becomes(row)}")
    if not found.rows:
        tell(_("Nothing is kept of this buyer."))
    if erased is not None:
        tell(ngettext("Erased in {n} row.", "Erased in {n} rows.", erased).format(n=f"{erased:,}"))


def _row(row: Held) -> dict[str, object]:
    return {
        "kind": row.kind.value,
        "id": row.uid,
        "at": row.at,
        "personal": list(row.personal),
        "stays": row.stays.value if row.stays else None,
        "until": row.until.isoformat() if row.until else None,
        "can_go": row.can_go,
    }
