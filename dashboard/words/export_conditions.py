"""What an exported workbook says of itself: list, period and its basis, filters, as of when, by whom, and its sums."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from services.clock import day_to_date
from services.exports.book_words import BookWords
from services.exports.query import ListFilter
from services.exports.sums import COUNTED, SUMS
from services.months import month_name
from services.store.lists.filters import PaymentFilter

from dashboard.locale import _
from dashboard.words import formats, kinds, labels, operation_labels, subscription_labels
from dashboard.words.export_labels import STATES, codes_of
from dashboard.words.names.stores import store_name
from dashboard.words.receipts import receipt_labels


def book_words(
    kind: str,
    chosen: ListFilter,
    *,
    by: str,
    at: float,
    as_of: int | None,
    exact: bool,
    buyers: bool,
    tiers: Mapping[str, str],
) -> BookWords:
    """The words of a workbook that somebody takes `at` a time.

    `exact`: an id was asked for, whatever else was. `tiers` are the names of sub-stores by their codes.
    """
    counts = [_("Rows"), *([_("Rows paid")] if kind in COUNTED else [])]
    sums = [
        {"gross": _("Gross"), "net": _("Net of these payments")}.get(name) or labels.field(name) for name in SUMS[kind]
    ]
    return BookWords(
        codes=codes_of(kind, tiers),
        sheet=labels.exported(kind),
        conditions=_("Conditions"),
        lines=[
            (_("List"), labels.exported(kind)),
            *(_exact(chosen) if exact else (*_period(kind, chosen), *_filters(kind, chosen, tiers))),
            (_("Times"), _("Korea (KST, UTC+9)")),
            (_("As of"), as_of if as_of else formats.NOTHING),
            (_("Exported by"), operation_labels.person(by)),
            (_("Exported at"), round(at)),
        ],
        rows=_("Rows"),
        totals=[labels.field("currency"), _("Live or test"), *counts, *sums],
        channels=(labels.live("live"), labels.live("test")),
        notes=list(_notes(kind, buyers)),
    )


def days_of(chosen: ListFilter) -> tuple[int | None, int | None]:
    """The first and the last Seoul day of a list; a list without days has none."""
    return getattr(chosen, "from_day", None), getattr(chosen, "to_day", None)


def _exact(chosen: Any) -> Iterator[tuple[str, str]]:
    yield _("Search"), chosen.text
    yield _("Period"), _("An exact id: shown whatever the dates and filters say.")


def _period(kind: str, chosen: ListFilter) -> Iterator[tuple[str, str]]:
    first, last = (day_to_date(day).isoformat() if day is not None else "" for day in days_of(chosen))
    if not (first or last):
        yield _("Period"), _("All days")
        return
    yield _("Period"), f"{first} – {last}".strip()
    by_kind = {
        "refunds": _("Days of the refund"),
        "schedules": labels.field("schedule_at"),
        "billing-keys": labels.field("inserted"),
        "operations": labels.field("asked_at"),
        "receipts": labels.field("applied_at"),
        "waiting": labels.field("started_at"),
    }
    basis = labels.basis(chosen.basis) if kind == "payments" and isinstance(chosen, PaymentFilter) else by_kind[kind]
    yield _("Days by"), basis


def _filters(kind: str, chosen: ListFilter, tiers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A line for each filter in use; which channels' rows there are is always said."""
    for attribute, (label, words) in _said(kind, getattr(chosen, "currency", None) or "KRW", tiers).items():
        value = getattr(chosen, attribute, None)
        if isinstance(value, frozenset):
            value = sorted(value)
        if value in (None, "", []) or (attribute == "only_duplicates" and not value):
            continue
        yield label, ", ".join(map(words, value)) if isinstance(value, list) else words(value)


def _said(kind: str, currency: str, tiers: Mapping[str, str]) -> dict[str, tuple[str, Callable[[Any], str]]]:
    """What each attribute of a kind's filter is called, and how its values are told."""
    field = labels.field
    if kind == "subscriptions":
        return {
            "text": (_("Search"), str),
            "states": (field("state"), STATES[kind]),
            "month": (_("Month"), month_name),
            "moved": (_("What moved MRR"), subscription_labels.movement),
            "churn": (field("churn"), subscription_labels.churn),
            "plan": (field("name"), str),
            "currency": (field("currency"), str),
        }
    said: dict[str, tuple[str, Callable[[Any], str]]] = {
        "text": (_("Search"), str),
        "states": (field("state"), STATES[kind]),
        "pg_providers": (field("pg_provider"), labels.provider),
        "pay_methods": (field("pay_method"), labels.method),
        "card_names": (_("Card company"), str),
        "tiers": (field("tier"), partial(store_name, names=tiers)),
        "kinds": (field("kind"), labels.kind),
        "whole": (field("part"), lambda whole: labels.part("full" if whole else "partial")),
        "live": (_("Live or test"), labels.live),
        "currency": (field("currency"), str),
        "amount_from": (_("Amount from"), lambda amount: formats.money(amount, currency)),
        "amount_to": (_("Amount to"), lambda amount: formats.money(amount, currency)),
        "customer_uid": (field("customer_uid"), str),
        "only_duplicates": (_("Duplicates only"), lambda _on: _("Yes")),
    }
    if kind == "receipts":
        del said["live"]  # they are told apart by a mark in each row
        said |= {
            "type": (field("receipt_type"), receipt_labels.type_of),
            "origin": (_("Sale"), receipt_labels.origin),
        }
    if kind == "waiting":
        del said["live"]  # they are told apart by a mark in each row
        said["pay_method"] = said.pop("pay_methods")
    if kind == "operations":
        del said["live"]  # none of them is of a channel
        said |= {
            "kind": (field("kind"), kinds.noun),
            "state": (field("state"), STATES[kind]),
            "asked_by": (field("asked_by"), operation_labels.person),
            "approved_by": (field("approved_by"), operation_labels.person),
        }
    return said


def _notes(kind: str, buyers: bool) -> Iterator[str]:
    if kind == "payments":
        yield _("Gross is what was paid: what is unpaid or failed is in no sum.")
        yield _("Refunded is what was given back of these payments on any day; screens count refunds by their own day.")
    if not buyers:
        yield _("Buyers' data are left out.")
