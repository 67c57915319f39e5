"""Which store of the merchant's a row is of: what is asked about it goes there."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TypeVar

from sqlalchemy import Engine

from services.errors import NotFound, Refused
from services.gateway import Gateway
from services.store.engine import reading
from services.store.tiers import tier_of, tiers_of
from services.tables.v1 import BillingKey, Payment, Schedule

Answer = TypeVar("Answer")


def store_of(gateway: Gateway, engine: Engine, model: type[Payment | BillingKey | Schedule], uid: str) -> Gateway:
    """The store of a row that is here; the one that was asked for where none is."""
    with reading(engine) as conn:
        tier = tier_of(conn, model, uid)
    return gateway if tier is None else gateway.of(tier)


def stores_of(
    gateway: Gateway, engine: Engine, model: type[Payment | BillingKey | Schedule], uid: str
) -> Sequence[Gateway]:
    """Where a row may be: in its own store, where it is here; else in each of the merchant's."""
    if gateway.tier:
        return (gateway,)
    with reading(engine) as conn:
        tier = tier_of(conn, model, uid)
    return gateway.stores if tier is None else (gateway.of(tier),)


def in_turn(stores: Sequence[Gateway], ask: Callable[[Gateway], Answer]) -> Answer:
    """The first answer that one of these stores gives. Raises Refused as the first says it, and GatewayError.

    A sub-store that is refused keeps no other one from being asked.
    """
    first, *others = stores
    try:
        return ask(first)
    except NotFound:
        for store in others:
            with suppress(Refused):
                return ask(store)
        raise


def by_store(gateway: Gateway, engine: Engine, imp_uids: Iterable[str]) -> dict[Gateway, list[str]]:
    """Payments by the store that each is of, as far as they are here; the others under the one that was asked for."""
    every = list(dict.fromkeys(imp_uids))
    with reading(engine) as conn:
        tiers = tiers_of(conn, Payment, every)
    found: dict[str, list[str]] = {}
    for uid in every:
        found.setdefault(tiers.get(uid, gateway.tier), []).append(uid)
    return {gateway.of(tier): uids for tier, uids in found.items()}
