"""`jangbu inspection`: what Naver Pay's inspector asks, as a page that prints well and as CSV."""

import time
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from services.clock import date_to_day, day_of, day_to_date
from services.errors import InvalidRequest
from services.inspection.findings import Finding, Grade
from services.inspection.inspection import Report
from services.inspection.rows import Span
from services.people.access_log import Access
from services.store.engine import reading
from services.tables.staff.access import AccessKind, ExportReason

from dashboard.access import Permission
from dashboard.commands.answer import AsJson, answer, ready, tell
from dashboard.commands.export import refuse, whole_or_nothing
from dashboard.locale import _, ngettext
from dashboard.process.access_log.note import note
from dashboard.process.checkout import merchant_now
from dashboard.process.executor import cli_actor, commander_may
from dashboard.process.resources import current_settings, open_store
from dashboard.words.formats import persons_shown, shown

if TYPE_CHECKING:
    from dashboard.inspection.pack import Asked

DAYS = 90
_ZIP = ".zip"


def inspection(
    out: Annotated[Path, typer.Option(help="The folder that gets both files, or a .zip to be written.")],
    date_from: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Seoul day; 90 days if left out.")
    ] = None,
    date_to: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Seoul day; today if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The pack for Naver Pay's inspection: violations first, what is to be filled in, and what is shown."""
    with ready(as_json, Permission.SEE_PAYMENTS, require_gateway=False), persons_shown(whole=_sees_buyers()):
        report, files = _write(_asked(date_from, date_to), out)
        if as_json:
            answer(_as_json(report, files), as_json=True)
        else:
            _tell(report, files)


def _asked(date_from: datetime | None, date_to: datetime | None) -> "Asked":
    from dashboard.inspection.pack import Asked

    now = time.time()
    last = date_to_day(date_to.date()) if date_to else day_of(now)
    first = date_to_day(date_from.date()) if date_from else last - DAYS + 1
    return Asked(open_store(), Span.of_days(first, last), merchant_now(), current_settings().shop_name, now)


def _sees_buyers() -> bool:
    """Whether the person sees buyers. Raises NotAllowed for who may not export."""
    with reading(open_store()) as conn:
        may, buyers = commander_may(conn, Permission.EXPORT), commander_may(conn, Permission.SEE_BUYERS)
    if not may:
        refuse("inspection")
    note(cli_actor(), Access(AccessKind.EXPORTED, "inspection", reason=ExportReason.INSPECTION))
    return buyers


def _write(asked: "Asked", out: Path) -> tuple[Report, list[Path]]:
    from dashboard.inspection.pack import write_pack, zipped

    if out.suffix.lower() == _ZIP:
        with whole_or_nothing(out) as file:
            return zipped(asked, file), [out]
    if out.suffix and not out.is_dir():
        raise InvalidRequest("It is written to a folder, or to a file that ends with .zip.", field="out")
    out.mkdir(exist_ok=True)
    files = [out / f"{asked.name()}{ending}" for ending in (".html", ".csv")]
    with ExitStack() as stack:
        page, table = (stack.enter_context(whole_or_nothing(file)) for file in files)
        return write_pack(asked, page, table), files


def _as_json(report: Report, files: list[Path]) -> dict[str, Any]:
    return {
        "files": [str(file) for file in files],
        "from": day_to_date(day_of(report.span.from_at)).isoformat(),
        "to": day_to_date(day_of(report.span.to_at - 1)).isoformat(),
        "violations": report.count(Grade.VIOLATION),
        "open": report.count(Grade.OPEN),
        "checks": [
            {"check": check.value, "rows": judged.looked}
            | {grade.value: judged.count[grade] for grade in Grade}
            | {"findings": [_finding(one) for one in (*judged.violations, *judged.open)]}
            for check, judged in report.checks.items()
        ],
    }


def _finding(one: Finding) -> dict[str, Any]:
    from dashboard.inspection import words

    return {
        "result": one.grade.value, "says": words.says(one), "at": one.at or None, "imp_uid": one.imp_uid or None,
        "merchant_uid": one.merchant_uid or None, "customer_uid": shown(one.customer_uid) or None,
        "link": one.link or None, "operation": one.operation or None, "requester": one.requester or None,
        "words": words.words_of(one) or None,
    }  # fmt: skip


def _tell(report: Report, files: list[Path]) -> None:
    wrong, missing = report.count(Grade.VIOLATION), report.count(Grade.OPEN)
    words = [
        ngettext("{n} violation", "{n} violations", wrong).format(n=f"{wrong:,}"),
        ngettext("{n} point is not shown yet", "{n} points are not shown yet", missing).format(n=f"{missing:,}"),
    ]
    tell(" · ".join(words))
    for file in files:
        tell(_("Written: {file}").format(file=file))
