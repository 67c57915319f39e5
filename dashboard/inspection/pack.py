"""Both files of the pack: the findings go by into a file each for its grade, so that violations come first."""

import csv
import io
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from services.checkout.parameters.case import Merchant
from services.clock import seoul
from services.exports.guard import guarded
from services.inspection.findings import Finding, Grade
from services.inspection.inspection import Report, inspect
from services.inspection.rows import Span
from sqlalchemy import Engine

from dashboard.inspection import words
from dashboard.inspection.sheet import sheet
from dashboard.locale import _

_IN_MEMORY = 1 << 20
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is inspected: where, which time, for whom; `shop` is the shop's name."""

    engine: Engine
    span: Span
    merchant: Merchant
    shop: str
    now: float

    def name(self) -> str:
        """What the files are called, without an ending."""
        first, last = seoul(self.span.from_at), seoul(self.span.to_at - 1)
        return f"naverpay-inspection-{first:%Y%m%d}-{last:%Y%m%d}"


def write_pack(asked: Asked, page: IO[bytes], table: IO[bytes]) -> Report:
    """Writes the page and the CSV in the current language."""
    with ExitStack() as stack:
        parts = {grade: stack.enter_context(SpooledTemporaryFile(max_size=_IN_MEMORY)) for grade in Grade}

        def each(one: Finding) -> None:
            parts[one.grade].write(_line(_cells(one)))

        report = inspect(asked.engine, asked.span, asked.merchant, asked.now, each)
        table.write(_BOM + _line(_headings()))
        for part in parts.values():
            part.seek(0)
            shutil.copyfileobj(part, table)
    page.write(sheet(report, asked.shop))
    return report


def zipped(asked: Asked, out: IO[bytes]) -> Report:
    """Writes both as one ZIP."""
    page = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as pack:
        with pack.open(f"{asked.name()}.csv", "w") as table:
            report = write_pack(asked, page, table)
        pack.writestr(f"{asked.name()}.html", page.getvalue())
    return report


def _headings() -> list[str]:
    return [_("Inspection item"), _("Result"), _("What"), _("Live or test"), *words.headings()]


def _cells(one: Finding) -> list[str]:
    live = "" if one.grade == Grade.OPEN else _("Test") if one.sandbox else _("Live")
    return [words.check(one.check), words.grade(one.grade), words.says(one), live, *words.about(one)]


def _line(cells: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([guarded(cell) for cell in cells])
    return out.getvalue().encode()
