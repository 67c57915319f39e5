"""`jangbu export`: a whole list as a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated

import typer
from services.clock import date_to_day
from services.store.filters import Live, PaymentFilter

from dashboard.commands.answering import AsJson, answer, sentences
from dashboard.resources import open_store, use_settings
from dashboard.settings import load_settings


class Kind(StrEnum):
    """What can be exported."""

    PAYMENTS = "payments"
    REFUNDS = "refunds"
    SCHEDULES = "schedules"
    BILLING_KEYS = "billing-keys"
    OPERATIONS = "operations"


class Format(StrEnum):
    """Formats of an export."""

    CSV = "csv"
    XLSX = "xlsx"


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
    with sentences(as_json):
        use_settings(load_settings(require_gateway=False))
        written = 0
        names = labels_of(kind.value) if labels else None
        with _whole_or_nothing(out) as file:
            for chunk in rows_of(
                open_store(), kind.value, chosen, fmt=file_format.value, labels=names, with_buyers=True
            ):
                written += file.write(chunk)
        answer({"kind": kind.value, "file": str(out), "bytes": written}, as_json)
