"""Reading the journal: what needs a person, what was asked for on a payment or key, and the list of it all."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, column, func, select, text

from services.store.lists.conditions import Conditions, in_days
from services.store.lists.cursors import numbers
from services.store.lists.filters import require_days, require_sought, require_text
from services.store.lists.keyset import Order, Page, page_of, walk
from services.store.sql import column_names, fetch, one_of, read_all, table
from services.store.writes.late_payments import count_late
from services.store.writes.link_alarms import count_alarms
from services.tables.journal import (
    ALONE,
    FILES,
    LEFT,
    Operation,
    OperationKind,
    OperationState,
    RefundBatch,
)

_TABLE = table(Operation)
_BATCH = table(RefundBatch)
_UNCLEAR = (OperationState.NEEDS_PERSON, OperationState.UNKNOWN)
_UNDER_WAY = (OperationState.INTENT, OperationState.SENT, OperationState.UNKNOWN)
_OPEN = text("state IN ('awaiting_approval', 'intent', 'sent', 'unknown', 'needs_person')")  # as operation_open
MOST = 200
"""Operations that a list of what waits holds of each state."""
_CAME_TO_NOTHING = (OperationState.REFUSED.value, OperationState.EXPIRED.value)


_NAMES = column_names(Operation)
_COLUMNS = ", ".join(f"p.{name}" for name in _NAMES)
_SAME_ID = (
    "p.id IN (SELECT id FROM operation WHERE imp_uid = ? UNION ALL SELECT id FROM operation WHERE merchant_uid = ? "
    "UNION ALL SELECT id FROM operation WHERE customer_uid = ? "
    "UNION ALL SELECT id FROM operation WHERE verification_uid = ? UNION ALL SELECT CAST(? AS bigint))"
)
_LONGEST_NUMBER = 18
_EACH = (
    "SELECT name FROM (WITH RECURSIVE who(name) AS (SELECT min({0}) FROM operation WHERE {0} IS NOT NULL UNION ALL "
    "SELECT (SELECT min(o.{0}) FROM operation o WHERE o.{0} > who.name) FROM who WHERE who.name IS NOT NULL) "
    "SELECT name FROM who) w WHERE name IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class OperationFilter:
    """Narrows the list of operations; an empty part restricts nothing. Days are Seoul days of the asking, inclusive.

    A `text` is a whole id (number, imp_uid, order number or customer_uid) and leaves all else aside.
    """

    kind: str | None = None
    state: str | None = None
    batch_id: int | None = None
    asked_by: str | None = None
    approved_by: str | None = None
    text: str = ""
    from_day: int | None = None
    to_day: int | None = None

    def require_sense(self) -> None:
        """Raises InvalidFilter, naming the field, where a range ends before it begins or a text is none."""
        for field in ("kind", "state", "asked_by", "approved_by", "text"):
            require_text(field, getattr(self, field) or "")
        require_days(self.from_day, self.to_day)


@dataclass(frozen=True, slots=True)
class People:
    """Who ever asked for an operation, and who ever approved one."""

    asked: Sequence[str] = ()
    approved: Sequence[str] = ()


def buyers_of(conn: Connection, operations: Sequence[Operation]) -> dict[int, str | None]:
    """Whose payment or billing key each of these is about, by its id; None where nobody's name is here."""
    payments = {one.imp_uid for one in operations if one.imp_uid}
    keys = {one.customer_uid for one in operations if one.customer_uid}
    of_payment, bound = one_of(conn, "imp_uid", payments)
    named = dict(fetch(conn, f"SELECT imp_uid, buyer_name FROM payment WHERE {of_payment}", (bound,)))
    of_key, bound = one_of(conn, "customer_uid", keys)
    named |= dict(fetch(conn, f"SELECT customer_uid, buyer_name FROM key_summary WHERE {of_key}", (bound,)))
    return {one.id: named.get(one.imp_uid) or named.get(one.customer_uid) for one in operations}


