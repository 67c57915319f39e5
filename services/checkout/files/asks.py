"""What a link asks of whom: two that ask for the same would be paid twice."""

from typing import NamedTuple

from sqlalchemy import Connection, func, or_, select

from services.checkout.checkouts import Offer
from services.store.fold import phone_digits
from services.store.sql import table
from services.tables.checkouts import LIVING, Checkout

_TABLE = table(Checkout)


class Ask(NamedTuple):
    """A registration is known by its key, a payment by phone, name and amount. `column` is what tells of whom."""

    column: str
    whom: str
    name: str = ""
    amount: int = 0


def ask_of(offer: Offer) -> Ask | None:
    """What an offer asks; None where nobody is named, so that nothing can be compared."""
    told = offer.request
    return _ask(told.get("customer_uid"), told.get("buyer_tel"), told["name"], told["amount"])


def open_asks(conn: Connection, now: float, *, since: int = 0) -> dict[Ask, int]:
    """The links by which buyers may still pay, numbered above `since`, by what they ask."""
    of_somebody = or_(_TABLE.c.customer_uid.is_not(None), _TABLE.c.buyer_tel.is_not(None))
    names = (_TABLE.c.customer_uid, _TABLE.c.buyer_tel, _TABLE.c.name, _TABLE.c.amount, _TABLE.c.id)
    wanted = select(*names).where(LIVING, _TABLE.c.expires_at > int(now), _TABLE.c.id > since, of_somebody)
    found = ((_ask(*row[:4]), row.id) for row in conn.execute(wanted))
    return {ask: number for ask, number in found if ask}


def newest_link(conn: Connection) -> int:
    """The number of the newest link; 0 where there is none."""
    return int(conn.execute(select(func.coalesce(func.max(_TABLE.c.id), 0))).scalar_one())


def _ask(customer_uid: str | None, buyer_tel: str | None, name: str, amount: int) -> Ask | None:
    if customer_uid:
        return Ask("customer_uid", customer_uid)
    return Ask("buyer_tel", phone_digits(buyer_tel), name, amount) if buyer_tel else None
