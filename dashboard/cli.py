"""The `jangbu` command: one object on stdout with --json, everything else on stderr."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from services.clock import date_to_day
from services.store.filters import Live, PaymentFilter

from dashboard import demo as demo_run
from dashboard.logs import log_to_stderr, sentence_of
from dashboard.resources import open_gateway, open_store, use_settings
from dashboard.settings import Settings, load_settings

# Bad usage is status 1 here, since 2 says that the gateway refused; typer would end with 2.
_UsageError = typer.BadParameter.__mro__[1]
_UsageError.exit_code = 1  # type: ignore[attr-defined] # typer's own, which it does not export

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Jangbu: payments of i'mport, kept and shown.",
)
notes = Console(stderr=True)
log_to_stderr()


class Kind(StrEnum):
    """What can be exported."""

    PAYMENTS = "payments"
    REFUNDS = "refunds"
    SCHEDULES = "schedules"
    BILLING_KEYS = "billing-keys"


class Format(StrEnum):
    """Formats of an export."""

    CSV = "csv"
    XLSX = "xlsx"


AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, everything else on stderr.")]


@contextmanager
def _sentences() -> Iterator[None]:
    """Errors end the command with a sentence and status 1, never with a traceback: it may hold a buyer's data."""
    try:
        yield
    except (typer.Exit, typer.Abort):
        raise
    except Exception as error:
        notes.print(sentence_of(error), markup=False, style="red")
        raise typer.Exit(1) from None


def _answer(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
    else:
        notes.print(" · ".join(f"{name} {value}" for name, value in result.items()), markup=False)


@app.command()
def demo(
    port: Annotated[int | None, typer.Option(help="Port of the dashboard; JANGBU_PORT if left out.")] = None,
    payments: Annotated[int, typer.Option(help="Size of the sandbox's world.")] = 24_000,
) -> None:
    """Sandbox gateway, mirror and dashboard in one go; Ctrl-C ends all of it."""
    with _sentences():
        demo_run.run(port=port or load_settings(require_gateway=False).port, payments=payments)


@app.command()
def serve() -> None:
    """The dashboard, against the gateway and the database that the settings name."""
    from dashboard.serve import serve as serve_app

    with _sentences():
        serve_app(load_settings())


@app.command()
def sync(
    full: Annotated[bool, typer.Option("--full", help="Read the whole span again.")] = False,
    days: Annotated[int | None, typer.Option(min=1, help="How far back; JANGBU_MIRROR_DAYS if left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Bring the mirror up to date with the gateway."""
    with _sentences():
        settings = load_settings()
        _answer(run_sync(settings, days=days or settings.mirror_days, full=full), as_json)


def run_sync(settings: Settings, *, days: int, full: bool) -> dict[str, Any]:
    """One sync with a progress bar on a terminal; the fields that `sync --json` prints."""
    from services.mirror.sync import sync as mirror

    use_settings(settings)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=notes, disable=not notes.is_terminal, transient=True) as bar:
        task = bar.add_task("payments", total=None)
        result = mirror(
            open_gateway(),
            open_store(),
            days=days,
            full=full,
            progress=lambda step: bar.update(task, description=step.what, completed=step.done, total=step.total),
        )
    return {
        "payments": result.payments,
        "changed": result.changed,
        "billing_keys": result.billing_keys,
        "schedules": result.schedules,
        "requests": result.requests,
        "seconds": round(result.seconds, 3),
    }


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(help="Port on the loopback address.")] = 8600,
    payments: Annotated[int, typer.Option(min=1, help="How many payments its world holds.")] = 24_000,
    days: Annotated[int, typer.Option(min=1, help="How many days its world goes back.")] = 400,
    seed: Annotated[int, typer.Option(help="Same seed and time, same world.")] = 1,
    latency: Annotated[float, typer.Option(min=0, help="Milliseconds that every answer is held back.")] = 0,
) -> None:
    """A V1 gateway with a made-up merchant, on loopback, until Ctrl-C."""
    from services.sandbox.server import run

    run(port=port, payments=payments, days=days, seed=seed, latency=latency / 1000)


@contextmanager
def _whole_or_nothing(out: Path) -> Iterator[IO[bytes]]:
    """A file that is put in its place when it is whole: an export that fails leaves what was there."""
    part = out.with_name(f"{out.name}.part") if out.is_file() or not out.exists() else out
    try:
        with part.open("wb") as file:
            yield file
        if part != out:
            part.replace(out)
    finally:
        if part != out:
            part.unlink(missing_ok=True)


@app.command()
def export(
    kind: Kind,
    out: Annotated[Path, typer.Option(help="The file to write.")],
    file_format: Annotated[Format, typer.Option("--format")] = Format.CSV,
    date_from: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Seoul day.")] = None,
    date_to: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Seoul day.")] = None,
    status: Annotated[list[str] | None, typer.Option(help="ready, paid, partly_refunded, …; repeatable.")] = None,
    pg: Annotated[list[str] | None, typer.Option(help="PG code; repeatable.")] = None,
    method: Annotated[list[str] | None, typer.Option(help="Pay method; repeatable.")] = None,
    text: Annotated[str, typer.Option(help="What the search box takes.")] = "",
    live: Annotated[Live, typer.Option(help="Live rows, test rows, or both.")] = Live.ALL,
    labels: Annotated[bool, typer.Option("--labels", help="The screen's headings instead of V1's names.")] = False,
    as_json: AsJson = False,
) -> None:
    """A whole filtered list as a file."""
    from services.exports.export import export as rows_of

    from dashboard.components.export_labels import labels_of

    chosen = PaymentFilter(
        text=text,
        from_day=date_to_day(date_from.date()) if date_from else None,
        to_day=date_to_day(date_to.date()) if date_to else None,
        states=frozenset(status or ()),
        pg_providers=frozenset(pg or ()),
        pay_methods=frozenset(method or ()),
        live=live,
    )
    with _sentences():
        use_settings(load_settings(require_gateway=False))
        written = 0
        names = labels_of(kind.value) if labels else None
        with _whole_or_nothing(out) as file:
            for chunk in rows_of(
                open_store(), kind.value, chosen, fmt=file_format.value, labels=names, with_buyers=True
            ):
                written += file.write(chunk)
        _answer({"kind": kind.value, "file": str(out), "bytes": written}, as_json)


@app.command()
def migrate() -> None:
    """Bring the database to the revision of this version."""
    from services.store.migrations import migrate as upgrade

    with _sentences():
        use_settings(load_settings(require_gateway=False))
        upgrade(open_store(checked=False))
        notes.print("The database is up to date.")


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Check settings, database, gateway and clock; one line each."""
    from dashboard.doctor import findings

    with _sentences():
        found = findings(load_settings())
        if as_json:
            _answer({check.name: {"ok": check.ok, "detail": check.detail} for check in found}, as_json=True)
        else:
            for check in found:
                notes.print(f"{'ok  ' if check.ok else 'FAIL'} {check.name}: {check.detail}", markup=False)
        if not all(check.ok for check in found):
            raise typer.Exit(1)
