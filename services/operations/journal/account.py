"""A database given to another account, which is a decision of a person and stands in the audit."""

from sqlalchemy import Engine

from services.operations.journal import audit
from services.operations.journal.audit import Actor
from services.operations.journal.journal import saving
from services.store.account import bind, bound_to


def adopt(engine: Engine, account: str, actor: Actor, now: float) -> str | None:
    """Binds the database to `account`; the one that it was bound to before. Raises NotSaved."""
    with saving(engine) as conn:
        before = bound_to(conn)
        bind(conn, account, int(now))
        audit.append(conn, actor, "adopted", int(now), before=before, after=account)
        return before
