"""`jangbu export`: a whole list as a file."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from services.clock import date_to_day
from services.errors import InvalidRequest, NotAllowed, NotSaved
from services.store.engine import reading
from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.system import freshness
from services.typed_text import require_typed

from dashboard.access import Permission
from dashboard.commands.answer import AsJson, answer, ready
from dashboard.process.resources import current_settings, open_store

if TYPE_CHECKING:
    from services.exports.query import ListFilter


class Kind(StrEnum):
    """What can be exported."""

    PAYMENTS = "payments"
    REFUNDS = "refunds"
    SCHEDULES = "schedules"
    BILLING_KEYS = "billing-keys"
    SUBSCRIPTIONS = "subscriptions"
    OPERATIONS = "operations"


_EVERY = frozenset({"from", "to", "status", "pg", "text", "live"})
_FILTERS = {
    Kind.PAYMENTS: _EVERY | {"method", "card", "tier"},
    Kind.REFUNDS: _EVERY | {"method", "card", "tier"},
    Kind.SCHEDULES: _EVERY,
    Kind.BILLING_KEYS: _EVERY,
    Kind.SUBSCRIPTIONS: frozenset({"status"}),
    Kind.OPERATIONS: frozenset({"from", "to", "status", "text"}),
}
"""What each list can be narrowed by."""


class Format(StrEnum):
    """Formats of an export."""

    CSV = "csv"
    XLSX = "xlsx"


@contextmanager
def whole_or_nothing(out: Path) -> Iterator[IO[bytes]]:
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
    file_format: Annotated[
        Format | None, typer.Option("--format", help="What the file's name ends with, else csv, if left out.")
    ] = None,
    date_from: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Seoul day.")] = None,
    date_to: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Seoul day.")] = None,
    status: Annotated[
        list[str] | None,
        typer.Option(help="A state of the list: paid, partly_refunded, …; repeatable."),
    ] = None,
    pg: Annotated[list[str] | None, typer.Option(help="PG code; repeatable.")] = None,
    method: Annotated[list[str] | None, typer.Option(help="Pay method; repeatable.")] = None,
    card: Annotated[list[str] | None, typer.Option(help="Card company, as V1 calls it; repeatable.")] = None,
    tier: Annotated[
        list[str] | None, typer.Option(help="Code of a sub-store, main for the main store; repeatable.")
    ] = None,
    text: Annotated[str, typer.Option(help="What the search box takes.")] = "",
    live: Annotated[Live | None, typer.Option(help="Live rows, test rows, or both; both if left out.")] = None,
    reason: Annotated[
        str,
        typer.Option(
            help="What the file is for: reconciliation, closing, inquiry, delivery, report, authority, or own words."
        ),
    ] = "",
    columns: Annotated[str, typer.Option(help="Columns by V1's names: a,b,c; all if left out.")] = "",
    labels: Annotated[
        bool, typer.Option("--labels", help="The screen's headings instead of V1's names; a workbook always has them.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """A whole filtered list as a file."""
    from services.exports.taken import file_taken

    from dashboard.process.access_log.commands import note_search, said_reason
    from dashboard.process.access_log.note import note
    from dashboard.process.executor import cli_actor

    days = [date_to_day(day.date()) if day else None for day in (date_from, date_to)]
    told = {"status": status, "pg": pg, "method": method, "card": card, "tier": tier}
    codes = {name: frozenset(values or ()) for name, values in told.items()}
    given = {"from": date_from, "to": date_to, **codes, "text": text, "live": live}
    with ready(as_json, Permission.SEE_PAYMENTS, require_gateway=False):
        _require_known(kind, [name for name, value in given.items() if value])
        require_typed(text, "text")
        form, why = _format_of(out, file_format), said_reason(reason)
        buyers = _allowed(kind, codes)
        narrow = {"text": text, "from_day": days[0], "to_day": days[1], "live": live or Live.ALL}
        chosen = _chosen(kind, codes, narrow, buyers=buyers)
        names = [name.strip() for name in columns.split(",") if name.strip()]
        chunks = _rows(kind.value, chosen, form, names, labels=labels, buyers=buyers, by=cli_actor().name)
        taken = file_taken(open_store(), kind.value, chosen, with_buyers=buyers, names=names, reason=why)
        with whole_or_nothing(out) as file:
            note_search(kind.value, text, taken.row_count)
            note(cli_actor(), taken)
            written = sum(map(file.write, chunks))
        answer({"kind": kind.value, "file": str(out), "bytes": written}, as_json)


def _chosen(kind: Kind, codes: dict[str, frozenset[str]], narrow: dict[str, Any], *, buyers: bool) -> "ListFilter":
    from services.exports.known_values import ATTRIBUTES

    named: dict[str, Any] = {ATTRIBUTES[name]: values for name, values in codes.items() if name in _FILTERS[kind]}
    named |= {"search_buyers": buyers}
    return _filter_of(kind)(**(named if kind == Kind.SUBSCRIPTIONS else narrow | named))


def _allowed(kind: Kind, codes: dict[str, frozenset[str]]) -> bool:
    """Whether it may hold buyers. Raises NotAllowed, and InvalidRequest for a code that no row can have."""
    from services.exports.known_values import require_known_values

    from dashboard.process.executor import commander_may

    with reading(open_store()) as conn:
        require_known_values(conn, kind.value, codes)
        may, buyers = commander_may(conn, Permission.EXPORT), commander_may(conn, Permission.SEE_BUYERS)
    if not may:
        refuse(kind.value)
    return buyers


def refuse(what: str) -> NoReturn:
    """Raises NotAllowed for who may not take it along; it stands in the access log."""
    from services.people.access_log import Access
    from services.tables.staff.access import AccessKind

    from dashboard.process.access_log.note import note
    from dashboard.process.executor import cli_actor

    with suppress(NotSaved):
        note(cli_actor(), Access(AccessKind.REFUSED, what))
    raise NotAllowed("{name} may not export.", name=cli_actor().name)


def _rows(
    kind: str, chosen: "ListFilter", form: Format, names: Sequence[str], *, labels: bool, buyers: bool, by: str
) -> Iterator[bytes]:
    """The file's bytes; raises InvalidRequest, before there are any, for a column that the list does not have."""
    from services.exports.export import export as rows_of
    from services.exports.query import columns_of, is_exact

    from dashboard.words.export_conditions import book_words
    from dashboard.words.export_labels import labels_of

    columns_of(kind, with_buyers=buyers, names=names)
    with reading(open_store()) as conn:
        exact, as_of = is_exact(conn, kind, chosen), freshness(conn).as_of
    words = book_words(
        kind, chosen, by=by, at=time.time(), as_of=as_of, exact=exact, buyers=buyers, tiers=current_settings().tiers
    )
    headings = labels_of(kind, names) if labels or form == Format.XLSX else None
    return rows_of(
        open_store(), kind, chosen, fmt=form.value, labels=headings, with_buyers=buyers, names=names, words=words
    )


