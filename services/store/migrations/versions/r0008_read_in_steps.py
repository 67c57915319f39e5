"""What screens read grows no more: a refund's operation by an index, failed schedules counted by triggers."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_SUMS = ("schedules", "amount", "booked")
_DAY = "(({row}.failed_at + 32400) / 86400)"


def upgrade() -> None:
    tied = sa.text("cancellation_id IS NOT NULL")
    op.create_index(
        "operation_cancellation", "operation", ["imp_uid", "cancellation_id"], sqlite_where=tied, postgresql_where=tied
    )
    for name in ("same_tel", "same_card"):
        known = sa.text(f"{name} IS NOT NULL")
        op.drop_index(f"key_{name}", "key_summary")
        op.create_index(f"key_{name}", "key_summary", [name, "position"], sqlite_where=known, postgresql_where=known)
    op.create_table(
        "failed_total",
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("period", sa.Integer(), primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.String(), primary_key=True) for name in ("what", "currency")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _SUMS),
    )
    op.execute("\n".join(_count("failed_schedule f", "f", 1)))
    op.drop_index("failed_recovered", "failed_schedule")
    _triggers()


def _count(source: str, row: str, sign: int) -> Iterator[str]:
    """The statement that counts rows in (1) or out (-1)."""
    is_open = f"{row}.recovered_at IS NULL"
    yield "INSERT INTO failed_total (kind, period, what, currency, schedules, amount, booked)"
    yield f"SELECT CASE WHEN {is_open} THEN 'open' ELSE 'recovered' END,"
    yield f"CASE WHEN {is_open} THEN {_DAY.format(row=row)} ELSE {row}.recovered_month END,"
    yield f"CASE WHEN {is_open} THEN {row}.action ELSE {row}.recovered_by END, {row}.currency,"
    yield f"{sign} * count(*), {sign} * sum(CASE WHEN {is_open} THEN {row}.amount ELSE {row}.recovered_amount END),"
    yield f"{sign} * sum(CASE WHEN {is_open} AND {row}.booked_at IS NOT NULL THEN 1 ELSE 0 END)"
    yield f"FROM {source} WHERE NOT {row}.sandbox GROUP BY 1, 2, 3, 4"
    yield "ON CONFLICT (kind, period, what, currency) DO UPDATE SET"
    yield ", ".join(f"{name} = failed_total.{name} + excluded.{name}" for name in _SUMS)


def _triggers() -> None:
    lite = op.get_bind().dialect.name == "sqlite"
    gone, come = ("\n".join(_count("(SELECT 1) AS one", row, sign)) for row, sign in (("OLD", -1), ("NEW", 1)))
    for when, bodies in (("INSERT", [come]), ("DELETE", [gone]), ("UPDATE", [gone, come])):
        name, steps = f"failed_total_{when.lower()}", "; ".join(bodies)
        if lite:
            op.execute(f"CREATE TRIGGER {name} AFTER {when} ON failed_schedule FOR EACH ROW BEGIN {steps}; END")
            continue
        op.execute(
            f"CREATE FUNCTION jangbu_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {steps}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {when} ON failed_schedule FOR EACH ROW EXECUTE FUNCTION jangbu_{name}()"
        )
