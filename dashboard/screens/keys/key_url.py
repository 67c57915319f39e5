"""The list of billing keys as query parameters and back; nothing that is a buyer's goes into an address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.store.lists.filters import AmountOrder, Live
from services.store.lists.key_filters import KeyFilter, KeyOrder
from services.store.lists.keys import AMOUNTS

_NAMES = frozenset({"q", "state", "pg", "duplicates", "live", "order", "before", "after"})


@dataclass(frozen=True, slots=True)
class KeyView:
    """What the list shows: its filter and where it is being paged."""

    chosen: KeyFilter
    before: str | None = None
    after: str | None = None


def has_view(params: Mapping[str, str]) -> bool:
    """Whether an address says anything about the list."""
    return bool(_NAMES & params.keys())


def is_shareable(hits: Iterable[str]) -> bool:
    """Whether a search text may stand in an address: it was found in keys' ids and nowhere else."""
    return set(hits) == {"customer_uid"}


def to_params(view: KeyView, *, with_text: bool) -> dict[str, str]:
    """The parameters that bring this view back; none for the view the list starts with."""
    chosen = view.chosen
    params = {
        "q": chosen.text if with_text else "",
        "state": ",".join(sorted(chosen.states)),
        "pg": ",".join(sorted(chosen.pg_providers)),
        "duplicates": "1" if chosen.only_duplicates else "",
        "live": "" if chosen.live == Live.LIVE else chosen.live.value,
        "order": "" if chosen.order == KeyOrder.NEWEST else str(chosen.order),
        "before": view.before or "",
        "after": view.after or "",
    }
    return {name: value for name, value in params.items() if value}


def from_params(params: Mapping[str, str]) -> KeyView:
    """The view that an address describes; what cannot be read is left at its default."""
    chosen = KeyFilter(
        text=params.get("q", ""),
        states=_names(params.get("state")),
        pg_providers=_names(params.get("pg")),
        only_duplicates=params.get("duplicates") == "1",
        live=Live(params["live"]) if params.get("live") in list(Live) else Live.LIVE,
        order=read_order(params.get("order")),
    )
    return KeyView(chosen, before=params.get("before") or None, after=params.get("after") or None)


def read_order(text: str | None) -> KeyOrder | AmountOrder:
    """The order that a text asks for; the newest first where it asks for none."""
    return AmountOrder.read(text, AMOUNTS) or KeyOrder(text if text in list(KeyOrder) else KeyOrder.NEWEST)


def _names(text: str | None) -> frozenset[str]:
    return frozenset(name for name in (text or "").split(",") if name)