def _require_known(kind: Kind, given: Sequence[str]) -> None:
    """Raises InvalidRequest for a filter that this list does not have: it would be a file of something else."""
    if unknown := [f"--{name}" for name in given if name not in _FILTERS[kind]]:
        raise InvalidRequest("{kind} cannot be narrowed by {names}.", field="filter", kind=kind.value,
                             names=", ".join(unknown))  # fmt: skip


def _format_of(out: Path, told: Format | None) -> Format:
    """Raises InvalidRequest where the file's name says another format: no program would open it."""
    named = next((one for one in Format if out.suffix.lower() == f".{one.value}"), None)
    if told and named and told != named:
        raise InvalidRequest("The file's name ends with {name}, the format is {format}.", field="format",
                             name=out.suffix, format=told.value)  # fmt: skip
    return told or named or Format.CSV


def _filter_of(kind: Kind) -> "Callable[..., ListFilter]":
    from services.store.lists.key_filters import KeyFilter
    from services.store.lists.schedule_filters import ScheduleFilter
    from services.store.lists.subscriptions import SubscriptionFilter

    filters: dict[Kind, Callable[..., ListFilter]] = {
        Kind.SCHEDULES: ScheduleFilter,
        Kind.BILLING_KEYS: KeyFilter,
        Kind.SUBSCRIPTIONS: SubscriptionFilter,
    }
    return filters.get(kind, PaymentFilter)
