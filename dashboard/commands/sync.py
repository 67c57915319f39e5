"""`jangbu sync`: the mirror brought up to date."""

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dashboard.commands.answer import AsJson, answer, notes, say, sentences
from dashboard.locale import _
from dashboard.process.resources import make_store, open_gateway, open_store, use_settings
from dashboard.settings import Settings, load_settings
from dashboard.words.unreadable_words import NO_ID, row_kind, why_unreadable

if TYPE_CHECKING:
    from services.mirror.run import Progress as Step

_MOST_TOLD = 100


def sync(
    full: Annotated[bool, typer.Option("--full", help="Read the whole span again.")] = False,
    days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="How far back; JANGBU_MIRROR_DAYS if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Bring the mirror up to date with the gateway."""
    with sentences(as_json):
        settings = load_settings()
        result = run_sync(settings, days=days or settings.mirror_days, full=full)
        if not as_json:
            tell_unreadable(result.pop("unreadable_rows"), result["unreadable"])
        answer(result, as_json)


def completed(found: int) -> str:
    """That a database which was put back goes on, and what it lacked."""
    words = _("The database was put back to an older state. Its journal is complete again ({n} operations found at "
              "the gateway), and money is sent again.")  # fmt: skip
    return words.format(n=f"{found:,}")


def run_sync(settings: Settings, *, days: int, full: bool) -> dict[str, Any]:
    """One sync with a progress bar on a terminal; the fields that `sync --json` prints."""
    from services.mirror.sync import sync as mirror
    from services.operations.journal import restoration
    from services.revenue.forecast import refresh_forecast
    from services.store.engine import reading
    from services.store.lists.unreadable import list_unreadable
    from services.subscriptions.keep import refresh_chains

    use_settings(settings)
    restoration.begin(make_store(), time.time())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=notes, disable=not notes.is_terminal, transient=True) as bar:
        task = bar.add_task("payments", total=None)
        result = mirror(
            open_gateway(),
            open_store(),
            days=days,
            full=full,
            progress=lambda step: bar.update(task, description=_told(step), completed=step.done, total=step.total),
        )
    now = time.time()
    found = restoration.complete(open_store(), now)
    if found is not None:
        notes.print(completed(found), markup=False)
    with reading(open_store()) as conn:
        unreadable = list_unreadable(conn, _MOST_TOLD)
    changed = refresh_chains(open_store(), now)
    refresh_forecast(open_store(), now, changed=changed > 0)
    return {
        "payments": result.payments,
        "changed": result.changed,
        "billing_keys": result.billing_keys,
        "schedules": result.schedules,
        "requests": result.requests,
        "seconds": round(result.seconds, 3),
        "unreadable": result.unreadable,
        "unreadable_rows": [{"kind": one.kind, "id": one.uid, "reason": one.reason} for one in unreadable],
    }


def tell_unreadable(rows: Sequence[Mapping[str, str]], count: int) -> None:
    """A line for each row that could not be read, and how many more there are."""
    for row in rows:
        say(f"{row_kind(row['kind'])} {row['id'] or NO_ID}: {why_unreadable(row['reason'])}")
    if count > len(rows):
        say(_("and {n} more rows that could not be read").format(n=f"{count - len(rows):,}"))


def _told(step: "Step") -> str:
    if step.filled is None:
        return step.what
    done, months = step.filled.months
    return f"{step.what}, {done}/{months} months"
