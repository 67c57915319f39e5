"""`jangbu access`: the access log, as a list, and whether it is as it was written."""

import time
from datetime import datetime
from typing import Annotated

import typer
from services.clock import date_to_day, seoul
from services.people import access_list, access_log
from services.people.access_list import AccessFilter
from services.store.engine import reading
from services.tables.staff.access import AccessKind

from dashboard.access import Permission
from dashboard.commands.answer import AsJson, Status, answer, ready, say, tell
from dashboard.locale import _
from dashboard.process.resources import open_store
from dashboard.words.access import access_labels

access = typer.Typer(no_args_is_help=True, help="The access log: who did what with buyers' data.")


@access.command("list")
def list_all(
    person: Annotated[str, typer.Option(help="Whose doings: an address, or a user of this machine.")] = "",
    kind: Annotated[AccessKind | None, typer.Option(help="What was done.")] = None,
    whose: Annotated[str, typer.Option(help="Of whom: imp_uid, customer_uid or order number, whole.")] = "",
    date_from: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Seoul day.")] = None,
    date_to: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Seoul day.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=access_list.MOST, help="How many, the latest first.")] = 1_000,
    as_json: AsJson = False,
) -> None:
    """Entries of the access log, the latest first."""
    with ready(as_json, Permission.SEE_ACCESS, require_gateway=False):
        days = [date_to_day(day.date()) if day else None for day in (date_from, date_to)]
        chosen = AccessFilter(person or None, kind, whose, *days)
        with reading(open_store()) as conn:
            found = access_list.read_accesses(conn, chosen, limit)
            review = access_list.last_review(conn, access_list.month_to_review(time.time()))
        if as_json:
            rows = [one._asdict() for one in found]
            answer({"entries": rows, "reviewed": review._asdict() if review else None}, as_json=True)
            return
        for one in found:
            parts = (
                f"{seoul(one.at):%Y-%m-%d %H:%M:%S} KST",
                one.person,
                access_labels.kind(one.kind),
                access_labels.what(one.kind, one.what),
                access_labels.whose(one.whose),
                f"{one.row_count:,}" if one.row_count is not None else "",
                access_labels.reason(one.reason) if one.reason else "",
                one.origin,
            )
            tell(" · ".join(filter(None, parts)))
        if not found:
            tell(_("No entry matches. Look further back, or take filters away."))


@access.command()
def verify(as_json: AsJson = False) -> None:
    """Walk the chain of the access log: names the first entry that was changed, removed or moved."""
    with ready(as_json, None, require_gateway=False):
        with reading(open_store()) as conn:
            found, begun = access_log.verify(conn), access_log.floor(conn)
        if as_json:
            told = {"entries": found.entries, "removed_to": begun.number, "broken_at": found.broken_at}
            answer(told, as_json=True)
        elif found.broken_at is None:
            tell(_("{n} entries of the access log, every one as it was written.").format(n=f"{found.entries:,}"))
        if found.broken_at is not None:
            say(_("The access log is not as it was written from entry {n} on.").format(n=f"{found.broken_at:,}"))
            raise typer.Exit(Status.FAILED)
