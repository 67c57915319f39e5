"""`jangbu revenue`: days, MRR and cohorts of a span."""

import sys
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from services.clock import date_to_day, day_to_date
from services.errors import InvalidRequest
from services.money import to_major
from services.months import month_name

from dashboard.access import Permission
from dashboard.commands.answer import AsJson, answer, ready, say, sentences
from dashboard.locale import _
from dashboard.process.resources import open_store

if TYPE_CHECKING:
    from services.revenue.cohorts import Cohort
    from services.revenue.forecast_reads import ForecastMonth
    from services.revenue.mrr import MrrMonth
    from services.store.lists.totals import DayTotal

_WIDE = 1_000
_MOST_DAYS = 7_305
"""Twenty years."""
_MOVES = ("mrr", "new", "expansion", "contraction", "churn", "reactivation")


def revenue(
    date_from: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="Seoul day.")],
    date_to: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Seoul day.")],
    as_json: AsJson = False,
) -> None:
    """Gross, refunds and net by day, MRR and what moved it by month, and cohorts, from the mirror."""
    with sentences(as_json):
        if date_to < date_from:
            raise InvalidRequest("The last day is before the first.", field="to")
        if (date_to - date_from).days >= _MOST_DAYS:
            raise InvalidRequest("At most {n} days at once.", field="to", n=_MOST_DAYS)
    with ready(as_json, Permission.SEE_PAYMENTS, require_gateway=False):
        told = _read(date_to_day(date_from.date()), date_to_day(date_to.date()))
        if as_json:
            answer(told, as_json)
        else:
            _print(told)
        if lacking := _lacking(told["mirror_from"], date_from.date()):
            say(lacking)


def _lacking(reaches: str | None, first: date) -> str:
    """What the figures of a span lack as long as older payments are not here; empty where they lack nothing."""
    if reaches is None:
        return _("No payments were read yet, or only some of them: these figures are too low. jangbu sync reads them.")
    if first >= date.fromisoformat(reaches):
        return ""
    words = _("The ledger reaches back to {day}: figures of days before it lack payments, and subscriptions that began "
              "before it count as new. JANGBU_MIRROR_DAYS says how far jangbu sync reads.")  # fmt: skip
    return words.format(day=reaches)


def _read(first: int, last: int) -> dict[str, Any]:
    from services.mirror.reach import here_from
    from services.months import month_of_day
    from services.revenue.cohorts import cohorts
    from services.revenue.figures import daily
    from services.revenue.forecast_reads import forecast_months
    from services.revenue.mrr import mrr_months
    from services.revenue.periods import Period
    from services.store.engine import reading
    from services.store.lists.totals import facet_values

    told: dict[str, Any] = {"mirror_from": None, "days": [], "mrr": [], "cohorts": [], "forecast": []}
    months = month_of_day(first), month_of_day(last)
    with reading(open_store()) as conn:
        if (reaches := here_from(conn)) is not None:
            told["mirror_from"] = day_to_date(reaches).isoformat()
        for currency in facet_values(conn).currencies or ("KRW",):
            days = daily(conn, Period(first, last), currency=currency)
            moved = mrr_months(conn, *months, currency=currency)
            main = currency == "KRW"
            told["days"] += [_day(one, currency) for one in days if main or one.gross or one.refunds]
            told["mrr"] += [_month(one, currency) for one in moved if main or one.mrr or one.subscribers]
            told["cohorts"] += [_cohort(one, currency) for one in cohorts(conn, *months, currency=currency)]
            told["forecast"] += [_expected(one, currency) for one in forecast_months(conn, currency=currency)]
    return told


def _day(one: "DayTotal", currency: str) -> dict[str, Any]:
    amounts = {name: to_major(getattr(one, name), currency) for name in ("gross", "refunds", "net")}
    return {"date": day_to_date(one.day).isoformat(), "currency": currency, **amounts, "payments": one.payments}


def _month(one: "MrrMonth", currency: str) -> dict[str, Any]:
    amounts = {name: to_major(getattr(one, name), currency) for name in _MOVES}
    told = {"month": month_name(one.month), "mrr": amounts.pop("mrr"), "subscribers": one.subscribers}
    return told | amounts | {"currency": currency}


def _cohort(one: "Cohort", currency: str) -> dict[str, Any]:
    kept = [
        {"month": month_name(month), "subscribers": subscribers, "mrr": to_major(mrr, currency)}
        for month, subscribers, mrr in one.kept
    ]
    return {
        "cohort": month_name(one.month),
        "currency": currency,
        "subscribers": one.subscribers,
        "mrr": to_major(one.mrr, currency),
        "kept": kept,
    }


def _expected(one: "ForecastMonth", currency: str) -> dict[str, Any]:
    """Subscription gross of this month and the next ones, whatever span was asked for."""
    names = ("p10", "p50", "p90", "paid", "booked", "unbooked", "renewals")
    amounts = {name: to_major(getattr(one, name), currency) for name in names}
    return {"month": month_name(one.month), "currency": currency, **amounts}


def _headings() -> dict[str, str]:
    """The names of --json as a person reads them."""
    return {
        "date": _("Date"), "month": _("Month"), "currency": _("Currency"), "gross": _("Gross"),
        "refunds": _("Refunds"), "net": _("Net"), "payments": _("Count"), "mrr": _("MRR"),
        "subscribers": _("Subscribers"), "new": _("New"), "expansion": _("Expansion"),
        "contraction": _("Contraction"), "churn": _("Churn"), "reactivation": _("Reactivation"),
        "p10": _("Low"), "p50": _("Middle"), "p90": _("High"), "paid": _("Paid"), "booked": _("Booked"),
        "unbooked": _("Expected without a booking"), "renewals": _("Renewals in it"),
    }  # fmt: skip


def _print(told: dict[str, Any]) -> None:
    # What is not read on a terminal has no width that anything could be cut to.
    console = Console(emoji=False, width=None if sys.stdout.isatty() else _WIDE)
    for title, rows in (
        (_("Days"), told["days"]),
        (_("MRR, inferred"), told["mrr"]),
        (_("Expected"), told["forecast"]),
    ):
        if rows:
            console.print(_table(title, rows))


def _table(title: str, rows: Sequence[dict[str, Any]]) -> Table:
    words = _headings()
    table = Table(*(words[name] for name in rows[0]), title=title)
    for row in rows:
        table.add_row(*(value if isinstance(value, str) else f"{value:,}" for value in row.values()))
    return table
