"""`jangbu sync`: the mirror brought up to date."""

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dashboard.commands.answering import AsJson, answer, notes, sentences
from dashboard.resources import open_gateway, open_store, use_settings
from dashboard.settings import Settings, load_settings

if TYPE_CHECKING:
    from services.mirror.run import Progress as Step


def sync(
    full: Annotated[bool, typer.Option("--full", help="Read the whole span again.")] = False,
    days: Annotated[int | None, typer.Option(min=1, help="How far back; JANGBU_MIRROR_DAYS if left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Bring the mirror up to date with the gateway."""
    with sentences(as_json):
        settings = load_settings()
        answer(run_sync(settings, days=days or settings.mirror_days, full=full), as_json)


def run_sync(settings: Settings, *, days: int, full: bool) -> dict[str, Any]:
    """One sync with a progress bar on a terminal; the fields that `sync --json` prints."""
    from services.mirror.sync import sync as mirror
    from services.recovery.chains import refresh_chains
    from services.revenue.forecast import refresh_forecast

    use_settings(settings)
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
    refresh_chains(open_store(), now)
    refresh_forecast(open_store(), now)
    return {
        "payments": result.payments,
        "changed": result.changed,
        "billing_keys": result.billing_keys,
        "schedules": result.schedules,
        "requests": result.requests,
        "seconds": round(result.seconds, 3),
    }


def _told(step: "Step") -> str:
    if step.filled is None:
        return step.what
    done, months = step.filled.months
    return f"{step.what}, {done}/{months} months"
