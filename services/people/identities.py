"""An address belongs to the identity it was first seen with, until an operator says otherwise."""

from sqlalchemy import Connection, delete, select, update

from services.store.sql import table
from services.tables.people import Identity

_TABLE = table(Identity)


def find(conn: Connection, email: str) -> Identity | None:
    """What an address is bound to."""
    row = conn.execute(select(_TABLE).where(_TABLE.c.email == email)).mappings().one_or_none()
    return Identity(**row) if row else None


def is_other(bound: Identity | None, issuer: str, subject: str) -> bool:
    """Whether an address belongs to somebody else than this identity."""
    return bound is not None and (bound.issuer, bound.subject) != (issuer, subject)


def addresses_of(conn: Connection, email: str) -> frozenset[str]:
    """A person's addresses: this one, and all with which the same identity has signed in."""
    bound = find(conn, email)
    if bound is None:
        return frozenset({email})
    mine = (_TABLE.c.issuer == bound.issuer) & (_TABLE.c.subject == bound.subject)
    return frozenset(conn.execute(select(_TABLE.c.email).where(mine)).scalars())


def bind(conn: Connection, email: str, issuer: str, subject: str, now: float) -> bool:
    """Binds an address that nobody has; False, with a note for the operator, where somebody else does."""
    bound = find(conn, email)
    if bound is None:
        conn.execute(_TABLE.insert().values(email=email, issuer=issuer, subject=subject, bound_at=int(now)))
        return True
    if not is_other(bound, issuer, subject):
        return True
    noted = {"other_issuer": issuer, "other_subject": subject, "other_at": int(now)}
    conn.execute(update(_TABLE).where(_TABLE.c.email == email).values(**noted))
    return False


def note_seen(conn: Connection, email: str, now: float) -> None:
    """Writes down that the person of an address signed in."""
    conn.execute(update(_TABLE).where(_TABLE.c.email == email).values(seen_at=int(now)))


def last_seen(conn: Connection) -> dict[str, int]:
    """When a session of each address began last."""
    seen = conn.execute(select(_TABLE.c.email, _TABLE.c.seen_at).where(_TABLE.c.seen_at.is_not(None)))
    return {email: at for email, at in seen}


def refused(conn: Connection) -> list[Identity]:
    """Addresses with which somebody else tried to sign in, the latest first."""
    wanted = select(_TABLE).where(_TABLE.c.other_at.is_not(None)).order_by(_TABLE.c.other_at.desc())
    return [Identity(**row) for row in conn.execute(wanted).mappings()]


def unbind(conn: Connection, email: str) -> bool:
    """Lets the next identity that signs in with the address have it; False where it was bound to none."""
    return bool(conn.execute(delete(_TABLE).where(_TABLE.c.email == email)).rowcount)