def needing_person(conn: Connection, limit: int = MOST) -> list[Operation]:
    """What waits for somebody: unclear outcomes, approvals (a file's rows apart), and what expired unseen."""
    found: list[Operation] = []
    unclear = [select(_TABLE).where(_TABLE.c.state == state.value) for state in _UNCLEAR]
    for wanted in (*unclear, select(_TABLE).where(ALONE)):
        found += read_all(conn, Operation, wanted.order_by(_TABLE.c.asked_at, _TABLE.c.id).limit(limit))
    ids = [row[0] for row in fetch(conn, f"SELECT id FROM {_left(conn)} ORDER BY asked_at LIMIT ?", (limit,))]
    left = read_all(conn, Operation, select(_TABLE).where(_TABLE.c.id.in_(ids)))
    return found + sorted(left, key=lambda one: one.asked_at)


def _left(conn: Connection) -> str:
    """What expired unseen. SQLite would take the index of states by itself, and walk all that ever expired."""
    return f"operation{' INDEXED BY operation_left' if conn.dialect.name == 'sqlite' else ''} WHERE {LEFT}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Operations of one currency that wait for a second person; smallest unit."""

    currency: str
    operations: int
    amount: int


def waiting_for_approval(conn: Connection) -> list[Waiting]:
    """What a second person has to say yes to by itself, by currency; rows of files apart."""
    sql = f"SELECT currency, count(*), sum(amount) FROM operation WHERE {ALONE} GROUP BY currency ORDER BY currency"
    return [Waiting(currency, int(n), int(amount)) for currency, n, amount in fetch(conn, sql)]


@dataclass(frozen=True, slots=True)
class UnderWay:
    """Refunds that are on their way: how many, and the few that have waited longest."""

    refunds: int
    oldest: Sequence[Operation]


def refunds_under_way(conn: Connection, limit: int = 3) -> UnderWay:
    """Refunds that are written down, sent, or being looked for; counted over their index."""
    refund, states = _TABLE.c.kind == OperationKind.REFUND.value, [state.value for state in _UNDER_WAY]
    n = int(conn.execute(select(func.count()).where(refund, _TABLE.c.state.in_(states))).scalar_one())
    # A state at a time: in the order of several at once SQLite walks all refunds there ever were.
    each = [select(_TABLE).where(refund, _TABLE.c.state == state) for state in states]
    by_age = (_TABLE.c.asked_at, _TABLE.c.id)
    found = [one for wanted in each for one in read_all(conn, Operation, wanted.order_by(*by_age).limit(limit))]
    return UnderWay(n, sorted(found, key=lambda one: (one.asked_at, one.id))[:limit])


def count_needing_person(conn: Connection) -> int:
    """How many of them, of files that wait for approval, late payments and links; counted over their indexes."""
    unclear = select(func.count()).where(_TABLE.c.state.in_([state.value for state in _UNCLEAR]))
    approvals = select(func.count()).select_from(_TABLE).where(ALONE)
    left = text(f"SELECT count(*) AS n FROM {_left(conn)}").columns(column("n"))
    files = select(func.count()).select_from(_BATCH).where(FILES)
    at_once = sum((one.scalar_subquery() for one in (approvals, left, files)), unclear.scalar_subquery())
    return int(conn.execute(select(at_once)).scalar_one()) + count_late(conn) + count_alarms(conn)


def anything_open(conn: Connection) -> bool:
    """Whether any operation has not ended, or a file waits for approval: one look where mostly nothing is."""
    operations = select(_TABLE.c.subject).where(_OPEN).limit(1)
    files = select(_BATCH.c.asked_at).where(FILES).limit(1)
    return any(conn.execute(look).first() for look in (operations, files))


def next_look(conn: Connection) -> int | None:
    """When the next of those that somebody carries out is due; 0 while one is being sent, None where there is none."""
    sql = (
        "SELECT min(CASE state WHEN 'sent' THEN 0 ELSE look_at END) FROM operation "
        "WHERE state IN ('intent', 'sent', 'unknown')"
    )
    found: int | None = fetch(conn, sql)[0][0]
    return found


