"""A list's filter as query parameters and back; personal data never goes into an address."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.clock import date_to_day, day_to_date
from services.payment_states import PaymentKind
from services.store.lists.filters import AmountOrder, Live, PaymentFilter
from services.tables.v1 import Basis

from dashboard.words.periods import DEFAULT, period_days

_ID_FIELDS = frozenset({"imp_uid", "merchant_uid"})
_NAMES = frozenset(
    {
        "q",
        "from",
        "to",
        "basis",
        "state",
        "pg",
        "method",
        "kind",
        "live",
        "currency",
        "min",
        "max",
        "customer_uid",
        "part",
        "order",
    }
) | {"before", "after"}


_BASES = {basis.value: basis for basis in (Basis.STATUS, Basis.STARTED)}

# No payment is older: V1 began later.
FIRST_DAY = date_to_day(date(2010, 1, 1))


@dataclass(frozen=True, slots=True)
class View:
    """What a list shows: its filter and where it is being paged."""

    chosen: PaymentFilter
    before: str | None = None
    after: str | None = None


def default_filter(today: int) -> PaymentFilter:
    """What a list starts with: thirty days of live rows."""
    first, last = period_days(DEFAULT, today)
    return PaymentFilter(from_day=first, to_day=last)


def is_shareable(text: str, hits: Iterable[str] = ()) -> bool:
    """Whether a search text may stand in an address: an id by its form, or one that only matched ids."""
    found = frozenset(hits)
    return bool(re.fullmatch(r"imp_[0-9a-z]*", text)) or bool(found and found <= _ID_FIELDS)


def to_params(view: View, today: int, *, with_text: bool) -> dict[str, str]:
    """The parameters that bring this view back; none for the view a list starts with."""
    chosen = view.chosen
    params = {
        "q": chosen.text if with_text else "",
        "basis": "" if chosen.basis == Basis.PAID else chosen.basis.value,
        "state": ",".join(sorted(chosen.states)),
        "pg": ",".join(sorted(chosen.pg_providers)),
        "method": ",".join(sorted(chosen.pay_methods)),
        "kind": ",".join(sorted(chosen.kinds)),
        "live": "" if chosen.live == Live.LIVE else chosen.live.value,
        "currency": chosen.currency or "",
        "min": _number(chosen.amount_from),
        "max": _number(chosen.amount_to),
        "customer_uid": chosen.customer_uid or "",
        "part": {None: "", True: "full", False: "partial"}[chosen.whole],
        "order": str(chosen.order or ""),
        "before": view.before or "",
        "after": view.after or "",
    }
    given = {name: value for name, value in params.items() if value}
    first = default_filter(today)
    if given or (chosen.from_day, chosen.to_day) != (first.from_day, first.to_day):
        # Days are written out, so that a link opened next week shows the rows it showed today.
        given |= {"from": day_text(chosen.from_day), "to": day_text(chosen.to_day)}
    return given


def has_view(params: Mapping[str, str]) -> bool:
    """Whether an address says anything about a list."""
    return bool(_NAMES & params.keys())


def from_params(params: Mapping[str, str], today: int, amounts: Collection[str]) -> View:
    """The view that an address describes; what cannot be read is left at its default.

    `amounts` are the columns by which the list can be put in order.
    """
    first = default_filter(today)
    from_day, to_day = _read_days(params, today) or (first.from_day, first.to_day)
    chosen = replace(
        first,
        text=params.get("q", ""),
        basis=_BASES.get(params.get("basis", ""), Basis.PAID),
        from_day=from_day,
        to_day=to_day,
        states=names_in(params.get("state")),
        pg_providers=names_in(params.get("pg")),
        pay_methods=names_in(params.get("method")),
        kinds=frozenset(PaymentKind(name) for name in names_in(params.get("kind")) if name in list(PaymentKind)),
        live=Live(params["live"]) if params.get("live") in list(Live) else Live.LIVE,
        currency=params.get("currency") or None,
        amount_from=_read_number(params.get("min")),
        amount_to=_read_number(params.get("max")),
        customer_uid=params.get("customer_uid") or None,
        whole={"full": True, "partial": False}.get(params.get("part", "")),
        order=AmountOrder.read(params.get("order"), amounts),
    )
    return View(chosen, before=params.get("before") or None, after=params.get("after") or None)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _read_number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,15}", text) else None


def day_text(value: int | None) -> str:
    """A Seoul day as an address writes it."""
    return "" if value is None else day_to_date(value).isoformat()


def _read_days(params: Mapping[str, str], today: int) -> tuple[int, int] | None:
    """Both ends, brought into what a list can show; None where they are no range."""
    from_day, to_day = read_day(params.get("from")), read_day(params.get("to"))
    if from_day is None or to_day is None:
        return None
    from_day, to_day = max(from_day, FIRST_DAY), min(to_day, today)
    return (from_day, to_day) if from_day <= to_day else None


def read_day(text: str | None) -> int | None:
    """A Seoul day out of an address; None where it is none."""
    try:
        return date_to_day(date.fromisoformat(text or ""))
    except ValueError:
        return None


def names_in(text: str | None) -> frozenset[str]:
    """The codes of a list in an address."""
    return frozenset(name for name in (text or "").split(",") if name)
