"""Checkouts: making and withdrawing a link, and whether a buyer may still pay by it."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select, update

from services.errors import Moved
from services.operations.journal import audit
from services.operations.journal.audit import JANGBU, Actor, Entry
from services.store.sql import read_all, read_one, table
from services.tables.checkouts import CAN_OPEN, LIVING, Checkout, CheckoutKind, CheckoutState

_TABLE = table(Checkout)
_TOKEN_BYTES = 24
_MADE = ("id", "kind", "amount", "currency")
_CLOCK = Actor(JANGBU, "checkout")


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of the merchant's that opens a window."""

    key: str
    pg_provider: str
    pg_id: str
    sandbox: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """What a link asks for, checked already; `expires_at` in UNIX seconds."""

    kind: CheckoutKind
    channel: Channel
    request: Mapping[str, Any]
    """What the window is told, by V1's names; amounts in the smallest unit."""
    currency: str
    expires_at: int
    memo: str = ""
    uses: int = 1
    tier: str = ""
    """The sub-store that is paid; empty: the main store."""


def new_token() -> str:
    """The last part of an address that nobody guesses."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def make(conn: Connection, offer: Offer, actor: Actor, now: float, token: str = "") -> Checkout:
    """Writes down a link; one with a `token` of new_token() once, however often it is asked for."""
    if token and (there := by_token(conn, token)):
        return there
    values = _values(offer, actor, now) | ({"token": token} if token else {})
    made = Checkout(**conn.execute(_TABLE.insert().values(values).returning(_TABLE)).one()._mapping)
    audit.append(conn, actor, "link_made", int(now), **_made(made))
    return made


def make_of_file(conn: Connection, file_id: int, offers: Mapping[int, Offer], actor: Actor, now: float) -> int:
    """Writes down the links of rows of a file, by the rows' numbers, in two statements; how many."""
    rows = [_values(one, actor, now) | {"file_id": file_id, "file_row": row} for row, one in offers.items()]
    names = [_TABLE.c[name] for name in _MADE]
    made = conn.execute(_TABLE.insert().returning(*names), rows).all() if rows else []
    audit.append_all(conn, actor, int(now), [Entry("link_made", None, _made(one)) for one in made])
    return len(made)


def get(conn: Connection, checkout_id: int) -> Checkout:
    """A link by its number. Raises LookupError."""
    found = read_one(conn, Checkout, select(_TABLE).where(_TABLE.c.id == checkout_id))
    if found is None:
        raise LookupError(checkout_id)
    return found


def by_token(conn: Connection, token: str) -> Checkout | None:
    """The link of an address; None where there is none."""
    return read_one(conn, Checkout, select(_TABLE).where(_TABLE.c.token == token))


def latest(conn: Connection, limit: int) -> list[Checkout]:
    """The latest links, newest first."""
    return read_all(conn, Checkout, select(_TABLE).order_by(_TABLE.c.made_at.desc(), _TABLE.c.id.desc()).limit(limit))


def may_open(checkout: Checkout, now: float) -> bool:
    """Whether a buyer may begin to pay by it."""
    return checkout.state in CAN_OPEN and checkout.used < checkout.uses and now < checkout.expires_at


def withdraw(conn: Connection, checkout_id: int, actor: Actor, now: float) -> None:
    """Ends a link that a buyer may still pay by; whoever pays nevertheless gets the money back. Raises Moved."""
    ends = update(_TABLE).where(_TABLE.c.id == checkout_id, _TABLE.c.state.in_(CAN_OPEN))
    values = {"state": CheckoutState.WITHDRAWN.value, "state_at": int(now), "withdrawn_by": actor.name}
    if not conn.execute(ends.values(values)).rowcount:
        raise Moved("This link has ended already.")
    audit.append(conn, actor, "link_withdrawn", int(now), link=checkout_id)


def are_over(conn: Connection, now: float) -> bool:
    """Whether any link's time is over that has not ended."""
    return conn.execute(_over(now).limit(1)).first() is not None


def expire(conn: Connection, now: float, most: int = 500) -> int:
    """Ends links whose time is over, `most` of them; how many."""
    over = _over(now).limit(most)
    values = {"state": CheckoutState.EXPIRED.value, "state_at": int(now)}
    ends = update(_TABLE).where(_TABLE.c.id.in_(over.scalar_subquery())).values(values)
    ended = sorted(conn.execute(ends.returning(_TABLE.c.id)).scalars())
    audit.append_all(conn, _CLOCK, int(now), [Entry("link_expired", None, {"link": one}) for one in ended])
    return len(ended)


def _over(now: float) -> Select[tuple[int]]:
    return select(_TABLE.c.id).where(LIVING, _TABLE.c.expires_at <= int(now)).order_by(_TABLE.c.expires_at)


def _made(link: Any) -> dict[str, Any]:
    """What the audit says of a new link."""
    return {"link" if name == "id" else name: getattr(link, name) for name in _MADE}


def _values(offer: Offer, actor: Actor, now: float) -> dict[str, Any]:
    channel, request = offer.channel, offer.request
    return {
        "token": new_token(), "kind": offer.kind.value, "state": CheckoutState.OPEN.value,
        "pg_provider": channel.pg_provider, "pg_id": channel.pg_id, "sandbox": channel.sandbox,
        "name": request["name"], "amount": request["amount"], "currency": offer.currency,
        "customer_uid": request.get("customer_uid"), "buyer_name": request.get("buyer_name"),
        "buyer_tel": request.get("buyer_tel"), "request": json.dumps(request, ensure_ascii=False, sort_keys=True),
        "memo": offer.memo, "uses": offer.uses, "used": 0, "attempts": 0, "expires_at": offer.expires_at,
        "made_by": actor.name, "made_at": int(now), "state_at": int(now), "tier": offer.tier,
    }  # fmt: skip
