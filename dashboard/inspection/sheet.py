"""The report as a page of its own: violations first, then what is open, what a person fills in, and what is shown."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from services.clock import seoul
from services.inspection.findings import Check, Finding, Grade
from services.inspection.inspection import Report

from dashboard.inspection import words
from dashboard.locale import _, current_language, ngettext
from dashboard.template import template
from dashboard.words import formats

_PAGE = Path(__file__).with_name("sheet.html")


def sheet(report: Report, shop: str) -> bytes:
    """The page as HTML, everything in it escaped; `shop` is the shop's name, where it is known."""
    told = {
        "language": current_language(),
        "title": _("Naver Pay inspection"),
        "span": _("{first} to {last} (KST), written {time}").format(
            first=_day(report.span.from_at), last=_day(report.span.to_at - 1), time=formats.time(report.made_at)
        ),
        "shop": shop,
        "summary": _summary(report),
        "checks": [_check(report, check) for check in Check],
        "violations": report.count(Grade.VIOLATION),
        "open": [words.says(one) for judged in report.checks.values() for one in judged.open],
        "fields": words.to_fill_in(),
        "products": _products(report),
        "webhooks": _webhooks(report),
        "words": _words(),
    }
    page: str = template(_PAGE).render(**told)
    return page.encode()


def _day(at: int) -> str:
    return f"{seoul(at):%Y-%m-%d}"


def _summary(report: Report) -> list[list[str]]:
    return [
        [words.check(check), f"{judged.looked:,}", *(f"{judged.count[grade]:,}" for grade in Grade)]
        for check, judged in report.checks.items()
    ]


def _check(report: Report, check: Check) -> dict[str, Any]:
    judged = report.checks[check]
    left = judged.count[Grade.VIOLATION] - len(judged.violations)
    return {
        "name": words.check(check),
        "asks": words.asks(check, report.minimum, by_use_day=report.by_use_day),
        "violations": _table(judged.violations),
        "more": ngettext("{n} more stands in the CSV.", "{n} more stand in the CSV.", left).format(n=f"{left:,}")
        if left
        else "",
        "examples": _table(judged.examples),
        "verbatim": check == Check.ERRORS,
    }


def _table(found: Sequence[Finding]) -> dict[str, Any] | None:
    """Headings and rows, without the columns in which nothing stands; the words of others are the last one."""
    if not found:
        return None
    rows = [[words.says(one), _("Test") if one.sandbox else _("Live"), *words.about(one)] for one in found]
    headings = [_("What"), _("Live or test"), *words.headings()]
    kept = [place for place in range(len(headings)) if any(row[place] for row in rows)]
    return {
        "headings": [headings[place] for place in kept],
        "rows": [[row[place] for place in kept] for row in rows],
        "words_at": kept.index(len(headings) - 1) if len(headings) - 1 in kept else None,
    }


def _products(report: Report) -> str:
    if not report.products:
        return ""
    return formats.shown(json.dumps(list(report.products), ensure_ascii=False, indent=2))


def _webhooks(report: Report) -> str:
    told = _(
        "{read} webhooks of Naver Pay payments came in this time, and each was read back from PortOne. {unknown} named "
        "a payment that PortOne does not know: nothing followed."
    )
    return told.format(read=f"{report.webhooks.read:,}", unknown=f"{report.webhooks.unknown:,}")


def _words() -> dict[str, str]:
    return {
        "scope": _(
            "Judged by Jangbu's journal, links and webhooks, live and test. Only what belongs to Naver Pay counts."
        ),
        "check": _("Inspection item"), "looked": _("Rows"), "violation": _("Violations"), "open": _("Not shown yet"),
        "shown": _("Proven"), "none": _("No violation in this time."), "nothing_open": _("Nothing is open."),
        "fill": _("To fill in"), "proof": _("What is shown"), "latest": _("The latest ones"),
        "none_yet": _("None in this time."), "sample": _("Products of the latest link (naverProducts)"),
        "webhooks": _("Webhooks"),
    }  # fmt: skip