def operations_of_payment(conn: Connection, imp_uid: str, limit: int = MOST) -> list[Operation]:
    """Everything asked for on a payment, and the charge that made it; the latest first."""
    wanted = select(_TABLE).where(_TABLE.c.imp_uid == imp_uid).order_by(_TABLE.c.id.desc()).limit(limit)
    return read_all(conn, Operation, wanted)


def operations_of_key(conn: Connection, customer_uid: str, limit: int = MOST) -> list[Operation]:
    """Everything asked for on a billing key and on what was booked on it; the latest first."""
    subjects = text(
        "subject IN (SELECT 'billing_key:' || :uid UNION ALL SELECT 'schedules_of:' || :uid "
        "UNION ALL SELECT 'schedule:' || merchant_uid FROM schedule WHERE customer_uid = :uid)"
    ).bindparams(uid=customer_uid)
    return read_all(conn, Operation, select(_TABLE).where(subjects).order_by(_TABLE.c.id.desc()).limit(limit))


def refunded_alone(conn: Connection, imp_uid: str, *, but: int | None = None) -> int:
    """What was refunded of a payment here without a second person's approval; `but` leaves an operation out.

    Counts whatever did not come to nothing, whoever asked: parts by several names on one machine add up.
    In the payment's smallest unit.
    """
    # SQLite, which knows nothing of how values are spread, would walk all refunds for "kind = ?".
    refunds = func.coalesce(_TABLE.c.kind, "") == OperationKind.REFUND.value
    alive = _TABLE.c.approved_by.is_(None) & _TABLE.c.state.not_in(_CAME_TO_NOTHING)
    mine = (_TABLE.c.imp_uid == imp_uid) & refunds & alive & (_TABLE.c.id != (but or 0))
    wanted = select(func.coalesce(func.sum(_TABLE.c.amount), 0)).where(mine)
    return int(conn.execute(wanted).scalar_one())


def operation_rows(chosen: OperationFilter) -> Conditions:
    """The rows of a filter. Raises InvalidFilter."""
    chosen.require_sense()
    found = Conditions("operation p", (), ())
    if chosen.text:
        is_number = chosen.text.isascii() and chosen.text.isdecimal() and len(chosen.text) <= _LONGEST_NUMBER
        return found.and_(_SAME_ID, *[chosen.text] * 4, int(chosen.text) if is_number else 0)
    for name in ("kind", "state", "batch_id", "asked_by", "approved_by"):
        if (value := getattr(chosen, name)) is not None:
            found = found.and_(f"p.{name} = ?", value)
    return in_days(found, "p.asked_at", 0, chosen.from_day, chosen.to_day)


def list_operations(
    conn: Connection,
    chosen: OperationFilter,
    *,
    limit: int = 50,
    before: str | None = None,
    after: str | None = None,
) -> Page[Operation]:
    """One page, the latest first: after the cursor `before`, or before `after`. Raises InvalidFilter."""
    found, order = operation_rows(chosen), Order(("p.asked_at", "p.id"), descending=after is None)
    cursor = before if after is None else after
    if cursor is not None:
        at, _dot, number = cursor.partition(".")
        found = order.beyond(found, numbers("before", at, number))
    rows = [
        Operation(**dict(zip(_NAMES, row, strict=True))) for row in walk(conn, _COLUMNS, found, order.sql, limit + 1)
    ]
    if chosen.text and not rows:
        require_sought(chosen.text)
    return page_of(
        rows,
        limit,
        lambda one: f"{one.asked_at}.{one.id}",
        begun=cursor is not None,
        back=after is not None,
        exact=bool(chosen.text and rows),
    )


def people(conn: Connection) -> People:
    """Everybody that the list can be narrowed to: one look into an index for each."""
    return People(*([row[0] for row in fetch(conn, _EACH.format(name))] for name in ("asked_by", "approved_by")))
