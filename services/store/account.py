"""Whose payments a database mirrors: one account of one gateway, bound by its first answer."""

from sqlalchemy import Connection

from services.errors import OtherAccount
from services.store.sql import fetch
from services.store.writes.sync import set_mark

_ACCOUNT = "account"


def require_account(conn: Connection, account: str) -> bool:
    """Whether it is bound to this account (`address fingerprint`); False where to none yet. Raises OtherAccount."""
    bound = bound_to(conn)
    if bound is not None and bound != account:
        (address, _, key), (bound_address, _, bound_key) = account.partition(" "), bound.partition(" ")
        raise OtherAccount(
            "This database mirrors {bound} (key {bound_key}), and the settings name {address} (key {key}): "
            "two accounts never share one. Mend JANGBU_IMP_API_URL, JANGBU_IMP_KEY or JANGBU_DATABASE_URL; "
            "where only the address or the key of the same account has changed, `jangbu migrate --adopt` rebinds it.",
            bound=bound_address, bound_key=bound_key, address=address, key=key,
        )  # fmt: skip
    return bound is not None


def bind(conn: Connection, account: str, at: int) -> None:
    """Ties the database to an account, whatever it was tied to before."""
    set_mark(conn, _ACCOUNT, account, at)


def bound_to(conn: Connection) -> str | None:
    """The account that the database mirrors; None before the first answer."""
    row = fetch(conn, "SELECT value FROM mark WHERE name = ?", (_ACCOUNT,))
    return str(row[0][0]) if row else None
